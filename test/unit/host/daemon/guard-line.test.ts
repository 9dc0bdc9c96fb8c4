// What the guard knows from the daemon's lines at any moment, in whatever pieces they arrive.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import type { InterfaceAddress } from "../../../../src/core/ports/kernel.ts";
import { encodeGuardLine, GuardList } from "../../../../src/host/daemon/guard-line.ts";

const address = (last: number): InterfaceAddress => ({
  link: 3,
  address: ip(`192.0.2.${last}`),
  prefixLength: 24,
  scope: "global",
});
const lastsOf = (list: GuardList) => list.held.map((each) => each.address.split(".")[3]);

test("guard: holds what was told and not released", () => {
  const list = new GuardList();
  list.take(encodeGuardLine({ hold: [address(1), address(2), address(3)] }));
  list.take(encodeGuardLine({ release: [address(2)] }));
  assert.deepEqual(lastsOf(list), ["1", "3"]);
  assert.equal(list.isOver, false);
});

test("guard: lines arrive in pieces, and a line cut off by the daemon's death does not count", () => {
  const list = new GuardList();
  const text = encodeGuardLine({ hold: [address(1)] }) + encodeGuardLine({ hold: [address(2)] });
  for (const character of text.slice(0, -5)) list.take(character);
  assert.deepEqual(lastsOf(list), ["1"]);
});

test("guard: the same address on two links is two", () => {
  const list = new GuardList();
  list.take(encodeGuardLine({ hold: [address(1), { ...address(1), link: 4 }] }));
  list.take(encodeGuardLine({ release: [address(1)] }));
  assert.deepEqual(
    list.held.map(({ link }) => link),
    [4],
  );
});

test("guard: the other end of an address is known, because Linux asks for it when removing", () => {
  const list = new GuardList();
  list.take(encodeGuardLine({ hold: [{ ...address(1), peer: ip("198.51.100.9") }] }));
  assert.deepEqual(list.held, [{ ...address(1), peer: ip("198.51.100.9") }]);
});

test("guard: bye ends it", () => {
  const list = new GuardList();
  list.take(encodeGuardLine({ hold: [address(1)] }) + encodeGuardLine({ bye: true }));
  assert.equal(list.isOver, true);
});
