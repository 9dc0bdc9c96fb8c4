// What holds for every netlink message: decoders never throw on any bytes, and what was encoded
// decodes to itself, alone and in a run.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ipOf } from "../../src/core/base/ip.ts";
import type { AddressFlag, InterfaceAddress, Link } from "../../src/core/ports/kernel.ts";
import {
  decodeAddress,
  encodeAddressEvent,
  encodeAddressRequests,
} from "../../src/core/wire/netlink/address.ts";
import { NetlinkWriter } from "../../src/core/wire/netlink/attributes.ts";
import { decodeLink, encodeLink } from "../../src/core/wire/netlink/link.ts";
import {
  decodeAnswer,
  decodeDone,
  decodeMessages,
  messageType,
} from "../../src/core/wire/netlink/message.ts";

/** Optional members that are absent or there, never undefined. */
const record = <T>(
  model: { [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> },
  required: (keyof T)[],
): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true, requiredKeys: required }) as fc.Arbitrary<T>;

const bytesOfLength = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const ipv4 = bytesOfLength(4).map((bytes) => ipOf(bytes));
const ipv6 = bytesOfLength(16).map((bytes) => ipOf(bytes));
const name = fc.stringMatching(/^[a-z0-9:.]{1,15}$/);
const scope = fc.oneof(
  fc.constantFrom("global", "site", "link", "host", "nowhere"),
  fc.integer({ min: 1, max: 199 }),
) as fc.Arbitrary<InterfaceAddress["scope"]>;
/** In the order in which the decoder names them. */
const flags = fc.subarray<AddressFlag>(
  ["nodad", "home", "mngtmpaddr", "noprefixroute", "autojoin"],
  { minLength: 1 },
);
const u32 = fc.integer({ min: 0, max: 0xffff_fffe });

const addressOf = (family: "ipv4" | "ipv6"): fc.Arbitrary<InterfaceAddress> => {
  const address = family === "ipv4" ? ipv4 : ipv6;
  return record<InterfaceAddress>(
    {
      link: fc.integer({ min: 1, max: 0x7fff_ffff }),
      address,
      prefixLength: fc.integer({ min: 0, max: family === "ipv4" ? 32 : 128 }),
      peer: address,
      broadcast: address,
      label: name,
      scope,
      protocol: fc.integer({ min: 1, max: 255 }),
      secondary: fc.constant(true),
      flags,
      preferredLifetime: u32,
    },
    ["link", "address", "prefixLength", "scope"],
  ).map(({ secondary, peer, ...rest }) => ({
    ...rest,
    ...(secondary === true && family === "ipv4" ? { secondary } : {}),
    ...(peer === undefined || peer === rest.address ? {} : { peer }),
  }));
};
const address = fc.oneof(addressOf("ipv4"), addressOf("ipv6"));

const link = record<Link>(
  {
    index: fc.integer({ min: 1, max: 0x7fff_ffff }),
    name,
    up: fc.boolean(),
    multicast: fc.boolean(),
    noArp: fc.boolean(),
    mac: fc
      .uint8Array({ minLength: 6, maxLength: 20 })
      .map((bytes) =>
        bytes.every((byte) => byte === 0)
          ? ""
          : Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":"),
      ),
    mtu: u32,
  },
  ["index", "name", "up", "multicast", "noArp", "mac", "mtu"],
);

const oneMessage = (writer: NetlinkWriter) => {
  const decoded = decodeMessages(writer.written());
  assert.ok(decoded.ok);
  const [first] = decoded.value;
  assert.ok(first !== undefined && decoded.value.length === 1);
  return first;
};

test("an address decodes to what was encoded", () => {
  fc.assert(
    fc.property(address, (value) => {
      const writer = new NetlinkWriter(16);
      encodeAddressEvent(writer, messageType.newAddress, value);
      assert.deepEqual(decodeAddress(oneMessage(writer)), { ok: true, value });
    }),
  );
});

test("a link decodes to what was encoded", () => {
  fc.assert(
    fc.property(link, (value) => {
      const writer = new NetlinkWriter(16);
      encodeLink(writer, messageType.newLink, value);
      assert.deepEqual(decodeLink(oneMessage(writer)), { ok: true, value });
    }),
  );
});

test("a run of requests is the same as its requests one by one", () => {
  // Few different particulars, so that neighbours often differ in the address alone.
  const alike = record<InterfaceAddress>(
    {
      link: fc.integer({ min: 1, max: 2 }),
      address: fc.oneof({ arbitrary: ipv4, weight: 9 }, { arbitrary: ipv6, weight: 1 }),
      prefixLength: fc.constantFrom(24, 32),
      label: fc.constantFrom("a", "a:1"),
      flags: fc.constantFrom<readonly AddressFlag[]>([], ["noprefixroute"]),
      scope: fc.constantFrom("global", "link"),
      protocol: fc.constant(18),
      peer: ipv4,
      broadcast: fc.constantFrom(ipOf(Uint8Array.of(192, 0, 2, 255))),
      preferredLifetime: fc.constantFrom(0, 10),
      secondary: fc.boolean(),
    },
    ["link", "address", "prefixLength", "scope"],
  );
  fc.assert(
    fc.property(
      fc.array(alike, { minLength: 1, maxLength: 20 }),
      fc.constantFrom("add" as const, "remove" as const),
      (addresses, what) => {
        const run = new NetlinkWriter(16);
        encodeAddressRequests(run, what, addresses, 7);
        const single = new NetlinkWriter(16);
        const decoded = decodeMessages(run.written());
        assert.ok(decoded.ok);
        assert.equal(decoded.value.length, addresses.length);
        for (const [place, value] of addresses.entries()) {
          single.clear();
          encodeAddressRequests(single, what, [value], 7 + place);
          const alone = oneMessage(single);
          const last = place === addresses.length - 1;
          assert.deepEqual(decoded.value[place], {
            ...alone,
            flags: last ? alone.flags : alone.flags & ~0x4,
          });
        }
      },
    ),
  );
});

test("no bytes make a decoder throw", () => {
  const header = fc.tuple(
    fc.constantFrom(2, 3, 16, 17, 20, 21),
    fc.constantFrom(0, 0x100, 0x200, 0x300),
    fc.uint8Array({ maxLength: 200 }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), header, (bytes, [type, headerFlags, body]) => {
      decodeMessages(bytes);
      const message = { type, flags: headerFlags, sequence: 0, port: 0, body };
      decodeAddress(message);
      decodeLink(message);
      decodeAnswer(message);
      decodeDone(message);
    }),
  );
});
