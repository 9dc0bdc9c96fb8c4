// `understudy explain` on real files: text, JSON, and its exit status.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { explainCommand } from "../../../../src/host/cli/explain.ts";
import { routerText } from "../../../config/group-text.ts";

const folder = mkdtempSync(join(tmpdir(), "understudy-explain-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function run(paths: readonly string[], options = {}) {
  let out = "";
  let error = "";
  const status = explainCommand(paths, options, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  return { status, out, error };
}

const r1 = write("r1.conf", routerText(150));
const r2 = write("r2.conf", routerText(100));

test("two routers: who is master, 3.609 s, and the engine agrees", () => {
  const { status, out, error } = run([r1, r2]);
  assert.deepEqual([status, error], [0, ""]);
  assert.match(out, /r1: it has the highest priority \(r1 150, r2 100\)/);
  assert.match(out, /3\.609 s {2}r2 has heard nothing: 3 × 1 s \+ \(256 − 100\) × 1 s \/ 256/);
  assert.match(out, /simulated with the engine itself: the same routers/);
});

test("--json is one object, with the simulation's verdict", () => {
  const { status, out } = run([r1, r2], { json: true });
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(out).virtualRouters[0].simulation, { kind: "agrees" });
});

test("a file with errors gives status 1, one that is not there status 2", () => {
  const bad = write("bad.conf", routerText(300));
  const { status, out, error } = run([r1, bad]);
  assert.equal(status, 1);
  assert.match(out, /bad\.conf:4 {2}priority 300/);
  assert.equal(error, `understudy explain: ${bad} has errors: see understudy check ${bad}\n`);
  const missing = join(folder, "missing.conf");
  assert.equal(run([r1, missing]).status, 2);
  assert.match(run([missing]).error, /cannot read .*missing\.conf: no such file/);
});
