// The question to the daemon over a real unix socket of this test, and what is said when there is no
// daemon, no permission or no sense in the answer.

import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { askDaemon } from "../../../../src/host/cli/control-client.ts";

const folder = mkdtempSync(join(tmpdir(), "understudy-control-"));
after(() => rmSync(folder, { recursive: true }));

const nobody = 65_534;

/** A socket that treats every request line as told; closed when the test ends. */
async function listening(name: string, answer: (line: string, socket: Socket) => void) {
  const path = join(folder, name);
  const server: Server = createServer((socket) => {
    socket.on("data", (data) => answer(data.toString(), socket));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((done) => server.listen(path, done));
  return { path, close: () => new Promise((done) => server.close(done)) };
}

test("one line goes there, one line comes back, also in pieces", async () => {
  let asked = "";
  const daemon = await listening("good.sock", (line, socket) => {
    asked = line;
    socket.write('{"id":1,"ok":true,');
    setImmediate(() => socket.write('"schema":1}\n'));
  });
  assert.deepEqual(await askDaemon(daemon.path, "status"), {
    ok: true,
    value: { id: 1, ok: true, schema: 1 },
  });
  assert.equal(asked, '{"id":1,"command":"status"}\n');
  await daemon.close();
});

test("no daemon: the sentence names the socket and what to do", async () => {
  const answer = await askDaemon(join(folder, "nobody.sock"), "status");
  assert.ok(!answer.ok);
  assert.match(answer.error, /no daemon listens on .*nobody\.sock: start understudyd/);
});

test("a daemon that closes, babbles or refuses is told apart", async () => {
  const closing = await listening("closing.sock", (_line, socket) => socket.end());
  const babbling = await listening("babbling.sock", (_line, socket) => socket.write("hello\n"));
  const refusing = await listening("refusing.sock", (_line, socket) =>
    socket.write('{"id":1,"ok":false,"error":"unknown command"}\n'),
  );
  const errors: string[] = [];
  for (const daemon of [closing, babbling, refusing]) {
    const answer = await askDaemon(daemon.path, "status");
    if (!answer.ok) errors.push(answer.error);
    await daemon.close();
  }
  assert.match(errors[0] ?? "", /closed without an answer/);
  assert.match(errors[1] ?? "", /not JSON/);
  assert.match(errors[2] ?? "", /refuses: unknown command/);
});

/** Root may use every socket, so it asks as nobody; undefined where no such user can be had. */
const asUser = (() => {
  const { geteuid, seteuid } = process;
  if (geteuid === undefined || seteuid === undefined || geteuid() !== 0) return () => undefined;
  try {
    seteuid(nobody);
    seteuid(0);
    return (id: number) => seteuid(id);
  } catch {
    return undefined;
  }
})();

test("no permission: the sentence says to be root", {
  skip: asUser === undefined ? "root of a user namespace without another user" : false,
}, async () => {
  const daemon = await listening("locked.sock", () => undefined);
  chmodSync(daemon.path, 0);
  asUser?.(nobody);
  const answer = await askDaemon(daemon.path, "status").finally(() => asUser?.(0));
  assert.ok(!answer.ok);
  assert.match(answer.error, /no permission .*as root/);
  await daemon.close();
});
