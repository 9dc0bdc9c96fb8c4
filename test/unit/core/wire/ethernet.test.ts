// Ethernet frames and hardware addresses, and the ARP packets inside them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import { decodeArp, encodeArp, encodeGratuitousArp } from "../../../../src/core/wire/arp.ts";
import {
  decodeEthernet,
  encodeEthernet,
  macBytes,
  macOf,
  parseMac,
} from "../../../../src/core/wire/ethernet.ts";
import { dirty, hex, hexText } from "./bytes.ts";

const gratuitous = hex(`
  ff ff ff ff ff ff 02 00 00 00 00 0a 08 06
  00 01 08 00 06 04 00 01 02 00 00 00 00 0a c0 00 02 01 ff ff ff ff ff ff c0 00 02 01`);

test("D02 E08: a gratuitous ARP is a broadcast request from the address to the address", () => {
  const frame = encodeGratuitousArp("02:00:00:00:00:0a", ip("192.0.2.1"));
  assert.equal(hexText(frame), hexText(gratuitous));
});

test("a gratuitous ARP reads back as what it says", () => {
  const frame = decodeEthernet(gratuitous);
  assert.ok(frame.ok);
  assert.equal(frame.value.destination, "ff:ff:ff:ff:ff:ff");
  assert.equal(frame.value.etherType, 0x0806);
  const arp = decodeArp(frame.value.payload);
  assert.deepEqual(arp, {
    ok: true,
    value: {
      operation: 1,
      senderMac: "02:00:00:00:00:0a",
      senderAddress: "192.0.2.1",
      targetMac: "ff:ff:ff:ff:ff:ff",
      targetAddress: "192.0.2.1",
    },
  });
});

test("an ARP reply fills every byte of a used buffer", () => {
  const reply = {
    operation: 2,
    senderMac: "02:00:00:00:00:0a",
    senderAddress: ip("192.0.2.1"),
    targetMac: "02:00:00:00:00:0b",
    targetAddress: ip("192.0.2.7"),
  };
  const bytes = encodeArp(reply, dirty());
  assert.equal(
    hexText(bytes),
    "00 01 08 00 06 04 00 02 02 00 00 00 00 0a c0 00 02 01 02 00 00 00 00 0b c0 00 02 07",
  );
  assert.deepEqual(decodeArp(bytes), { ok: true, value: reply });
});

test("an ARP packet of 27 bytes is truncated", () => {
  const refused = decodeArp(gratuitous.subarray(14, 14 + 27));
  assert.deepEqual(refused, { ok: false, error: { kind: "truncated", need: 28, have: 27 } });
});

test("an ARP packet for other hardware is refused as such", () => {
  const bytes = gratuitous.slice(14);
  bytes[1] = 32;
  const refused = decodeArp(bytes);
  assert.deepEqual(refused, {
    ok: false,
    error: { kind: "other-hardware", hardwareType: 32, protocolType: 0x0800 },
  });
});

test("a frame of 13 bytes is truncated", () => {
  const refused = decodeEthernet(gratuitous.subarray(0, 13));
  assert.deepEqual(refused, { ok: false, error: { kind: "truncated", need: 14, have: 13 } });
});

test("a frame encodes back to its bytes", () => {
  const frame = decodeEthernet(gratuitous);
  assert.ok(frame.ok);
  assert.deepEqual(encodeEthernet(frame.value), gratuitous);
});

test("hardware addresses read in either case and print in lower case", () => {
  assert.equal(macOf(macBytes("02:AB:cd:00:10:Ff")), "02:ab:cd:00:10:ff");
  assert.equal(parseMac("02:ab:cd:00:10"), undefined);
  assert.equal(parseMac("02:ab:cd:00:10:0g"), undefined);
  assert.equal(parseMac(""), undefined);
});
