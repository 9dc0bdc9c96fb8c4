// The kernel's links and addresses over rtnetlink: the port of ports/kernel.ts on Linux. Requests go
// out in batches of which only refusals are answered one by one; events come from a monitor socket
// whose fd the loop watches. All of it belongs to the calling thread's network namespace.

import { ok, type Result } from "../../core/base/result.ts";
import type {
  AddressOutcome,
  InterfaceAddress,
  Kernel,
  KernelEvent,
  KernelSnapshot,
  Link,
} from "../../core/ports/kernel.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import {
  decodeAddress,
  encodeAddressDump,
  encodeAddressRequests,
} from "../../core/wire/netlink/address.ts";
import { NetlinkWriter } from "../../core/wire/netlink/attributes.ts";
import { decodeLink, encodeLinkDump } from "../../core/wire/netlink/link.ts";
import {
  messageType,
  type NetlinkAnswer,
  type NetlinkMessage,
} from "../../core/wire/netlink/message.ts";
import { errno } from "./ffi/errno.ts";
import { NetlinkCommands, NetlinkMonitor } from "./netlink-socket.ts";
import { systemError } from "./system-error.ts";

export type KernelOptions = {
  /** `vrrp_netlink_monitor_rcv_bufs`, bytes; absent: room for some 10,000 events. */
  readonly monitorBuffer?: number;
};

/** The port, and the fd that is readable when events wait. */
export interface LinuxKernel extends Kernel {
  readonly monitorFd: number;
  /** As `events`, but at most some 64, so that thousands delay nothing else; the fd stays readable. */
  someEvents(): readonly KernelEvent[];
}

/** Opens both sockets and reads the links. Events are those from now on. */
export function linuxKernel(options: KernelOptions = {}): Result<LinuxKernel, SystemError> {
  const monitor = NetlinkMonitor.open(options.monitorBuffer);
  if (!monitor.ok) return monitor;
  const commands = NetlinkCommands.open();
  if (!commands.ok) {
    monitor.value.close();
    return commands;
  }
  const kernel = new RtnetlinkKernel(commands.value, monitor.value);
  // Links are known by name from the start: for messages, and to tell default labels.
  const links = kernel.readLinks();
  if (links.ok) return ok(kernel);
  kernel.close();
  return links;
}

/** Enough to make the system call's own cost vanish; the refusals of so many fit the buffer. */
const batchMax = 200;

class RtnetlinkKernel implements LinuxKernel {
  readonly monitorFd: number;
  private readonly commands: NetlinkCommands;
  private readonly monitor: NetlinkMonitor;
  private readonly writer = new NetlinkWriter(32_768);
  /** As last told, so that a link's change is told once, and to know names. */
  private readonly links = new Map<number, Link>();

  constructor(commands: NetlinkCommands, monitor: NetlinkMonitor) {
    this.commands = commands;
    this.monitor = monitor;
    this.monitorFd = monitor.fd;
  }

  snapshot(): Result<KernelSnapshot, SystemError> {
    const links = this.readLinks();
    if (!links.ok) return links;
    const addresses = this.commands.dump(
      (sequence) => this.dumpRequest(encodeAddressDump, sequence),
      (message) => decodeAddress(message, this.nameOf),
    );
    if (!addresses.ok) return addresses;
    return ok({ links: links.value, addresses: addresses.value });
  }

  readLinks(): Result<readonly Link[], SystemError> {
    const links = this.commands.dump(
      (sequence) => this.dumpRequest(encodeLinkDump, sequence),
      decodeLink,
    );
    if (!links.ok) return links;
    this.links.clear();
    for (const link of links.value) this.links.set(link.index, link);
    return links;
  }

  addAddresses(addresses: readonly InterfaceAddress[]): readonly AddressOutcome[] {
    return this.change("add", addresses);
  }

  removeAddresses(addresses: readonly InterfaceAddress[]): readonly AddressOutcome[] {
    return this.change("remove", addresses);
  }

  events(): readonly KernelEvent[] {
    return this.takeEvents(Number.POSITIVE_INFINITY);
  }

  someEvents(): readonly KernelEvent[] {
    return this.takeEvents(eventsAtOnce);
  }

