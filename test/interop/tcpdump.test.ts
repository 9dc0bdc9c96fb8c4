// Our printer against the real tcpdump: the same frames in a capture file, line by line, brief and
// verbose. Cut packets, wrong checksums and odd headers included, since these are what one looks
// at.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ip } from "../../src/core/base/ip.ts";
import { milliseconds, seconds } from "../../src/core/base/time.ts";
import { encodeArp, encodeGratuitousArp } from "../../src/core/wire/arp.ts";
import { encodeEthernet, etherTypes } from "../../src/core/wire/ethernet.ts";
import { encodeIpv4, type Ipv4Header } from "../../src/core/wire/ipv4.ts";
import { type PrintDetail, printFrame } from "../../src/core/wire/printer.ts";
import { type Advert, encodeAdvert } from "../../src/core/wire/vrrp.ts";
import { skipWithoutTcpdump } from "../lab/requirements.ts";
import { pcapOf } from "./pcap.ts";

const ends = { source: ip("192.0.2.2"), destination: ip("224.0.0.18") };
const header: Ipv4Header = { tos: 0xc0, ttl: 255, protocol: 112, ...ends };
const one = [ip("192.0.2.1")];
const two = [ip("192.0.2.1"), ip("192.0.2.9")];
const v2: Advert = {
  version: 2,
  vrid: 51,
  priority: 100,
  interval: seconds(1),
  authType: 0,
  addresses: one,
};
const v3: Advert = { ...v2, version: 3, addresses: two };
const password = (bytes: readonly number[]): Uint8Array => {
  const data = new Uint8Array(8);
  data.set(bytes);
  return data;
};
const secret: Advert = {
  ...v2,
  authType: 1,
  authData: password([0x73, 0x65, 0x63, 0x72, 0x65, 0x74]),
};

const packet = (changes: Partial<Ipv4Header>, message: Uint8Array) =>
  encodeIpv4({ ...header, ...changes }, message);
const patched = (bytes: Uint8Array, place: number, value: number): Uint8Array => {
  const copy = bytes.slice();
  copy[place] = value;
  return copy;
};
const prefixes = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length + 1 }, (_, length) => bytes.subarray(0, length));

const adverts: readonly Uint8Array[] = [
  encodeAdvert(v2),
  encodeAdvert({ ...v2, priority: 0 }),
  encodeAdvert({ ...v2, addresses: [] }),
  encodeAdvert({ ...secret, addresses: two }),
  encodeAdvert({ ...secret, authData: password([0x61, 0x22, 0x5c, 1, 0x7f, 10, 0x20]) }),
  encodeAdvert({ ...secret, authData: password([1, 2, 3, 4, 5, 6, 7, 8].map((n) => 0x30 + n)) }),
  encodeAdvert({ ...secret, authData: password([0xe9, 0x41, 0xff, 0x80, 0x9f, 0xa0, 0, 0x42]) }),
  encodeAdvert({ ...secret, authData: new Uint8Array(8) }),
  encodeAdvert({ ...v2, authType: 2 }),
  encodeAdvert({ ...v2, authType: 7 }),
  patched(encodeAdvert(v2), 6, 0x12),
  patched(encodeAdvert(v2), 0, 0x22),
  patched(encodeAdvert(v2), 0, 0x41),
  encodeAdvert(v3),
  encodeAdvert(v3, ends),
  encodeAdvert({ ...v3, interval: milliseconds(10), addresses: [] }, ends),
  encodeAdvert({ ...v3, interval: milliseconds(40_950), addresses: one }, ends),
  patched(encodeAdvert(v3, ends), 4, 0xf0),
];

