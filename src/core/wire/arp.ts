// ARP for IPv4 over Ethernet (RFC 826), and the gratuitous form that announces a virtual address.
// Bytes in, a packet or a refusal out; a packet in, bytes out.

import { addressLength, type IpAddress, ipBytes, ipOf, writeIpv4 } from "../base/ip.ts";
import { err, ok, type Result } from "../base/result.ts";
import {
  broadcastMac,
  encodeEthernet,
  ethernetHeaderLength,
  etherTypes,
  macBytes,
  macOf,
} from "./ethernet.ts";

//  0                   1                   2                   3
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |         Hardware type         |         Protocol type         |   RFC 826
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |  HW length    | Proto length  |           Operation           |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |  Sender hardware (6) | Sender protocol (4) | Target hw (6) | Target protocol (4)
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
const at = {
  hardwareType: 0,
  protocolType: 2,
  hardwareLength: 4,
  protocolLength: 5,
  operation: 6,
  senderMac: 8,
  senderAddress: 14,
  targetMac: 18,
  targetAddress: 24,
  end: 28,
} as const;

const ethernetHardware = 1;

export const arpOperations = { request: 1, reply: 2 } as const;

export type ArpPacket = {
  /** 1 request, 2 reply; others are carried as they are. */
  readonly operation: number;
  readonly senderMac: string;
  readonly senderAddress: IpAddress;
  readonly targetMac: string;
  readonly targetAddress: IpAddress;
};

export type ArpError =
  | { readonly kind: "truncated"; readonly need: number; readonly have: number }
  /** Another hardware or protocol than Ethernet and IPv4. */
  | {
      readonly kind: "other-hardware";
      readonly hardwareType: number;
      readonly protocolType: number;
    };

export function decodeArp(bytes: Uint8Array): Result<ArpPacket, ArpError> {
  if (bytes.length < at.end) return err({ kind: "truncated", need: at.end, have: bytes.length });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hardwareType = view.getUint16(at.hardwareType);
  const protocolType = view.getUint16(at.protocolType);
  const ours =
    hardwareType === ethernetHardware &&
    protocolType === etherTypes.ipv4 &&
    view.getUint8(at.hardwareLength) === 6 &&
    view.getUint8(at.protocolLength) === addressLength.ipv4;
  if (!ours) return err({ kind: "other-hardware", hardwareType, protocolType });
  return ok({
    operation: view.getUint16(at.operation),
    senderMac: macOf(bytes, at.senderMac),
    senderAddress: ipOf(bytes, at.senderAddress, addressLength.ipv4),
    targetMac: macOf(bytes, at.targetMac),
    targetAddress: ipOf(bytes, at.targetAddress, addressLength.ipv4),
  });
}

/** Writes 28 bytes into `into` where one is given, which may hold anything before. */
export function encodeArp(
  packet: ArpPacket,
  into: Uint8Array = new Uint8Array(at.end),
): Uint8Array {
  const bytes = into.subarray(0, at.end);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint16(at.hardwareType, ethernetHardware);
  view.setUint16(at.protocolType, etherTypes.ipv4);
  view.setUint8(at.hardwareLength, 6);
  view.setUint8(at.protocolLength, addressLength.ipv4);
  view.setUint16(at.operation, packet.operation);
  bytes.set(macBytes(packet.senderMac), at.senderMac);
  bytes.set(ipBytes(packet.senderAddress), at.senderAddress);
  bytes.set(macBytes(packet.targetMac), at.targetMac);
  bytes.set(ipBytes(packet.targetAddress), at.targetAddress);
  return bytes;
}

/**
 * The whole frame that tells a LAN where an IPv4 address now lives (rules D02, E08): a broadcast
 * request whose sender and target are the address, with the broadcast address as target hardware.
 */
export function encodeGratuitousArp(mac: string, address: IpAddress): Uint8Array {
  return encodeEthernet({
    destination: broadcastMac,
    source: mac,
    etherType: etherTypes.arp,
    payload: encodeArp({
      operation: arpOperations.request,
      senderMac: mac,
      senderAddress: address,
      targetMac: broadcastMac,
      targetAddress: address,
    }),
  });
}

/** Where a gratuitous ARP frame carries its address: as sender's and as target's. */
const frameAt = {
  sender: ethernetHeaderLength + at.senderAddress,
  target: ethernetHeaderLength + at.targetAddress,
} as const;

/**
 * A copy of a frame that `encodeGratuitousArp` made, for another address. A takeover announces
 * thousands of addresses by one hardware address; copying costs a tenth of encoding each anew.
 */
export function readdressGratuitousArp(frame: Uint8Array, address: IpAddress): Uint8Array {
  const copy = new Uint8Array(frame);
  writeIpv4(copy, frameAt.sender, address);
  writeIpv4(copy, frameAt.target, address);
  return copy;
}
