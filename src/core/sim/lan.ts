// One Ethernet segment: who hears a packet, when, and how often. Delay, loss and duplication are
// drawn from the run's seed; a partition splits the hosts in two, and a host without link hears
// nobody.

import type { Prng } from "../base/prng.ts";
import type { Microseconds } from "../base/time.ts";
import type { LanConditions } from "./scenario.ts";

export type Delivery = { readonly host: number; readonly delay: Microseconds };

export class Lan {
  private readonly prng: Prng;
  private readonly conditions: LanConditions;
  private readonly linkUp: boolean[];
  private side: ReadonlySet<number> = new Set();
  private calm = false;

  constructor(hosts: number, conditions: LanConditions, prng: Prng) {
    this.prng = prng;
    this.conditions = conditions;
    this.linkUp = new Array<boolean>(hosts).fill(true);
  }

  partition(side: readonly number[]): void {
    this.side = new Set(side);
  }

  heal(): void {
    this.side = new Set();
  }

  setLinkUp(host: number, up: boolean): void {
    this.linkUp[host] = up;
  }

  /** Nothing is lost from now on. */
  calmDown(): void {
    this.calm = true;
  }

  /** What becomes of a packet from `from` to each of `to`: nothing, one copy or two. */
  deliveries(from: number, to: readonly number[]): readonly Delivery[] {
    const { delayMin, delayMax, lossPerMille, duplicatePerMille } = this.conditions;
    const found: Delivery[] = [];
    for (const host of to) {
      // Drawn also for packets that do not arrive: a partition moves no later draw.
      const lost = this.prng.chance(lossPerMille, 1000) && !this.calm;
      const copies = this.prng.chance(duplicatePerMille, 1000) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        const delay = this.prng.between(delayMin, delayMax) as Microseconds;
        if (!lost && this.connects(from, host)) found.push({ host, delay });
      }
    }
    return found;
  }

  /** Whether the two hear each other right now. */
  connects(a: number, b: number): boolean {
    if (a === b || this.linkUp[a] !== true || this.linkUp[b] !== true) return false;
    return this.side.has(a) === this.side.has(b);
  }
}
