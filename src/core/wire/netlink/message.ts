// Netlink messages (struct nlmsghdr, RFC 3549 section 2.2): a header of 16 bytes and a body, padded to
// 4 bytes; several may follow each other in one packet. In go bytes of a socket, out come messages as
// views; answers (NLMSG_ERROR, NLMSG_DONE) are decoded here too. Numbers are in host byte order:
// little-endian on x64 and arm64.

import { err, ok, type Result } from "../../base/result.ts";
import {
  aligned,
  attributeText,
  decodeAttributes,
  type NetlinkWriter,
  u16,
  u32,
} from "./attributes.ts";

//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                             Length                            |
// |            Type               |           Flags               |
// |                        Sequence number                        |
// |                        Port id of the sender                  |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
const at = { length: 0, type: 4, flags: 6, sequence: 8, port: 12, body: 16 } as const;

export const messageType = {
  error: 2,
  done: 3,
  newLink: 16,
  delLink: 17,
  getLink: 18,
  newAddress: 20,
  delAddress: 21,
  getAddress: 22,
} as const;

export const messageFlag = {
  request: 0x1,
  multi: 0x2,
  ack: 0x4,
  /** In a dump's answer: the kernel's table changed meanwhile, the dump is not consistent. */
  dumpInterrupted: 0x10,
  /** NLM_F_ROOT and NLM_F_MATCH. */
  dump: 0x300,
  exclusive: 0x200,
  create: 0x400,
  /** In NLMSG_ERROR: the refused message's body is not repeated. */
  capped: 0x100,
  /** In NLMSG_ERROR: attributes with the kernel's words follow. */
  ackAttributes: 0x200,
} as const;

export type NetlinkMessage = {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** Port id of the sender; 0 is the kernel. */
  readonly port: number;
  readonly body: Uint8Array;
};

export type NetlinkRefusal =
  | { readonly kind: "truncated"; readonly need: number; readonly have: number }
  | { readonly kind: "bad-length"; readonly length: number }
  | { readonly kind: "other-family"; readonly family: number }
  | { readonly kind: "missing-attribute"; readonly attribute: string };

/** All messages of one packet, bodies as views. Refuses the packet when one does not fit. */
export function decodeMessages(
  bytes: Uint8Array,
): Result<readonly NetlinkMessage[], NetlinkRefusal> {
  const messages: NetlinkMessage[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const have = bytes.length - offset;
    if (have < at.body) return err({ kind: "truncated", need: at.body, have });
    const length = u32(bytes, offset + at.length);
    if (length < at.body) return err({ kind: "bad-length", length });
    if (length > have) return err({ kind: "truncated", need: length, have });
    messages.push({
      type: u16(bytes, offset + at.type),
      flags: u16(bytes, offset + at.flags),
      sequence: u32(bytes, offset + at.sequence),
      port: u32(bytes, offset + at.port),
      body: bytes.subarray(offset + at.body, offset + length),
    });
    offset += aligned(length);
  }
  return ok(messages);
}

/** Appends one message whose body `writeBody` writes; the length is filled in here. */
export function encodeMessage(
  writer: NetlinkWriter,
  header: { readonly type: number; readonly flags: number; readonly sequence: number },
  writeBody: (writer: NetlinkWriter) => void,
): void {
  const start = writer.length;
  writer.u32(0);
  writer.u16(header.type);
  writer.u16(header.flags);
  writer.u32(header.sequence);
  writer.u32(0);
  writeBody(writer);
  writer.patchU32(start, writer.length - start);
  writer.align();
}

/** Changes flags and sequence number of the message that begins at `start`. */
export function patchHeader(
  writer: NetlinkWriter,
  start: number,
  flags: number,
  sequence: number,
): void {
  writer.patchU16(start + at.flags, flags);
  writer.patchU32(start + at.sequence, sequence);
}

/** What the kernel said to one request. */
export type NetlinkAnswer = {
  /** Positive errno; 0 says that it was done. */
  readonly errno: number;
  /** The kernel's own words, where it has any. */
  readonly words?: string;
};

/** NLMSGERR_ATTR_MSG. */
const answerText = 1;

/** Body of NLMSG_ERROR (struct nlmsgerr): errno, the refused header, extended attributes. */
export function decodeAnswer(message: NetlinkMessage): Result<NetlinkAnswer, NetlinkRefusal> {
  const { body, flags } = message;
  const need = 4 + at.body;
  if (body.length < need) return err({ kind: "truncated", need, have: body.length });
  const errno = errnoAt(body);
  if ((flags & messageFlag.ackAttributes) === 0) return ok({ errno });
  const refused = (flags & messageFlag.capped) === 0 ? u32(body, 4 + at.length) : at.body;
  const words = attributeText(decodeAttributes(body.subarray(4 + aligned(refused))), answerText);
  return ok(words === undefined ? { errno } : { errno, words });
}

/** Body of NLMSG_DONE: 0, or the positive errno with which a dump ended early. */
export const decodeDone = (message: NetlinkMessage): number =>
  message.body.length < 4 ? 0 : errnoAt(message.body);

/** The kernel writes errors as negative numbers. */
const errnoAt = (body: Uint8Array): number => 0 - (u32(body, 0) | 0);
