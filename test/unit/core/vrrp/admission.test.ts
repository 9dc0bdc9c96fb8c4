// Every check of admission by its rule, on real bytes, and the order of the checks.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ip } from "../../../../src/core/base/ip.ts";
import { instant, milliseconds, seconds } from "../../../../src/core/base/time.ts";
import {
  type AdmissionConfig,
  type AdmissionContext,
  type AdmittedAdvert,
  admissionPolicy,
  admit,
  openPacket,
  refusalOfState,
  unknownVrid,
} from "../../../../src/core/vrrp/admission.ts";
import type { Refusal } from "../../../../src/core/vrrp/refusal.ts";
import { hex } from "../wire/bytes.ts";
import { golden, type PacketLies, packetAround, withChecksum } from "./packets.ts";

const group = [224, 0, 0, 18];
const peer = [192, 0, 2, 2];

const baseConfig: AdmissionConfig = {
  profile: "compat",
  version: 3,
  vrid: 51,
  advertInterval: seconds(1),
  authentication: { kind: "none" },
  transport: { kind: "multicast" },
  addresses: [{ address: ip("192.0.2.1") }],
  checksumWithoutPseudoHeader: false,
  ownerIgnoreAdverts: false,
  skipAddressCheck: false,
  checkUnicastSource: false,
};

type Changes = Partial<AdmissionConfig> & { readonly context?: Partial<AdmissionContext> };

const v2: Changes = { version: 2 };
const withPassword: Changes = { version: 2, authentication: { kind: "pass", password: "secret" } };
const toPeer = { kind: "unicast", ttl: 255, peers: [{ address: ip("192.0.2.2") }] } as const;

function judge(bytes: Uint8Array, { context, ...changes }: Changes = {}) {
  const opened = openPacket(bytes);
  if (!opened.ok) return opened;
  return admit(opened.value, {
    policy: admissionPolicy({ ...baseConfig, ...changes }),
    state: "backup",
    effectivePriority: 100,
    source: ip("192.0.2.9"),
    master: undefined,
    ...context,
  });
}

