// Packets as one line of text, the line that `tcpdump -n -t` (brief) or `tcpdump -n -t -v`
// (verbose) of version 4.99 prints, so that our traces and a capture can be compared with diff.
// Whole IPv4 packets or Ethernet frames go in, also broken ones. A verbose line shows a v2
// password, as tcpdump does: it belongs before an operator's eyes, never into a log.

import { assertNever } from "../base/assert.ts";
import { type IpAddress, ipOf } from "../base/ip.ts";
import { type ArpPacket, arpOperations, decodeArp } from "./arp.ts";
import { internetChecksum } from "./checksum.ts";
import { decodeEthernet, etherTypes } from "./ethernet.ts";
import { decodeIpv4, type Ipv4Packet, ipProtocols } from "./ipv4.ts";
import { advertChecksum, authTypes } from "./vrrp.ts";

export type PrintDetail = "brief" | "verbose";

/** An Ethernet frame with IPv4 or ARP in it; others by their EtherType alone. */
export function printFrame(bytes: Uint8Array, detail: PrintDetail = "brief"): string {
  const frame = decodeEthernet(bytes);
  if (!frame.ok) return " [|ether]";
  const { etherType, payload } = frame.value;
  if (etherType === etherTypes.ipv4) return printPacket(payload, detail);
  if (etherType === etherTypes.arp) return printArp(payload, detail);
  return `ethertype 0x${etherType.toString(16).padStart(4, "0")}, length ${bytes.length}`;
}

/** A whole IPv4 packet; link-layer padding after its total length is not shown. */
export function printPacket(bytes: Uint8Array, detail: PrintDetail = "brief"): string {
  if (bytes.length === 0) return " [|ip]";
  const decoded = decodeIpv4(bytes);
  if (!decoded.ok) {
    const { error } = decoded;
    switch (error.kind) {
      case "truncated":
        return error.need > minimalHeader ? `IP bad-len ${totalLengthOf(bytes)}` : "IP  [|ip]";
      case "bad-version":
        return `IP${error.version} (invalid)`;
      case "bad-header-length":
        return `IP bad-hlen ${error.headerLength}`;
      default:
        return assertNever(error);
    }
  }
  const packet = decoded.value;
  if (packet.totalLength < packet.headerLength) return `IP bad-len ${packet.totalLength}`;
  const missing = packet.totalLength - bytes.length;
  const start = missing > 0 ? `IP truncated-ip - ${missing} bytes missing!` : "IP";
  const ends = `${packet.source} > ${packet.destination}: ${payloadText(packet, detail)}`;
  return detail === "brief"
    ? `${start} ${ends}`
    : `${start} (${headerText(packet, bytes)})\n    ${ends}`;
}

const minimalHeader = 20;

/** The total length of a packet whose header is cut off after the fixed part. */
const totalLengthOf = (bytes: Uint8Array): number =>
  ((bytes[2] as number) << 8) | (bytes[3] as number);

function payloadText(packet: Ipv4Packet, detail: PrintDetail): string {
  if (packet.fragmentOffset > 0) return `ip-proto-${packet.protocol}`;
  if (packet.protocol === ipProtocols.vrrp) return vrrpText(packet, detail);
  return ` ip-proto-${packet.protocol} ${packet.totalLength - packet.headerLength}`;
}

const protocolNames: Readonly<Record<number, string>> = {
  1: "ICMP",
  2: "IGMP",
  6: "TCP",
  17: "UDP",
  51: "AH",
  112: "VRRP",
};

const ecnNames = ["", ",ECT(1)", ",ECT(0)", ",CE"] as const;

function headerText(packet: Ipv4Packet, bytes: Uint8Array): string {
  const flags = [
    ...(packet.moreFragments ? ["+"] : []),
    ...(packet.dontFragment ? ["DF"] : []),
    ...(((bytes[6] as number) & 0x80) !== 0 ? ["rsvd"] : []),
  ];
  const parts = [
    `tos 0x${packet.tos.toString(16)}${ecnNames[packet.tos & 3]}`,
    `ttl ${packet.ttl}`,
    `id ${packet.id}`,
    `offset ${packet.fragmentOffset}`,
    `flags [${flags.length === 0 ? "none" : flags.join(", ")}]`,
    `proto ${protocolNames[packet.protocol] ?? "unknown"} (${packet.protocol})`,
    `length ${packet.totalLength}`,
  ];
  if (packet.options.length > 0) parts.push(`options (${optionsText(packet.options)})`);
  const right = headerChecksum(bytes.subarray(0, packet.headerLength));
  if (right !== packet.checksum) {
    parts.push(`bad cksum ${packet.checksum.toString(16)} (->${right.toString(16)})!`);
  }
  return parts.join(", ");
}

/** What the header's checksum should be, whatever it is now. */
function headerChecksum(header: Uint8Array): number {
  const copy = header.slice();
  copy.fill(0, 10, 12);
  return internetChecksum(copy);
}

const optionKinds = { end: 0, noOperation: 1, routerAlert: 148 } as const;

