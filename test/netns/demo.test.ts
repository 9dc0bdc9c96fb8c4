// The demonstration that a newcomer sees first: it ends by itself, tells of three take-overs and
// their times, and leaves no namespace, process or file behind, also when it is interrupted.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, test } from "node:test";
import { namespaces, toolEnvironment } from "../../src/host/lab/namespaces.ts";
import { ownProgram } from "../../src/host/lab/router-process.ts";
import { eventually } from "../lab/eventually.ts";
import { skipWithoutLab } from "../lab/requirements.ts";

type Demo = { readonly child: ChildProcess; text(): string; readonly end: Promise<number | null> };

function startDemo(): Demo {
  const [program = "", ...args] = [...ownProgram("understudy"), "demo"];
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: toolEnvironment(),
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      text += chunk;
    });
  }
  return {
    child,
    text: () => text,
    end: new Promise((resolve) => child.on("close", resolve)),
  };
}

/** What a run with this process id left on the machine. */
function remains(pid: number): readonly string[] {
  const folders = [tmpdir(), "/run/understudy"].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder));
  return [...namespaces(), ...files].filter((name) => name.includes(`demo-${pid}-`));
}

describe("the demonstration", { skip: skipWithoutLab, concurrency: 2 }, () => {
  test("it shows three take-overs, ends by itself and leaves nothing behind", async () => {
    const demo = startDemo();
    assert.equal(await demo.end, 0, demo.text());
    const text = demo.text();
    const times = text.match(/b took over after [0-9.]+ s/g) ?? [];
    assert.equal(times.length, 3, text);
    assert.match(text, /Pulling the cable[\s\S]*SIGTERM[\s\S]*SIGKILL/);
    assert.equal(text.match(/\(256 - 50\)\/256 s = /g)?.length, 3, text);
    assert.match(text, /a is dead and no longer holds 192\.168\.254\.100/);
    assert.deepEqual(remains(demo.child.pid ?? 0), []);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${signal} in the middle leaves nothing behind either`, async () => {
      const demo = startDemo();
      await eventually("a master", () => demo.text().includes("a is MASTER"), 15_000, demo.text);
      assert.notDeepEqual(remains(demo.child.pid ?? 0), []);
      demo.child.kill(signal);
      await demo.end;
      assert.deepEqual(remains(demo.child.pid ?? 0), []);
    });
  }
});
