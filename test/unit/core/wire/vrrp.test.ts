// Adverts against the golden vectors of conformance.md 5.3, both ways, and each refusal.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Family, ip } from "../../../../src/core/base/ip.ts";
import { milliseconds, seconds } from "../../../../src/core/base/time.ts";
import {
  type Advert,
  advertChecksum,
  advertLength,
  decodeAdvert,
  encodeAdvert,
  type PseudoHeader,
  peekAdvert,
} from "../../../../src/core/wire/vrrp.ts";
import { dirty, hex, hexText } from "./bytes.ts";

type Vector = {
  readonly name: string;
  readonly family?: Family;
  readonly bytes: string;
  readonly advert: Advert;
  readonly pseudoHeader?: PseudoHeader;
};

const v2: Advert = {
  version: 2,
  vrid: 51,
  priority: 100,
  interval: seconds(1),
  authType: 0,
  authData: new Uint8Array(8),
  addresses: [ip("192.0.2.1")],
};
const v3: Advert = {
  version: 3,
  vrid: 51,
  priority: 100,
  interval: seconds(1),
  authType: 0,
  addresses: [ip("192.0.2.1")],
};
const multicast = { source: ip("192.0.2.2"), destination: ip("224.0.0.18") };

const vectors: readonly Vector[] = [
  {
    name: "I08 I25: v2 without authentication",
    bytes: "21 33 64 01 00 01 b8 c8 c0 00 02 01 00 00 00 00 00 00 00 00",
    advert: v2,
  },
  {
    name: "I11: v2 with a password, which the checksum covers",
    bytes: "21 33 64 01 01 01 7b 7c c0 00 02 01 73 65 63 72 65 74 00 00",
    advert: { ...v2, authType: 1, authData: hex("73 65 63 72 65 74 00 00") },
  },
  {
    name: "v2, priority 0",
    bytes: "21 33 00 01 00 01 1c c9 c0 00 02 01 00 00 00 00 00 00 00 00",
    advert: { ...v2, priority: 0 },
  },
  {
    name: "A18: v3 IPv4, checksum over the message alone",
    bytes: "31 33 64 01 00 64 a8 65 c0 00 02 01",
    advert: v3,
  },
  {
    name: "A18: v3 IPv4 with pseudo header, multicast",
    bytes: "31 33 64 01 00 64 05 d4 c0 00 02 01",
    advert: v3,
    pseudoHeader: multicast,
  },
  {
    name: "J09: v3 IPv4 with pseudo header, unicast",
    bytes: "31 33 64 01 00 64 23 e3 c0 00 02 01",
    advert: v3,
    pseudoHeader: { source: ip("192.0.2.2"), destination: ip("192.0.2.3") },
  },
  {
    name: "A15: v3 IPv4 with two addresses",
    bytes: "31 33 fe 02 00 0a aa 1e c0 00 02 01 c0 00 02 09",
    advert: {
      ...v3,
      priority: 254,
      interval: milliseconds(100),
      addresses: [ip("192.0.2.1"), ip("192.0.2.9")],
    },
    pseudoHeader: multicast,
  },
  {
    name: "A17: v3 IPv4, the longest interval",
    bytes: "31 01 01 01 0f ff fb fc c0 00 02 01",
    advert: { ...v3, vrid: 1, priority: 1, interval: milliseconds(40_950) },
  },
  {
    name: "A19: v3 IPv6",
    family: "ipv6",
    bytes: `31 33 64 02 00 64 3f 9c fe 80 00 00 00 00 00 00 00 00 00 00 00 5e 00 01
            20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01`,
    advert: { ...v3, addresses: [ip("fe80::5e:1"), ip("2001:db8::1")] },
    pseudoHeader: { source: ip("fe80::2"), destination: ip("ff02::12") },
  },
];

for (const { name, family = "ipv4", bytes, advert, pseudoHeader } of vectors) {
  test(`${name}: encodes to the golden bytes over a used buffer`, () => {
    assert.equal(hexText(encodeAdvert(advert, pseudoHeader, dirty())), hexText(hex(bytes)));
    assert.equal(hexText(encodeAdvert(advert, pseudoHeader)), hexText(hex(bytes)));
  });

  test(`${name}: decodes from the golden bytes, and its checksum is right`, () => {
    const golden = hex(bytes);
    assert.deepEqual(decodeAdvert(golden, family), { ok: true, value: advert });
    assert.equal(advertChecksum(golden, pseudoHeader), peekAdvert(golden)?.checksum);
    assert.equal(advertLength(advert.version, family, advert.addresses.length), golden.length);
  });
}

