// Addresses in rtnetlink: RTM_NEWADDR, RTM_DELADDR and the request RTM_GETADDR (struct ifaddrmsg,
// RFC 3549 section 2.3.3.2, linux/if_addr.h). In and out: InterfaceAddress of ports/kernel.ts. With a
// peer, IFA_LOCAL is our end and IFA_ADDRESS the other; without one, both are the address.

import { ipOf } from "../../base/ip.ts";
import { err, ok, type Result } from "../../base/result.ts";
import {
  type AddressFlag,
  type AddressScope,
  addressFamily,
  type InterfaceAddress,
} from "../../ports/kernel.ts";
import { aligned, type NetlinkWriter, textAt, u16, u32 } from "./attributes.ts";
import {
  encodeMessage,
  messageFlag,
  messageType,
  type NetlinkMessage,
  type NetlinkRefusal,
  patchHeader,
} from "./message.ts";

// +---------------+---------------+---------------+---------------+
// |    Family     | Prefix length | Flags (8 bit) |     Scope     |
// |                        Interface index                        |
// +---------------+---------------+---------------+---------------+
const at = { family: 0, prefixLength: 1, flags: 2, scope: 3, index: 4, attributes: 8 } as const;

const familyNumber = { ipv4: 2, ipv6: 10 } as const;

/** IFA_*. */
const attribute = {
  address: 1,
  local: 2,
  label: 3,
  broadcast: 4,
  cacheInfo: 6,
  flags: 8,
  protocol: 11,
} as const;

/** IFA_F_SECONDARY; for IPv6 the same bit says "temporary". */
const secondary = 0x01;

/** IFA_F_DEPRECATED: all that Linux tells of an IPv4 address without preferred lifetime. */
const deprecated = 0x20;

/** IFA_F_*. */
const flagBits = {
  nodad: 0x02,
  home: 0x10,
  mngtmpaddr: 0x100,
  noprefixroute: 0x200,
  autojoin: 0x400,
} as const satisfies Record<AddressFlag, number>;

const allFlagBits = Object.values(flagBits).reduce((all, bit) => all | bit, 0);

const scopeNumbers = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 } as const;

const forEver = 0xffff_ffff;

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

/**
 * The address that RTM_NEWADDR or RTM_DELADDR is about. The kernel labels every IPv4 address, by
 * default with its link's name: `linkName` knows it, and such a label is left out. One pass without
 * tables, since a takeover of thousands of addresses comes back as as many events.
 */
export function decodeAddress(
  message: NetlinkMessage,
  linkName?: (index: number) => string | undefined,
): Result<InterfaceAddress, NetlinkRefusal> {
  const { body } = message;
  if (body.length < at.attributes) {
    return err({ kind: "truncated", need: at.attributes, have: body.length });
  }
  const family = body[at.family] ?? 0;
  if (family !== familyNumber.ipv4 && family !== familyNumber.ipv6) {
    return err({ kind: "other-family", family });
  }
  const ipv4 = family === familyNumber.ipv4;
  const prefixLength = body[at.prefixLength] ?? 0;
  if (prefixLength > (ipv4 ? 32 : 128)) return err({ kind: "bad-length", length: prefixLength });
  const found = findAttributes(body, ipv4 ? 4 : 16);
  if (found.local < 0 && found.far < 0) {
    return err({ kind: "missing-attribute", attribute: "IFA_ADDRESS" });
  }
  const link = u32(body, at.index) | 0;
  const length = ipv4 ? 4 : 16;
  const near = found.local < 0 ? found.far : found.local;
  const address: Mutable<InterfaceAddress> = {
    link,
    address: ipOf(body, near, length),
    prefixLength,
    scope: scopeNames.get(body[at.scope] ?? 0) ?? body[at.scope] ?? 0,
  };
  if (found.far >= 0 && !sameBytes(body, near, found.far, length)) {
    address.peer = ipOf(body, found.far, length);
  }
  if (found.broadcast >= 0) address.broadcast = ipOf(body, found.broadcast, length);
  if (found.label >= 0) {
    const label = textAt(body, found.label, found.labelEnd);
    if (label !== linkName?.(link)) address.label = label;
  }
  if (found.protocol > 0) address.protocol = found.protocol;
  const flags = found.flags < 0 ? (body[at.flags] ?? 0) : found.flags;
  if (ipv4 && (flags & secondary) !== 0) address.secondary = true;
  if ((flags & allFlagBits) !== 0) address.flags = flagWords(flags);
  if (found.preferred >= 0 && found.preferred !== forEver) {
    address.preferredLifetime = found.preferred;
  } else if ((flags & deprecated) !== 0) {
    address.preferredLifetime = 0;
  }
  return ok(address);
}

