// The control socket as its clients meet it: lines in, lines out, nobody but the owner, and a dead
// daemon's socket taken over.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import {
  type ControlSocket,
  openControlSocket,
} from "../../../../src/host/daemon/control-socket.ts";

const folder = mkdtempSync(join(tmpdir(), "understudy-control-"));
const open: ControlSocket[] = [];
after(() => {
  for (const socket of open) socket.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listening(path: string): Promise<string> {
  const opened = await openControlSocket(path, async ({ command }) => {
    if (command === "status") return { status: "fine" };
    if (command === "reload") throw new Error("the configuration has errors");
    return undefined;
  });
  assert.ok(opened.ok, JSON.stringify(opened));
  open.push(opened.value);
  return path;
}

/** Sends text, answers as many lines as are expected. */
async function ask(path: string, text: string, lines = 1): Promise<readonly unknown[]> {
  const socket = connect(path);
  const answers: unknown[] = [];
  socket.write(text);
  for await (const line of createInterface({ input: socket })) {
    answers.push(JSON.parse(line));
    if (answers.length === lines) break;
  }
  socket.destroy();
  return answers;
}

test("control socket: a request is answered with its id", async () => {
  const path = await listening(join(folder, "new", "a.sock"));
  assert.deepEqual(await ask(path, '{"id":7,"command":"status"}\n'), [
    { id: 7, ok: true, schema: 1, status: "fine" },
  ]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("control socket: refusals say why, and the next request is still heard", async () => {
  const path = await listening(join(folder, "b.sock"));
  const requests = ["nonsense", '{"id":1,"command":"reload"}', '{"id":2,"command":"fly"}'];
  assert.deepEqual(await ask(path, `${requests.join("\n")}\n`, 3), [
    { ok: false, error: "not a request: expected a JSON object" },
    { id: 1, ok: false, error: "the configuration has errors" },
    { id: 2, ok: false, error: "unknown command fly" },
  ]);
});

test("control socket: a living daemon keeps its socket, a dead one's is taken", async () => {
  const path = await listening(join(folder, "c.sock"));
  const second = await openControlSocket(path, async () => ({}));
  assert.equal(second.ok, false);
  assert.equal((await ask(path, '{"command":"status"}\n')).length, 1);
  writeFileSync(join(folder, "dead.sock"), "");
  await listening(join(folder, "dead.sock"));
});
