// The list of what may be in the kernel because of us, whose changes are noted first and taken over
// later.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import type { InterfaceAddress } from "../../../../src/core/ports/kernel.ts";
import { HeldAddresses } from "../../../../src/host/daemon/held-addresses.ts";

const address = (last: number): InterfaceAddress => ({
  link: 3,
  address: ip(`192.0.2.${last}`),
  prefixLength: 24,
  scope: "global",
});
const lastsOf = (held: HeldAddresses) => held.list().map((each) => each.address.split(".")[3]);

test("held: noted changes count in their order, settled or not", () => {
  const held = new HeldAddresses();
  held.hold([address(1), address(2)]);
  held.release([address(1)]);
  held.hold([address(3)]);
  held.settle();
  held.release([address(2)]);
  held.hold([address(1)]);
  assert.deepEqual(lastsOf(held), ["3", "1"]);
});

test("held: what was held before the last addition is told apart from what is new in it", () => {
  const held = new HeldAddresses();
  held.hold([address(1)]);
  held.hold([address(1), address(2)]);
  assert.deepEqual(
    [address(1), address(2)].map((each) => held.wasHeld(each)),
    [true, false],
  );
  assert.deepEqual(lastsOf(held), ["1", "2"]);
});