/** Offsets of values in the body and small values themselves; -1 for what is not there. */
function findAttributes(body: Uint8Array, addressLength: number) {
  const found = {
    far: -1,
    local: -1,
    label: -1,
    labelEnd: -1,
    broadcast: -1,
    flags: -1,
    protocol: -1,
    preferred: -1,
  };
  let offset: number = at.attributes;
  while (offset + 4 <= body.length) {
    const length = u16(body, offset);
    const value = offset + 4;
    if (length < 4 || offset + length > body.length) break;
    const isAddress = length === 4 + addressLength;
    switch (u16(body, offset + 2)) {
      case attribute.address:
        if (isAddress) found.far = value;
        break;
      case attribute.local:
        if (isAddress) found.local = value;
        break;
      case attribute.broadcast:
        if (isAddress) found.broadcast = value;
        break;
      case attribute.label:
        found.label = value;
        found.labelEnd = offset + length;
        break;
      case attribute.flags:
        if (length >= 8) found.flags = u32(body, value);
        break;
      case attribute.protocol:
        if (length >= 5) found.protocol = body[value] ?? 0;
        break;
      case attribute.cacheInfo:
        if (length >= 8) found.preferred = u32(body, value);
        break;
      default:
    }
    offset += aligned(length);
  }
  return found;
}

function sameBytes(body: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (body[a + i] !== body[b + i]) return false;
  return true;
}

/**
 * Appends one request for each address, with consecutive sequence numbers. RTM_NEWADDR is refused
 * (EEXIST) when the address is there; RTM_DELADDR leaves out label and lifetimes, which need not
 * match. Only the last request asks for an acknowledgement: the kernel answers refusals anyway.
 */
export function encodeAddressRequests(
  writer: NetlinkWriter,
  what: "add" | "remove",
  addresses: readonly InterfaceAddress[],
  firstSequence: number,
): void {
  const type = what === "add" ? messageType.newAddress : messageType.delAddress;
  const creating = what === "add" ? messageFlag.create | messageFlag.exclusive : 0;
  const flags = messageFlag.request | creating;
  let start = 0;
  let place = 0;
  while (place < addresses.length) {
    const address = addresses[place] as InterfaceAddress;
    start = writer.length;
    encodeMessage(writer, { type, flags, sequence: firstSequence + place }, () => {
      if (what === "add") return writeAddress(writer, address);
      writeHeader(writer, address);
      writeEnds(writer, address);
    });
    const like = alikeFrom(addresses, place);
    // Thousands of addresses differ in four bytes: a copy costs a fifth of writing them anew.
    const length = writer.repeat(start, like - place - 1);
    while (++place < like) {
      start += length;
      const { address: other } = addresses[place] as InterfaceAddress;
      patchHeader(writer, start, flags, firstSequence + place);
      writer.patchIpv4(start + repeated.local, other);
      writer.patchIpv4(start + repeated.far, other);
    }
  }
  if (addresses.length > 0) {
    patchHeader(writer, start, flags | messageFlag.ack, firstSequence + addresses.length - 1);
  }
}

/** Where the two ends of an IPv4 address lie in a message: see writeHeader and writeEnds. */
const repeated = { local: 28, far: 36 } as const;

