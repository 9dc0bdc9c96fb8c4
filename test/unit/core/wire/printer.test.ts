// The printed lines that people read most, and what we print where tcpdump goes on with more; all
// the others are compared with tcpdump itself (test/interop/tcpdump.test.ts).

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import { seconds } from "../../../../src/core/base/time.ts";
import { encodeArp } from "../../../../src/core/wire/arp.ts";
import { encodeEthernet, etherTypes } from "../../../../src/core/wire/ethernet.ts";
import { encodeIpv4 } from "../../../../src/core/wire/ipv4.ts";
import { printFrame, printPacket } from "../../../../src/core/wire/printer.ts";
import { encodeAdvert } from "../../../../src/core/wire/vrrp.ts";

const advert = encodeAdvert({
  version: 2,
  vrid: 51,
  priority: 100,
  interval: seconds(1),
  authType: 1,
  authData: new TextEncoder().encode("secret\0\0"),
  addresses: [ip("192.0.2.1")],
});
const header = {
  tos: 0xc0,
  ttl: 255,
  protocol: 112,
  source: ip("192.0.2.2"),
  destination: ip("224.0.0.18"),
};

test("a brief line names the advert and keeps its password to itself", () => {
  assert.equal(
    printPacket(encodeIpv4(header, advert)),
    "IP 192.0.2.2 > 224.0.0.18: VRRPv2, Advertisement, vrid 51, prio 100, authtype simple, " +
      "intvl 1s, length 20",
  );
});

test("a verbose line adds the IP header, the addresses and the password", () => {
  assert.equal(
    printPacket(encodeIpv4(header, advert), "verbose"),
    "IP (tos 0xc0, ttl 255, id 0, offset 0, flags [none], proto VRRP (112), length 40)\n" +
      "    192.0.2.2 > 224.0.0.18: VRRPv2, Advertisement, vrid 51, prio 100, authtype simple, " +
      'intvl 1s, length 20, addrs: 192.0.2.1 auth "secret"',
  );
});

test("other protocols, EtherTypes and ARP operations are named by number", () => {
  const udp = encodeIpv4({ ...header, protocol: 17 }, new Uint8Array(8));
  assert.equal(printPacket(udp), "IP 192.0.2.2 > 224.0.0.18:  ip-proto-17 8");
  const ends = { destination: "02:00:00:00:00:01", source: "02:00:00:00:00:02" };
  const strange = encodeEthernet({ ...ends, etherType: 0x1234, payload: new Uint8Array(8) });
  assert.equal(printFrame(strange), "ethertype 0x1234, length 22");
  const arp = {
    operation: 9,
    senderMac: "02:00:00:00:00:0a",
    senderAddress: ip("192.0.2.1"),
    targetMac: "00:00:00:00:00:00",
    targetAddress: ip("192.0.2.7"),
  };
  const payload = encodeArp(arp);
  const inverse = encodeEthernet({ ...ends, etherType: etherTypes.arp, payload });
  assert.equal(printFrame(inverse), "ARP, Unknown (9), length 28");
  payload[1] = 32;
  const infiniband = encodeEthernet({ ...ends, etherType: etherTypes.arp, payload });
  assert.equal(printFrame(infiniband), "ARP, hardware 32, protocol 0x800");
});
