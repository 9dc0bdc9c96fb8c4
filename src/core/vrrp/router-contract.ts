// What one virtual router takes and gives: the words between the router machine (router.ts) and the
// engine that owns sockets, interfaces and addresses. The engine has already admitted every advert
// that arrives here (admission.ts), and knows whether the addresses are in the kernel.

import type { IpAddress } from "../base/ip.ts";
import type { Machine } from "../base/machine.ts";
import type { Instant, Microseconds } from "../base/time.ts";
import type { Fault, TransitionReason, VrrpState } from "./vocabulary.ts";

/** The part of a configuration that the election rules need. */
export type RouterConfig = {
  readonly version: 2 | 3;
  readonly profile: "compat" | "rfc9568";
  /** 1 to 255, before weights. */
  readonly priority: number;
  readonly initialMaster: boolean;
  readonly advertInterval: Microseconds;
  readonly preempt: boolean;
  readonly preemptDelay: Microseconds;
  readonly downTimerAdverts: number;
  readonly lowerPriorityNoAdvert: boolean;
  readonly higherPrioritySendAdvert: boolean;
  readonly garp: {
    readonly masterDelay: Microseconds;
    readonly masterRepeat: number;
    readonly refresh: Microseconds;
    readonly refreshRepeat: number;
    readonly lowerPriorityDelay: Microseconds;
    readonly lowerPriorityRepeat: number;
  };
};

export type RouterInput =
  /** Deadlines count from `holdUntil` where a startup delay holds them. */
  | { readonly kind: "start"; readonly holdUntil?: Instant }
  | { readonly kind: "advert"; readonly advert: HeardAdvert }
  | { readonly kind: "fault-raised"; readonly fault: Fault }
  | { readonly kind: "fault-cleared"; readonly fault: Fault }
  /** The address that our adverts come from, which settles equal priorities. */
  | { readonly kind: "source-changed"; readonly source: IpAddress | undefined }
  /** The sum of all weights; the effective priority is clamped to 1 to 254, an owner stays 255. */
  | { readonly kind: "weight-changed"; readonly weight: number }
  /** The kernel holds the addresses now: they can be announced (rule G05). */
  | { readonly kind: "addresses-installed" }
  /** Somebody else deleted an address of ours. */
  | { readonly kind: "address-taken-away" }
  /** A reload that leaves the instance itself in place. */
  | { readonly kind: "reconfigured"; readonly config: RouterConfig }
  | { readonly kind: "shutdown" };

/** An advert that passed every check, with what the election needs of it. */
export type HeardAdvert = {
  readonly from: IpAddress;
  /** 0 to 255. */
  readonly priority: number;
  readonly interval: Microseconds;
};

export type RouterEffect =
  | { readonly kind: "send-advert"; readonly priority: number }
  | { readonly kind: "install-addresses" }
  | { readonly kind: "remove-addresses" }
  /** `repeat` rounds over all addresses, in their order. */
  | { readonly kind: "announce-addresses"; readonly repeat: number }
  /**
   * `from` and `to` are both `initialize` where only what is shown changes: a start into a fault
   * (reason `fault`), and a shutdown out of one (reason `shutdown`).
   */
  | {
      readonly kind: "transition";
      readonly from: VrrpState;
      readonly to: VrrpState;
      readonly reason: TransitionReason;
    }
  | { readonly kind: "note"; readonly note: RouterNote };

/** What is worth telling besides transitions; the engine adds the instance's name (NodeEvent). */
export type RouterNote =
  | {
      readonly kind: "advert-heard";
      readonly from: IpAddress;
      readonly priority: number;
      readonly ours: number;
      readonly what: HeardVerdict;
    }
  | { readonly kind: "master-changed"; readonly from?: IpAddress; readonly to: IpAddress }
  | { readonly kind: "interval-learned"; readonly from: Microseconds; readonly to: Microseconds }
  | { readonly kind: "receive-timeout" }
  /** We acted on a deadline so late that others may have acted instead (C11); told seldom. */
  | {
      readonly kind: "woken-late";
      readonly timer: "advert" | "masterDown";
      readonly late: Microseconds;
    }
  | { readonly kind: "priority-changed"; readonly from: number; readonly to: number }
  | {
      readonly kind: "preempt-delay";
      readonly what: "started" | "stopped" | "expired";
      readonly delay: Microseconds;
    }
  | { readonly kind: "fault-raised"; readonly fault: Fault }
  | { readonly kind: "fault-cleared"; readonly fault: Fault };

export type HeardVerdict =
  /** As backup: discarded, the down timer goes on. */
  | "lower-discarded"
  /** As master: answered, or not with lower_prio_no_advert. */
  | "lower-answered"
  | "lower-unanswered"
  /** As master: we give way. */
  | "higher-priority"
  | "same-priority-higher-address"
  | "own-address-elsewhere"
  | "priority-zero-as-backup"
  | "priority-zero-as-master"
  /** Owner against owner. */
  | "rogue-owner"
  | "rogue-owner-persists"
  | "rogue-owner-gone"
  | "owner-restored";

/** Named deadlines; `status` shows the same names. */
export type RouterTimer =
  | "advert"
  | "masterDown"
  | "preemptDelay"
  | "garpDelay"
  | "garpLowerPriority"
  | "garpRefresh"
  | "rogueOwner";

export interface Router extends Machine<RouterInput, RouterEffect> {
  readonly state: VrrpState;
  readonly faults: readonly Fault[];
  readonly effectivePriority: number;
  /** The master as last heard; undefined before any, and while we are master ourselves. */
  readonly master: (HeardAdvert & { readonly heardAt: Instant }) | undefined;
  /** The interval that the down timer is computed from: learned in v3, our own in v2. */
  readonly masterInterval: Microseconds;
  readonly masterDownInterval: Microseconds;
  readonly skew: Microseconds;
  timers(): Readonly<Partial<Record<RouterTimer, Instant>>>;
}