function admitted(bytes: Uint8Array, changes?: Changes): AdmittedAdvert {
  const result = judge(bytes, changes);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function refused(bytes: Uint8Array, changes?: Changes): Refusal {
  const result = judge(bytes, changes);
  assert.ok(!result.ok, "the packet was admitted");
  return result.error;
}

/** The message with single bytes replaced; its checksum is right for multicast version 3. */
function v3With(bytesAt: Readonly<Record<number, number>>, lies?: PacketLies): Uint8Array {
  const message = Uint8Array.from(golden.v3);
  for (const [place, byte] of Object.entries(bytesAt)) message[Number(place)] = byte;
  return packetAround(
    withChecksum(message, lies?.source ?? peer, lies?.destination ?? group),
    lies,
  );
}

/** The same for version 2. */
function v2With(
  bytesAt: Readonly<Record<number, number>>,
  lies?: PacketLies,
  base: Uint8Array = golden.v2,
): Uint8Array {
  const message = Uint8Array.from(base);
  for (const [place, byte] of Object.entries(bytesAt)) message[Number(place)] = byte;
  return packetAround(withChecksum(message), lies);
}

test("a right advert of either version is admitted with what the election needs", () => {
  assert.deepEqual(admitted(packetAround(golden.v3)), {
    advert: { from: "192.0.2.2", priority: 100, interval: 1_000_000 },
    checksumForm: "pseudo-header",
    differs: [],
  });
  assert.deepEqual(admitted(packetAround(golden.v2), v2), {
    advert: { from: "192.0.2.2", priority: 100, interval: 1_000_000 },
    differs: [],
  });
  assert.equal(admitted(packetAround(golden.v2PriorityZero), v2).advert.priority, 0);
});

test("B01 I01: a TTL other than 255 is refused for multicast", () => {
  const wanted = { kind: "bad-ttl", received: 254, expected: 255 };
  assert.deepEqual(refused(packetAround(golden.v3, { ttl: 254 })), wanted);
  assert.deepEqual(refused(packetAround(golden.v2, { ttl: 254 }), v2), wanted);
});

test("B01: unicast checks no TTL unless a peer has a range", () => {
  const packet = v3With({}, { destination: [192, 0, 2, 9], ttl: 64 });
  admitted(packet, { transport: toPeer });
  const ranged = (ttlMin: number, ttlMax: number): Changes => ({
    transport: { ...toPeer, peers: [{ address: ip("192.0.2.2"), ttlMin, ttlMax }] },
  });
  admitted(packet, ranged(64, 64));
  admitted(packet, ranged(0, 255));
  const wanted = { kind: "bad-ttl", received: 64, expected: "65 to 255" };
  assert.deepEqual(refused(packet, ranged(65, 255)), wanted);
  assert.equal(refused(packet, ranged(0, 63)).kind, "bad-ttl");
});

test("B03: a version other than 3 is refused", () => {
  for (const version of [0, 1, 2, 4, 15]) {
    const packet = v3With({ 0: (version << 4) | 1 });
    // A version 2 advert has eight bytes more, or its length is what is wrong.
    const whole = version === 2 ? packetAround(golden.v2) : packet;
    assert.deepEqual(refused(whole), { kind: "bad-version", received: version, expected: 3 });
  }
});

test("I02: a version other than 2 is refused", () => {
  assert.deepEqual(refused(packetAround(golden.v3), v2), {
    kind: "bad-version",
    received: 3,
    expected: 2,
  });
});

test("B04 I03: a type other than 1 is refused", () => {
  for (const type of [0, 2, 15]) {
    const wanted = { kind: "bad-type", received: type, expected: 1 };
    assert.deepEqual(refused(v3With({ 0: 0x30 | type })), wanted);
    assert.deepEqual(refused(v2With({ 0: 0x20 | type }), v2), wanted);
  }
});

test("B05: shorter than its addresses need is refused", () => {
  const packet = packetAround(golden.v3.subarray(0, 11));
  assert.deepEqual(refused(packet), { kind: "bad-length", received: 31, expected: 32 });
});

test("B05: shorter than the fixed fields is refused, whatever is missing", () => {
  const whole = packetAround(golden.v3);
  for (let length = 0; length < 28; length++) {
    assert.equal(refused(whole.subarray(0, length)).kind, "truncated", `${length} bytes`);
  }
  assert.deepEqual(refused(whole.subarray(0, 27)), {
    kind: "truncated",
    received: 27,
    expected: 28,
  });
});

test("B06: longer than exact is refused, but for Ethernet's padding", () => {
  assert.equal(refused(packetAround(golden.v3, { padding: 4 })).kind, "bad-length");
  assert.equal(refused(packetAround(golden.v3, { padding: 1 })).kind, "bad-length");
  assert.equal(refused(packetAround(golden.v3, { padding: 18 })).kind, "bad-length");
  // A frame's payload has 46 bytes at least, or 42 behind a VLAN tag.
  admitted(packetAround(golden.v3, { padding: 46 - 32 }));
  admitted(packetAround(golden.v3, { padding: 42 - 32 }));
  admitted(packetAround(golden.v2, { padding: 46 - 40 }), v2);
});

test("B07: an IP total length that is not what was received is refused", () => {
  for (const totalLength of [0, 20, 28, 31, 33, 65_535]) {
    const packet = packetAround(golden.v3, { totalLength });
    assert.deepEqual(refused(packet), {
      kind: "ip-length-mismatch",
      received: 32,
      expected: totalLength,
    });
  }
});

test("B08: a wrong checksum is refused, in each single bit", () => {
  for (let bit = 0; bit < 16; bit++) {
    const message = Uint8Array.from(golden.v3);
    message[6 + (bit >> 3)] = (message[6 + (bit >> 3)] ?? 0) ^ (1 << (bit & 7));
    assert.equal(refused(packetAround(message)).kind, "bad-checksum");
  }
  assert.deepEqual(refused(packetAround(hex("31 33 64 01 00 64 12 34 c0 00 02 01"))), {
    kind: "bad-checksum",
    received: "0x1234",
    expected: "0x5d4",
    version: 3,
  });
});

test("B09 A18: both forms of the v3 checksum are heard, and which one is told", () => {
  for (const checksumWithoutPseudoHeader of [true, false]) {
    const setting = { checksumWithoutPseudoHeader };
    const form = (message: Uint8Array) => admitted(packetAround(message), setting).checksumForm;
    assert.equal(form(golden.v3), "pseudo-header");
    assert.equal(form(golden.v3MessageOnly), "message-only");
  }
  const rfc = admitted(packetAround(golden.v3), { profile: "rfc9568" });
  assert.equal(rfc.checksumForm, "pseudo-header");
});

test("B09: where both forms are right, ours is the one that is told", () => {
  // The pseudo header of this source adds up to nothing.
  const source = [192, 0, 95, 112];
  const packet = packetAround(withChecksum(golden.v3), { source });
  assert.deepEqual(withChecksum(golden.v3, source, group), withChecksum(golden.v3));
  assert.equal(admitted(packet).checksumForm, "pseudo-header");
  assert.equal(admitted(packet, { profile: "rfc9568" }).checksumForm, "message-only");
});

test("B09 J09: the pseudo header has the packet's own ends", () => {
  const packet = packetAround(golden.v3Unicast, { destination: [192, 0, 2, 3] });
  assert.equal(admitted(packet, { transport: toPeer }).checksumForm, "pseudo-header");
  const other = packetAround(golden.v3Unicast, { destination: [192, 0, 2, 4] });
  assert.equal(refused(other, { transport: toPeer }).kind, "bad-checksum");
});

test("I11: the v2 checksum covers the eight bytes of authentication, and no pseudo header", () => {
  const other = Uint8Array.from(golden.v2);
  other[19] = 1;
  assert.equal(refused(packetAround(other), v2).kind, "bad-checksum");
  const pseudo = withChecksum(golden.v2, peer, group);
  assert.equal(refused(packetAround(pseudo), v2).kind, "bad-checksum");
});

test("B10 I13: a VRID that nobody has on the interface has its own reason", () => {
  const opened = openPacket(v3With({ 1: 77 }));
  assert.ok(opened.ok);
  assert.deepEqual(unknownVrid(opened.value), { kind: "unknown-vrid", received: 77 });
});

test("B11 I13: an owner hears adverts unless told to ignore them", () => {
  const owner = { effectivePriority: 255 };
  admitted(packetAround(golden.v3), { context: owner });
  const ignoring = { ownerIgnoreAdverts: true, context: owner };
  assert.deepEqual(refused(packetAround(golden.v3), ignoring), { kind: "owner-ignores" });
  assert.equal(refused(packetAround(golden.v2), { ...v2, ...ignoring }).kind, "owner-ignores");
  // An owner that lowered itself to 254 does hear.
  admitted(packetAround(golden.v3), {
    ownerIgnoreAdverts: true,
    context: { effectivePriority: 254 },
  });
});

test("B12: an advert without addresses is refused, unless we have none either", () => {
  const empty = packetAround(withChecksum(hex("31 33 64 00 00 64 00 00"), peer, group));
  assert.deepEqual(refused(empty), { kind: "no-addresses" });
  assert.deepEqual(admitted(empty, { addresses: [] }).differs, []);
});

test("B13: a v3 interval of zero is refused, and 1 and 4095 are not", () => {
  assert.deepEqual(refused(v3With({ 5: 0 })), { kind: "zero-interval" });
  assert.equal(admitted(v3With({ 5: 1 })).advert.interval, 10_000);
  assert.equal(admitted(v3With({ 4: 0x0f, 5: 0xff })).advert.interval, 40_950_000);
});

test("B15: reserved bits before the interval do not matter", () => {
  for (const reserved of [1, 8, 15]) {
    assert.equal(admitted(v3With({ 4: reserved << 4 })).advert.interval, 1_000_000);
  }
});

test("B16 B29: no bytes at all throw, and what is admitted is right in every check", () => {
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.constantFrom(...Object.values(golden)),
    fc
      .tuple(fc.constantFrom(...Object.values(golden)), fc.nat(39), fc.nat(255))
      .map(([bytes, place, byte]) => bytes.map((old, i) => (i === place ? byte : old))),
  );
  const packets = fc.oneof(
    fc.uint8Array({ maxLength: 1500 }),
    message.map((bytes) => packetAround(bytes)),
    fc
      .tuple(message, fc.nat(59), fc.nat(255))
      .map(([bytes, place, byte]) =>
        packetAround(bytes).map((old, i) => (i === place ? byte : old)),
      ),
  );
  fc.assert(
    fc.property(packets, fc.constantFrom(v2, withPassword, {}), (bytes, changes) => {
      const before = Uint8Array.from(bytes);
      const result = judge(bytes, changes);
      assert.deepEqual(bytes, before);
      if (!result.ok) return;
      assert.equal(bytes[8], 255);
      assert.equal((bytes[0] ?? 0) >> 4, 4);
      const message = bytes.subarray(((bytes[0] ?? 0) & 15) * 4);
      assert.equal(message[0], changes.version === 2 ? 0x21 : 0x31);
    }),
    { numRuns: 3_000 },
  );
});

