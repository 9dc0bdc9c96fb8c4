// VRRP adverts of version 2 (RFC 3768 §5.1, with the authentication fields of RFC 2338) and version
// 3 (RFC 9568 §5.1), for IPv4 and IPv6: bytes <-> record. Decoding is structural; which adverts are
// accepted, and in which order the reasons are looked for (rule B28), is for vrrp/admission.ts,
// which reads the fixed fields through `peekAdvert` before it wants the addresses.

import { assert } from "../base/assert.ts";
import { addressLength, type Family, type IpAddress, ipBytes, ipOf } from "../base/ip.ts";
import { err, ok, type Result } from "../base/result.ts";
import { centiseconds, centisecondsOf, type Microseconds, microsecondsOf } from "../base/time.ts";
import { foldedSum } from "./checksum.ts";
import { ipProtocols } from "./ipv4.ts";

//  0                   1                   2                   3
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |Version| Type  | Virtual Rtr ID|   Priority    |Count IPvX Addr|   RFC 9568 §5.1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |(rsvd) |   Max Advertise Int   |          Checksum             |   v3, interval in 10 ms
// |   Auth Type   |   Adver Int   |          Checksum             |   v2, RFC 3768 §5.1, in s
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                    IPvX Address(es) ...                       |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |              Authentication Data (8 bytes, v2 only)           |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
const at = {
  versionType: 0,
  vrid: 1,
  priority: 2,
  count: 3,
  /** v2: authentication type, then the interval in the byte after it. */
  authType: 4,
  interval: 4,
  checksum: 6,
  addresses: 8,
} as const;

const advertisement = 1;
const secondInMicroseconds = 1_000_000;

export const authDataLength = 8;
export const authTypes = { none: 0, pass: 1, ah: 2 } as const;
/** The longest v3 interval: 12 bits of 10 ms. */
export const centisecondsMax = 0x0fff;

export type Advert = {
  readonly version: 2 | 3;
  /** 0 to 255; admission knows which there are. */
  readonly vrid: number;
  /** 0 announces leaving, 255 the address owner. */
  readonly priority: number;
  readonly interval: Microseconds;
  /** v2: 0 none, 1 simple password, 2 AH; 0 in v3. */
  readonly authType: number;
  /** v2: the 8 bytes after the addresses; a decoded v2 advert always has them. */
  readonly authData?: Uint8Array;
  readonly addresses: readonly IpAddress[];
};

export type AdvertError =
  | { readonly kind: "truncated"; readonly need: number; readonly have: number }
  | { readonly kind: "bad-version"; readonly version: number }
  | { readonly kind: "bad-type"; readonly type: number };

/** The fixed fields, unjudged. */
export type AdvertPeek = {
  readonly version: number;
  readonly type: number;
  readonly vrid: number;
  readonly priority: number;
  readonly count: number;
  /** The high byte of the second word's first half: only v2 has a meaning for it. */
  readonly authType: number;
  /** v2: seconds, 8 bits. Otherwise: 10 ms, 12 bits, the reserved ones cut off (rule B15). */
  readonly interval: number;
  readonly checksum: number;
};

/** Where the checksum covers the ends of the packet's way as well (rules A18, A19). */
export type PseudoHeader = { readonly source: IpAddress; readonly destination: IpAddress };

/** The length that an advert with `count` addresses has, in bytes (rules B05, I12). */
export const advertLength = (version: 2 | 3, family: Family, count: number): number =>
  at.addresses + count * addressLength[family] + (version === 2 ? authDataLength : 0);

/** The first 8 bytes; undefined when there are fewer. Allocates no addresses. */
export function peekAdvert(bytes: Uint8Array): AdvertPeek | undefined {
  if (bytes.length < at.addresses) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(at.versionType) >>> 4;
  return {
    version,
    type: view.getUint8(at.versionType) & 0x0f,
    vrid: view.getUint8(at.vrid),
    priority: view.getUint8(at.priority),
    count: view.getUint8(at.count),
    authType: view.getUint8(at.authType),
    interval:
      version === 2
        ? view.getUint8(at.interval + 1)
        : view.getUint16(at.interval) & centisecondsMax,
    checksum: view.getUint16(at.checksum),
  };
}

/**
 * Reads a VRRP message that an IP header of `family` carried. Bytes beyond the advert's own length
 * are ignored, and the checksum is not looked at: see `advertLength` and `advertChecksum`.
 */
