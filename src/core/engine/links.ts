// Links and their addresses as the kernel last reported them. Snapshots and events go in; the
// engine asks by name, because names are what a configuration knows, while the kernel speaks in
// indexes.

import type { IpAddress } from "../base/ip.ts";
import {
  addressFamily,
  addressKey,
  type InterfaceAddress,
  type KernelSnapshot,
  type Link,
  vrrpProtocolTag,
} from "../ports/kernel.ts";

/** What an address is to us: ours in the kernel, a configured VIP that is not ours, or neither. */
export type AddressRole = "ours" | "configured" | "other";

export class LinkTable {
  private readonly links = new Map<number, Link>();
  private readonly indexes = new Map<string, number>();
  /** By link index, then by address key, in the kernel's order. */
  private readonly addresses = new Map<number, Map<string, InterfaceAddress>>();

  byIndex(index: number): Link | undefined {
    return this.links.get(index);
  }

  byName(name: string): Link | undefined {
    const index = this.indexes.get(name);
    return index === undefined ? undefined : this.links.get(index);
  }

  all(): readonly Link[] {
    return [...this.links.values()];
  }

  set(link: Link): void {
    const before = this.links.get(link.index);
    if (before !== undefined && before.name !== link.name) this.forgetName(before);
    this.links.set(link.index, link);
    this.indexes.set(link.name, link.index);
  }

  /** Forgets the link and its addresses; returns what it was. */
  remove(index: number): Link | undefined {
    const link = this.links.get(index);
    if (link === undefined) return undefined;
    this.links.delete(index);
    this.forgetName(link);
    this.addresses.delete(index);
    return link;
  }

  setAddress(address: InterfaceAddress): void {
    let held = this.addresses.get(address.link);
    if (held === undefined) {
      held = new Map();
      this.addresses.set(address.link, held);
    }
    held.set(addressKey(address), address);
  }

  removeAddress(address: InterfaceAddress): void {
    this.addresses.get(address.link)?.delete(addressKey(address));
  }

  addressOf(address: InterfaceAddress): InterfaceAddress | undefined {
    return this.addresses.get(address.link)?.get(addressKey(address));
  }

  addressesOf(index: number): Iterable<InterfaceAddress> {
    return this.addresses.get(index)?.values() ?? [];
  }

  /** Replaces all addresses, those of unknown links included. */
  setAllAddresses(snapshot: KernelSnapshot): void {
    this.addresses.clear();
    for (const address of snapshot.addresses) this.setAddress(address);
  }

  /**
   * The IPv4 address that packets come from (rule A01): the first that VRRP did not put there and
   * that is not secondary. Only where there is no such address may a secondary one serve, and at
   * last a configured VIP that somebody else holds for us, as the owner of an address has it.
   */
  primaryAddress(
    name: string,
    roleOf: (address: InterfaceAddress) => AddressRole,
  ): IpAddress | undefined {
    const index = this.indexes.get(name);
    if (index === undefined) return undefined;
    let secondary: IpAddress | undefined;
    let configured: IpAddress | undefined;
    for (const address of this.addressesOf(index)) {
      if (addressFamily(address) !== "ipv4" || address.protocol === vrrpProtocolTag) continue;
      const role = roleOf(address);
      if (role === "ours") continue;
      if (role === "configured") configured ??= address.address;
      else if (address.secondary === true) secondary ??= address.address;
      else return address.address;
    }
    return secondary ?? configured;
  }

  private forgetName(link: Link): void {
    if (this.indexes.get(link.name) === link.index) this.indexes.delete(link.name);
  }
}