test("B19: another v3 interval is accepted and told", () => {
  assert.deepEqual(admitted(v3With({ 5: 50 })).differs, [
    { kind: "interval", ours: 1_000_000, theirs: 500_000 },
  ]);
});

test("B20: other addresses are accepted and told, their order does not matter", () => {
  const two = packetAround(
    withChecksum(hex("31 33 64 02 00 64 00 00 c0 00 02 01 c0 00 02 09"), peer, group),
  );
  assert.deepEqual(admitted(two).differs, [{ kind: "address-count", ours: 1, theirs: 2 }]);
  const addresses = (...list: readonly string[]): Changes => ({
    addresses: list.map((address) => ({ address: ip(address) })),
  });
  assert.deepEqual(admitted(two, addresses("192.0.2.9", "192.0.2.1")).differs, []);
  assert.deepEqual(admitted(two, addresses("192.0.2.1", "192.0.2.8")).differs, [
    { kind: "address-list", missing: "192.0.2.8" },
  ]);
});

test("B20: skip_check_adv_addr trusts a known master, as backup only", () => {
  const other = packetAround(withChecksum(hex("31 33 64 01 00 64 00 00 c0 00 02 07"), peer, group));
  const told = (context: Partial<AdmissionContext>) =>
    admitted(other, { skipAddressCheck: true, context }).differs.length;
  assert.equal(told({ master: ip("192.0.2.2") }), 0);
  assert.equal(told({ master: ip("192.0.2.3") }), 1);
  assert.equal(told({ master: ip("192.0.2.2"), state: "master" }), 1);
});