/** The place behind the addresses that differ from the one at `place` in nothing but themselves. */
function alikeFrom(addresses: readonly InterfaceAddress[], place: number): number {
  const first = addresses[place] as InterfaceAddress;
  let end = place + 1;
  if (first.peer !== undefined || addressFamily(first) !== "ipv4") return end;
  while (end < addresses.length && sameButForAddress(first, addresses[end] as InterfaceAddress)) {
    end += 1;
  }
  return end;
}

function sameButForAddress(a: InterfaceAddress, b: InterfaceAddress): boolean {
  return (
    a.link === b.link &&
    a.prefixLength === b.prefixLength &&
    a.scope === b.scope &&
    a.label === b.label &&
    a.broadcast === b.broadcast &&
    a.protocol === b.protocol &&
    a.preferredLifetime === b.preferredLifetime &&
    b.peer === undefined &&
    a.secondary === b.secondary &&
    (a.flags === b.flags || flagNumber(a) === flagNumber(b)) &&
    addressFamily(b) === "ipv4"
  );
}

/** Appends RTM_NEWADDR or RTM_DELADDR as the kernel would send it; for fakes and tests. */
export function encodeAddressEvent(
  writer: NetlinkWriter,
  type: typeof messageType.newAddress | typeof messageType.delAddress,
  address: InterfaceAddress,
): void {
  encodeMessage(writer, { type, flags: 0, sequence: 0 }, () => writeAddress(writer, address));
}

/** Appends the request for all addresses of both families. */
export function encodeAddressDump(writer: NetlinkWriter, sequence: number): void {
  const flags = messageFlag.request | messageFlag.dump;
  encodeMessage(writer, { type: messageType.getAddress, flags, sequence }, () => {
    writer.u32(0);
    writer.u32(0);
  });
}

function writeHeader(writer: NetlinkWriter, address: InterfaceAddress): void {
  writer.u8(familyNumber[addressFamily(address)]);
  writer.u8(address.prefixLength);
  writer.u8(0);
  writer.u8(scopeNumber(address.scope));
  writer.u32(address.link);
}

function writeEnds(writer: NetlinkWriter, address: InterfaceAddress): void {
  writer.attributeIp(attribute.local, address.address);
  writer.attributeIp(attribute.address, address.peer ?? address.address);
}

function writeAddress(writer: NetlinkWriter, address: InterfaceAddress): void {
  writeHeader(writer, address);
  writeEnds(writer, address);
  if (address.broadcast !== undefined) writer.attributeIp(attribute.broadcast, address.broadcast);
  if (address.label !== undefined) writer.attributeText(attribute.label, address.label);
  const flags = flagNumber(address);
  if (flags !== 0) writer.attributeU32(attribute.flags, flags);
  if (address.protocol !== undefined) writer.attributeU8(attribute.protocol, address.protocol);
  if (address.preferredLifetime !== undefined) {
    const lifetimes = new Uint8Array(16);
    const view = new DataView(lifetimes.buffer);
    view.setUint32(0, address.preferredLifetime, true);
    view.setUint32(4, forEver, true);
    writer.attribute(attribute.cacheInfo, lifetimes);
  }
}

/** Only reports carry `secondary`; a request with it means the same as without. */
function flagNumber(address: InterfaceAddress): number {
  let bits = address.secondary === true && addressFamily(address) === "ipv4" ? secondary : 0;
  for (const flag of address.flags ?? []) bits |= flagBits[flag];
  return bits;
}

function flagWords(bits: number): readonly AddressFlag[] {
  return (Object.keys(flagBits) as AddressFlag[]).filter((flag) => (bits & flagBits[flag]) !== 0);
}

function scopeNumber(scope: AddressScope): number {
  return typeof scope === "number" ? scope : scopeNumbers[scope];
}

const scopeNames: ReadonlyMap<number, AddressScope> = new Map(
  Object.entries(scopeNumbers).map(([name, number]) => [number, name as keyof typeof scopeNumbers]),
);
