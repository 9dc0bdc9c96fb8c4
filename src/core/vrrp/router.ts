// One virtual router: the elections of VRRP version 2 and 3 as a pure machine. Adverts that passed
// admission.ts, faults, weights and deadlines go in; adverts to send, addresses to install and
// transitions come out. RFC 9568 section 6.4, RFC 3768 section 6.4, and keepalived's additions.

import { assert, assertNever } from "../base/assert.ts";
import { earliest } from "../base/machine.ts";
import { after, type Instant, type Microseconds } from "../base/time.ts";
import { enterBackup, handleAdvertAsBackup, handlePreemptDelayTimer } from "./backup.ts";
import { handleAddressesInstalled, handleGarpTimers, rescheduleGarps } from "./garp-schedule.ts";
import {
  enterMaster,
  handleAddressTakenAway,
  handleAdvertAsMaster,
  handleAdvertTimer,
  resign,
  shortenAdvertTimer,
} from "./master.ts";
import {
  effectivePriority,
  emptyMemory,
  isOwner,
  masterDownInterval,
  masterInterval,
  note,
  noteLateness,
  type RouterMemory,
  skew,
  transition,
} from "./memory.ts";
import { forgetRogue, handleRogueTimer } from "./rogue-owner.ts";
import type {
  HeardAdvert,
  Router,
  RouterConfig,
  RouterEffect,
  RouterInput,
} from "./router-contract.ts";
import { electionRules } from "./rules.ts";
import { type Fault, faultKey } from "./vocabulary.ts";

/**
 * A router that waits for `start`; `name` tells which one broke an invariant. Instants of successive
 * calls never decrease. Deadlines act in handleTimeout alone, so a driver that has both a due
 * deadline and a packet decides which came first.
 */
export function createRouter(config: RouterConfig, name = "router"): Router {
  assert(config.priority >= 1 && config.priority <= 255, `${name}: priority is 1 to 255`);
  assert(config.advertInterval > 0, `${name}: the advert interval is not 0`);
  return new VirtualRouter(config);
}

class VirtualRouter implements Router {
  private readonly memory: RouterMemory;
  private next: Instant | undefined;

  constructor(config: RouterConfig) {
    this.memory = emptyMemory(config);
  }

  handle(input: RouterInput, now: Instant): readonly RouterEffect[] {
    dispatch(this.memory, input, now);
    return this.takeEffects();
  }

  handleTimeout(now: Instant): readonly RouterEffect[] {
    if (this.next === undefined || this.next > now) return none;
    const { memory } = this;
    // Adverts before everything else: others' elections hang on them.
    handleAdvertTimer(memory, now);
    handleMasterDownTimer(memory, now);
    handlePreemptDelayTimer(memory, now);
    handleRogueTimer(memory, now);
    handleGarpTimers(memory, now);
    return this.takeEffects();
  }

  nextTimeout(): Instant | undefined {
    return this.next;
  }

  timers(): ReturnType<Router["timers"]> {
    return { ...this.memory.timers };
  }

  get state() {
    return this.memory.state;
  }

  get faults() {
    return [...this.memory.faults.values()];
  }

  get effectivePriority(): number {
    return effectivePriority(this.memory);
  }

  get master() {
    return this.memory.master;
  }

  get masterInterval(): Microseconds {
    return masterInterval(this.memory);
  }

  get masterDownInterval(): Microseconds {
    return masterDownInterval(this.memory);
  }

  get skew(): Microseconds {
    return skew(this.memory);
  }

  private takeEffects(): readonly RouterEffect[] {
    const { effects } = this.memory;
    if (effects.length > 0) this.memory.effects = [];
    this.next = earliest(this.memory.timers);
    return effects;
  }
}

const none: readonly RouterEffect[] = [];

function dispatch(memory: RouterMemory, input: RouterInput, now: Instant): void {
  switch (input.kind) {
    case "start":
      handleStart(memory, input.holdUntil, now);
      break;
    case "advert":
      handleAdvert(memory, input.advert, now);
      break;
    case "fault-raised":
      handleFaultRaised(memory, input.fault);
      break;
    case "fault-cleared":
      handleFaultCleared(memory, input.fault, now);
      break;
    case "source-changed":
      memory.source = input.source;
      break;
    case "weight-changed":
      changeElection(memory, now, () => {
        memory.weight = input.weight;
      });
      break;
    case "addresses-installed":
      handleAddressesInstalled(memory, now);
      break;
    case "address-taken-away":
      handleAddressTakenAway(memory, now);
      break;
    case "reconfigured":
      handleReconfigured(memory, input.config, now);
      break;
    case "shutdown":
      handleShutdown(memory);
      break;
    default:
      assertNever(input);
  }
}

