// What one virtual router remembers between two inputs, and the quantities that follow from it. The
// files named after a state (backup.ts, master.ts) and after a concern (garp-schedule.ts,
// rogue-owner.ts, faults.ts) work on this record; router.ts is the machine around it.

import type { IpAddress } from "../base/ip.ts";
import type { Timers } from "../base/machine.ts";
import { between, type Instant, type Microseconds, seconds } from "../base/time.ts";
import type {
  HeardAdvert,
  HeardVerdict,
  RouterConfig,
  RouterEffect,
  RouterNote,
  RouterTimer,
} from "./router-contract.ts";
import { type ElectionRules, electionRules } from "./rules.ts";
import { masterDownTime, ownerPriority, skewTime, weightedPriority } from "./timers.ts";
import type { Fault, TransitionReason, VrrpState } from "./vocabulary.ts";

export type HeardMaster = HeardAdvert & { readonly heardAt: Instant };

/** Another router that says it owns our addresses, while we are master (section 8.3.2). */
export type RogueOwner = {
  address: IpAddress;
  interval: Microseconds;
  /** Adverts of ours that it may still hear before we ask whether it stopped. */
  advertsLeft: number;
};

export type RouterMemory = {
  config: RouterConfig;
  rules: ElectionRules;
  state: VrrpState;
  /** Between `start` and `shutdown`. */
  running: boolean;
  readonly faults: Map<string, Fault>;
  source: IpAddress | undefined;
  weight: number;
  /** Owner that advertises 254, to end a quarrel with another owner (F20). */
  ownerReduced: boolean;
  /** Version 3: what the last accepted advert said; undefined counts as our own. */
  learnedInterval: Microseconds | undefined;
  master: HeardMaster | undefined;
  holdUntil: Instant | undefined;
  readonly timers: Timers<RouterTimer>;
  /** What to tell when the down timer fires. */
  takeoverReason: TransitionReason;
  /** `preempt_delay` has run out since the first weaker advert. */
  preemptDelayOver: boolean;
  rogue: RogueOwner | undefined;
  /** The kernel holds the addresses, so that they may be announced (G05). */
  addressesInstalled: boolean;
  /** When a weaker router last made us announce. */
  lowerPriorityBurstAt: Instant | undefined;
  /** When we last told of being woken late. */
  lateToldAt: Instant | undefined;
  /** Those of the input being handled. */
  effects: RouterEffect[];
};

export const emptyMemory = (config: RouterConfig): RouterMemory => ({
  config,
  rules: electionRules(config),
  state: "initialize",
  running: false,
  faults: new Map(),
  source: undefined,
  weight: 0,
  ownerReduced: false,
  learnedInterval: undefined,
  master: undefined,
  holdUntil: undefined,
  timers: {},
  takeoverReason: "master-silent",
  preemptDelayOver: false,
  rogue: undefined,
  addressesInstalled: false,
  lowerPriorityBurstAt: undefined,
  lateToldAt: undefined,
  effects: [],
});

export const isOwner = (memory: RouterMemory): boolean => memory.config.priority === ownerPriority;

/** Base and weights, 1 to 254 (J03); an owner stays 255 unless it gave in to another owner. */
export function effectivePriority(memory: RouterMemory): number {
  if (isOwner(memory) && memory.ownerReduced) return ownerPriority - 1;
  return weightedPriority(memory.config.priority, memory.weight);
}

/** An owner skews as an owner even while it advertises 254. */
const skewPriority = (memory: RouterMemory): number =>
  isOwner(memory) ? ownerPriority : effectivePriority(memory);

/** Master_Adver_Interval: our own in version 2, and until a master was heard (C02). */
export const masterInterval = (memory: RouterMemory): Microseconds =>
  memory.learnedInterval ?? memory.config.advertInterval;

export const skew = (memory: RouterMemory): Microseconds =>
  skewTime(memory.rules.version, skewPriority(memory), masterInterval(memory));

export const masterDownInterval = (memory: RouterMemory): Microseconds =>
  masterDownTime(
    memory.rules.version,
    skewPriority(memory),
    masterInterval(memory),
    memory.config.downTimerAdverts,
  );

export function note(memory: RouterMemory, told: RouterNote): void {
  memory.effects.push({ kind: "note", note: told });
}

/** Lateness is told at most once in this time, however short the interval. */
const lateToldEvery = seconds(10);

/**
 * C11: whoever acts half an interval late may cause the very change of masters that it then sees, so
 * the operator learns that this machine was the reason.
 */
export function noteLateness(
  memory: RouterMemory,
  timer: "advert" | "masterDown",
  due: Instant,
  now: Instant,
): void {
  const late = between(due, now);
  if (late <= memory.config.advertInterval / 2) return;
  const told = memory.lateToldAt;
  if (told !== undefined && between(told, now) < lateToldEvery) return;
  memory.lateToldAt = now;
  note(memory, { kind: "woken-late", timer, late });
}

/** Tells what was made of an advert. */
export function noteAdvert(memory: RouterMemory, advert: HeardAdvert, what: HeardVerdict): void {
  const ours = effectivePriority(memory);
  note(memory, {
    kind: "advert-heard",
    from: advert.from,
    priority: advert.priority,
    ours,
    what,
  });
}

export function transition(memory: RouterMemory, to: VrrpState, reason: TransitionReason): void {
  memory.effects.push({ kind: "transition", from: memory.state, to, reason });
  memory.state = to;
}

/** Version 3 takes over the master's interval (E13, E19, F11); version 2 has only its own (I17). */
export function learnMaster(memory: RouterMemory, advert: HeardAdvert, now: Instant): void {
  const before = masterInterval(memory);
  if (memory.rules.learnsInterval) {
    memory.learnedInterval = advert.interval;
    if (advert.interval !== before) {
      note(memory, { kind: "interval-learned", from: before, to: advert.interval });
    }
  }
  const known = memory.master?.from;
  if (known !== advert.from) {
    note(memory, {
      kind: "master-changed",
      ...(known === undefined ? {} : { from: known }),
      to: advert.from,
    });
  }
  memory.master = { ...advert, heardAt: now };
}
