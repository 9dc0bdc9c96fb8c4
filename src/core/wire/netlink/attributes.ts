// Netlink attributes (struct nlattr, RFC 3549 section 2.2): 16 bits of length, header included, 16 bits
// of type, a value, and padding to 4 bytes. Goes in and out: bytes. Numbers are in host byte order,
// which is little-endian on every platform that Understudy supports (x64 and arm64).

import type { IpAddress } from "../../base/ip.ts";
import { ipBytes, writeIpv4 } from "../../base/ip.ts";

//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |            Length             |N|O|         Type              |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
const at = { length: 0, type: 2, value: 4 } as const;

/** NLA_TYPE_MASK: the two upper bits say "nested" and "network byte order". */
const typeMask = 0x3fff;

/** The next multiple of 4, to which messages and attributes are padded. */
export const aligned = (length: number): number => (length + 3) & ~3;

/** Where each attribute's value lies; of a type that comes twice, the last one. */
export type AttributeTable = ReadonlyMap<number, Uint8Array>;

/**
 * The attributes of `bytes`, as views. Reading stops at the first attribute that does not fit: the
 * kernel may add what this version does not know, but it never sends a broken attribute.
 */
export function decodeAttributes(bytes: Uint8Array): AttributeTable {
  const table = new Map<number, Uint8Array>();
  let offset = 0;
  while (offset + at.value <= bytes.length) {
    const length = u16(bytes, offset + at.length);
    if (length < at.value || offset + length > bytes.length) break;
    table.set(
      u16(bytes, offset + at.type) & typeMask,
      bytes.subarray(offset + at.value, offset + length),
    );
    offset += aligned(length);
  }
  return table;
}

/** An unsigned 32-bit value; undefined where the attribute is missing or shorter. */
export function attributeU32(table: AttributeTable, type: number): number | undefined {
  const value = table.get(type);
  return value === undefined || value.length < 4 ? undefined : u32(value, 0);
}

/** Text up to its terminating zero, one character per byte. */
export function attributeText(table: AttributeTable, type: number): string | undefined {
  const value = table.get(type);
  return value === undefined ? undefined : textAt(value, 0, value.length);
}

/** Text from `start` up to a terminating zero, at the latest to `end`. */
export function textAt(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}

export const u16 = (bytes: Uint8Array, offset: number): number =>
  (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);

export const u32 = (bytes: Uint8Array, offset: number): number =>
  (u16(bytes, offset) | (u16(bytes, offset + 2) << 16)) >>> 0;

/**
 * Appends numbers, bytes and attributes to one growing buffer. Reusable: `clear` forgets the content
 * and keeps the memory.
 */
export class NetlinkWriter {
  private bytes: Uint8Array<ArrayBuffer>;
  private end = 0;

  constructor(capacity = 4096) {
    this.bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.end;
  }

  /** What was written, as a view that the next write may change. */
  written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.end);
  }

  clear(): void {
    this.end = 0;
  }

  u8(value: number): void {
    const offset = this.claim(1);
    this.bytes[offset] = value;
  }

  u16(value: number): void {
    const offset = this.claim(2);
    this.bytes[offset] = value;
    this.bytes[offset + 1] = value >>> 8;
  }

  u32(value: number): void {
    const offset = this.claim(4);
    this.patchU32(offset, value);
  }

  patchU32(offset: number, value: number): void {
    this.bytes[offset] = value;
    this.bytes[offset + 1] = value >>> 8;
    this.bytes[offset + 2] = value >>> 16;
    this.bytes[offset + 3] = value >>> 24;
  }

  /** Four bytes of a canonical IPv4 address, in network order. */
  patchIpv4(offset: number, address: IpAddress): void {
    writeIpv4(this.bytes, offset, address);
  }

  patchU16(offset: number, value: number): void {
    this.bytes[offset] = value;
    this.bytes[offset + 1] = value >>> 8;
  }

  /** Appends what was written from `start` on `count` times more, and answers its length. */
  repeat(start: number, count: number): number {
    const length = this.end - start;
    this.claim(length * count);
    // What is there twice is copied at once, then four times as much, and so on.
    for (let done = length; done < length * (count + 1); done *= 2) {
      const end = start + Math.min(done, length * (count + 1) - done);
      this.bytes.copyWithin(start + done, start, end);
    }
    return length;
  }

  /** Zeros up to the next multiple of 4. */
  align(): void {
    const offset = this.claim(aligned(this.end) - this.end);
    this.bytes.fill(0, offset, this.end);
  }

  attribute(type: number, value: Uint8Array): void {
    this.u16(at.value + value.length);
    this.u16(type);
    const offset = this.claim(value.length);
    this.bytes.set(value, offset);
    this.align();
  }

  attributeU32(type: number, value: number): void {
    this.u16(at.value + 4);
    this.u16(type);
    this.u32(value);
  }

  attributeU8(type: number, value: number): void {
    this.u16(at.value + 1);
    this.u16(type);
    this.u8(value);
    this.align();
  }

  /** Text of one byte per character, with its terminating zero. */
  attributeText(type: number, text: string): void {
    this.u16(at.value + text.length + 1);
    this.u16(type);
    const offset = this.claim(text.length + 1);
    for (let i = 0; i < text.length; i++) this.bytes[offset + i] = text.charCodeAt(i);
    this.bytes[offset + text.length] = 0;
    this.align();
  }

  attributeIp(type: number, address: IpAddress): void {
    this.attribute(type, ipBytes(address));
  }

  /** Makes room for `count` bytes and answers where they begin. `bytes` may be another one then. */
  private claim(count: number): number {
    const offset = this.end;
    this.end += count;
    if (this.end > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.end, 2 * this.bytes.length));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return offset;
  }
}