test("A20: the checksum field counts as zero, whatever it holds", () => {
  const golden = hex("31 33 64 01 00 64 a8 65 c0 00 02 01");
  const changed = golden.slice();
  changed[6] = 0x12;
  changed[7] = 0x34;
  assert.equal(advertChecksum(changed), 0xa865);
});

test("A09 A10 A16: version, type and reserved bits as sent", () => {
  const bytes = encodeAdvert(v3, undefined, dirty());
  assert.equal(bytes[0], 0x31);
  assert.equal((bytes[4] ?? 0) >>> 4, 0);
});

test("B15: reserved bits before a v3 interval are ignored", () => {
  const decoded = decodeAdvert(hex("31 33 64 01 f0 64 00 00 c0 00 02 01"), "ipv4");
  assert.ok(decoded.ok);
  assert.equal(decoded.value.interval, seconds(1));
});

test("B21: every priority from 0 to 255 reads", () => {
  for (const priority of [0, 1, 127, 128, 254, 255]) {
    const decoded = decodeAdvert(encodeAdvert({ ...v3, priority }), "ipv4");
    assert.ok(decoded.ok);
    assert.equal(decoded.value.priority, priority);
  }
});

test("bytes after the advert's own length are ignored by decoding", () => {
  const decoded = decodeAdvert(hex("31 33 64 01 00 64 a8 65 c0 00 02 01 ff ff"), "ipv4");
  assert.deepEqual(decoded, { ok: true, value: v3 });
});

test("the fixed fields read without the addresses, of any version", () => {
  assert.deepEqual(peekAdvert(hex("21 33 64 09 01 05 7b 7c")), {
    version: 2,
    type: 1,
    vrid: 51,
    priority: 100,
    count: 9,
    authType: 1,
    interval: 5,
    checksum: 0x7b7c,
  });
  assert.equal(peekAdvert(hex("31 33 64 01 ff ff 00 00"))?.interval, 4095);
  assert.equal(peekAdvert(hex("f4 00 00 00 00 00 00 00"))?.version, 15);
  assert.equal(peekAdvert(hex("31 33 64 01 00 64 a8")), undefined);
});

const refusals = [
  ["7 bytes", "31 33 64 01 00 64 a8", "ipv4", { kind: "truncated", need: 8, have: 7 }],
  [
    "a count beyond the addresses",
    "31 33 64 02 00 64 a8 65 c0 00 02 01",
    "ipv4",
    { kind: "truncated", need: 16, have: 12 },
  ],
  [
    "v2 without its authentication data",
    "21 33 64 01 00 01 b8 c8 c0 00 02 01",
    "ipv4",
    { kind: "truncated", need: 20, have: 12 },
  ],
  [
    "IPv4 addresses in an IPv6 packet",
    "31 33 64 01 00 64 a8 65 c0 00 02 01",
    "ipv6",
    { kind: "truncated", need: 24, have: 12 },
  ],
  ["version 4", "41 33 64 00 00 64 a8 65", "ipv4", { kind: "bad-version", version: 4 }],
  [
    "version 2 over IPv6",
    "21 33 64 00 00 01 00 00 00 00 00 00 00 00 00 00",
    "ipv6",
    { kind: "bad-version", version: 2 },
  ],
  ["type 2", "32 33 64 00 00 64 a8 65", "ipv4", { kind: "bad-type", type: 2 }],
] as const;

for (const [name, bytes, family, error] of refusals) {
  test(`B03 B04 B05: refused: ${name}`, () => {
    assert.deepEqual(decodeAdvert(hex(bytes), family), { ok: false, error });
  });
}

test("what no advert can say is our own mistake, and asserted", () => {
  const tooLong = { ...v3, interval: seconds(41) };
  assert.throws(() => encodeAdvert(tooLong), /40\.95 s/);
  assert.throws(() => encodeAdvert({ ...v2, interval: seconds(256) }), /255 s/);
  assert.throws(() => encodeAdvert(v2, multicast), /no pseudo header/);
  assert.throws(() => encodeAdvert({ ...v2, authData: new Uint8Array(9) }), /8 bytes/);
  const mixed = { ...v3, addresses: [ip("192.0.2.1"), ip("2001:db8::1")] };
  assert.throws(() => encodeAdvert(mixed), /one address family/);
});
