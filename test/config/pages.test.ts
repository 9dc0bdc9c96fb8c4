// The examples on the pages of diagnostics are true: what is shown as wrong has the code, and what is
// shown as right has neither the code nor any error.

import assert from "node:assert/strict";
import { test } from "node:test";
import { err } from "../../src/core/base/result.ts";
import type { Diagnostic } from "../../src/core/config/diagnostics.ts";
import { diagnosticCodes } from "../../src/core/config/diagnostics.ts";
import { loadConfig } from "../../src/core/config/load.ts";
import { diagnosticExamples, diagnosticPage } from "../../src/core/config/pages/diagnostic-page.ts";
import type { DiagnosticExample, ExampleFiles } from "../../src/core/config/pages/example.ts";
import type { Machine } from "../../src/core/ports/machine.ts";
import { checkGroup } from "../../src/core/review/check-group.ts";
import { loadText } from "./config-text.ts";
import { loadGroup } from "./group-text.ts";

/** As `exampleMachine` says it. */
const machine: Machine = {
  file: (path) => {
    if (path === "/usr/local/bin/check") return { kind: "file", owner: 0, group: 0, mode: 0o755 };
    if (path === "/srv/web/check") return { kind: "file", owner: 7, group: 7, mode: 0o755 };
    const isFolder = ["/usr/local/bin/check", "/srv/web/check"].some(
      (file) => path === "/" || file.startsWith(`${path}/`),
    );
    return isFolder ? { kind: "folder", owner: 0, group: 0, mode: 0o755 } : undefined;
  },
  user: (name) =>
    name === "root" ? { uid: 0, gid: 0 } : name === "web" ? { uid: 7, gid: 7 } : undefined,
  group: (name) => (name === "root" ? 0 : name === "web" ? 7 : undefined),
  hasNamespace: () => false,
};

function found(code: string, files: ExampleFiles, example: DiagnosticExample): Diagnostic[] {
  if (code === "config/unreadable" && files === "")
    return [
      ...loadConfig("/x", {
        read: () => err({ kind: "executable", reason: "it has an execute bit" }),
        glob: () => [],
      }).diagnostics,
    ];
  if (typeof files === "string") {
    const options = example.machine === true ? { interfaces: ["eth0"], machine } : {};
    return [...loadText(files, options, example.beside).diagnostics];
  }
  const loaded = loadGroup(files);
  const [first] = loaded;
  const isSame = code === "group/same-file" && files.every((text) => text === files[0]);
  assert.ok(first !== undefined);
  return [...checkGroup(isSame ? [first, first] : loaded).diagnostics];
}

for (const [code, example] of Object.entries(diagnosticExamples)) {
  test(`${code}: the wrong example has it, the right one has not`, () => {
    const wrong = found(code, example.wrong, example);
    assert.ok(
      wrong.some((each) => each.code === code),
      `only ${wrong.map((each) => each.code)}`,
    );
    const right = found(code, example.right, example);
    const left = right.filter((each) => each.code === code || each.severity === "error");
    assert.deepEqual(left, []);
  });
}

test("every code has a page with both examples, and no example is of an unknown code", () => {
  assert.deepEqual(Object.keys(diagnosticExamples).sort(), Object.keys(diagnosticCodes).sort());
  assert.match(diagnosticPage("config/value-range"), /priority 300\n.*## Why.*priority 254\n/s);
});
