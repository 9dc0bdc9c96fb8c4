// A router that serves: it advertises, answers weaker routers and gives way to stronger ones. RFC
// 9568 section 6.4.3 and RFC 3768 section 6.4.3.

import { compareIp } from "../base/ip.ts";
import { after, type Instant, type Microseconds } from "../base/time.ts";
import { enterBackup } from "./backup.ts";
import { announceOverWeaker, cancelGarps } from "./garp-schedule.ts";
import {
  effectivePriority,
  learnMaster,
  masterDownInterval,
  noteAdvert,
  noteLateness,
  type RouterMemory,
  skew,
  transition,
} from "./memory.ts";
import {
  countAdvertToRogue,
  forgetRogue,
  handleWeakerOwner,
  isOwnerAgainstOwner,
  restoreOwner,
} from "./rogue-owner.ts";
import type { HeardAdvert } from "./router-contract.ts";
import type { TransitionReason } from "./vocabulary.ts";

/** E07, E10: the advert leaves first, since every other router waits for it. */
export function enterMaster(memory: RouterMemory, reason: TransitionReason, now: Instant): void {
  delete memory.timers.masterDown;
  delete memory.timers.preemptDelay;
  memory.learnedInterval = undefined;
  memory.master = undefined;
  memory.ownerReduced = false;
  sendAdvert(memory, now);
  transition(memory, "master", reason);
  memory.effects.push({ kind: "install-addresses" });
}

/**
 * F25: nothing but an advert that really leaves moves the advert timer, else a flood of useless
 * packets could silence a master.
 */
function sendAdvert(memory: RouterMemory, now: Instant): void {
  memory.effects.push({ kind: "send-advert", priority: effectivePriority(memory) });
  memory.timers.advert = after(now, memory.config.advertInterval);
  countAdvertToRogue(memory, now);
}

/** F09. The next deadline counts from this one, so that lateness does not add up. */
export function handleAdvertTimer(memory: RouterMemory, now: Instant): void {
  const due = memory.timers.advert;
  if (due === undefined || due > now) return;
  sendAdvert(memory, now);
  noteLateness(memory, "advert", due, now);
  const onBeat = after(due, memory.config.advertInterval);
  if (onBeat > now) memory.timers.advert = onBeat;
}

export function handleAdvertAsMaster(
  memory: RouterMemory,
  advert: HeardAdvert,
  now: Instant,
): void {
  if (advert.priority === 0) {
    // F10: whoever leaves tells the hosts nothing; we tell them who stays.
    noteAdvert(memory, advert, "priority-zero-as-master");
    sendAdvert(memory, now);
    return;
  }
  restoreOwner(memory, advert);
  const ours = effectivePriority(memory);
  if (advert.priority > ours) {
    giveWay(memory, advert, "higher-priority", now);
    return;
  }
  const order = advert.priority < ours ? -1 : compareToSource(memory, advert);
  if (order > 0) {
    const owners = isOwnerAgainstOwner(memory, advert);
    giveWay(memory, advert, owners ? "rogue-owner" : "same-priority-higher-address", now);
  } else if (order === 0) {
    // F18: our own address elsewhere cannot be settled by an election.
    noteAdvert(memory, advert, "own-address-elsewhere");
  } else {
    if (isOwnerAgainstOwner(memory, advert)) handleWeakerOwner(memory, advert);
    standFast(memory, advert, now);
  }
}

/** F13: unsigned, in network order. Without an address of our own nobody is weaker. */
const compareToSource = (memory: RouterMemory, advert: HeardAdvert): number =>
  memory.source === undefined ? 1 : compareIp(advert.from, memory.source);

/** F15, F16: the weaker router hears us at once and the next advert is one interval away. */
function standFast(memory: RouterMemory, advert: HeardAdvert, now: Instant): void {
  const answers = memory.rules.answersLosingAdvert;
  noteAdvert(memory, advert, answers ? "lower-answered" : "lower-unanswered");
  if (answers) sendAdvert(memory, now);
  announceOverWeaker(memory, now);
}

/** F11, F12. Preemption plays no part here (F17), and no priority 0 is sent: a master is there. */
function giveWay(
  memory: RouterMemory,
  advert: HeardAdvert,
  why: "higher-priority" | "same-priority-higher-address" | "rogue-owner",
  now: Instant,
): void {
  // F21: a last advert, so that the stronger router knows of us.
  if (memory.config.higherPrioritySendAdvert) sendAdvert(memory, now);
  noteAdvert(memory, advert, why);
  learnMaster(memory, advert, now);
  leaveMaster(memory, "stronger-master-heard", after(now, masterDownInterval(memory)));
}

/** Somebody deleted an address of ours: a short step back puts all of them in place again. */
export function handleAddressTakenAway(memory: RouterMemory, now: Instant): void {
  if (memory.state !== "master") return;
  leaveMaster(memory, "address-taken-away", after(now, skew(memory)));
}

/** F19: the addresses go before the state does, so that no ARP is answered afterwards. */
function leaveMaster(memory: RouterMemory, reason: TransitionReason, deadline: Instant): void {
  memory.effects.push({ kind: "remove-addresses" });
  enterBackup(memory, reason, deadline);
}

/** F08, J02: leaves for good, or for a fault, and lets the backups know by priority 0 (A14). */
export function resign(memory: RouterMemory, reason: TransitionReason): void {
  memory.effects.push({ kind: "send-advert", priority: 0 }, { kind: "remove-addresses" });
  delete memory.timers.advert;
  cancelGarps(memory);
  forgetRogue(memory);
  transition(memory, "initialize", reason);
}

/** A reload changed the interval: a shorter one counts at once, a longer one from the next advert. */
export function shortenAdvertTimer(
  memory: RouterMemory,
  interval: Microseconds,
  now: Instant,
): void {
  const latest = after(now, interval);
  if (memory.timers.advert !== undefined && memory.timers.advert > latest) {
    memory.timers.advert = latest;
  }
}