test("B21: every priority from 0 to 255 is admitted", () => {
  for (let priority = 0; priority <= 255; priority++) {
    assert.equal(admitted(v3With({ 2: priority })).advert.priority, priority);
  }
});

test("B22: multicast does not reach a unicast instance, nor unicast a multicast one", () => {
  assert.deepEqual(refused(packetAround(golden.v3), { transport: toPeer }), {
    kind: "wrong-cast",
    received: "multicast",
    expected: "unicast",
  });
  assert.deepEqual(refused(v3With({}, { destination: [192, 0, 2, 9] })), {
    kind: "wrong-cast",
    received: "unicast",
    expected: "multicast",
  });
});

test("B23: an unknown unicast sender is refused where senders are checked", () => {
  const stranger = v3With({}, { source: [192, 0, 2, 66], destination: [192, 0, 2, 9] });
  admitted(stranger, { transport: toPeer });
  const checking = { transport: toPeer, checkUnicastSource: true };
  assert.deepEqual(refused(stranger, checking), { kind: "unknown-peer", received: "192.0.2.66" });
  admitted(v3With({}, { destination: [192, 0, 2, 9] }), checking);
  // A range of TTLs for one peer implies the check.
  const ranged = { ...toPeer, peers: [{ address: ip("192.0.2.2"), ttlMin: 1 }] };
  assert.equal(refused(stranger, { transport: ranged }).kind, "unknown-peer");
});

