// What leaves: whole packets against the golden vectors, and that admission hears what we send.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import { milliseconds, seconds } from "../../../../src/core/base/time.ts";
import { admissionPolicy, admit, openPacket } from "../../../../src/core/vrrp/admission.ts";
import { type AdvertConfig, advertPacket } from "../../../../src/core/vrrp/outgoing.ts";
import { hexText } from "../wire/bytes.ts";
import { golden, packetAround } from "./packets.ts";

const config: AdvertConfig = {
  profile: "compat",
  version: 3,
  vrid: 51,
  advertInterval: seconds(1),
  authentication: { kind: "none" },
  transport: { kind: "multicast" },
  addresses: [{ address: ip("192.0.2.1") }],
  checksumWithoutPseudoHeader: false,
};
const target = { source: ip("192.0.2.2"), destination: ip("224.0.0.18"), priority: 100 };
const twoAddresses = [{ address: ip("192.0.2.9") }, { address: ip("192.0.2.1") }];

const packetOf = (changes: Partial<AdvertConfig> = {}, aim: Partial<typeof target> = {}) =>
  advertPacket({ ...config, ...changes }, { ...target, ...aim });
const messageOf = (changes?: Partial<AdvertConfig>, aim?: Partial<typeof target>) =>
  hexText(packetOf(changes, aim).subarray(20));

test("A01 A03 A06 A08 I25: source, group, TTL and protocol of the IP header", () => {
  const packet = packetOf();
  assert.equal(
    hexText(packet.subarray(0, 20)),
    // Control class, 32 bytes, no identification, TTL 255, protocol 112, right header checksum.
    "45 c0 00 20 00 00 00 00 ff 70 18 99 c0 00 02 02 e0 00 00 12",
  );
  const elsewhere = packetOf({}, { source: ip("198.51.100.7"), destination: ip("224.0.0.99") });
  assert.equal(hexText(elsewhere.subarray(12, 20)), "c6 33 64 07 e0 00 00 63");
});

test("A06: a unicast advert has the configured TTL", () => {
  const transport = { kind: "unicast", ttl: 64 } as const;
  const packet = packetOf({ transport }, { destination: ip("192.0.2.3") });
  assert.equal(packet[8], 64);
  assert.equal(hexText(packet.subarray(20)), hexText(golden.v3Unicast));
});

test("A09 A10 A11 A15 A16 A17: version, type, VRID, count, reserved bits and interval", () => {
  assert.equal(messageOf(), hexText(golden.v3));
  assert.equal(messageOf({ vrid: 255 }).slice(3, 5), "ff");
  assert.equal(messageOf({ advertInterval: milliseconds(40_950) }).slice(12, 17), "0f ff");
  assert.equal(messageOf({ advertInterval: milliseconds(10) }).slice(12, 17), "00 01");
  assert.equal(messageOf({ addresses: twoAddresses }).slice(9, 11), "02");
});

test("A12 A13 A14: the priority is as told: 255 as owner, 0 to give up", () => {
  assert.equal(messageOf({}, { priority: 255 }).slice(6, 8), "ff");
  assert.equal(messageOf({}, { priority: 1 }).slice(6, 8), "01");
  const leaving = messageOf({ version: 2 }, { priority: 0 });
  assert.equal(leaving, hexText(golden.v2PriorityZero));
});

test("A18: the checksum has a pseudo header for keepalived, none for the RFC", () => {
  assert.equal(messageOf(), hexText(golden.v3));
  assert.equal(messageOf({ checksumWithoutPseudoHeader: true }), hexText(golden.v3MessageOnly));
  assert.equal(messageOf({ profile: "rfc9568" }), hexText(golden.v3MessageOnly));
});

test("A20 A27: the checksum comes last and counts its own field as zero", () => {
  const message = "31 33 fe 02 00 0a aa 1e c0 00 02 01 c0 00 02 09";
  const addresses = twoAddresses.toReversed();
  const changes = { advertInterval: milliseconds(100), addresses };
  assert.equal(messageOf(changes, { priority: 254 }), message);
});

test("A21 A23: all addresses, in the order of the configuration", () => {
  assert.equal(messageOf({ addresses: twoAddresses }).slice(24), "c0 00 02 09 c0 00 02 01");
});

test("I08 I11: a v2 advert ends in eight bytes, zero without authentication", () => {
  assert.equal(messageOf({ version: 2 }), hexText(golden.v2));
  const authentication = { kind: "pass", password: "secret" } as const;
  assert.equal(messageOf({ version: 2, authentication }), hexText(golden.v2Pass));
});

test("I27: only eight bytes of a password leave", () => {
  const authentication = { kind: "pass", password: "longpassword" } as const;
  assert.equal(messageOf({ version: 2, authentication }).slice(36), "6c 6f 6e 67 70 61 73 73");
});

test("I09: whole seconds from 1 to 255", () => {
  const interval = (count: number) =>
    messageOf({ version: 2, advertInterval: seconds(count) }).slice(15, 17);
  assert.equal(interval(1), "01");
  assert.equal(interval(255), "ff");
});

test("what we send is what we admit, in every version, form and transport", () => {
  const shared = { ownerIgnoreAdverts: false, skipAddressCheck: false, checkUnicastSource: true };
  const peers = [{ address: target.source }];
  for (const version of [2, 3] as const) {
    for (const profile of ["compat", "rfc9568"] as const) {
      for (const checksumWithoutPseudoHeader of [true, false]) {
        for (const unicast of [true, false]) {
          const authentication =
            version === 2
              ? ({ kind: "pass", password: "geheim" } as const)
              : ({ kind: "none" } as const);
          const base = { ...config, version, profile, checksumWithoutPseudoHeader, authentication };
          const transport = unicast
            ? ({ kind: "unicast", ttl: 255, peers } as const)
            : ({ kind: "multicast" } as const);
          const destination = unicast ? ip("192.0.2.3") : target.destination;
          const bytes = advertPacket({ ...base, transport }, { ...target, destination });
          const opened = openPacket(bytes);
          assert.ok(opened.ok);
          const result = admit(opened.value, {
            policy: admissionPolicy({ ...base, ...shared, transport }),
            state: "backup",
            effectivePriority: 50,
            source: ip("192.0.2.3"),
            master: undefined,
          });
          assert.ok(result.ok, JSON.stringify(result));
          assert.deepEqual(result.value.differs, []);
        }
      }
    }
  }
});

test("the packet around the golden message is the same as an independent builder's", () => {
  const packet = packetOf();
  packet.fill(0, 10, 12);
  assert.equal(hexText(packet), hexText(packetAround(golden.v3)));
});
