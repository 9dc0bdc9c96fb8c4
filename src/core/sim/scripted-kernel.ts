// A kernel in memory: links and addresses in a table, answering as Linux does. Drivers of the
// engine in the simulator and in tests use it as the port; a script sets links up and down, takes
// addresses away as somebody else would, loses events and refuses requests.

import { assert } from "../base/assert.ts";
import type { IpAddress } from "../base/ip.ts";
import { ok, type Result } from "../base/result.ts";
import {
  type AddressOutcome,
  addressFamily,
  type InterfaceAddress,
  type Kernel,
  type KernelEvent,
  type KernelSnapshot,
  type Link,
} from "../ports/kernel.ts";
import type { SystemError } from "../ports/system-error.ts";

/** What a script says about a new link; the rest is as for an Ethernet interface. */
export type ScriptedLink = {
  readonly name: string;
  readonly index?: number;
  readonly up?: boolean;
  readonly multicast?: boolean;
  readonly noArp?: boolean;
  readonly mac?: string;
  readonly mtu?: number;
};

export class ScriptedKernel implements Kernel {
  private readonly links = new Map<number, Link>();
  private readonly addresses = new Map<string, InterfaceAddress>();
  /** The address that makes the others of its subnet secondary. */
  private readonly primaries = new Map<string, string>();
  private waiting: KernelEvent[] = [];
  private refusal: SystemError | undefined;

  snapshot(): Result<KernelSnapshot, SystemError> {
    return ok({ links: [...this.links.values()], addresses: [...this.addresses.values()] });
  }

  addAddresses(addresses: readonly InterfaceAddress[]): readonly AddressOutcome[] {
    return addresses.map((address) => this.add(address));
  }

  removeAddresses(addresses: readonly InterfaceAddress[]): readonly AddressOutcome[] {
    return addresses.map((address) => this.remove(address));
  }

  events(): readonly KernelEvent[] {
    const events = this.waiting;
    this.waiting = [];
    // What came after the loss is older than the snapshot that follows, and would contradict it.
    return events.find(({ kind }) => kind === "overrun") === undefined
      ? events
      : [{ kind: "overrun" }];
  }

  close(): void {
    this.waiting = [];
  }

  /** Script: a new link, or another one in its place; the answer is what the port shows. */
  setLink(scripted: ScriptedLink): Link {
    const index = scripted.index ?? this.linkNamed(scripted.name)?.index ?? this.links.size + 1;
    const link: Link = {
      index,
      name: scripted.name,
      up: scripted.up ?? true,
      multicast: scripted.multicast ?? true,
      noArp: scripted.noArp ?? false,
      mac: scripted.mac ?? `02:00:00:00:00:${index.toString(16).padStart(2, "0")}`,
      mtu: scripted.mtu ?? 1500,
    };
    const known = this.links.get(index);
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(link)) return link;
    this.links.set(index, link);
    this.waiting.push({ kind: "link-changed", link });
    return link;
  }

  /** Script: cable in or out. Told once, and only when it changes something. */
  setLinkUp(name: string, up: boolean): void {
    const link = this.linkNamed(name);
    assert(link !== undefined, `the script made a link ${name}`);
    this.setLink({ ...link, up });
  }

  /** Script: the interface goes away, and its addresses with it. */
  removeLink(name: string): void {
    const link = this.linkNamed(name);
    assert(link !== undefined, `the script made a link ${name}`);
    for (const address of [...this.addresses.values()]) {
      if (address.link === link.index) this.remove(address);
    }
    this.links.delete(link.index);
    this.waiting.push({ kind: "link-removed", index: link.index });
  }

  /** Script: somebody else adds an address. */
  addAsSomebodyElse(address: InterfaceAddress): AddressOutcome {
    return this.addUnrefused(address);
  }

  /** Script: somebody else removes an address, on whatever link it is. */
  removeAsSomebodyElse(address: IpAddress): void {
    for (const held of [...this.addresses.values()]) {
      if (held.address === address) this.remove(held);
    }
  }

  /** Script: events were lost. What waits is gone; a snapshot tells how things are. */
  overrun(): void {
    this.waiting = [{ kind: "overrun" }];
  }

  /** Script: from now on every new address is refused; undefined ends that. */
  refuseAddresses(error: SystemError | undefined): void {
    this.refusal = error;
  }

  /** What the kernel holds on one link, or on all. */
  held(linkName?: string): readonly InterfaceAddress[] {
    const index = linkName === undefined ? undefined : this.linkNamed(linkName)?.index;
    const all = [...this.addresses.values()];
    return linkName === undefined ? all : all.filter((address) => address.link === index);
  }

  linkNamed(name: string): Link | undefined {
    for (const link of this.links.values()) if (link.name === name) return link;
    return undefined;
  }

  private add(address: InterfaceAddress): AddressOutcome {
    return this.refusal === undefined
      ? this.addUnrefused(address)
      : { kind: "refused", error: this.refusal };
  }

  private addUnrefused(asked: InterfaceAddress): AddressOutcome {
    const { secondary: _, ...address } = asked;
    if (!this.links.has(address.link)) return { kind: "refused", error: noSuchLink(address) };
    const key = keyOf(address);
    if (this.addresses.has(key)) return { kind: "exists" };
    const subnet = subnetOf(address);
    const held = this.primaries.has(subnet) ? { ...address, secondary: true } : address;
    if (held === address && subnet !== noSubnet) this.primaries.set(subnet, key);
    this.addresses.set(key, held);
    this.waiting.push({ kind: "address-added", address: held });
    return { kind: "done" };
  }

  private remove(address: InterfaceAddress): AddressOutcome {
    const key = keyOf(address);
    const held = this.addresses.get(key);
    if (held === undefined) return { kind: "absent" };
    this.addresses.delete(key);
    this.waiting.push({ kind: "address-removed", address: held });
    if (this.primaries.get(subnetOf(held)) === key) this.promote(subnetOf(held));
    return { kind: "done" };
  }

  /** As with net.ipv4.conf.*.promote_secondaries=1, which distributions set. */
  private promote(subnet: string): void {
    this.primaries.delete(subnet);
    if (subnet === noSubnet) return;
    for (const [key, held] of this.addresses) {
      if (held.secondary !== true || subnetOf(held) !== subnet) continue;
      const { secondary: _, ...primary } = held;
      this.primaries.set(subnet, key);
      this.addresses.set(key, primary);
      this.waiting.push({ kind: "address-added", address: primary });
      return;
    }
  }
}

/** What the kernel tells addresses of one link apart by. */
const keyOf = (address: InterfaceAddress): string =>
  `${address.link} ${address.address}/${address.prefixLength} ${address.peer ?? ""}`;

/** IPv6 addresses, and those that fill their subnet, are never secondary. */
const noSubnet = "";

/** What IPv4 addresses of one subnet on one link have in common. */
function subnetOf(address: InterfaceAddress): string {
  const { prefixLength, link, scope } = address;
  if (addressFamily(address) !== "ipv4" || prefixLength === 32) return noSubnet;
  const number = (address.peer ?? address.address)
    .split(".")
    .reduce((sum, part) => sum * 256 + Number(part), 0);
  return `${link} ${scope} ${Math.floor(number / 2 ** (32 - prefixLength))}/${prefixLength}`;
}

const noSuchLink = (address: InterfaceAddress): SystemError => ({
  call: "RTM_NEWADDR",
  object: `${address.address}/${address.prefixLength} on interface number ${address.link}`,
  code: "ENODEV",
  remedy: "the interface does not exist (any more); compare with `ip link`",
});
