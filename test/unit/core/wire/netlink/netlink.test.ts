// Netlink messages against bytes that `ip` and the Linux kernel exchanged (strace of iproute2 on
// Linux 6.18), and answers as rtnetlink(7) and linux/netlink.h lay them out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../../src/core/base/ip.ts";
import type { InterfaceAddress } from "../../../../../src/core/ports/kernel.ts";
import {
  decodeAddress,
  encodeAddressDump,
  encodeAddressEvent,
  encodeAddressRequests,
} from "../../../../../src/core/wire/netlink/address.ts";
import { NetlinkWriter } from "../../../../../src/core/wire/netlink/attributes.ts";
import { decodeLink, encodeLinkDump } from "../../../../../src/core/wire/netlink/link.ts";
import {
  decodeAnswer,
  decodeDone,
  decodeMessages,
  messageType,
  type NetlinkMessage,
} from "../../../../../src/core/wire/netlink/message.ts";

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function only(bytes: Uint8Array): NetlinkMessage {
  const decoded = decodeMessages(bytes);
  assert.ok(decoded.ok);
  assert.equal(decoded.value.length, 1);
  const [message] = decoded.value;
  assert.ok(message !== undefined);
  return message;
}

const message = (type: number, body: Uint8Array, flags = 0): NetlinkMessage => ({
  type,
  flags,
  sequence: 7,
  port: 0,
  body,
});

const writerOfRubbish = (): NetlinkWriter => {
  const writer = new NetlinkWriter(64);
  for (let i = 0; i < 64; i++) writer.u8(0xa5);
  writer.clear();
  return writer;
};

test("RTM_NEWADDR for `ip addr add 192.0.2.1/24 brd 192.0.2.255 dev 3 label e:1`", () => {
  const writer = writerOfRubbish();
  const address: InterfaceAddress = {
    link: 3,
    address: ip("192.0.2.1"),
    prefixLength: 24,
    broadcast: ip("192.0.2.255"),
    label: "e:1",
    scope: "global",
  };
  encodeAddressRequests(writer, "add", [address], 5);
  assert.equal(
    hexOf(writer.written()),
    [
      "38000000 1400 0506 05000000 00000000", // length, type, REQUEST ACK EXCL CREATE, sequence, port
      "02 18 00 00 03000000", // AF_INET, /24, flags, universe, ifindex
      "0800 0200 c0000201 0800 0100 c0000201", // IFA_LOCAL, IFA_ADDRESS
      "0800 0400 c00002ff 0800 0300 653a3100", // IFA_BROADCAST, IFA_LABEL
    ]
      .join("")
      .replaceAll(" ", ""),
  );
});

test("RTM_DELADDR names both ends and neither label nor lifetime", () => {
  const writer = writerOfRubbish();
  const address: InterfaceAddress = {
    link: 3,
    address: ip("192.0.2.1"),
    prefixLength: 32,
    peer: ip("198.51.100.7"),
    label: "e:1",
    preferredLifetime: 0,
    scope: "link",
  };
  encodeAddressRequests(writer, "remove", [address], 5);
  assert.equal(
    hexOf(writer.written()),
    "2800000015000500050000000000000002" +
      "2000fd030000000800" +
      "0200c00002010800" +
      "0100c6336407",
  );
});

test("a run of requests differs in address and sequence number, and its last one wants an answer", () => {
  const addresses = ["192.0.2.1", "192.0.2.200", "10.0.0.3"].map(
    (text): InterfaceAddress => ({
      link: 3,
      address: ip(text),
      prefixLength: 32,
      scope: "global",
      protocol: 18,
    }),
  );
  const run = writerOfRubbish();
  encodeAddressRequests(run, "add", addresses, 100);
  const decoded = decodeMessages(run.written());
  assert.ok(decoded.ok);
  assert.deepEqual(
    decoded.value.map(({ sequence, flags }) => [sequence, flags]),
    [
      [100, 0x601],
      [101, 0x601],
      [102, 0x605],
    ],
  );
  assert.deepEqual(
    decoded.value.map((part) => decodeAddress(part)),
    addresses.map((value) => ({ ok: true, value })),
  );
});

test("the kernel's RTM_NEWADDR with all its attributes", () => {
  const body = bytesOf(
    [
      "02 18 80 fd 03000000", // AF_INET, /24, IFA_F_PERMANENT, scope link, ifindex 3
      "0800 0100 c0000201 0800 0200 c0000201", // IFA_ADDRESS, IFA_LOCAL
      "0800 0400 c00002ff", // IFA_BROADCAST
      "0500 0b00 12000000", // IFA_PROTO 18
      "0700 0300 61300000", // IFA_LABEL a0, padded
      "0800 0800 81020000", // IFA_FLAGS PERMANENT, NOPREFIXROUTE, SECONDARY
      "1400 0600 ffffffff ffffffff 10270000 10270000", // IFA_CACHEINFO
    ]
      .join("")
      .replaceAll(" ", ""),
  );
  const expected: InterfaceAddress = {
    link: 3,
    address: ip("192.0.2.1"),
    prefixLength: 24,
    broadcast: ip("192.0.2.255"),
    scope: "link",
    protocol: 18,
    secondary: true,
    flags: ["noprefixroute"],
  };
  const part = message(messageType.newAddress, body);
  assert.deepEqual(decodeAddress(part), { ok: true, value: { ...expected, label: "a0" } });
  assert.deepEqual(
    decodeAddress(part, (index) => (index === 3 ? "a0" : undefined)),
    { ok: true, value: expected },
    "a label that is the link's name is no label",
  );
});

