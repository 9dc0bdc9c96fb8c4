// What holds for every packet: decoders never throw, and what was encoded decodes to itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type IpAddress, ip, ipOf } from "../../src/core/base/ip.ts";
import { milliseconds, seconds } from "../../src/core/base/time.ts";
import {
  decodeArp,
  encodeArp,
  encodeGratuitousArp,
  readdressGratuitousArp,
} from "../../src/core/wire/arp.ts";
import { internetChecksum } from "../../src/core/wire/checksum.ts";
import { decodeEthernet, encodeEthernet, macOf } from "../../src/core/wire/ethernet.ts";
import { decodeIpv4, encodeIpv4 } from "../../src/core/wire/ipv4.ts";
import { printFrame, printPacket } from "../../src/core/wire/printer.ts";
import {
  type Advert,
  advertChecksum,
  decodeAdvert,
  encodeAdvert,
  peekAdvert,
} from "../../src/core/wire/vrrp.ts";

/** A record of ordinary objects, which deepEqual takes as equal to what decoders give. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });

const byte = fc.integer({ min: 0, max: 255 });
const fixedBytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const ipv4 = fixedBytes(4).map((bytes) => ipOf(bytes));
const ipv6 = fixedBytes(16).map((bytes) => ipOf(bytes));
const mac = fixedBytes(6).map((bytes) => macOf(bytes));
const anyBytes = fc.uint8Array({ maxLength: 1500 });

/** Bytes behind an IPv4 and an Ethernet header, so that the inner decoders see them too. */
const wrapped = anyBytes.map((bytes) => {
  const ends = { source: ip("192.0.2.2"), destination: ip("224.0.0.18") };
  const packet = encodeIpv4({ ttl: 255, protocol: 112, ...ends }, bytes);
  return bytes.length % 2 === 0 ? packet : Uint8Array.from([...new Array(12), 8, 0, ...packet]);
});

/** Mostly adverts: random bytes alone rarely get past version and type. */
const likelyAdvert = fc
  .tuple(fc.constantFrom(0x21, 0x31), fc.uint8Array({ maxLength: 1100 }))
  .map(([first, rest]) => Uint8Array.from([first, ...rest]));

const v2Advert: fc.Arbitrary<Advert> = record({
  version: fc.constant(2 as const),
  vrid: byte,
  priority: byte,
  interval: byte.map(seconds),
  authType: byte,
  authData: fixedBytes(8),
  addresses: fc.array(ipv4, { maxLength: 255 }),
});

const v3Advert = (addresses: fc.Arbitrary<IpAddress[]>): fc.Arbitrary<Advert> =>
  record({
    version: fc.constant(3 as const),
    vrid: byte,
    priority: byte,
    interval: fc.integer({ min: 0, max: 4095 }).map((cs) => milliseconds(10 * cs)),
    authType: fc.constant(0),
    addresses,
  });

test("B29: no bytes make a decoder throw", () => {
  fc.assert(
    fc.property(fc.oneof(anyBytes, wrapped, likelyAdvert), (bytes) => {
      decodeIpv4(bytes);
      decodeEthernet(bytes);
      decodeArp(bytes);
      peekAdvert(bytes);
      printFrame(bytes, "verbose");
      printPacket(bytes, "verbose");
      for (const family of ["ipv4", "ipv6"] as const) {
        const decoded = decodeAdvert(bytes, family);
        if (!decoded.ok) continue;
        const again = decodeAdvert(encodeAdvert(decoded.value), family);
        assert.deepEqual(again, decoded);
      }
    }),
    { numRuns: 2000 },
  );
});

test("an advert that is encoded decodes to itself, with the right checksum", () => {
  const cases = fc.oneof(
    fc.tuple(v2Advert, fc.constant("ipv4" as const)),
    fc.tuple(v3Advert(fc.array(ipv4, { maxLength: 255 })), fc.constant("ipv4" as const)),
    fc.tuple(
      v3Advert(fc.array(ipv6, { minLength: 1, maxLength: 40 })),
      fc.constant("ipv6" as const),
    ),
  );
  fc.assert(
    fc.property(cases, ipv4, ipv4, ([advert, family], source, destination) => {
      const pseudoHeader =
        advert.version === 3 && family === "ipv4" ? { source, destination } : undefined;
      const bytes = encodeAdvert(advert, pseudoHeader);
      assert.deepEqual(decodeAdvert(bytes, family), { ok: true, value: advert });
      assert.equal(peekAdvert(bytes)?.checksum, advertChecksum(bytes, pseudoHeader));
    }),
  );
});

test("a checksum notices every single changed byte", () => {
  fc.assert(
    fc.property(v2Advert, fc.nat(), fc.integer({ min: 1, max: 255 }), (advert, where, change) => {
      const bytes = encodeAdvert(advert);
      const place = where % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ change;
      assert.notEqual(peekAdvert(bytes)?.checksum, advertChecksum(bytes));
    }),
  );
});

test("an IPv4 packet that is encoded decodes to itself, and its header sums to zero", () => {
  const header = record({
    tos: byte,
    id: fc.integer({ min: 0, max: 0xffff }),
    dontFragment: fc.boolean(),
    moreFragments: fc.boolean(),
    fragmentOffset: fc.integer({ min: 0, max: 0x1fff }).map((words) => words * 8),
    ttl: byte,
    protocol: byte,
    source: ipv4,
    destination: ipv4,
    options: fc.integer({ min: 0, max: 10 }).chain((words) => fixedBytes(words * 4)),
  });
  fc.assert(
    fc.property(header, anyBytes, (asked, payload) => {
      const bytes = encodeIpv4(asked, payload);
      const decoded = decodeIpv4(bytes);
      assert.ok(decoded.ok);
      const { headerLength, totalLength, checksum: _, payload: back, ...rest } = decoded.value;
      assert.deepEqual(rest, asked);
      assert.deepEqual(back, payload);
      assert.equal(totalLength, bytes.length);
      assert.equal(internetChecksum(bytes.subarray(0, headerLength)), 0);
    }),
  );
});

test("ARP packets and frames that are encoded decode to themselves", () => {
  const arp = record({
    operation: fc.integer({ min: 0, max: 0xffff }),
    senderMac: mac,
    senderAddress: ipv4,
    targetMac: mac,
    targetAddress: ipv4,
  });
  fc.assert(
    fc.property(arp, mac, mac, (packet, destination, source) => {
      const frame = { destination, source, etherType: 0x0806, payload: encodeArp(packet) };
      const decoded = decodeEthernet(encodeEthernet(frame));
      assert.deepEqual(decoded, { ok: true, value: frame });
      assert.deepEqual(decodeArp(frame.payload), { ok: true, value: packet });
    }),
  );
});

test("a gratuitous ARP that was readdressed is the one that is encoded for that address", () => {
  fc.assert(
    fc.property(mac, ipv4, ipv4, (sender, first, second) => {
      const frame = encodeGratuitousArp(sender, first);
      const before = frame.slice();
      assert.deepEqual(readdressGratuitousArp(frame, second), encodeGratuitousArp(sender, second));
      assert.deepEqual(frame, before);
    }),
  );
});
