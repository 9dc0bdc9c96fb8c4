// Raw sockets and Ethernet frames on Linux: the port of ports/raw-net.ts. One socket per spec sends
// whole IPv4 packets (IP_HDRINCL) and receives those that its group or source, and its link, let
// through; one AF_PACKET socket, which receives nothing, sends frames on all links. Received packets
// are fresh copies. RFC 9568 sections 5.1 and 7.2; the socket options are those that keepalived sets.

import { assert } from "../../core/base/assert.ts";
import type { IpAddress } from "../../core/base/ip.ts";
import { limits } from "../../core/base/limits.ts";
import { err, ok, type Result } from "../../core/base/result.ts";
import type { RawNet, SocketId, SocketSpec } from "../../core/ports/raw-net.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import { errno } from "./ffi/errno.ts";
import { libc } from "./ffi/libc.ts";
import {
  int32,
  linkAddressLength,
  MessageArena,
  multicastRequest,
  socketAddress,
  writeLinkAddress,
  zeroTerminated,
} from "./ffi/memory.ts";
import {
  domain,
  growBuffer,
  level,
  messageFlags,
  openSocket,
  optionStep,
  type SetupStep,
  socketOption,
  socketType,
} from "./socket.ts";
import { lastError, systemError } from "./system-error.ts";

/** A packet of a run of `send-packet` effects. */
export type PacketToSend = { readonly to: IpAddress; readonly bytes: Uint8Array };
/** A frame of a run of `send-frame` effects. */
export type FrameToSend = { readonly link: number; readonly bytes: Uint8Array };
/** What was refused of a run, by its place in it; the others were sent. */
export type SendRefusal = { readonly place: number; readonly error: SystemError };

/** The port, the fds that the loop watches, and sending in runs. */
export interface LinuxRawNet extends RawNet {
  /** The fd of an open socket. */
  fd(socket: SocketId): number | undefined;
  /** As `send` for each, in order, in as few system calls as possible. */
  sendAll(socket: SocketId, packets: readonly PacketToSend[]): readonly SendRefusal[];
  /** As `sendFrame` for each, in order. */
  sendFrames(frames: readonly FrameToSend[]): readonly SendRefusal[];
  /** Closes everything. */
  closeAll(): void;
}

export const linuxRawNet = (): LinuxRawNet => new LinuxSockets();

const option = {
  headerIncluded: 3,
  freeBind: 15,
  multicastInterface: 32,
  multicastTtl: 33,
  multicastLoop: 34,
  addMembership: 35,
  multicastAll: 49,
} as const;

/** TC_PRIO_CONTROL: first in the queue of the link. */
const controlPriority = 7;
/** Payloads that a run sends by one call; ARP frames are 42 bytes, adverts up to some 1,100. */
const framesAtOnce = 64;
const packetsAtOnce = 64;
/** Frames that wait in the link's queue are charged to the sender: thousands must fit. */
const frameSendBuffer = 8 * 1024 * 1024;

type OpenSocket = {
  readonly fd: number;
  readonly name: string;
  /** MSG_DONTROUTE for multicast: it never leaves the link. */
  readonly sendFlags: number;
  /** Ready sockaddr of every destination met so far: the group, or the peers. */
  readonly destinations: Map<IpAddress, Uint8Array>;
};

class LinuxSockets implements LinuxRawNet {
  private readonly sockets = new Map<SocketId, OpenSocket>();
  private frameFd: number | undefined;
  /** One for all sockets: a wake-up is over before the next. Made when first needed. */
  private receiveArena: MessageArena | undefined;
  private sendArena: MessageArena | undefined;
  private readonly frameAddress = new Uint8Array(linkAddressLength);

  open(socket: SocketId, spec: SocketSpec): Result<void, SystemError> {
    assert(!this.sockets.has(socket), "a socket is opened once");
    const name = socketName(spec);
    if (spec.family !== "ipv4") {
      return err({
        call: "socket",
        object: name,
        code: "EAFNOSUPPORT",
        remedy: "IPv6 is not there yet",
      });
    }
    const opened = openSocket(
      { domain: domain.inet, type: socketType.raw, protocol: spec.protocol },
      setupSteps(spec),
      name,
      "raw",
    );
    if (!opened.ok) return opened;
    if (spec.receiveBuffer !== undefined) growBuffer(opened.value, "receive", spec.receiveBuffer);
    this.sockets.set(socket, {
      fd: opened.value,
      name,
      sendFlags: spec.kind === "multicast" ? messageFlags.doNotRoute : 0,
      destinations: new Map(),
    });
    return ok(undefined);
  }

