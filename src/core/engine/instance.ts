// What the engine keeps for one virtual router besides the router machine itself: its
// configuration, what it holds in the kernel, its socket and source address, its counters, and
// what was last told about it.

import type { IpAddress } from "../base/ip.ts";
import type { Result } from "../base/result.ts";
import type { Instant, Microseconds } from "../base/time.ts";
import type { InstanceModel, VirtualAddress } from "../config/model.ts";
import type { AdmissionContext, AdmissionPolicy, AdmittedAdvert } from "../vrrp/admission.ts";
import type { Counters } from "../vrrp/counters.ts";
import type { Refusal } from "../vrrp/refusal.ts";
import type { HeardAdvert, Router } from "../vrrp/router-contract.ts";
import type { Fault, RefusalKind, TransitionReason } from "../vrrp/vocabulary.ts";
import type { EngineEffect } from "./effect.ts";
import type { ShownState } from "./event.ts";
import type { SocketEntry } from "./sockets.ts";

/** A virtual address and what we know of it in the kernel. */
export type Vip = {
  readonly virtual: VirtualAddress;
  /** Empty where neither the address nor the instance names an interface. */
  readonly interface: string;
  excluded: boolean;
  /**
   * `requested` until the kernel has answered; `foreign`: somebody else put it there, so that it is
   * used and announced but never removed by us; `lost`: it came and went again before the answer.
   */
  held: "no" | "requested" | "lost" | "ours" | "foreign";
  /** The kernel took it from us; outlives a change of mind before its answer. */
  addedByUs: boolean;
  /** The request that was made last; answers to older ones say nothing about the present. */
  request: AddressRequest | undefined;
};

/** Addresses that the kernel was asked to add, in order, and why. */
export type AddressRequest = {
  readonly instance: Instance;
  /** The instance's name in the request, which a reload may change before the answer. */
  readonly name: string;
  readonly vips: readonly Vip[];
  readonly purpose: "take-over" | "addition";
};

/** The packets of one priority, ready to be handed out again and again. */
export type AdvertCache = { readonly priority: number; readonly effects: readonly EngineEffect[] };

/** An admitted packet with the conditions under which it was admitted. */
export type LastAdmitted = {
  readonly bytes: Uint8Array;
  readonly context: AdmissionContext;
  readonly admitted: Result<AdmittedAdvert, Refusal>;
};

export type LastTransition = {
  readonly from: ShownState;
  readonly to: ShownState;
  readonly reason: TransitionReason;
  readonly at: Instant;
  /** The master that we knew before, which has fallen silent, left or won. */
  readonly other: IpAddress | undefined;
  /** How long silence had to last. */
  readonly silence: Microseconds;
};

export class Instance {
  /** Place in the deadline heap. */
  readonly slot: number;
  readonly router: Router;
  readonly counters: Counters;
  model: InstanceModel;
  vips: Vip[];
  /** Interfaces besides its own that its addresses need. */
  vipInterfaces: readonly string[] = [];
  socket: SocketEntry<Instance> | undefined;
  source: IpAddress | undefined;
  readonly faults = new Map<string, Fault>();
  weight = 0;
  shown: ShownState = "INIT";
  /** A reload took it out of the configuration. */
  leaving = false;
  /** The master that a backup last heard, and how long its silence had to last. */
  heardMaster: IpAddress | undefined;
  masterMayStillSpeak = false;
  silence = 0 as Microseconds;
  lastTransition: LastTransition | undefined;
  /** Kinds of refusal that were reported since the last change of state or master. */
  readonly reported = new Set<string>();
  /** Admitted adverts that wait for the next wake-up (rule B27). */
  readonly pending: HeardAdvert[] = [];
  /** The wake-up in which an advert was last acted upon. */
  actedIn = -1;
  adverts: AdvertCache | undefined;
  /** What received packets are compared with; made when the first one arrives. */
  policy: AdmissionPolicy | undefined;
  lastAdmitted: LastAdmitted | undefined;

  constructor(
    slot: number,
    model: InstanceModel,
    router: Router,
    counters: Counters,
    vips: readonly Vip[],
  ) {
    this.slot = slot;
    this.model = model;
    this.router = router;
    this.counters = counters;
    this.vips = [...vips];
  }

  get name(): string {
    return this.model.name;
  }

  /** True the first time since the last change of state or master. */
  firstOf(kind: RefusalKind | string): boolean {
    if (this.reported.has(kind)) return false;
    this.reported.add(kind);
    return true;
  }
}