const packets: readonly Uint8Array[] = [
  ...adverts.map((advert) => packet({}, advert)),
  ...prefixes(encodeAdvert(v2)).map((part) => packet({}, part)),
  ...prefixes(encodeAdvert(secret)).map((part) => packet({}, part)),
  ...prefixes(encodeAdvert(v3, ends)).map((part) => packet({}, part)),
  ...prefixes(packet({}, encodeAdvert(secret))),
  ...prefixes(packet({}, encodeAdvert(v3, ends))),
  packet({ tos: 0, id: 77, dontFragment: true, ttl: 254 }, encodeAdvert(v3, ends)),
  packet({ tos: 1 }, encodeAdvert(v2)),
  packet({ tos: 2 }, encodeAdvert(v2)),
  packet({ tos: 3 }, encodeAdvert(v2)),
  packet({ dontFragment: true, moreFragments: true }, encodeAdvert(v2)),
  packet({ fragmentOffset: 80 }, encodeAdvert(v2)),
  packet({ protocol: 200 }, encodeAdvert(v2)),
  packet({ options: Uint8Array.of(148, 4, 0, 0) }, encodeAdvert(v2)),
  packet({ options: Uint8Array.of(148, 4, 0, 1) }, encodeAdvert(v2)),
  packet({ options: Uint8Array.of(1, 153, 2, 0) }, encodeAdvert(v2)),
  packet({ options: Uint8Array.of(148, 0, 0, 0) }, encodeAdvert(v2)),
  patched(packet({}, encodeAdvert(v2)), 10, 0x1b),
  patched(packet({}, encodeAdvert(v2)), 6, 0x80),
  patched(packet({}, encodeAdvert(v2)), 0, 0x44),
  patched(packet({}, encodeAdvert(v2)), 0, 0x55),
  patched(packet({}, encodeAdvert(v2)), 0, 0x4f),
  patched(packet({}, encodeAdvert(v2)), 3, 10),
  Uint8Array.from([...packet({}, encodeAdvert(v3, ends)), ...new Uint8Array(10)]),
  packet(
    { destination: ip("192.0.2.3") },
    encodeAdvert(v3, { ...ends, destination: ip("192.0.2.3") }),
  ),
];

const frameOf = (etherType: number, payload: Uint8Array): Uint8Array =>
  encodeEthernet({
    destination: "01:00:5e:00:00:12",
    source: "02:00:00:00:00:02",
    etherType,
    payload,
  });

const arp = {
  operation: 1,
  senderMac: "02:00:00:00:00:0a",
  senderAddress: ip("192.0.2.1"),
  targetMac: "00:00:00:00:00:00",
  targetAddress: ip("192.0.2.7"),
};

const frames: readonly Uint8Array[] = [
  ...packets.map((bytes) => frameOf(etherTypes.ipv4, bytes)),
  encodeGratuitousArp("02:00:00:00:00:0a", ip("192.0.2.1")),
  ...[
    encodeArp(arp),
    encodeArp({ ...arp, operation: 2, targetMac: "02:00:00:00:00:0b" }),
    encodeArp({ ...arp, targetMac: "02:00:00:00:00:0b" }),
    encodeArp({ ...arp, targetAddress: arp.senderAddress }),
    Uint8Array.from([...encodeArp(arp), ...new Uint8Array(18)]),
    encodeArp(arp).subarray(0, 27),
  ].map((payload) => frameOf(etherTypes.arp, payload)),
  new Uint8Array(10),
];

const skip = skipWithoutTcpdump;

/** What tcpdump makes of the frames, one text per frame. */
function tcpdumpTexts(detail: PrintDetail): string[] {
  const folder = mkdtempSync(join(tmpdir(), "understudy-pcap-"));
  try {
    const file = join(folder, "frames.pcap");
    writeFileSync(file, pcapOf(frames));
    const flags = detail === "verbose" ? ["-v"] : [];
    const run = spawnSync("tcpdump", ["-n", "-t", ...flags, "-r", file], { encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
    return run.stdout.trimEnd().split(/\n(?! {4})/);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const detail of ["brief", "verbose"] as const) {
  test(`the ${detail} line of every frame is tcpdump's`, { skip }, () => {
    const theirs = tcpdumpTexts(detail);
    assert.equal(theirs.length, frames.length);
    for (const [i, frame] of frames.entries()) {
      assert.equal(printFrame(frame, detail), theirs[i], `frame ${i}`);
    }
  });
}
