// Packets for the tests of admission: right ones from the golden vectors and from an independent
// builder of a few lines, which can also lie about every field.

import { hex } from "../wire/bytes.ts";

export type PacketLies = {
  readonly source?: readonly number[];
  readonly destination?: readonly number[];
  readonly ttl?: number;
  readonly protocol?: number;
  readonly totalLength?: number;
  /** IPv4 options, whole words. */
  readonly options?: Uint8Array;
  /** Behind the packet, as a short Ethernet frame has it. */
  readonly padding?: number;
};

/** An IPv4 packet from 192.0.2.2 to the group around `message`, unless said otherwise. */
export function packetAround(message: Uint8Array, lies: PacketLies = {}): Uint8Array {
  const options = lies.options ?? new Uint8Array(0);
  const length = 20 + options.length + message.length;
  const total = lies.totalLength ?? length;
  const header = Uint8Array.from([
    0x45 + options.length / 4,
    0xc0,
    total >> 8,
    total & 0xff,
    ...[0, 0, 0, 0],
    lies.ttl ?? 255,
    lies.protocol ?? 112,
    ...[0, 0],
    ...(lies.source ?? [192, 0, 2, 2]),
    ...(lies.destination ?? [224, 0, 0, 18]),
  ]);
  return Uint8Array.from([...header, ...options, ...message, ...new Uint8Array(lies.padding ?? 0)]);
}

/** `message` with a right checksum, over a pseudo header of the two ends where they are given. */
export function withChecksum(
  message: Uint8Array,
  source?: readonly number[],
  destination?: readonly number[],
): Uint8Array {
  const bytes = Uint8Array.from(message);
  bytes[6] = 0;
  bytes[7] = 0;
  const covered =
    source === undefined || destination === undefined
      ? bytes
      : Uint8Array.from([...bytes, ...source, ...destination, 0, 112, 0, bytes.length]);
  let sum = 0;
  for (let i = 0; i < covered.length; i += 2) {
    sum += ((covered[i] ?? 0) << 8) + (covered[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes[6] = (~sum >>> 8) & 0xff;
  bytes[7] = ~sum & 0xff;
  return bytes;
}

/** The golden vectors: VRID 51, priority 100, one second, 192.0.2.1. */
export const golden = {
  v2: hex("21 33 64 01 00 01 b8 c8 c0 00 02 01 00 00 00 00 00 00 00 00"),
  v2Pass: hex("21 33 64 01 01 01 7b 7c c0 00 02 01 73 65 63 72 65 74 00 00"),
  v2PriorityZero: hex("21 33 00 01 00 01 1c c9 c0 00 02 01 00 00 00 00 00 00 00 00"),
  v3MessageOnly: hex("31 33 64 01 00 64 a8 65 c0 00 02 01"),
  v3: hex("31 33 64 01 00 64 05 d4 c0 00 02 01"),
  v3Unicast: hex("31 33 64 01 00 64 23 e3 c0 00 02 01"),
  v3Owner: hex("31 33 fe 02 00 0a aa 1e c0 00 02 01 c0 00 02 09"),
} as const;
