// IP addresses as canonical text: `192.0.2.1`, and IPv6 as RFC 5952 writes it. Text can be compared,
// used as a key, recorded and shown as it is; bytes exist only on the wire. Networks are an address
// and a prefix length.

import { assert } from "./assert.ts";

declare const brand: unique symbol;
export type IpAddress = string & { readonly [brand]: "ip" };
export type Family = "ipv4" | "ipv6";

export const addressLength = { ipv4: 4, ipv6: 16 } as const satisfies Record<Family, number>;
export const prefixLengthMax = { ipv4: 32, ipv6: 128 } as const satisfies Record<Family, number>;

export const familyOf = (address: IpAddress): Family => (address.includes(":") ? "ipv6" : "ipv4");

/** Reads either family in any usual spelling; undefined when it is no address. */
export function parseIp(text: string): IpAddress | undefined {
  const bytes = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  return bytes === undefined ? undefined : ipOf(bytes);
}

/** An address literal of our own source code; asserts that it is one. */
export function ip(literal: string): IpAddress {
  const parsed = parseIp(literal);
  assert(parsed !== undefined, `${literal} is an IP address`);
  return parsed;
}

/** The canonical text of 4 or 16 bytes. */
export function ipOf(bytes: Uint8Array, offset = 0, length = bytes.length - offset): IpAddress {
  assert(length === 4 || length === 16, "an address has 4 or 16 bytes");
  if (length === 4) {
    return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}` as IpAddress;
  }
  return ipv6Text(bytes.subarray(offset, offset + 16)) as IpAddress;
}

/** The 4 or 16 bytes of an address, in network order. */
export function ipBytes(address: IpAddress): Uint8Array {
  const bytes = familyOf(address) === "ipv4" ? parseIpv4(address) : parseIpv6(address);
  assert(bytes !== undefined, `${address} is canonical`);
  return bytes;
}

/** Writes the 4 bytes of a canonical IPv4 address at `offset`: no checks, no memory, for long runs. */
export function writeIpv4(bytes: Uint8Array, offset: number, address: IpAddress): void {
  let value = 0;
  let place = offset;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === dot) {
      bytes[place++] = value;
      value = 0;
    } else {
      value = value * 10 + code - zero;
    }
  }
  bytes[place] = value;
}

const dot = 0x2e;
const zero = 0x30;

/** Unsigned, in network byte order (rule F13): negative when `a` is the smaller. Same family only. */
export function compareIp(a: IpAddress, b: IpAddress): number {
  const left = ipBytes(a);
  const right = ipBytes(b);
  assert(left.length === right.length, "addresses of one family are compared");
  for (let i = 0; i < left.length; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export const isMulticast = (address: IpAddress): boolean => {
  const first = ipBytes(address)[0] ?? 0;
  return familyOf(address) === "ipv4" ? first >= 224 && first < 240 : first === 0xff;
};

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (const [i, part] of parts.entries()) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part)) return undefined;
    const value = Number(part);
    if (value > 255) return undefined;
    bytes[i] = value;
  }
  return bytes;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map(ipv6Groups);
  const head = groups[0];
  const tail = groups[1];
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const given = head.length + (tail?.length ?? 0);
  if (halves.length === 1 ? given !== 8 : given > 7) return undefined;
  const all = [...head, ...new Array<number>(8 - given).fill(0), ...(tail ?? [])];
  const bytes = new Uint8Array(16);
  for (const [i, group] of all.entries()) {
    bytes[2 * i] = group >>> 8;
    bytes[2 * i + 1] = group & 0xff;
  }
  return bytes;
}

/** The 16-bit groups of one side of `::`, where the last may be a dotted IPv4 address. */
function ipv6Groups(half: string): number[] | undefined {
  if (half === "") return [];
  const groups: number[] = [];
  const parts = half.split(":");
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1 && part.includes(".")) {
      const [a, b, c, d] = parseIpv4(part) ?? [];
      if (a === undefined || b === undefined || c === undefined || d === undefined)
        return undefined;
      groups.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`. */
function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from(
    { length: 8 },
    (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0),
  );
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) {
      start = i;
      length = end - i;
    }
    if (end > i) i = end;
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (start < 0) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}