test("an IPv6 address comes without IFA_LOCAL, and its first flag bit does not say secondary", () => {
  const body = bytesOf(`0a400100020000001400010020010db8${"00".repeat(11)}010800080003000000`);
  assert.deepEqual(decodeAddress(message(messageType.newAddress, body)), {
    ok: true,
    value: {
      link: 2,
      address: "2001:db8::1",
      prefixLength: 64,
      scope: "global",
      flags: ["nodad"],
    },
  });
});

test("addresses are refused with the reason", () => {
  const decode = (hex: string) => decodeAddress(message(messageType.newAddress, bytesOf(hex)));
  assert.deepEqual(decode("0218"), {
    ok: false,
    error: { kind: "truncated", need: 8, have: 2 },
  });
  assert.deepEqual(decode("0718000003000000"), {
    ok: false,
    error: { kind: "other-family", family: 7 },
  });
  assert.deepEqual(decode("0221000003000000"), {
    ok: false,
    error: { kind: "bad-length", length: 33 },
  });
  assert.deepEqual(decode("021800000300000007000100c00002"), {
    ok: false,
    error: { kind: "missing-attribute", attribute: "IFA_ADDRESS" },
  });
});

const linkBody = (family: number, flags: string): Uint8Array =>
  bytesOf(
    `${family.toString(16).padStart(2, "0")}00 0100 05000000 ${flags} 00000000
     0900 0300 6574683000000000 0800 0400 dc050000 0a00 0100 0200000000010000`.replaceAll(
      /\s/g,
      "",
    ),
  );

test("RTM_NEWLINK tells whether a link is up with carrier", () => {
  const decode = (flags: string) => {
    const link = decodeLink(message(messageType.newLink, linkBody(0, flags)));
    assert.ok(link.ok);
    return link.value;
  };
  assert.deepEqual(decode("43100100"), {
    index: 5,
    name: "eth0",
    up: true,
    multicast: true,
    noArp: false,
    mac: "02:00:00:00:00:01",
    mtu: 1500,
  });
  assert.equal(decode("03100100").up, false, "up without carrier");
  assert.equal(decode("40100000").up, false, "carrier without up");
  assert.deepEqual([decode("c3000000").noArp, decode("c3000000").multicast], [true, false]);
});

test("a message of the bridge family is not about the link", () => {
  assert.deepEqual(decodeLink(message(messageType.delLink, linkBody(7, "43100100"))), {
    ok: false,
    error: { kind: "other-family", family: 7 },
  });
});

test("dump requests ask for everything, links without their counters", () => {
  const links = writerOfRubbish();
  encodeLinkDump(links, 1);
  assert.equal(
    hexOf(links.written()),
    `2800000012000103010000000000000000${"00".repeat(15)}08001d0008000000`,
  );
  const addresses = writerOfRubbish();
  encodeAddressDump(addresses, 2);
  assert.equal(hexOf(addresses.written()), `1800000016000103020000000000000000${"00".repeat(7)}`);
});

test("NLMSG_ERROR carries errno and the kernel's words, NLMSG_DONE an errno", () => {
  // -ENODEV, the refused header, NLMSGERR_ATTR_MSG "gone"; flags CAPPED | ACK_TLVS.
  const header = "48000000140005060500000000000000";
  const refused = message(
    messageType.error,
    bytesOf(`edffffff${header}09000100676f6e6500000000`),
    0x300,
  );
  assert.deepEqual(decodeAnswer(refused), { ok: true, value: { errno: 19, words: "gone" } });
  const uncapped = message(
    messageType.error,
    bytesOf(`edffffff18${header.slice(2)}aaaaaaaaaaaaaaaa09000100676f6e6500000000`),
    0x200,
  );
  assert.deepEqual(decodeAnswer(uncapped), { ok: true, value: { errno: 19, words: "gone" } });
  const done = message(messageType.error, bytesOf(`00000000${header}`));
  assert.deepEqual(decodeAnswer(done), { ok: true, value: { errno: 0 } });
  assert.deepEqual(decodeAnswer(message(messageType.error, bytesOf("0000"))), {
    ok: false,
    error: { kind: "truncated", need: 20, have: 2 },
  });
  assert.equal(decodeDone(message(messageType.done, bytesOf("f4ffffff"))), 12);
  assert.equal(decodeDone(message(messageType.done, bytesOf(""))), 0);
});

test("several messages of one packet are told apart, and a broken one is refused", () => {
  const writer = new NetlinkWriter(8);
  const address: InterfaceAddress = {
    link: 1,
    address: ip("192.0.2.1"),
    prefixLength: 32,
    label: "abc",
    scope: "host",
  };
  encodeAddressEvent(writer, messageType.newAddress, address);
  encodeAddressEvent(writer, messageType.delAddress, address);
  const bytes = writer.written();
  const decoded = decodeMessages(bytes);
  assert.ok(decoded.ok);
  assert.deepEqual(
    decoded.value.map(({ type }) => type),
    [20, 21],
  );
  assert.deepEqual(decodeMessages(bytes.subarray(0, bytes.length - 1)), {
    ok: false,
    error: { kind: "truncated", need: bytes.length / 2, have: bytes.length / 2 - 1 },
  });
  assert.deepEqual(decodeMessages(bytes.subarray(0, 7)), {
    ok: false,
    error: { kind: "truncated", need: 16, have: 7 },
  });
  assert.deepEqual(decodeMessages(bytesOf(`0f${"00".repeat(15)}`)), {
    ok: false,
    error: { kind: "bad-length", length: 15 },
  });
  assert.equal(only(bytes.subarray(0, bytes.length / 2)).body.length, bytes.length / 2 - 16);
});