export function decodeAdvert(bytes: Uint8Array, family: Family): Result<Advert, AdvertError> {
  const head = peekAdvert(bytes);
  if (head === undefined) {
    return err({ kind: "truncated", need: at.addresses, have: bytes.length });
  }
  const { version } = head;
  // Version 2 knows no IPv6.
  if (version !== 3 && (version !== 2 || family === "ipv6")) {
    return err({ kind: "bad-version", version });
  }
  if (head.type !== advertisement) return err({ kind: "bad-type", type: head.type });
  const need = advertLength(version, family, head.count);
  if (bytes.length < need) return err({ kind: "truncated", need, have: bytes.length });
  const addresses = advertAddresses(bytes, family, head.count);
  const { vrid, priority } = head;
  if (version === 3) {
    const interval = microsecondsOf(centiseconds(head.interval));
    return ok({ version, vrid, priority, interval, authType: authTypes.none, addresses });
  }
  const interval = (head.interval * secondInMicroseconds) as Microseconds;
  const authData = bytes.slice(need - authDataLength, need);
  return ok({ version, vrid, priority, interval, authType: head.authType, authData, addresses });
}

/**
 * The advert's bytes, checksum included: over the message alone, or with `pseudoHeader` before it,
 * which only v3 has. Writes into `into` where one is given, which may hold anything before.
 */
export function encodeAdvert(
  advert: Advert,
  pseudoHeader?: PseudoHeader,
  into?: Uint8Array,
): Uint8Array {
  const family: Family = advert.addresses[0]?.includes(":") === true ? "ipv6" : "ipv4";
  assert(advert.addresses.length <= 255, "an advert counts its addresses in one byte");
  assert(advert.version === 3 || pseudoHeader === undefined, "v2 has no pseudo header");
  const length = advertLength(advert.version, family, advert.addresses.length);
  const bytes = (into ?? new Uint8Array(length)).subarray(0, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint8(at.versionType, (advert.version << 4) | advertisement);
  view.setUint8(at.vrid, advert.vrid);
  view.setUint8(at.priority, advert.priority);
  view.setUint8(at.count, advert.addresses.length);
  if (advert.version === 2) {
    const interval = Math.round(advert.interval / secondInMicroseconds);
    assert(interval <= 0xff, "a v2 interval is at most 255 s");
    view.setUint8(at.authType, advert.authType);
    view.setUint8(at.interval + 1, interval);
    encodeAuthData(bytes.subarray(length - authDataLength), advert.authData);
  } else {
    const interval = centisecondsOf(advert.interval);
    assert(interval <= centisecondsMax, "a v3 interval is at most 40.95 s");
    view.setUint16(at.interval, interval);
  }
  for (const [i, address] of advert.addresses.entries()) {
    const addressBytes = ipBytes(address);
    assert(addressBytes.length === addressLength[family], "an advert has one address family");
    bytes.set(addressBytes, at.addresses + i * addressBytes.length);
  }
  view.setUint16(at.checksum, advertChecksum(bytes, pseudoHeader));
  return bytes;
}

/**
 * The checksum that the message should carry, whatever its checksum field holds now (rule A20). For
 * v3 IPv4 both forms are in use (RFC 9568 §5.2.8 leaves the pseudo header out, RFC 5798 was read
 * with it); IPv6 always has it. The message has at least 8 bytes.
 */
export function advertChecksum(bytes: Uint8Array, pseudoHeader?: PseudoHeader): number {
  assert(bytes.length >= at.addresses, "a VRRP message has at least 8 bytes");
  let sum = pseudoHeader === undefined ? 0 : pseudoHeaderSum(pseudoHeader, bytes.length);
  sum = foldedSum(bytes.subarray(0, at.checksum), sum);
  sum = foldedSum(bytes.subarray(at.addresses), sum);
  return ~sum & 0xffff;
}

/** RFC 793 §3.1 and RFC 8200 §8.1: the zero fields add nothing, so both families sum alike. */
function pseudoHeaderSum({ source, destination }: PseudoHeader, length: number): number {
  const ends = foldedSum(ipBytes(destination), foldedSum(ipBytes(source)));
  return ends + ipProtocols.vrrp + length;
}

/** The `count` addresses after the fixed fields of a message that is long enough for them. */
function advertAddresses(bytes: Uint8Array, family: Family, count: number): IpAddress[] {
  const length = addressLength[family];
  const addresses: IpAddress[] = [];
  for (let i = 0; i < count; i++) addresses.push(ipOf(bytes, at.addresses + i * length, length));
  return addresses;
}

function encodeAuthData(into: Uint8Array, authData: Uint8Array | undefined): void {
  into.fill(0);
  if (authData === undefined) return;
  assert(authData.length === authDataLength, "v2 authentication data has 8 bytes");
  into.set(authData);
}