function optionsText(options: Uint8Array): string {
  const texts: string[] = [];
  let place = 0;
  while (place < options.length) {
    const kind = options[place] as number;
    if (kind === optionKinds.end) return [...texts, "EOL"].join(",");
    if (kind === optionKinds.noOperation) {
      texts.push("NOP");
      place++;
      continue;
    }
    const name = kind === optionKinds.routerAlert ? "RA" : `unknown ${kind}`;
    const length = options[place + 1] ?? 0;
    if (length < 2 || place + length > options.length) {
      return [...texts, `${name} [bad length ${length}]`].join(",");
    }
    const value = ((options[place + 2] ?? 0) << 8) | (options[place + 3] ?? 0);
    texts.push(name === "RA" && value !== 0 ? `RA value ${value}` : name);
    place += length;
  }
  return texts.join(",");
}

const cut = " [|vrrp]";
const authNames: Readonly<Record<number, string>> = { 0: "none", 1: "simple", 2: "ah" };

/** Reads field by field, since a cut message is printed as far as it goes. */
function vrrpText(packet: Ipv4Packet, detail: PrintDetail): string {
  const bytes = packet.payload;
  if (bytes.length === 0) return `VRRP${cut}`;
  const version = (bytes[0] as number) >>> 4;
  const type = (bytes[0] as number) & 0x0f;
  const start = `VRRPv${version}`;
  if (type !== 1) return `${start}, unknown type (${type})`;
  let text = `${start}, Advertisement`;
  if (version !== 2 && version !== 3) return text;
  if (packet.ttl !== 255) text += `, (ttl ${packet.ttl})`;
  if (bytes.length < 3) return text + cut;
  text += `, vrid ${bytes[1]}, prio ${bytes[2]}`;
  if (version === 2) {
    if (bytes.length < 5) return text + cut;
    text += `, authtype ${authNames[bytes[4] as number] ?? `#${bytes[4]}`}`;
    if (bytes.length < 6) return text + cut;
    text += `, intvl ${bytes[5]}s`;
  } else {
    if (bytes.length < 6) return text + cut;
    text += `, intvl ${(((bytes[4] as number) & 0x0f) << 8) | (bytes[5] as number)}cs`;
  }
  text += `, length ${packet.totalLength - packet.headerLength}`;
  return detail === "brief" ? text : text + vrrpTail(packet, version);
}

/** What -v adds: a wrong checksum, the addresses and a simple password. */
function vrrpTail(packet: Ipv4Packet, version: 2 | 3): string {
  const bytes = packet.payload;
  const whole = bytes.length === packet.totalLength - packet.headerLength;
  let text = "";
  if (whole) {
    if (bytes.length < 8) return cut;
    const carried = ((bytes[6] as number) << 8) | (bytes[7] as number);
    // A v3 checksum over the message alone, as RFC 9568 says, is wrong in tcpdump's eyes.
    if (carried !== advertChecksum(bytes, version === 3 ? packet : undefined)) {
      text += `, (bad vrrp cksum ${carried.toString(16)})`;
    }
  }
  const count = bytes[3] as number;
  const addresses: IpAddress[] = [];
  let place = 8;
  while (addresses.length < count && place + 4 <= bytes.length) {
    addresses.push(ipOf(bytes, place, 4));
    place += 4;
  }
  text += `, addrs${count > 1 ? `(${count})` : ""}:`;
  if (addresses.length > 0) text += ` ${addresses.join(",")}`;
  if (addresses.length < count) return text + cut;
  if (version === 2 && bytes[4] === authTypes.pass) text += passwordText(bytes.subarray(place));
  return text;
}

function passwordText(rest: Uint8Array): string {
  const data = rest.subarray(0, 8);
  const end = data.indexOf(0);
  const text = Array.from(end < 0 ? data : data.subarray(0, end), visible).join("");
  return end < 0 && data.length < 8 ? ` auth "${text}${cut}` : ` auth "${text}"`;
}

/** Control characters as `^A`, the upper half as `M-` and the lower one. */
function visible(byte: number): string {
  const meta = byte >= 0x80 ? "M-" : "";
  const low = byte & 0x7f;
  const printable = low >= 0x20 && low < 0x7f;
  return `${meta}${printable ? "" : "^"}${String.fromCharCode(printable ? low : low ^ 0x40)}`;
}

function printArp(bytes: Uint8Array, detail: PrintDetail): string {
  const decoded = decodeArp(bytes);
  if (!decoded.ok) {
    const { error } = decoded;
    if (error.kind === "truncated") return " [|arp]";
    return `ARP, hardware ${error.hardwareType}, protocol 0x${error.protocolType.toString(16)}`;
  }
  const head = detail === "brief" ? "ARP" : "ARP, Ethernet (len 6), IPv4 (len 4)";
  return `${head}, ${arpText(decoded.value)}, length ${bytes.length}`;
}

function arpText(packet: ArpPacket): string {
  switch (packet.operation) {
    case arpOperations.request: {
      const known = packet.targetMac === "00:00:00:00:00:00" ? "" : ` (${packet.targetMac})`;
      return `Request who-has ${packet.targetAddress}${known} tell ${packet.senderAddress}`;
    }
    case arpOperations.reply:
      return `Reply ${packet.senderAddress} is-at ${packet.senderMac}`;
    default:
      return `Unknown (${packet.operation})`;
  }
}