/** D01, D05. `state MASTER` below priority 255 does not shorten the wait, as in keepalived. */
function handleStart(memory: RouterMemory, holdUntil: Instant | undefined, now: Instant): void {
  if (memory.running) return;
  memory.running = true;
  memory.holdUntil = holdUntil;
  forgetMaster(memory);
  memory.ownerReduced = false;
  if (memory.faults.size > 0) {
    for (const fault of memory.faults.values()) note(memory, { kind: "fault-raised", fault });
    transition(memory, "initialize", "fault");
    return;
  }
  const begin = holdEnd(memory, now);
  const ownerStarts = memory.config.initialMaster || memory.rules.ownerAlwaysStartsAsMaster;
  if (!isOwner(memory) || !ownerStarts) {
    enterBackup(memory, "startup", after(begin, masterDownInterval(memory)));
  } else if (begin > now) {
    enterBackup(memory, "startup", begin);
    memory.takeoverReason = "address-owner";
  } else {
    enterMaster(memory, "address-owner", now);
  }
}

/** D08: where a start-up delay runs, deadlines count from its end. */
const holdEnd = (memory: RouterMemory, now: Instant): Instant =>
  memory.holdUntil !== undefined && memory.holdUntil > now ? memory.holdUntil : now;

/** D06, D08: nothing is heard in Initialize or during the start-up delay. */
function handleAdvert(memory: RouterMemory, advert: HeardAdvert, now: Instant): void {
  if (memory.state === "initialize" || holdEnd(memory, now) > now) return;
  if (memory.state === "backup") handleAdvertAsBackup(memory, advert, now);
  else handleAdvertAsMaster(memory, advert, now);
}

function handleMasterDownTimer(memory: RouterMemory, now: Instant): void {
  const due = memory.timers.masterDown;
  if (due === undefined || due > now) return;
  if (memory.takeoverReason !== "address-owner") note(memory, { kind: "receive-timeout" });
  enterMaster(memory, memory.takeoverReason, now);
  noteLateness(memory, "masterDown", due, now);
}

/** J01, J02. Each cause is counted by itself, the same cause once. */
function handleFaultRaised(memory: RouterMemory, fault: Fault): void {
  const key = faultKey(fault);
  if (memory.faults.has(key)) return;
  memory.faults.set(key, fault);
  if (!memory.running) return;
  note(memory, { kind: "fault-raised", fault });
  if (memory.state === "master") {
    resign(memory, "fault");
  } else if (memory.state === "backup") {
    stopWaiting(memory);
    transition(memory, "initialize", "fault");
  }
}

/** The last recovery starts the election anew; an owner waits one interval and its skew. */
function handleFaultCleared(memory: RouterMemory, fault: Fault, now: Instant): void {
  if (!memory.faults.delete(faultKey(fault)) || !memory.running) return;
  note(memory, { kind: "fault-cleared", fault });
  if (memory.faults.size > 0) return;
  forgetMaster(memory);
  const wait = isOwner(memory)
    ? ((memory.config.advertInterval + skew(memory)) as Microseconds)
    : masterDownInterval(memory);
  enterBackup(memory, "fault-cleared", after(holdEnd(memory, now), wait));
}

function forgetMaster(memory: RouterMemory): void {
  memory.learnedInterval = undefined;
  memory.master = undefined;
}

/** E06: a backup leaves in silence; F08: a master says so. */
function handleShutdown(memory: RouterMemory): void {
  if (!memory.running) return;
  memory.running = false;
  if (memory.state === "master") {
    resign(memory, "shutdown");
  } else {
    stopWaiting(memory);
    transition(memory, "initialize", "shutdown");
  }
}

function stopWaiting(memory: RouterMemory): void {
  delete memory.timers.masterDown;
  delete memory.timers.preemptDelay;
  memory.preemptDelayOver = false;
}

/** C10: what changes the down time moves a running deadline by the difference. */
function changeElection(memory: RouterMemory, now: Instant, change: () => void): void {
  const priorityBefore = effectivePriority(memory);
  const downBefore = masterDownInterval(memory);
  change();
  const priority = effectivePriority(memory);
  if (priority !== priorityBefore && memory.running) {
    note(memory, { kind: "priority-changed", from: priorityBefore, to: priority });
  }
  const { masterDown } = memory.timers;
  if (masterDown !== undefined) {
    const moved = masterDown + masterDownInterval(memory) - downBefore;
    memory.timers.masterDown = Math.max(moved, now) as Instant;
  }
}

/** A reload keeps the state and its timers (J07); a learned interval stays learned. */
function handleReconfigured(memory: RouterMemory, config: RouterConfig, now: Instant): void {
  changeElection(memory, now, () => {
    memory.config = config;
    memory.rules = electionRules(config);
    if (!memory.rules.learnsInterval) memory.learnedInterval = undefined;
    if (!isOwner(memory)) {
      memory.ownerReduced = false;
      forgetRogue(memory);
    }
  });
  if (config.preemptDelay === 0) delete memory.timers.preemptDelay;
  shortenAdvertTimer(memory, config.advertInterval, now);
  rescheduleGarps(memory, now);
}
