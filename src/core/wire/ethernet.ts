// Ethernet II frames: bytes <-> destination, source, EtherType and payload. Hardware addresses are
// text, `02:00:00:00:00:01`, as everywhere outside the wire. No VLAN tags: the kernel takes them
// off.

import { assert } from "../base/assert.ts";
import { err, ok, type Result } from "../base/result.ts";

//  0                   1                   2                   3
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                      Destination (6 bytes)                    |   IEEE 802.3, RFC 894
// +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                               |                               |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+      Source (6 bytes)         +
// |                                                               |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |           EtherType           |          Payload ...
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
const at = { destination: 0, source: 6, etherType: 12, payload: 14 } as const;

const macLength = 6;

export const etherTypes = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;

export const ethernetHeaderLength = at.payload;

export const broadcastMac = "ff:ff:ff:ff:ff:ff";

export type EthernetFrame = {
  readonly destination: string;
  readonly source: string;
  readonly etherType: number;
  /** A view into the frame, padding included. */
  readonly payload: Uint8Array;
};

export type EthernetError = {
  readonly kind: "truncated";
  readonly need: number;
  readonly have: number;
};

export function decodeEthernet(bytes: Uint8Array): Result<EthernetFrame, EthernetError> {
  if (bytes.length < at.payload) {
    return err({ kind: "truncated", need: at.payload, have: bytes.length });
  }
  return ok({
    destination: macOf(bytes, at.destination),
    source: macOf(bytes, at.source),
    etherType: ((bytes[at.etherType] as number) << 8) | (bytes[at.etherType + 1] as number),
    payload: bytes.subarray(at.payload),
  });
}

/** The frame as it is, unpadded: the driver pads to the link's minimum. */
export function encodeEthernet(frame: EthernetFrame): Uint8Array {
  const bytes = new Uint8Array(at.payload + frame.payload.length);
  bytes.set(macBytes(frame.destination), at.destination);
  bytes.set(macBytes(frame.source), at.source);
  bytes[at.etherType] = frame.etherType >>> 8;
  bytes[at.etherType + 1] = frame.etherType & 0xff;
  bytes.set(frame.payload, at.payload);
  return bytes;
}

/** The text of the six bytes at `offset`. */
export function macOf(bytes: Uint8Array, offset = 0): string {
  assert(bytes.length >= offset + macLength, "a hardware address has 6 bytes");
  let text = "";
  for (let i = offset; i < offset + macLength; i++) {
    text += `${i > offset ? ":" : ""}${(bytes[i] as number).toString(16).padStart(2, "0")}`;
  }
  return text;
}

/** The six bytes of a hardware address; undefined when the text is none. */
export function parseMac(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) return undefined;
  return Uint8Array.from(text.split(":"), (part) => Number.parseInt(part, 16));
}

/** The six bytes of a hardware address that the kernel or our own source gave. */
export function macBytes(mac: string): Uint8Array {
  const bytes = parseMac(mac);
  assert(bytes !== undefined, `${mac} is a hardware address`);
  return bytes;
}
