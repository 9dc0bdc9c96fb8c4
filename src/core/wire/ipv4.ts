// The IPv4 header (RFC 791): bytes <-> header and payload. Decoding is structural; whether the
// total length agrees with what was received (rule B07) or the TTL is right is for admission to
// say. Raw sockets give and take whole packets, so this is what stands around every advert.

import { assert } from "../base/assert.ts";
import { addressLength, type IpAddress, ipBytes, ipOf } from "../base/ip.ts";
import { err, ok, type Result } from "../base/result.ts";
import { internetChecksum } from "./checksum.ts";

//  0                   1                   2                   3
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |Version|  IHL  |Type of Service|          Total Length         |   RFC 791 §3.1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |         Identification        |Flags|      Fragment Offset    |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |  Time to Live |    Protocol   |         Header Checksum       |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                       Source Address                          |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                    Destination Address                        |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                    Options, 0 to 40 bytes                     |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
const at = {
  versionLength: 0,
  tos: 1,
  totalLength: 2,
  id: 4,
  fragment: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
  options: 20,
} as const;

const dontFragmentBit = 0x4000;
const moreFragmentsBit = 0x2000;
const optionsLengthMax = 40;

export const ipv4HeaderLength = at.options;
export const ipProtocols = { ah: 51, vrrp: 112 } as const;

/** Internetwork control, which VRRP is sent with: a busy network shall drop other packets first. */
export const controlTos = 0xc0;

/** A header as one is asked for; what is absent is zero. */
export type Ipv4Header = {
  readonly tos?: number;
  /** 0 lets the kernel choose one. */
  readonly id?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** Whole words, at most 40 bytes. */
  readonly options?: Uint8Array;
};

export type Ipv4Packet = Required<Ipv4Header> & {
  /** 20 to 60 (rule B25). */
  readonly headerLength: number;
  /** As the header has it: the payload is shorter when less was received. */
  readonly totalLength: number;
  readonly checksum: number;
  /** A view: from the header's end to the total length, or to the end of what was received. */
  readonly payload: Uint8Array;
};

export type Ipv4Error =
  | { readonly kind: "truncated"; readonly need: number; readonly have: number }
  | { readonly kind: "bad-version"; readonly version: number }
  /** The header says that it is shorter than a header can be. */
  | { readonly kind: "bad-header-length"; readonly headerLength: number };

export function decodeIpv4(bytes: Uint8Array): Result<Ipv4Packet, Ipv4Error> {
  if (bytes.length < at.options) {
    return err({ kind: "truncated", need: at.options, have: bytes.length });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(at.versionLength) >>> 4;
  if (version !== 4) return err({ kind: "bad-version", version });
  const headerLength = (view.getUint8(at.versionLength) & 0x0f) * 4;
  if (headerLength < at.options) return err({ kind: "bad-header-length", headerLength });
  if (bytes.length < headerLength) {
    return err({ kind: "truncated", need: headerLength, have: bytes.length });
  }
  const totalLength = view.getUint16(at.totalLength);
  const fragment = view.getUint16(at.fragment);
  return ok({
    tos: view.getUint8(at.tos),
    id: view.getUint16(at.id),
    dontFragment: (fragment & dontFragmentBit) !== 0,
    moreFragments: (fragment & moreFragmentsBit) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    ttl: view.getUint8(at.ttl),
    protocol: view.getUint8(at.protocol),
    source: ipOf(bytes, at.source, addressLength.ipv4),
    destination: ipOf(bytes, at.destination, addressLength.ipv4),
    options: bytes.subarray(at.options, headerLength),
    headerLength,
    totalLength,
    checksum: view.getUint16(at.checksum),
    payload: bytes.subarray(headerLength, Math.max(headerLength, totalLength)),
  });
}

/** The whole packet, header checksum computed; it goes into `into` where one is given. */
export function encodeIpv4(header: Ipv4Header, payload: Uint8Array, into?: Uint8Array): Uint8Array {
  const options = header.options ?? new Uint8Array(0);
  assert(
    options.length % 4 === 0 && options.length <= optionsLengthMax,
    "IPv4 options are whole words, at most ten",
  );
  const headerLength = at.options + options.length;
  const totalLength = headerLength + payload.length;
  assert(totalLength <= 0xffff, "an IPv4 packet has at most 65,535 bytes");
  const bytes = (into ?? new Uint8Array(totalLength)).subarray(0, totalLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint8(at.versionLength, 0x40 | (headerLength / 4));
  view.setUint8(at.tos, header.tos ?? 0);
  view.setUint16(at.totalLength, totalLength);
  view.setUint16(at.id, header.id ?? 0);
  const flags =
    (header.dontFragment === true ? dontFragmentBit : 0) |
    (header.moreFragments === true ? moreFragmentsBit : 0);
  view.setUint16(at.fragment, flags | ((header.fragmentOffset ?? 0) >>> 3));
  view.setUint8(at.ttl, header.ttl);
  view.setUint8(at.protocol, header.protocol);
  view.setUint16(at.checksum, 0);
  bytes.set(ipBytes(header.source), at.source);
  bytes.set(ipBytes(header.destination), at.destination);
  bytes.set(options, at.options);
  view.setUint16(at.checksum, internetChecksum(bytes.subarray(0, headerLength)));
  bytes.set(payload, headerLength);
  return bytes;
}
