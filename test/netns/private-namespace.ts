// A test file that works on the kernel runs in a network namespace of its own, so that it can neither
// disturb the machine nor be disturbed by it: the file starts itself again by `unshare`, as root or in
// a user namespace, and answers with what came out. unshare acts on one thread, hence a new process.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const mark = "UNDERSTUDY_TEST_NAMESPACE";

/**
 * True inside of the namespace: register the tests then. Outside, it runs the file inside and does
 * not return; where the machine does not allow namespaces, one skipped test says why.
 */
export function insidePrivateNamespace(moduleUrl: string): boolean {
  if (process.env[mark] !== undefined) return true;
  const path = fileURLToPath(moduleUrl);
  for (const options of [["--net"], ["--user", "--map-root-user", "--net"]]) {
    if (spawnSync("unshare", [...options, "ip", "link", "set", "lo", "up"]).status !== 0) continue;
    const done = spawnSync(
      "unshare",
      [...options, "--", process.execPath, ...process.execArgv, path],
      { stdio: "inherit", env: { ...process.env, [mark]: "1" } },
    );
    process.exit(done.status ?? 1);
  }
  const reason = "needs root or a kernel that lets users make namespaces, and iproute2";
  process.stdout.write(`${path} is skipped: ${reason}\n`);
  test("all of it", { skip: reason }, () => {});
  return false;
}

/** Runs one command inside, by words; asserts that it went well. */
export function run(line: string): string {
  const [command, ...words] = line.split(" ");
  const done = spawnSync(command ?? "", words, { encoding: "utf8" });
  assert.equal(done.status, 0, `${line}: ${done.stderr}${done.error ?? ""}`);
  return done.stdout;
}

/** ifindex by name. /sys would answer for the namespace that mounted it. */
export const linkIndex = (name: string): number =>
  Number.parseInt(run(`ip -oneline link show dev ${name}`), 10);