  close(socket: SocketId): void {
    const open = this.sockets.get(socket);
    if (open === undefined) return;
    libc().close(open.fd);
    this.sockets.delete(socket);
  }

  closeAll(): void {
    for (const socket of [...this.sockets.keys()]) this.close(socket);
    if (this.frameFd !== undefined) libc().close(this.frameFd);
    this.frameFd = undefined;
  }

  fd(socket: SocketId): number | undefined {
    return this.sockets.get(socket)?.fd;
  }

  send(socket: SocketId, to: IpAddress, bytes: Uint8Array): Result<void, SystemError> {
    const open = this.sockets.get(socket);
    if (open === undefined) return err(notOpen(socket));
    const address = destinationOf(open, to);
    for (;;) {
      const sent = libc().sendto(
        open.fd,
        bytes,
        bytes.length,
        open.sendFlags,
        address,
        address.length,
      );
      if (sent >= 0) return ok(undefined);
      if (libc().errno() === errno.EINTR) continue;
      return err(lastError("sendto", `packet to ${to} by ${open.name}`, "raw"));
    }
  }

  sendAll(socket: SocketId, packets: readonly PacketToSend[]): readonly SendRefusal[] {
    const open = this.sockets.get(socket);
    if (open === undefined) return packets.map((_, place) => ({ place, error: notOpen(socket) }));
    const only = packets.length === 1 ? packets[0] : undefined;
    if (only !== undefined) {
      const sent = this.send(socket, only.to, only.bytes);
      return sent.ok ? [] : [{ place: 0, error: sent.error }];
    }
    this.sendArena ??= new MessageArena(packetsAtOnce, limits.packetLengthMax);
    return sendRun(this.sendArena, open.fd, open.sendFlags, packets, {
      prepare: (arena, slot, packet) => {
        const address = destinationOf(open, packet.to);
        arena.nameBytes().set(address, arena.nameAt(slot));
        arena.fill(slot, packet.bytes, address.length);
      },
      refuse: (packet) => lastError("sendmmsg", `packet to ${packet.to} by ${open.name}`, "raw"),
    });
  }

  sendFrame(link: number, bytes: Uint8Array): Result<void, SystemError> {
    const fd = this.frameSocket();
    if (!fd.ok) return fd;
    writeLinkAddress(this.frameAddress, 0, link, bytes);
    for (;;) {
      const address = this.frameAddress;
      const sent = libc().sendto(fd.value, bytes, bytes.length, 0, address, address.length);
      if (sent >= 0) return ok(undefined);
      if (libc().errno() === errno.EINTR) continue;
      return err(lastError("sendto", frameName(link), "packet"));
    }
  }

  sendFrames(frames: readonly FrameToSend[]): readonly SendRefusal[] {
    const fd = this.frameSocket();
    if (!fd.ok) return frames.map((_, place) => ({ place, error: fd.error }));
    this.sendArena ??= new MessageArena(framesAtOnce, limits.packetLengthMax);
    return sendRun(this.sendArena, fd.value, 0, frames, {
      prepare: (arena, slot, frame) => {
        writeLinkAddress(arena.nameBytes(), arena.nameAt(slot), frame.link, frame.bytes);
        arena.fill(slot, frame.bytes, linkAddressLength);
      },
      refuse: (frame) => lastError("sendmmsg", frameName(frame.link), "packet"),
    });
  }

  receive(socket: SocketId): readonly Uint8Array[] {
    const open = this.sockets.get(socket);
    if (open === undefined) return [];
    this.receiveArena ??= new MessageArena(limits.packetsPerWakeUp, limits.packetLengthMax);
    const arena = this.receiveArena;
    const flags = messageFlags.doNotWait;
    const count = libc().recvmmsg(open.fd, arena.headers, arena.slots, flags, null);
    const packets: Uint8Array[] = [];
    // An error (EAGAIN, or ENETDOWN when the link went) says that there is nothing to read.
    for (let slot = 0; slot < count; slot++) packets.push(arena.received(slot));
    return packets;
  }

  private frameSocket(): Result<number, SystemError> {
    if (this.frameFd !== undefined) return ok(this.frameFd);
    // Protocol 0: the socket is bound to no EtherType and receives nothing.
    const kind = { domain: domain.packet, type: socketType.raw, protocol: 0 };
    const opened = openSocket(kind, [prioritySetting], "packet socket", "packet");
    if (!opened.ok) return opened;
    growBuffer(opened.value, "send", frameSendBuffer);
    this.frameFd = opened.value;
    return opened;
  }
}

type RunOf<T> = {
  readonly prepare: (arena: MessageArena, slot: number, item: T) => void;
  readonly refuse: (item: T) => SystemError;
};

