// Waiting for what the real world does in its own time: a condition is asked again and again until
// it holds, and the failure says what was waited for and what was seen last.

import assert from "node:assert/strict";

/** Resolves when `condition` is true; fails after `timeoutMs` with `what` and the last `seen`. */
export async function eventually(
  what: string,
  condition: () => boolean,
  timeoutMs = 3_000,
  seen: () => unknown = () => "",
): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > until) assert.fail(`${what}: not within ${timeoutMs} ms ${seen()}`);
    await pause(10);
  }
}

/** The value that `found` comes to have within `timeoutMs`. */
export async function found<T>(
  what: string,
  find: () => T | undefined,
  timeoutMs = 1_000,
): Promise<T> {
  await eventually(what, () => find() !== undefined, timeoutMs);
  return find() as T;
}

/** Fails as soon as `condition` is false within `durationMs`. */
export async function throughout(
  what: string,
  condition: () => boolean,
  durationMs: number,
  seen: () => unknown = () => "",
): Promise<void> {
  const until = performance.now() + durationMs;
  while (performance.now() < until) {
    assert.ok(condition(), `${what}: not all the time ${seen()}`);
    await pause(10);
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));
