// Two uses of a NETLINK_ROUTE socket. The command socket sends many requests in one system call and
// reads the answers, waiting for them (the kernel answers before the call returns); the monitor
// receives what the kernel tells to multicast groups, without ever waiting.

import { err, ok, type Result } from "../../core/base/result.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import {
  decodeAnswer,
  decodeDone,
  decodeMessages,
  messageFlag,
  messageType,
  type NetlinkAnswer,
  type NetlinkMessage,
} from "../../core/wire/netlink/message.ts";
import { errno } from "./ffi/errno.ts";
import { libc } from "./ffi/libc.ts";
import { int32, MessageArena, netlinkAddress } from "./ffi/memory.ts";
import {
  domain,
  growBuffer,
  level,
  messageFlags,
  openSocket,
  optionStep,
  socketOption,
  socketType,
} from "./socket.ts";
import { lastError, systemError } from "./system-error.ts";

const routeProtocol = 0;
/** RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR. */
const monitoredGroups = 0x1 | 0x10 | 0x100;
const netlinkOption = { capAck: 10, extendedAck: 11 } as const;

/** The kernel cuts dump packets at 32 KiB; single messages are far shorter. */
const receiveLength = 32_768;
/** Events are short, but a link's may carry what drivers add; longer ones count as overrun. */
const eventLength = 8_192;
const eventsAtOnce = 32;
/** Room for what 10,000 addresses cause while the engine is busy elsewhere. */
const monitorBuffer = 16 * 1024 * 1024;
const commandBuffer = 2 * 1024 * 1024;

/** A dump that the kernel's tables overtook is asked for again, this often. */
const dumpAttempts = 5;

const timeoutSeconds = 2;

const sequenceMax = 0x7fff_ffff;

export class NetlinkCommands {
  private readonly fd: number;
  private readonly buffer = new Uint8Array(receiveLength);
  private sequence = 1;

  private constructor(fd: number) {
    this.fd = fd;
  }

  static open(): Result<NetlinkCommands, SystemError> {
    const timeout = new Uint8Array(16);
    timeout[0] = timeoutSeconds;
    const address = netlinkAddress(0);
    const opened = openSocket(
      { domain: domain.netlink, type: socketType.raw, protocol: routeProtocol, blocking: true },
      [
        optionStep("SO_RCVTIMEO", level.socket, socketOption.receiveTimeout, timeout),
        { call: "bind", run: (fd) => libc().bind(fd, address, address.length) },
      ],
      "netlink command socket",
      "netlink",
    );
    if (!opened.ok) return opened;
    growBuffer(opened.value, "receive", commandBuffer);
    growBuffer(opened.value, "send", commandBuffer);
    // Comforts of newer kernels: short refusals with words. Without them refusals are longer.
    const on = int32(1);
    libc().setsockopt(opened.value, level.netlink, netlinkOption.capAck, on, 4);
    libc().setsockopt(opened.value, level.netlink, netlinkOption.extendedAck, on, 4);
    return ok(new NetlinkCommands(opened.value));
  }

  /** The first of `count` consecutive sequence numbers, which tell answers apart. */
  reserveSequences(count: number): number {
    if (this.sequence + count > sequenceMax) this.sequence = 1;
    const first = this.sequence;
    this.sequence += count;
    return first;
  }

  /**
   * Sends requests of which only the last asks for an acknowledgement, and gives every answer to
   * `take` until that one has come. The kernel answers the others only when it refuses them.
   */
  request(
    requests: Uint8Array,
    last: number,
    take: (sequence: number, answer: NetlinkAnswer) => void,
  ): Result<void, SystemError> {
    const sent = this.send(requests);
    if (!sent.ok) return sent;
    for (;;) {
      const received = this.receive();
      if (!received.ok) return received;
      for (const message of received.value) {
        if (message.type !== messageType.error) continue;
        const answer = decodeAnswer(message);
        if (!answer.ok) return err(systemError("recv", "netlink answer", "netlink", errno.EINVAL));
        take(message.sequence, answer.value);
        if (message.sequence === last) return ok(undefined);
      }
    }
  }

  /** Sends one dump request, made by `encode`, and gives every message of its answer to `take`. */
  dump<T>(
    encode: (sequence: number) => Uint8Array,
    decode: (message: NetlinkMessage) => Result<T, unknown>,
  ): Result<readonly T[], SystemError> {
    for (let attempt = 1; ; attempt++) {
      const rows = this.dumpOnce(encode, decode);
      if (!rows.ok) return rows;
      if (!rows.value.interrupted || attempt === dumpAttempts) return ok(rows.value.rows);
    }
  }

