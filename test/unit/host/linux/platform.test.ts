// What a machine says on which Understudy cannot run: words that name what is missing, and no stack.
// Each case is a process of its own, since what is bound once stays bound.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const libcUrl = new URL("../../../../src/host/linux/ffi/libc.js", import.meta.url).href;

/** The problem that a process sees which runs `before` first. */
function problemSeen(before: string, url = libcUrl) {
  const done = spawnSync(process.execPath, [
    "--input-type=module",
    "--eval",
    `${before}; const { platformProblem } = await import(${JSON.stringify(url)});
     console.log(JSON.stringify(platformProblem() ?? null));`,
  ]);
  assert.equal(done.status, 0, done.stderr.toString());
  return JSON.parse(done.stdout.toString());
}

const pretend = (name: "platform" | "arch", value: string): string =>
  `Object.defineProperty(process, "${name}", { value: "${value}" })`;

test("another system than Linux is named, with what works there", () => {
  const problem = problemSeen(pretend("platform", "darwin"));
  assert.match(problem.object, /^darwin-/);
  assert.match(problem.remedy, /needs Linux .*`understudy check` works anywhere/);
});

test("another processor is named, with those that are known", () => {
  const problem = problemSeen(`${pretend("platform", "linux")}; ${pretend("arch", "s390x")}`);
  assert.equal(problem.object, "linux-s390x");
  assert.match(problem.remedy, /x64 and arm64 only/);
});

test("a missing koffi is named, with the command that brings it", () => {
  const folder = mkdtempSync(join(tmpdir(), "understudy-platform-"));
  try {
    const root = fileURLToPath(new URL("../../../../src/", import.meta.url));
    for (const part of ["core/base", "host/linux/ffi"]) {
      mkdirSync(join(folder, part), { recursive: true });
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    writeFileSync(join(folder, "package.json"), `{"type":"module"}`);
    const linux = `${pretend("platform", "linux")}; ${pretend("arch", "x64")}`;
    const problem = problemSeen(linux, `file://${folder}/host/linux/ffi/libc.js`);
    assert.equal(problem.object, "koffi for linux-x64");
    assert.match(problem.remedy, /npm install --include=optional.*Cannot find module 'koffi'/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
