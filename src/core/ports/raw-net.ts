// Raw sockets as the engine asks for them. One socket serves all instances that share its spec; it
// carries whole IPv4 packets, header included, in both directions.

import type { IpAddress } from "../base/ip.ts";
import type { Result } from "../base/result.ts";
import type { SystemError } from "./system-error.ts";

/** A number that the engine chose; the same in open, send, receive and close. */
export type SocketId = number;

export type SocketSpec = MulticastSocketSpec | UnicastSocketSpec;

/** Joined to `group` on one link, bound to the group and the link, loop off, TTL 255. */
export type MulticastSocketSpec = {
  readonly kind: "multicast";
  readonly family: "ipv4" | "ipv6";
  /** 112, or 51 for AH. */
  readonly protocol: number;
  readonly link: number;
  /** For messages: the link's name. */
  readonly linkName: string;
  readonly group: IpAddress;
  /** Receive buffer in bytes; absent leaves the kernel's default. */
  readonly receiveBuffer?: number;
};

/** Bound to `source` (which need not be there yet), and to the link where one is configured. */
export type UnicastSocketSpec = {
  readonly kind: "unicast";
  readonly family: "ipv4" | "ipv6";
  readonly protocol: number;
  readonly link?: number;
  readonly linkName?: string;
  readonly source: IpAddress;
  readonly receiveBuffer?: number;
};

export interface RawNet {
  open(socket: SocketId, spec: SocketSpec): Result<void, SystemError>;
  close(socket: SocketId): void;
  /** `bytes` is a whole IPv4 packet; the kernel fills in identification and header checksum when 0. */
  send(socket: SocketId, to: IpAddress, bytes: Uint8Array): Result<void, SystemError>;
  /** An Ethernet frame on a link, for ARP and ND announcements. */
  sendFrame(link: number, bytes: Uint8Array): Result<void, SystemError>;
  /** Packets that wait on the socket, at most `limits.packetsPerWakeUp`; never waits. */
  receive(socket: SocketId): readonly Uint8Array[];
}