  close(): void {
    libc().close(this.fd);
  }

  private dumpOnce<T>(
    encode: (sequence: number) => Uint8Array,
    decode: (message: NetlinkMessage) => Result<T, unknown>,
  ): Result<{ readonly rows: readonly T[]; readonly interrupted: boolean }, SystemError> {
    const sequence = this.reserveSequences(1);
    const sent = this.send(encode(sequence));
    if (!sent.ok) return sent;
    const rows: T[] = [];
    let interrupted = false;
    for (;;) {
      const received = this.receive();
      if (!received.ok) return received;
      for (const message of received.value) {
        if (message.sequence !== sequence) continue;
        interrupted ||= (message.flags & messageFlag.dumpInterrupted) !== 0;
        const refused = refusalOf(message);
        if (refused !== undefined && refused !== 0) {
          return err(systemError("dump", "netlink", "netlink", refused));
        }
        if (refused === 0) return ok({ rows, interrupted });
        const row = decode(message);
        if (row.ok) rows.push(row.value);
      }
    }
  }

  private send(bytes: Uint8Array): Result<void, SystemError> {
    for (;;) {
      if (libc().send(this.fd, bytes, bytes.length, 0) >= 0) return ok(undefined);
      if (libc().errno() !== errno.EINTR) {
        return err(lastError("send", "netlink request", "netlink"));
      }
    }
  }

  /** The messages of one packet, as views into a buffer that the next call fills again. */
  private receive(): Result<readonly NetlinkMessage[], SystemError> {
    for (;;) {
      const length = libc().recv(this.fd, this.buffer, this.buffer.length, messageFlags.truncate);
      if (length < 0) {
        if (libc().errno() === errno.EINTR) continue;
        return err(lastError("recv", "netlink answer", "netlink"));
      }
      const decoded = decodeMessages(this.buffer.subarray(0, Math.min(length, receiveLength)));
      if (length > receiveLength || !decoded.ok) {
        return err(systemError("recv", "netlink answer", "netlink", errno.EINVAL));
      }
      return ok(decoded.value);
    }
  }
}

/** How a message ends a dump: 0 well, an errno badly, undefined not at all. */
function refusalOf(message: NetlinkMessage): number | undefined {
  if (message.type === messageType.done) return decodeDone(message);
  if (message.type !== messageType.error) return undefined;
  const answer = decodeAnswer(message);
  return answer.ok ? answer.value.errno : errno.EINVAL;
}

export class NetlinkMonitor {
  /** Readable when events wait. */
  readonly fd: number;
  private readonly arena = new MessageArena(eventsAtOnce, eventLength);

  private constructor(fd: number) {
    this.fd = fd;
  }

  static open(bufferBytes?: number): Result<NetlinkMonitor, SystemError> {
    const address = netlinkAddress(monitoredGroups);
    const opened = openSocket(
      { domain: domain.netlink, type: socketType.raw, protocol: routeProtocol },
      [{ call: "bind", run: (fd) => libc().bind(fd, address, address.length) }],
      "netlink monitor socket",
      "netlink",
    );
    if (!opened.ok) return opened;
    growBuffer(opened.value, "receive", bufferBytes ?? monitorBuffer);
    return ok(new NetlinkMonitor(opened.value));
  }

  /**
   * Gives waiting messages to `take`, some `atMost` of them where that is given; answers "overrun"
   * when some were lost. Bodies are views that are good only during the call.
   */
  drain(
    take: (message: NetlinkMessage) => void,
    atMost = Number.POSITIVE_INFINITY,
  ): "drained" | "overrun" {
    const { arena } = this;
    const flags = messageFlags.doNotWait | messageFlags.truncate;
    for (let taken = 0; taken < atMost; ) {
      const count = libc().recvmmsg(this.fd, arena.headers, arena.slots, flags, null);
      if (count < 0) {
        const reason = libc().errno();
        if (reason === errno.EINTR) continue;
        return reason === errno.EAGAIN ? "drained" : "overrun";
      }
      for (let slot = 0; slot < count; slot++) {
        if (arena.receivedLength(slot) > arena.slotSize) return "overrun";
        const decoded = decodeMessages(arena.receivedView(slot));
        if (!decoded.ok) return "overrun";
        for (const message of decoded.value) take(message);
      }
      taken += count;
      if (count < arena.slots) return "drained";
    }
    return "drained";
  }

  close(): void {
    libc().close(this.fd);
  }
}
