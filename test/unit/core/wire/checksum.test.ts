// The Internet checksum against the example of RFC 1071 and against a header known to be right.

import assert from "node:assert/strict";
import { test } from "node:test";
import { foldedSum, internetChecksum } from "../../../../src/core/wire/checksum.ts";
import { hex } from "./bytes.ts";

test("the example of RFC 1071 §3 sums to ddf2", () => {
  assert.equal(foldedSum(hex("00 01 f2 03 f4 f5 f6 f7")), 0xddf2);
  assert.equal(internetChecksum(hex("00 01 f2 03 f4 f5 f6 f7")), 0x220d);
});

test("a header with its checksum in place sums to zero", () => {
  const header = hex("45 00 00 3c 1c 46 40 00 40 06 b1 e6 ac 10 0a 63 ac 10 0a 0c");
  assert.equal(internetChecksum(header), 0);
});

test("an odd last byte counts as the high half of a word", () => {
  assert.equal(foldedSum(hex("01 02 03")), foldedSum(hex("01 02 03 00")));
});

test("parts of even length sum to the whole", () => {
  const whole = hex("ff ff 80 01 7f fe 12 34 56");
  assert.equal(foldedSum(whole.subarray(4), foldedSum(whole.subarray(0, 4))), foldedSum(whole));
});

test("a long run of ff bytes does not lose its carries", () => {
  assert.equal(foldedSum(new Uint8Array(400_000).fill(0xff)), 0xffff);
});

test("no bytes have the checksum ffff", () => {
  assert.equal(internetChecksum(new Uint8Array(0)), 0xffff);
});
