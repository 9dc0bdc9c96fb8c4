// The IPv4 header around adverts: both ways, with options, and each refusal.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import { decodeIpv4, encodeIpv4 } from "../../../../src/core/wire/ipv4.ts";
import { dirty, hex, hexText } from "./bytes.ts";

const payload = hex("31 33 64 01 00 64 a8 65 c0 00 02 01");
const packet = hex(
  `45 c0 00 20 00 00 00 00 ff 70 18 99 c0 00 02 02 e0 00 00 12 ${hexText(payload)}`,
);
const header = {
  tos: 0xc0,
  ttl: 255,
  protocol: 112,
  source: ip("192.0.2.2"),
  destination: ip("224.0.0.18"),
};

test("A03 A06 A08: an advert's IPv4 header, every byte, over a used buffer", () => {
  assert.equal(hexText(encodeIpv4(header, payload, dirty())), hexText(packet));
});

test("an IPv4 header reads back as what it says", () => {
  const decoded = decodeIpv4(packet);
  assert.ok(decoded.ok);
  const { source, destination, ttl, protocol, tos, totalLength, headerLength } = decoded.value;
  assert.deepEqual(
    { source, destination, ttl, protocol, tos, totalLength, headerLength },
    { ...header, totalLength: 32, headerLength: 20 },
  );
  assert.deepEqual(decoded.value.payload, payload);
});

test("B25: options stand between header and payload", () => {
  const options = hex("94 04 00 00");
  const bytes = encodeIpv4({ ...header, options }, payload, dirty());
  const decoded = decodeIpv4(bytes);
  assert.ok(decoded.ok);
  assert.equal(decoded.value.headerLength, 24);
  assert.deepEqual(decoded.value.options, options);
  assert.deepEqual(decoded.value.payload, payload);
});

test("bytes after the total length are padding, not payload", () => {
  const padded = new Uint8Array(46);
  padded.set(packet);
  const decoded = decodeIpv4(padded);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.payload, payload);
});

test("B07: a total length beyond what was received stays readable for admission", () => {
  const cut = decodeIpv4(packet.subarray(0, 24));
  assert.ok(cut.ok);
  assert.equal(cut.value.totalLength, 32);
  assert.equal(cut.value.payload.length, 4);
});

test("a total length shorter than the header leaves no payload", () => {
  const bytes = packet.slice();
  bytes[3] = 10;
  const decoded = decodeIpv4(bytes);
  assert.ok(decoded.ok);
  assert.equal(decoded.value.totalLength, 10);
  assert.equal(decoded.value.payload.length, 0);
});

test("flags and fragment offset both ways", () => {
  const bytes = encodeIpv4(
    { ...header, id: 0xbeef, dontFragment: true, moreFragments: true, fragmentOffset: 1480 },
    payload,
    dirty(),
  );
  const decoded = decodeIpv4(bytes);
  assert.ok(decoded.ok);
  const { id, dontFragment, moreFragments, fragmentOffset } = decoded.value;
  assert.deepEqual(
    { id, dontFragment, moreFragments, fragmentOffset },
    { id: 0xbeef, dontFragment: true, moreFragments: true, fragmentOffset: 1480 },
  );
});

const refusals = [
  ["19 bytes are truncated", packet.subarray(0, 19), { kind: "truncated", need: 20, have: 19 }],
  [
    "version 6 is refused",
    hex(`65${hexText(packet).slice(2)}`),
    { kind: "bad-version", version: 6 },
  ],
  [
    "a header length of 16 is refused",
    hex(`44${hexText(packet).slice(2)}`),
    { kind: "bad-header-length", headerLength: 16 },
  ],
  [
    "options that were not received are truncated",
    hex(`4f${hexText(packet).slice(2)}`),
    { kind: "truncated", need: 60, have: 32 },
  ],
] as const;

for (const [name, bytes, error] of refusals) {
  test(`B29: IPv4: ${name}`, () => {
    assert.deepEqual(decodeIpv4(bytes), { ok: false, error });
  });
}