test("B24: our own advert that comes back is ignored", () => {
  const ours = { source: ip("192.0.2.2") };
  assert.deepEqual(refused(packetAround(golden.v3), { context: ours }), { kind: "own-packet" });
  assert.equal(refused(v3With({ 2: 0 }), { context: ours }).kind, "own-packet");
});

test("B24 F18: somebody else with our address is let through to the election", () => {
  const ours = { source: ip("192.0.2.2") };
  admitted(packetAround(golden.v3), { context: { ...ours, state: "master" } });
  admitted(v3With({ 2: 200 }), { context: ours });
});

test("B25: a header with options is read", () => {
  const options = hex("94 04 00 00");
  assert.equal(admitted(packetAround(golden.v3, { options })).advert.priority, 100);
  const short = packetAround(golden.v3);
  short[0] = 0x44;
  assert.equal(refused(short).kind, "truncated");
});

test("D06: in Initialize nothing is heard", () => {
  assert.deepEqual(refusalOfState("initialize", undefined, instant(5)), { kind: "not-listening" });
  assert.equal(refusalOfState("backup", undefined, instant(5)), undefined);
});

test("D08: until the start-up delay ends nothing is heard", () => {
  const until = instant(seconds(10));
  assert.deepEqual(refusalOfState("backup", until, instant(9_999_999)), { kind: "startup-delay" });
  assert.equal(refusalOfState("backup", until, instant(10_000_000)), undefined);
});

test("I05: an authentication type that does not exist is refused", () => {
  for (const type of [3, 77, 255]) {
    assert.deepEqual(refused(v2With({ 4: type }), v2), { kind: "bad-auth-type", received: type });
  }
});

test("I06: an authentication type other than ours is refused", () => {
  const mismatch = (received: number, expected: number) => ({
    kind: "auth-type-mismatch",
    received,
    expected,
  });
  assert.deepEqual(refused(packetAround(golden.v2Pass), v2), mismatch(1, 0));
  assert.deepEqual(refused(packetAround(golden.v2), withPassword), mismatch(0, 1));
  assert.deepEqual(refused(v2With({ 4: 2 }), v2), mismatch(2, 0));
  const authenticated = packetAround(golden.v2, { protocol: 51 });
  assert.equal(refused(authenticated, v2).kind, "auth-type-mismatch");
});

test("I07: a wrong password is refused, wherever it differs", () => {
  admitted(packetAround(golden.v2Pass), withPassword);
  for (let place = 12; place < 20; place++) {
    const wrong = v2With({ [place]: 0x58 }, undefined, golden.v2Pass);
    assert.deepEqual(refused(wrong, withPassword), { kind: "bad-password" });
  }
  for (const password of ["", "secre", "secret ", "secrets", "Secret"]) {
    const changes = { version: 2, authentication: { kind: "pass", password } } as const;
    assert.equal(refused(packetAround(golden.v2Pass), changes).kind, "bad-password");
  }
});

test("I27: of a password the first eight bytes count", () => {
  const eight = v2With(
    Object.fromEntries([..."longpass"].map((letter, i) => [12 + i, letter.charCodeAt(0)])),
    undefined,
    golden.v2Pass,
  );
  const password = "longpassword";
  admitted(eight, { version: 2, authentication: { kind: "pass", password } });
});

