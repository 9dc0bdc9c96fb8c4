// Byte layouts of the C structures that calls take: socket addresses, timespec, socket options, and
// the arena for sendmmsg and recvmmsg. All for 64-bit little-endian Linux. Each function gives a new
// array, or fills memory that lives as long as its owner.

import { familyOf, type IpAddress, ipBytes } from "../../../core/base/ip.ts";
import { libc } from "./libc.ts";

/** A 32-bit int, as most socket options are. */
export function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

/** Zero-terminated bytes, as paths and device names are passed. */
export const zeroTerminated = (text: string): Uint8Array => Buffer.from(`${text}\0`, "utf8");

/** struct sockaddr_in or sockaddr_in6, port 0. */
export function socketAddress(address: IpAddress): Uint8Array {
  const ipv4 = familyOf(address) === "ipv4";
  const bytes = new Uint8Array(ipv4 ? 16 : 28);
  bytes[0] = ipv4 ? 2 : 10;
  bytes.set(ipBytes(address), ipv4 ? 4 : 8);
  return bytes;
}

/** struct sockaddr_nl with a bit mask of multicast groups. */
export function netlinkAddress(groups: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 16, true);
  view.setUint32(8, groups, true);
  return bytes;
}

/** struct sockaddr_un. A leading `@` means the abstract namespace, as in NOTIFY_SOCKET. */
export function unixAddress(path: string): Uint8Array {
  const name = Buffer.from(path, "utf8");
  const bytes = new Uint8Array(2 + name.length + 1);
  bytes[0] = 1;
  bytes.set(name, 2);
  if (path.startsWith("@")) bytes[2] = 0;
  return path.startsWith("@") ? bytes.subarray(0, 2 + name.length) : bytes;
}

/** sun_path, its terminating zero included. */
export const unixPathMax = 107;

/** struct sockaddr_ll of an Ethernet frame: where it goes out and to whom. */
export const linkAddressLength = 20;

/** Fills struct sockaddr_ll at `offset` for `frame`, whose destination and EtherType it repeats. */
export function writeLinkAddress(
  bytes: Uint8Array,
  offset: number,
  link: number,
  frame: Uint8Array,
): void {
  bytes[offset] = 17;
  bytes[offset + 1] = 0;
  // Both are in network order, in the frame and here.
  bytes[offset + 2] = frame[12] ?? 0;
  bytes[offset + 3] = frame[13] ?? 0;
  bytes[offset + 4] = link;
  bytes[offset + 5] = link >>> 8;
  bytes[offset + 6] = link >>> 16;
  bytes[offset + 7] = link >>> 24;
  bytes.fill(0, offset + 8, offset + linkAddressLength);
  bytes[offset + 11] = 6;
  for (let i = 0; i < 6; i++) bytes[offset + 12 + i] = frame[i] ?? 0;
}

/** struct ip_mreqn: a group and the link it is joined on. */
export function multicastRequest(group: IpAddress | undefined, link: number): Uint8Array {
  const bytes = new Uint8Array(12);
  if (group !== undefined) bytes.set(ipBytes(group), 0);
  new DataView(bytes.buffer).setInt32(8, link, true);
  return bytes;
}

/** struct timespec, from µs. */
export function writeTimespec(bytes: Uint8Array, microseconds: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const whole = Math.floor(microseconds / 1_000_000);
  view.setUint32(0, whole, true);
  view.setUint32(4, Math.floor(whole / 2 ** 32), true);
  view.setUint32(8, (microseconds - whole * 1_000_000) * 1_000, true);
  view.setUint32(12, 0, true);
}

/** struct mmsghdr: msghdr of 56 bytes, msg_len, padding. */
const header = { size: 64, name: 0, nameLength: 8, vectors: 16, vectorCount: 24, length: 56 };
const vector = { size: 16, base: 0, length: 8 };

/**
 * Memory for `slots` messages in one system call: headers, addresses and payloads, with all pointers
 * set once. Payloads are at most `slotSize` bytes, addresses at most 32.
 */
export class MessageArena {
  readonly slots: number;
  readonly slotSize: number;
  /** The array of struct mmsghdr, to be passed to the call. */
  readonly headers: Uint8Array;
  private readonly view: DataView;
  private readonly names: Uint8Array;
  private readonly vectors: DataView;
  private readonly payloads: Uint8Array;

  constructor(slots: number, slotSize: number) {
    this.slots = slots;
    this.slotSize = slotSize;
    // Each its own ArrayBuffer, outside of Node's pool, so that nothing else shares the memory.
    this.headers = new Uint8Array(slots * header.size);
    this.view = new DataView(this.headers.buffer);
    this.names = new Uint8Array(slots * nameSize);
    const vectorBytes = new Uint8Array(slots * vector.size);
    this.vectors = new DataView(vectorBytes.buffer);
    this.payloads = new Uint8Array(slots * slotSize);
    const nameBase = libc().address(this.names);
    const vectorBase = libc().address(vectorBytes);
    const payloadBase = libc().address(this.payloads);
    for (let slot = 0; slot < slots; slot++) {
      const at = slot * header.size;
      this.view.setBigUint64(at + header.name, nameBase + BigInt(slot * nameSize), true);
      this.view.setBigUint64(at + header.vectors, vectorBase + BigInt(slot * vector.size), true);
      this.view.setUint32(at + header.vectorCount, 1, true);
      const vectorAt = slot * vector.size;
      this.vectors.setBigUint64(vectorAt, payloadBase + BigInt(slot * slotSize), true);
      this.vectors.setUint32(vectorAt + vector.length, slotSize, true);
    }
  }

  /** Before sending: the payload of one slot. Its address is written with `nameAt`. */
  fill(slot: number, payload: Uint8Array, nameLength: number): void {
    this.payloads.set(payload, slot * this.slotSize);
    this.vectors.setUint32(slot * vector.size + vector.length, payload.length, true);
    this.view.setUint32(slot * header.size + header.nameLength, nameLength, true);
  }

  /** The memory of all addresses, and where one slot's begins. */
  nameBytes(): Uint8Array {
    return this.names;
  }

  nameAt(slot: number): number {
    return slot * nameSize;
  }

  /** The headers from one slot on, to go on after a refused message. */
  headersFrom(slot: number): Uint8Array {
    return slot === 0 ? this.headers : this.headers.subarray(slot * header.size);
  }

  /** After receiving: how many bytes came into one slot. */
  receivedLength(slot: number): number {
    return this.view.getUint32(slot * header.size + header.length, true);
  }

  /** After receiving: a copy of what came into one slot, which the next call does not change. */
  received(slot: number): Uint8Array {
    const start = slot * this.slotSize;
    return this.payloads.slice(start, start + this.receivedLength(slot));
  }

  /** As `received`, but a view for a reader that is done with it before the next call. */
  receivedView(slot: number): Uint8Array {
    const start = slot * this.slotSize;
    return this.payloads.subarray(start, start + this.receivedLength(slot));
  }
}

const nameSize = 32;
