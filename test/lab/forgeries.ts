// Adverts that would make their sender master, were it not for one mistake each, and the reason for
// which a router must refuse them. An honest version 2 packet with a password goes in.

import { advertChecksum, authDataLength } from "../../src/core/wire/vrrp.ts";

/** The virtual router that is attacked. */
export const forgedAs = { vrid: 77, password: "secret12", address: "192.168.254.100" } as const;

export type Forgery = {
  /** The counter that must rise. */
  readonly refusal: string;
  readonly spoil: (packet: Uint8Array) => Uint8Array;
};

const headerLength = 20;
const ttlAt = 8;
const messageAt = { versionType: 20, authType: 24, interval: 25, checksum: 26, password: 32 };

/** With one byte changed and both checksums right again. */
function changed(packet: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(packet);
  copy[at] = value;
  const view = new DataView(copy.buffer);
  if (at >= headerLength) {
    view.setUint16(messageAt.checksum, 0);
    view.setUint16(messageAt.checksum, advertChecksum(copy.subarray(headerLength)));
  }
  view.setUint16(10, 0);
  view.setUint16(10, headerChecksum(copy));
  return copy;
}

function headerChecksum(packet: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < headerLength; i += 2) sum += ((packet[i] ?? 0) << 8) | (packet[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** A right advert of the other version: without the password, its length and checksum in order. */
function asVersion3(packet: Uint8Array): Uint8Array {
  const shorter = Uint8Array.from(packet.subarray(0, packet.length - authDataLength));
  new DataView(shorter.buffer).setUint16(2, shorter.length);
  return changed(changed(shorter, messageAt.authType, 0), messageAt.versionType, 0x31);
}

export const forgeries: readonly Forgery[] = [
  { refusal: "bad-password", spoil: (packet) => changed(packet, messageAt.password, 0x58) },
  { refusal: "bad-ttl", spoil: (packet) => changed(packet, ttlAt, 254) },
  {
    refusal: "bad-checksum",
    spoil: (packet) => {
      const copy = changed(packet, ttlAt, 255);
      copy[messageAt.checksum] = (copy[messageAt.checksum] ?? 0) ^ 0xff;
      return copy;
    },
  },
  { refusal: "bad-version", spoil: asVersion3 },
  { refusal: "bad-type", spoil: (packet) => changed(packet, messageAt.versionType, 0x22) },
  { refusal: "bad-auth-type", spoil: (packet) => changed(packet, messageAt.authType, 7) },
  { refusal: "auth-type-mismatch", spoil: (packet) => changed(packet, messageAt.authType, 0) },
  { refusal: "interval-mismatch", spoil: (packet) => changed(packet, messageAt.interval, 9) },
];

export type NoiseKind = "ours" | "unknown VRID" | "too short";

/** Where a packet of random bytes has to be counted. */
export function noiseKind(message: Uint8Array): NoiseKind {
  if (message.length < 2) return "too short";
  return message[1] === forgedAs.vrid ? "ours" : "unknown VRID";
}