test("I08: without authentication the eight bytes mean nothing", () => {
  admitted(v2With({ 12: 0x41, 19: 0x42 }), v2);
});

test("I10: a v2 interval other than ours is refused", () => {
  assert.deepEqual(refused(v2With({ 5: 2 }), v2), {
    kind: "interval-mismatch",
    received: 2,
    expected: 1,
  });
  admitted(v2With({ 5: 255 }), { ...v2, advertInterval: seconds(255) });
});

test("I12: a v2 advert is as long as its addresses and the eight bytes", () => {
  assert.deepEqual(refused(packetAround(golden.v2.subarray(0, 12)), v2), {
    kind: "bad-length",
    received: 32,
    expected: 40,
  });
  assert.equal(refused(v2With({ 3: 2 }), v2).kind, "bad-length");
});

test("I14: v2 drops another address list in profile rfc9568, but not an owner's", () => {
  const strict: Changes = { version: 2, profile: "rfc9568" };
  const other = { 11: 7 };
  assert.deepEqual(refused(v2With(other), strict), {
    kind: "address-list-mismatch",
    received: "192.0.2.7",
    expected: "192.0.2.1",
  });
  admitted(v2With({ ...other, 2: 255 }), strict);
  assert.equal(admitted(v2With(other), v2).differs[0]?.kind, "address-list");
  assert.equal(admitted(v3With(other), { profile: "rfc9568" }).differs[0]?.kind, "address-list");
});

test("B17: a refusal carries what an operator needs, and never the password", () => {
  const wrong = refused(v2With({ 12: 0x58 }, undefined, golden.v2Pass), withPassword);
  assert.ok(!JSON.stringify(wrong).includes("ecret"));
});

test("B28: the first failing check of the order names the reason", () => {
  // Each row spoils one more byte on top of all before it, and the latest is found first.
  const spoilt: readonly (readonly [kind: string, place: number, byte: number])[] = [
    ["bad-checksum", 27, 0x99],
    ["ip-length-mismatch", 3, 99],
    ["bad-type", 20, 0x22],
    ["interval-mismatch", 25, 9],
    ["bad-password", 32, 0x58],
    ["auth-type-mismatch", 24, 0],
    ["bad-auth-type", 24, 9],
    ["bad-version", 20, 0x22],
    ["bad-ttl", 8, 1],
    ["bad-length", 23, 5],
  ];
  const bytes = packetAround(golden.v2Pass);
  for (const [kind, place, byte] of spoilt) {
    bytes[place] = byte;
    const version = kind === "bad-version" ? 3 : 2;
    const asked: Changes = kind === "bad-length" ? { version: 2 } : { ...withPassword, version };
    assert.equal(refused(bytes, asked).kind, kind);
  }
});

test("B28: after the checksum come cast, owner, addresses and peer", () => {
  const owner = { ownerIgnoreAdverts: true, context: { effectivePriority: 255 } };
  const empty = withChecksum(hex("31 33 64 00 00 64 00 00"), [9, 9, 9, 9], group);
  const strangeMulticast = packetAround(empty, { source: [9, 9, 9, 9] });
  const unicast = { transport: toPeer, checkUnicastSource: true };
  assert.equal(refused(strangeMulticast, { ...unicast, ...owner }).kind, "wrong-cast");
  const destination = [192, 0, 2, 9];
  const strange = packetAround(
    withChecksum(hex("31 33 64 00 00 64 00 00"), [9, 9, 9, 9], destination),
    { source: [9, 9, 9, 9], destination },
  );
  assert.equal(refused(strange, { ...unicast, ...owner }).kind, "owner-ignores");
  assert.equal(refused(strange, unicast).kind, "no-addresses");
});

test("C01: a sub-second interval is heard to the centisecond", () => {
  const config = { advertInterval: milliseconds(10) };
  assert.deepEqual(admitted(v3With({ 5: 1 }), config).differs, []);
});
