// The command `understudy` as a process: wrong use, help and version, checking a file, and replaying
// a recording that a toy engine run made. What is printed where, and the exit codes.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { seconds } from "../../../../src/core/base/time.ts";
import { Lab } from "../../core/engine/lab.ts";
import { instanceModel, nodeModel } from "../../core/engine/models.ts";

const program = fileURLToPath(new URL("../../../../src/host/cli/understudy.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "understudy-cli-"));
after(() => rmSync(folder, { recursive: true }));

function understudy(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function fileWith(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A router that starts, takes over after 3.609375 s and adverts once more. */
function recording(): readonly string[] {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()]));
  lab.advance(seconds(5));
  assert.equal(node.state(), "MASTER");
  return node.recording;
}

test("an unknown command is answered with the nearest one, exit code 2", () => {
  const { status, stdout, stderr } = understudy("stauts");
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /unknown command 'stauts'/);
  assert.match(stderr, /status/);
});

test("help and version are no mistakes", () => {
  assert.equal(understudy("--help").status, 0);
  const { status, stdout } = understudy("--version");
  assert.equal(status, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test("check --explain prints the page of a code, and names the nearest one of an unknown code", () => {
  const { status, stdout } = understudy("check", "--explain", "config/value-range");
  assert.equal(status, 0);
  assert.match(stdout, /^# config\/value-range\n.*## Wrong\n.*priority 300\n.*## Right\n/s);
  const unknown = understudy("check", "--explain", "value-range");
  assert.equal(unknown.status, 2);
  assert.equal(unknown.stdout, "");
  assert.match(unknown.stderr, /no diagnostic `value-range`; perhaps `config\/value-range`/);
});

test("a missing argument and an unknown option are wrong use, exit code 2", () => {
  assert.equal(understudy("check").status, 2);
  assert.equal(understudy("replay").status, 2);
  assert.equal(understudy("status", "--jsno").status, 2);
});

test("status without a daemon says so, exit code 2", () => {
  for (const word of ["--socket", "--control-socket"]) {
    const { status, stderr } = understudy("status", word, join(folder, "nobody.sock"));
    assert.equal(status, 2);
    assert.match(stderr, /^understudy status: no daemon listens on .*nobody\.sock/);
  }
});

test("check has exit code 1 for an invalid file and 2 for one that is not there", () => {
  const wrong = fileWith("wrong.conf", "vrrp_instance A {\n  virtual_router_id 300\n}\n");
  assert.equal(understudy("check", wrong).status, 1);
  assert.equal(understudy("check", join(folder, "absent.conf")).status, 2);
});

test("replay of an honest recording agrees, exit code 0, and --timeline tells its log", () => {
  const file = fileWith("honest.jsonl", recording().join("\n"));
  const plain = understudy("replay", file);
  assert.equal(plain.status, 0);
  assert.match(plain.stdout, /honest\.jsonl: \d+ inputs lead to the same \d+ effects\n$/);
  const { stdout } = understudy("replay", "--timeline", file);
  assert.match(stdout, /^\+0s {2}\(VI_1\) Entering BACKUP STATE \(init\)$/m);
  assert.match(stdout, /^\+3\.609375s {2}\(VI_1\) Entering MASTER STATE$/m);
});

test("a recording that was cut off within a line is replayed up to there", () => {
  const text = recording().join("\n");
  const effects = text.lastIndexOf('{"at"');
  for (const length of [effects + 20, text.length - 2]) {
    const file = fileWith("cut.jsonl", text.slice(0, length));
    const { status, stdout, stderr } = understudy("replay", file);
    assert.match(stdout, /cut\.jsonl: \d+ inputs lead to the same \d+ effects\n$/);
    assert.match(stderr, /the last line is cut off/);
    assert.equal(status, 0);
  }
});

test("a command whose reader went away ends without a complaint", async () => {
  const file = fileWith("long.jsonl", recording().join("\n"));
  const child = spawn(process.execPath, [program, "replay", "--timeline", file]);
  child.stdout.destroy();
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint += String(text);
  });
  const [code] = await once(child, "close");
  assert.equal(complaint, "");
  assert.equal(code, 141);
});

test("replay shows the first difference with both sides, exit code 1", () => {
  const tampered = recording().map((line) =>
    line.includes('"to":"MASTER"') ? line.replace('"to":"MASTER"', '"to":"FAULT"') : line,
  );
  const { status, stdout } = understudy("replay", fileWith("other.jsonl", tampered.join("\n")));
  assert.equal(status, 1);
  assert.match(stdout, /other\.jsonl:\d+: effect \d+ differs, at .*3\.609375s after the start/);
  assert.match(stdout, /^ {2}recorded: .*"to":"FAULT"/m);
  assert.match(stdout, /^ {2}now: {6}.*"to":"MASTER"/m);
});

test("replay of something else, or of nothing, has exit code 2", () => {
  const { status, stdout } = understudy("replay", fileWith("mail.txt", "Dear all,\n"));
  assert.equal(status, 2);
  assert.match(stdout, /mail\.txt:1: cannot be read/);
  const absent = understudy("replay", join(folder, "absent.jsonl"));
  assert.equal(absent.status, 2);
  assert.match(absent.stderr, /no such file/);
});
