// A reporter for node:test that writes one JSON line for each finished test, for scripts/test.mjs to
// read. Nothing is decided here: what passed, failed or was skipped is counted over there.

// biome-ignore lint/style/noDefaultExport: node loads a reporter by its default export
export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    // A suite counts by its tests, unless it was skipped as a whole.
    const skip = data.skip ?? data.todo;
    if (data.details?.type === "suite" && type === "test:pass" && skip === undefined) continue;
    const error = data.details?.error;
    yield `${JSON.stringify({
      passed: type === "test:pass",
      name: data.name,
      line: data.line,
      skip,
      milliseconds: data.details?.duration_ms,
      onlyChildrenFailed: error?.failureType === "subtestsFailed",
      error: error === undefined ? undefined : textOf(error),
    })}\n`;
  }
}

/** The stack of what the test threw; node wraps it once. */
function textOf(error) {
  const thrown = error.cause ?? error;
  if (!(thrown instanceof Error)) return String(thrown);
  const stack = (thrown.stack ?? "").replace(/\n +at .*\(?node:.*/g, "");
  return stack.includes(thrown.message) ? stack : `${thrown.message}\n${stack}`;
}
