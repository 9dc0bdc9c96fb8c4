// Which address events of the kernel are answers to our own requests. What we add and remove comes
// back as events; an event that answers nothing was somebody else's doing. Requests and events of one
// address keep their order, so a short queue for each address is enough to tell them apart.

import type { VirtualAddress } from "../config/model.ts";
import {
  type AddressFlag,
  addressKey,
  type InterfaceAddress,
  vrrpProtocolTag,
} from "../ports/kernel.ts";

type Asked = "add" | "remove";

/** Answers that never came: an older request than this is forgotten. */
const askedMax = 8;

export class AskedChanges {
  private readonly asked = new Map<string, Asked[]>();

  ask(what: Asked, address: InterfaceAddress): void {
    const key = addressKey(address);
    const queue = this.asked.get(key);
    if (queue === undefined) {
      this.asked.set(key, [what]);
      return;
    }
    queue.push(what);
    if (queue.length > askedMax) queue.shift();
  }

  /** The last `add` found the address there, or was refused: no event will come of it. */
  withdrawAdd(address: InterfaceAddress): void {
    const key = addressKey(address);
    const queue = this.asked.get(key);
    const place = queue?.lastIndexOf("add") ?? -1;
    if (queue === undefined || place < 0) return;
    queue.splice(place, 1);
    if (queue.length === 0) this.asked.delete(key);
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
    return this.asked.get(addressKey(address))?.includes("add") === true;
  }

  /** After a snapshot, or when a link is gone: events of before will not come. */
  forget(link?: number): void {
    if (link === undefined) {
      this.asked.clear();
      return;
    }
    for (const key of [...this.asked.keys()]) {
      if (key.startsWith(`${link} `)) this.asked.delete(key);
    }
  }

  private answer(what: Asked, address: InterfaceAddress): boolean {
    const key = addressKey(address);
    const queue = this.asked.get(key);
    if (queue === undefined || queue[0] !== what) return false;
    queue.shift();
    if (queue.length === 0) this.asked.delete(key);
    return true;
  }
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
