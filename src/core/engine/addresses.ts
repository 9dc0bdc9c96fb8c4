// Which address events of the kernel are answers to our own requests. What we add and remove comes
// back as events; an event that answers nothing was somebody else's doing. Requests and events of
// one address keep their order, so a short queue for each address is enough to tell them apart.

import { ipBytes } from "../base/ip.ts";
import type { VirtualAddress } from "../config/model.ts";
import {
  type AddressFlag,
  addressFamily,
  addressKey,
  type InterfaceAddress,
  vrrpProtocolTag,
} from "../ports/kernel.ts";

type Asked = "add" | "remove";

/** Answers that never came: an older request than this is forgotten. */
const askedMax = 8;

type Waiting = { readonly address: InterfaceAddress; readonly queue: Asked[] };

export class AskedChanges {
  private readonly waiting = new Map<string, Waiting>();

  ask(what: Asked, address: InterfaceAddress): void {
    const key = addressKey(address);
    const found = this.waiting.get(key);
    if (found === undefined) {
      this.waiting.set(key, { address, queue: [what] });
      return;
    }
    found.queue.push(what);
    if (found.queue.length > askedMax) found.queue.shift();
  }

  /** The last `add` found the address there, or was refused: no event will come of it. */
  withdrawAdd(address: InterfaceAddress): void {
    const key = addressKey(address);
    const queue = this.waiting.get(key)?.queue ?? [];
    const place = queue.lastIndexOf("add");
    if (place < 0) return;
    queue.splice(place, 1);
    if (queue.length === 0) this.waiting.delete(key);
  }

  /**
   * An address appeared, or changed: Linux tells of a secondary one that became primary in the same
   * words, so that only the oldest request can be what this answers.
   */
  added(address: InterfaceAddress): void {
    this.answer("add", address);
  }

  /** An address went; true when we asked for that. */
  removed(address: InterfaceAddress): boolean {
    return this.answer("remove", address);
  }

  /** Whether an `add` still waits for its event. */
  isAdding(address: InterfaceAddress): boolean {
    return this.waiting.get(addressKey(address))?.queue.includes("add") === true;
  }

  /**
   * Whether a removal of ours from the same IPv4 subnet of the same link has not been told yet.
   * With promote_secondaries=0 Linux deletes the secondary addresses along with their primary one,
   * and tells of them first.
   */
  isRemovingNeighbour(address: InterfaceAddress): boolean {
    if (addressFamily(address) !== "ipv4") return false;
    for (const { address: other, queue } of this.waiting.values()) {
      if (queue[0] !== "remove" || other.link !== address.link) continue;
      if (addressFamily(other) === "ipv4" && sameSubnet(other, address)) return true;
    }
    return false;
  }

  /**
   * After a snapshot the events of what was carried out before it will not come, but those of what
   * still waits in the driver will. `held` are the addresses of the snapshot, `unanswered` those
   * whose last `add` the driver has not answered.
   */
  reconcile(held: ReadonlySet<string>, unanswered: ReadonlySet<string>): void {
    for (const [key, { queue }] of [...this.waiting]) {
      // An answer says that everything up to it has been carried out.
      if (!unanswered.has(key)) queue.splice(0, queue.lastIndexOf("add") + 1);
      const possible: Asked = held.has(key) ? "remove" : "add";
      while (queue.length > 0 && queue[0] !== possible) queue.shift();
      if (queue.length === 0) this.waiting.delete(key);
    }
  }

  /** A link is gone: the events of before will not come. */
  forget(link: number): void {
    for (const [key, { address }] of [...this.waiting]) {
      if (address.link === link) this.waiting.delete(key);
    }
  }

  private answer(what: Asked, address: InterfaceAddress): boolean {
    const key = addressKey(address);
    const queue = this.waiting.get(key)?.queue ?? [];
    if (queue[0] !== what) return false;
    queue.shift();
    if (queue.length === 0) this.waiting.delete(key);
    return true;
  }
}

function sameSubnet(a: InterfaceAddress, b: InterfaceAddress): boolean {
  if (a.prefixLength !== b.prefixLength) return false;
  const [left, right] = [ipBytes(a.address), ipBytes(b.address)];
  for (let bit = 0; bit < a.prefixLength; bit += 8) {
    const mask = (0xff00 >> Math.min(8, a.prefixLength - bit)) & 0xff;
    const differs = (left[bit / 8] ?? 0) ^ (right[bit / 8] ?? 0);
    if ((differs & mask) !== 0) return false;
  }
  return true;
}

/** What the kernel is asked to hold for a configured address on the link `link`. */
export function kernelAddress(virtual: VirtualAddress, link: number): InterfaceAddress {
  return {
    link,
    address: virtual.address,
    prefixLength: virtual.prefixLength,
    ...(virtual.peer === undefined ? {} : { peer: virtual.peer }),
    ...(virtual.broadcast === undefined ? {} : { broadcast: virtual.broadcast }),
    ...(virtual.label === undefined ? {} : { label: virtual.label }),
    scope: virtual.scope,
    protocol: vrrpProtocolTag,
    ...flagsOf(virtual.flags),
    ...(virtual.preferredLifetime === undefined
      ? {}
      : { preferredLifetime: virtual.preferredLifetime }),
  };
}

const flagsOf = (flags: readonly AddressFlag[]): { readonly flags?: readonly AddressFlag[] } =>
  flags.length === 0 ? {} : { flags };