  private takeEvents(atMost: number): readonly KernelEvent[] {
    const events: KernelEvent[] = [];
    const outcome = this.monitor.drain((message) => {
      const event = this.eventOf(message);
      if (event !== undefined) events.push(event);
    }, atMost);
    if (outcome === "drained") return events;
    // What still waits is older than the snapshot that will be taken, and would contradict it.
    for (let round = 0; round < drainRounds; round++) {
      if (this.monitor.drain(() => {}) === "drained") break;
    }
    return [{ kind: "overrun" }];
  }

  close(): void {
    this.commands.close();
    this.monitor.close();
  }

  private dumpRequest(
    encode: (writer: NetlinkWriter, sequence: number) => void,
    sequence: number,
  ): Uint8Array {
    this.writer.clear();
    encode(this.writer, sequence);
    return this.writer.written();
  }

  private change(
    what: "add" | "remove",
    addresses: readonly InterfaceAddress[],
  ): readonly AddressOutcome[] {
    const outcomes: AddressOutcome[] = [];
    for (let start = 0; start < addresses.length; start += batchMax) {
      outcomes.push(...this.changeBatch(what, addresses.slice(start, start + batchMax)));
    }
    return outcomes;
  }

  private changeBatch(
    what: "add" | "remove",
    batch: readonly InterfaceAddress[],
  ): readonly AddressOutcome[] {
    const first = this.commands.reserveSequences(batch.length);
    this.writer.clear();
    encodeAddressRequests(this.writer, what, batch, first);
    const outcomes = new Array<AddressOutcome>(batch.length).fill(done);
    const last = first + batch.length - 1;
    const requested = this.commands.request(this.writer.written(), last, (sequence, answer) => {
      const address = batch[sequence - first];
      if (address !== undefined) {
        outcomes[sequence - first] = this.outcomeOf(what, address, answer);
      }
    });
    if (requested.ok) return outcomes;
    return outcomes.map((outcome) =>
      outcome.kind === "done" ? { kind: "refused", error: requested.error } : outcome,
    );
  }

  private outcomeOf(
    what: "add" | "remove",
    address: InterfaceAddress,
    answer: NetlinkAnswer,
  ): AddressOutcome {
    if (answer.errno === 0) return done;
    if (answer.errno === errno.EEXIST && what === "add") return { kind: "exists" };
    // Without its interface an address is gone as well.
    const isGone = answer.errno === errno.EADDRNOTAVAIL || answer.errno === errno.ENODEV;
    if (isGone && what === "remove") return { kind: "absent" };
    const call = what === "add" ? "RTM_NEWADDR" : "RTM_DELADDR";
    const name = this.links.get(address.link)?.name ?? `interface number ${address.link}`;
    const object = `${address.address}/${address.prefixLength} on ${name}`;
    return {
      kind: "refused",
      error: systemError(call, object, "netlink", answer.errno, answer.words),
    };
  }

  private eventOf(message: NetlinkMessage): KernelEvent | undefined {
    switch (message.type) {
      case messageType.newLink:
        return this.linkChanged(message);
      case messageType.delLink: {
        const link = decodeLink(message);
        if (!link.ok) return undefined;
        this.links.delete(link.value.index);
        return { kind: "link-removed", index: link.value.index };
      }
      case messageType.newAddress:
      case messageType.delAddress: {
        const address = decodeAddress(message, this.nameOf);
        if (!address.ok) return undefined;
        const kind = message.type === messageType.newAddress ? "address-added" : "address-removed";
        return { kind, address: address.value };
      }
      default:
        return undefined;
    }
  }

  /** One event for each change that a Link shows, however often the kernel tells it. */
  private linkChanged(message: NetlinkMessage): KernelEvent | undefined {
    const decoded = decodeLink(message);
    if (!decoded.ok) return undefined;
    const link = decoded.value;
    const known = this.links.get(link.index);
    if (known !== undefined && sameLink(known, link)) return undefined;
    this.links.set(link.index, link);
    return { kind: "link-changed", link };
  }

  private readonly nameOf = (index: number): string | undefined => this.links.get(index)?.name;
}

const done = { kind: "done" } as const;

const eventsAtOnce = 64;

/** Bounds the time that is spent on a kernel that tells faster than we read. */
const drainRounds = 100;

const sameLink = (a: Link, b: Link): boolean =>
  a.name === b.name &&
  a.up === b.up &&
  a.multicast === b.multicast &&
  a.noArp === b.noArp &&
  a.mac === b.mac &&
  a.mtu === b.mtu;
