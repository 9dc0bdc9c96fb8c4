// The daemon's files: replaced in one step, locked against a second daemon, and believed at the next
// start only when they are of this boot and this network namespace.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import type { HeldAddress } from "../../../../src/host/daemon/engine-protocol.ts";
import { replaceFile } from "../../../../src/host/daemon/files.ts";
import { lockPidFile } from "../../../../src/host/daemon/pid-file.ts";
import { currentPlace, StateFile } from "../../../../src/host/daemon/state-file.ts";

const folder = mkdtempSync(join(tmpdir(), "understudy-files-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const fresh = (name: string): string => join(folder, name);

const held = (last: number): HeldAddress => ({
  link: 3,
  linkName: "eth0",
  address: ip(`192.0.2.${last}`),
  prefixLength: 24,
  scope: "global",
});
const place = { boot: "b1", namespace: "net:[1]" };

test("files: a replaced file has the new text, mode 0600, and leaves nothing beside it", () => {
  const path = fresh("dump");
  writeFileSync(path, "old", { mode: 0o644 });
  assert.equal(replaceFile(path, "new").ok, true);
  assert.equal(readFileSync(path, "utf8"), "new");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes("dump")),
    ["dump"],
  );
});

test("files: a link that waits in the folder is replaced and not followed", () => {
  const target = fresh("target");
  const path = fresh("link");
  writeFileSync(target, "precious");
  symlinkSync(target, path);
  symlinkSync(target, fresh(`.link.${process.pid}`));
  assert.equal(replaceFile(path, "dump").ok, true);
  assert.equal(readFileSync(target, "utf8"), "precious");
  assert.equal(readFileSync(path, "utf8"), "dump");
});

test("files: what cannot be written is an error with a remedy", () => {
  const refused = replaceFile(fresh("no/such/folder/x"), "text");
  assert.deepEqual(refused, {
    ok: false,
    error: {
      call: "write",
      object: fresh("no/such/folder/x"),
      code: "ENOENT",
      remedy: "its folder does not exist",
    },
  });
});

test("pid file: a second daemon is refused in keepalived's words, and welcome afterwards", () => {
  const path = fresh("a.pid");
  const first = lockPidFile(path);
  assert.ok(first.ok);
  first.value.write();
  assert.equal(readFileSync(path, "utf8"), `${process.pid}\n`);
  assert.equal(statSync(path).mode & 0o777, 0o644);
  assert.deepEqual(lockPidFile(path), {
    ok: false,
    error: {
      text: `Another process has pid file ${path} locked: daemon is already running`,
      code: 1,
    },
  });
  first.value.remove();
  assert.equal(existsSync(path), false);
  const second = lockPidFile(path);
  assert.ok(second.ok);
  second.value.remove();
});

test("pid file: what a dead daemon left is overwritten", () => {
  const path = fresh("b.pid");
  writeFileSync(path, "4000000000\n and more");
  const locked = lockPidFile(path);
  assert.ok(locked.ok);
  locked.value.write();
  assert.equal(readFileSync(path, "utf8"), `${process.pid}\n`);
  locked.value.remove();
});

test("state file: the next run of the same boot and namespace finds what is held", () => {
  const path = fresh("state.json");
  const state = new StateFile(path, place);
  state.apply([held(1), held(2)], []);
  state.apply([held(3)], [held(2)]);
  assert.equal(state.write().ok, true);
  assert.deepEqual(new StateFile(path, place).leftovers(), [held(1), held(3)]);
  assert.deepEqual(new StateFile(path, { ...place, boot: "b2" }).leftovers(), []);
  assert.deepEqual(new StateFile(path, { ...place, namespace: "net:[2]" }).leftovers(), []);
  state.remove();
  assert.deepEqual(new StateFile(path, place).leftovers(), []);
});

test("state file: nothing is believed that is not a list of addresses", () => {
  const path = fresh("odd.json");
  const odd = [{ ...held(1), address: "not one" }, { ...held(2), link: "3" }, null, held(4)];
  for (const text of ["", "{", "[]", "null", '{"version":2}']) {
    writeFileSync(path, text);
    assert.deepEqual(new StateFile(path, place).leftovers(), [], text);
  }
  writeFileSync(path, JSON.stringify({ version: 1, ...place, held: odd }));
  assert.deepEqual(new StateFile(path, place).leftovers(), [held(4)]);
});

test("state file: the place of this thread is known", () => {
  const { boot, namespace } = currentPlace();
  assert.match(boot, /^[0-9a-f-]{36}$/);
  assert.match(namespace, /^net:\[\d+\]$/);
});
