// Addresses in rtnetlink: RTM_NEWADDR, RTM_DELADDR and the request RTM_GETADDR (struct ifaddrmsg,
// RFC 3549 section 2.3.3.2, linux/if_addr.h). In and out: InterfaceAddress of ports/kernel.ts. With a
// peer, IFA_LOCAL is our end and IFA_ADDRESS the other; without one, both are the address.

import { addressLength, prefixLengthMax } from "../../base/ip.ts";
import { err, ok, type Result } from "../../base/result.ts";
import {
  type AddressFlag,
  type AddressScope,
  addressFamily,
  type InterfaceAddress,
} from "../../ports/kernel.ts";
import {
  type AttributeTable,
  attributeIp,
  attributeText,
  attributeU8,
  attributeU32,
  decodeAttributes,
  type NetlinkWriter,
  u32,
} from "./attributes.ts";
import {
  encodeMessage,
  messageFlag,
  messageType,
  type NetlinkMessage,
  type NetlinkRefusal,
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

/** IFA_F_*. */
const flagBits = {
  nodad: 0x02,
  home: 0x10,
  mngtmpaddr: 0x100,
  noprefixroute: 0x200,
  autojoin: 0x400,
} as const satisfies Record<AddressFlag, number>;

const scopeNumbers = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 } as const;

const forEver = 0xffff_ffff;

/** The address that RTM_NEWADDR or RTM_DELADDR is about. */
export function decodeAddress(message: NetlinkMessage): Result<InterfaceAddress, NetlinkRefusal> {
  const { body } = message;
  if (body.length < at.attributes) {
    return err({ kind: "truncated", need: at.attributes, have: body.length });
  }
  const familyByte = body[at.family] ?? 0;
  if (familyByte !== familyNumber.ipv4 && familyByte !== familyNumber.ipv6) {
    return err({ kind: "other-family", family: familyByte });
  }
  const family = familyByte === familyNumber.ipv4 ? "ipv4" : "ipv6";
  const attributes = decodeAttributes(body.subarray(at.attributes));
  const far = attributeOfLength(attributes, attribute.address, addressLength[family]);
  const address = attributeOfLength(attributes, attribute.local, addressLength[family]) ?? far;
  if (address === undefined) return err({ kind: "missing-attribute", attribute: "IFA_ADDRESS" });
  const prefixLength = body[at.prefixLength] ?? 0;
  if (prefixLength > prefixLengthMax[family])
    return err({ kind: "bad-length", length: prefixLength });
  const broadcast = attributeOfLength(attributes, attribute.broadcast, addressLength[family]);
  const label = attributeText(attributes, attribute.label);
  const protocol = attributeU8(attributes, attribute.protocol);
  const flags = attributeU32(attributes, attribute.flags) ?? body[at.flags] ?? 0;
  const preferredLifetime = preferredOf(attributes);
  const words = flagWords(flags);
  return ok({
    link: u32(body, at.index) | 0,
    address,
    prefixLength,
    scope: scopeName(body[at.scope] ?? 0),
    ...(far === undefined || far === address ? {} : { peer: far }),
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(label === undefined ? {} : { label }),
    ...(protocol === undefined || protocol === 0 ? {} : { protocol }),
    ...(family === "ipv4" && (flags & secondary) !== 0 ? { secondary: true } : {}),
    ...(words.length === 0 ? {} : { flags: words }),
    ...(preferredLifetime === undefined ? {} : { preferredLifetime }),
  });
}

/**
 * Appends RTM_NEWADDR as a request that is refused (EEXIST) when the address is there already.
 * Without `acknowledge` the kernel answers only when it refuses.
 */
export function encodeAddressAdd(
  writer: NetlinkWriter,
  address: InterfaceAddress,
  sequence: number,
  acknowledge = true,
): void {
  const flags =
    messageFlag.request |
    messageFlag.create |
    messageFlag.exclusive |
    (acknowledge ? messageFlag.ack : 0);
  encodeMessage(writer, { type: messageType.newAddress, flags, sequence }, () =>
    writeAddress(writer, address),
  );
}

/** Appends RTM_DELADDR. Label and lifetimes are left out: they need not match. */
export function encodeAddressRemove(
  writer: NetlinkWriter,
  address: InterfaceAddress,
  sequence: number,
  acknowledge = true,
): void {
  const flags = messageFlag.request | (acknowledge ? messageFlag.ack : 0);
  encodeMessage(writer, { type: messageType.delAddress, flags, sequence }, () => {
    writeHeader(writer, address);
    writeEnds(writer, address);
  });
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

function scopeName(scope: number): AddressScope {
  for (const [name, number] of Object.entries(scopeNumbers)) {
    if (number === scope) return name as keyof typeof scopeNumbers;
  }
  return scope;
}

/** IFA_CACHEINFO's first field, in seconds; undefined for ever. */
function preferredOf(attributes: AttributeTable): number | undefined {
  const preferred = attributeU32(attributes, attribute.cacheInfo);
  return preferred === forEver ? undefined : preferred;
}

function attributeOfLength(attributes: AttributeTable, type: number, length: number) {
  return attributes.get(type)?.length === length ? attributeIp(attributes, type) : undefined;
}
