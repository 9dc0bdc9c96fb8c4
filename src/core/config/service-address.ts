// Addresses and ports of services and servers, as virtual servers write them: `ADDRESS [PORT]`, in
// groups also ranges. keepalived takes what follows a `-` or `/` of a single address for nothing.

import type { Family, IpAddress } from "../base/ip.ts";
import { familyOf, ipBytes, parseIp } from "../base/ip.ts";
import { integerRangeText } from "./values.ts";

export type AddressAndPort = { readonly address: IpAddress; readonly port: number };

/** A port, or what keepalived says about it. Nothing is port 0, which is any. */
export type PortReading =
  | { readonly kind: "port"; readonly port: number }
  | { readonly kind: "wrong"; readonly classic: string };

export const portMax = 65_535;

export function readPort(word: string | undefined): PortReading {
  if (word === undefined) return { kind: "port", port: 0 };
  if (!/^[+-]?[0-9]+$/.test(word)) return { kind: "wrong", classic: `invalid number '${word}'` };
  const port = Number(word);
  if (port >= 0 && port <= portMax && !word.startsWith("-")) return { kind: "port", port };
  return { kind: "wrong", classic: integerRangeText(word, port, 1, portMax) };
}

/** The address alone. */
export const readServerAddress = (word: string): IpAddress | undefined =>
  parseIp(word.split(/[-/]/, 1)[0] ?? "");

/** A range of addresses, or keepalived's words for why it is none; undefined: no address at all. */
export type RangeReading =
  | { readonly kind: "range"; readonly first: IpAddress; readonly last: IpAddress }
  | { readonly kind: "wrong"; readonly message: string; readonly classic: string };

/** `A.B.C.D-E`, `A-B` or `A/LENGTH`; a single address is a range of one. */
export function readRange(word: string): RangeReading | undefined {
  const first = readServerAddress(word);
  if (first === undefined) return undefined;
  const slash = word.indexOf("/");
  if (slash >= 0) return readNetwork(word, first, word.slice(slash + 1));
  const dash = word.indexOf("-");
  if (dash < 0) return { kind: "range", first, last: first };
  const end = word.slice(dash + 1);
  return /[.:]/.test(end) ? readFullRange(word, first, end) : readShortRange(word, first, end);
}

const widthOf = (family: Family): number => (family === "ipv4" ? 32 : 128);

function readNetwork(word: string, first: IpAddress, mask: string): RangeReading {
  const width = widthOf(familyOf(first));
  const length = /^[0-9]+$/.test(mask) ? Number(mask) : 0;
  if (length < 1 || length > width) {
    return {
      kind: "wrong",
      message: `the length of the network must be between 1 and ${width}`,
      classic: `Invalid netmask - ${word} - skipping`,
    };
  }
  const start = numberOf(first);
  const size = 1n << BigInt(width - length);
  if (start % size !== 0n) {
    return {
      kind: "wrong",
      message: `${word} is no network: bits beyond its length are set`,
      classic: `Address mask bits not empty - ${word} - skipping`,
    };
  }
  return rangeOf(first, start + size - 1n);
}

function readFullRange(word: string, first: IpAddress, end: string): RangeReading | undefined {
  const last = parseIp(end);
  if (last === undefined || familyOf(last) !== familyOf(first)) return undefined;
  if (numberOf(last) < numberOf(first)) {
    return {
      kind: "wrong",
      message: "the end of the range comes before its beginning",
      classic: `Address range end is less than address range start - ${word} - skipping`,
    };
  }
  return { kind: "range", first, last };
}

function readShortRange(word: string, first: IpAddress, end: string): RangeReading {
  const four = familyOf(first) === "ipv4";
  if (!(four ? /^[0-9]+$/ : /^[0-9a-fA-F]+$/).test(end)) {
    return {
      kind: "wrong",
      message: `\`${end}\` is no end of a range`,
      classic: `Virtual server group range '${word}' has extra characters at end '${end}'`,
    };
  }
  const last = Number.parseInt(end, four ? 10 : 16);
  const max = four ? 255 : 0xffff;
  if (last > max) {
    return {
      kind: "wrong",
      message: `the end of this range is at most ${four ? "255" : "ffff"}`,
      classic: `Virtual server group range '${word}' end '${end}' too large`,
    };
  }
  const start = numberOf(first);
  const part = BigInt(max + 1);
  if (BigInt(last) <= start % part) {
    return {
      kind: "wrong",
      message: "the end of the range does not come after its beginning",
      classic: `Address range end is not greater than address range start - ${word} - skipping`,
    };
  }
  return rangeOf(first, start - (start % part) + BigInt(last));
}

function rangeOf(first: IpAddress, last: bigint): RangeReading {
  const address = addressOf(last, familyOf(first));
  return address === undefined
    ? { kind: "wrong", message: "the range has no end", classic: "" }
    : { kind: "range", first, last: address };
}

const numberOf = (address: IpAddress): bigint =>
  [...ipBytes(address)].reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);

function addressOf(value: bigint, family: Family): IpAddress | undefined {
  if (family === "ipv4") {
    const octets = [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n);
    return parseIp(octets.join("."));
  }
  const parts = Array.from({ length: 8 }, (_, i) => (value >> BigInt(112 - 16 * i)) & 0xffffn);
  return parseIp(parts.map((part) => part.toString(16)).join(":"));
}