/** Sends a run by sendmmsg, which stops at the first refusal: note it and go on behind it. */
function sendRun<T extends { readonly bytes: Uint8Array }>(
  arena: MessageArena,
  fd: number,
  flags: number,
  items: readonly T[],
  run: RunOf<T>,
): readonly SendRefusal[] {
  const refusals: SendRefusal[] = [];
  for (let start = 0; start < items.length; start += arena.slots) {
    const count = Math.min(arena.slots, items.length - start);
    for (let slot = 0; slot < count; slot++) {
      const item = items[start + slot];
      assert(item !== undefined && item.bytes.length <= arena.slotSize, "what we send is short");
      run.prepare(arena, slot, item);
    }
    let slot = 0;
    while (slot < count) {
      const sent = libc().sendmmsg(fd, arena.headersFrom(slot), count - slot, flags);
      if (sent > 0) {
        slot += sent;
        continue;
      }
      const item = items[start + slot];
      assert(item !== undefined, "slots are items");
      const error = run.refuse(item);
      if (error.code === "EINTR") continue;
      refusals.push({ place: start + slot, error });
      slot += 1;
    }
  }
  return refusals;
}

function destinationOf(open: OpenSocket, to: IpAddress): Uint8Array {
  const known = open.destinations.get(to);
  if (known !== undefined) return known;
  const address = socketAddress(to);
  open.destinations.set(to, address);
  return address;
}

const prioritySetting = optionStep(
  "SO_PRIORITY",
  level.socket,
  socketOption.priority,
  int32(controlPriority),
);

/**
 * Between socket() and the last step a raw socket would take every packet of its protocol on the
 * machine. A filter that takes none closes that gap; it is removed when the socket is bound.
 */
const closed: SetupStep = {
  call: "setsockopt SO_ATTACH_FILTER",
  run: (fd) => {
    // struct sock_filter { code BPF_RET | BPF_K, 0, 0, k 0 }; struct sock_fprog { 1, &filter }.
    const program = new Uint8Array(8);
    program[0] = 0x06;
    const descriptor = new Uint8Array(16);
    descriptor[0] = 1;
    new DataView(descriptor.buffer).setBigUint64(8, libc().address(program), true);
    return libc().setsockopt(fd, level.socket, socketOption.attachFilter, descriptor, 16);
  },
};

const opened = optionStep("SO_DETACH_FILTER", level.socket, socketOption.detachFilter, int32(0));

function setupSteps(spec: SocketSpec): readonly SetupStep[] {
  const ipOption = (name: string, number: number, value: Uint8Array): SetupStep =>
    optionStep(name, level.ip, number, value);
  const bindTo = (address: IpAddress): SetupStep => ({
    call: "bind",
    run: (fd) => {
      const bytes = socketAddress(address);
      return libc().bind(fd, bytes, bytes.length);
    },
  });
  const always = [
    closed,
    ipOption("IP_HDRINCL", option.headerIncluded, int32(1)),
    prioritySetting,
    ...(spec.linkName === undefined ? [] : [deviceSetting(spec.linkName)]),
  ];
  if (spec.kind === "unicast") {
    return [
      ...always,
      ipOption("IP_FREEBIND", option.freeBind, int32(1)),
      bindTo(spec.source),
      opened,
    ];
  }
  return [
    ...always,
    ipOption("IP_MULTICAST_ALL", option.multicastAll, int32(0)),
    ipOption("IP_MULTICAST_LOOP", option.multicastLoop, int32(0)),
    ipOption("IP_MULTICAST_TTL", option.multicastTtl, int32(255)),
    ipOption("IP_MULTICAST_IF", option.multicastInterface, multicastRequest(undefined, spec.link)),
    ipOption("IP_ADD_MEMBERSHIP", option.addMembership, multicastRequest(spec.group, spec.link)),
    bindTo(spec.group),
    opened,
  ];
}

const deviceSetting = (name: string): SetupStep =>
  optionStep("SO_BINDTODEVICE", level.socket, socketOption.bindToDevice, zeroTerminated(name));

function socketName(spec: SocketSpec): string {
  const place =
    spec.kind === "multicast"
      ? `${spec.group} on ${spec.linkName}`
      : `${spec.source}${spec.linkName === undefined ? "" : ` on ${spec.linkName}`}`;
  return `raw socket for protocol ${spec.protocol}, ${place}`;
}

const frameName = (link: number): string => `frame on interface number ${link}`;

const notOpen = (socket: SocketId): SystemError =>
  systemError("send", `socket ${socket}, which is not open`, "raw", 9);
