// What may be in the kernel because of us. Changes go in as lists; the whole comes out when somebody
// asks, which is rare. So a change is only noted at first: nothing shall stand between thousands of
// addresses and their announcement that can be done afterwards.

import { addressKey, type InterfaceAddress } from "../../core/ports/kernel.ts";

type Change = { readonly held: boolean; readonly addresses: readonly InterfaceAddress[] };

export class HeldAddresses {
  private readonly byKey = new Map<string, InterfaceAddress>();
  private changes: Change[] = [];

  hold(addresses: readonly InterfaceAddress[]): void {
    this.changes.push({ held: true, addresses });
  }

  release(addresses: readonly InterfaceAddress[]): void {
    this.changes.push({ held: false, addresses });
  }

  /** Whether the address was held before `hold` was called last. */
  wasHeld(address: InterfaceAddress): boolean {
    const last = this.changes.findLastIndex(({ held }) => held);
    const later = last < 0 ? [] : this.changes.splice(last);
    this.settle();
    this.changes = later;
    return this.byKey.has(addressKey(address));
  }

  /** Takes noted changes over; to be called when there is time. */
  settle(): void {
    const { changes } = this;
    if (changes.length === 0) return;
    this.changes = [];
    for (const { held, addresses } of changes) {
      for (const address of addresses) {
        if (held) this.byKey.set(addressKey(address), address);
        else this.byKey.delete(addressKey(address));
      }
    }
  }

  list(): readonly InterfaceAddress[] {
    this.settle();
    return [...this.byKey.values()];
  }
}
