// A run of the simulator as data: the routers, the LAN between them, and what goes wrong when. A
// scenario and its seed decide a run entirely, so a scenario in a JSON file is a bug report
// (test/regressions). Times are µs from the start of the run.

import type { Instant, Microseconds } from "../base/time.ts";
import type { Profile } from "../config/model.ts";

export type Scenario = {
  /** Decides delays, losses and lateness in the run. */
  readonly seed: number;
  /** Hosts 0 to hosts - 1, each with one interface on the one LAN. */
  readonly hosts: number;
  /** How the hosts' real addresses are spread: the last byte of each, all different. */
  readonly addresses: readonly number[];
  readonly lan: LanConditions;
  /** A host wakes up at most this late, for packets and deadlines. */
  readonly latenessMax: Microseconds;
  /** `vrrp_startup_delay` of every host; absent for none. */
  readonly startupDelay?: Microseconds;
  /** Addresses and frames that a host works off in one turn of its loop; absent for all at once. */
  readonly workPerTurn?: number;
  readonly groups: readonly VirtualRouterGroup[];
  /** In the order of their instants. */
  readonly troubles: readonly Trouble[];
  /** From here on nothing is lost and nothing goes wrong any more. */
  readonly calmAt: Instant;
  readonly end: Instant;
};

export type LanConditions = {
  readonly delayMin: Microseconds;
  readonly delayMax: Microseconds;
  /** Of 1,000 packets, until the calm. */
  readonly lossPerMille: number;
  readonly duplicatePerMille: number;
};

/** One virtual router and its share of every host. */
export type VirtualRouterGroup = {
  readonly vrid: number;
  readonly version: 2 | 3;
  /** `compat` where absent. */
  readonly profile?: Profile;
  readonly transport: "multicast" | "unicast";
  /** v2 only. */
  readonly password?: string;
  readonly checksumWithoutPseudoHeader: boolean;
  /** How many addresses it has. */
  readonly addresses: number;
  /** One for each host. */
  readonly members: readonly Member[];
};

export type Member = {
  readonly priority: number;
  readonly interval: Microseconds;
  readonly initialMaster: boolean;
  readonly preempt: boolean;
  readonly preemptDelay: Microseconds;
  readonly downTimerAdverts: number;
  readonly lowerPriorityNoAdvert: boolean;
  readonly higherPrioritySendAdvert?: boolean;
};

/** What goes wrong, or right again. Resuming what runs, and the like, changes nothing. */
export type Trouble = {
  readonly at: Instant;
} /** The hosts on one side hear only each other, and so do the others. */ & (
  | { readonly kind: "partition"; readonly side: readonly number[] }
  | { readonly kind: "heal" }
  /** The process stands still; packets wait in its sockets. */
  | { readonly kind: "pause"; readonly host: number }
  | { readonly kind: "resume"; readonly host: number }
  | { readonly kind: "link-down"; readonly host: number }
  | { readonly kind: "link-up"; readonly host: number }
  /** As by SIGTERM. */
  | { readonly kind: "stop"; readonly host: number }
  /** As by SIGKILL: the guard takes the addresses away within a second. */
  | { readonly kind: "crash"; readonly host: number }
  | { readonly kind: "start"; readonly host: number }
  /** Somebody removes the group's first address from the host. */
  | { readonly kind: "steal-address"; readonly host: number; readonly group: number }
  /** What the kernel has told and nobody has read is lost; only that it is lost is known. */
  | { readonly kind: "lose-kernel-events"; readonly host: number }
  /** A reload with another priority. */
  | {
      readonly kind: "reload";
      readonly host: number;
      readonly group: number;
      readonly priority: number;
    }
);

/** What happens to one host, not to the LAN. */
export type HostTrouble = Exclude<Trouble, { kind: "partition" | "heal" }>;
