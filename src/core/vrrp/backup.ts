// A router that waits: it restarts its down timer for every advert it accepts and takes over when
// the timer fires. RFC 9568 section 6.4.2 and RFC 3768 section 6.4.2, with keepalived's
// preempt_delay.

import { after, type Instant } from "../base/time.ts";
import { cancelGarps } from "./garp-schedule.ts";
import {
  effectivePriority,
  isOwner,
  learnMaster,
  masterDownInterval,
  note,
  noteAdvert,
  type RouterMemory,
  skew,
  transition,
} from "./memory.ts";
import { forgetRogue, restoreOwner } from "./rogue-owner.ts";
import type { HeardAdvert } from "./router-contract.ts";
import type { TransitionReason } from "./vocabulary.ts";

/** Leaves any state for BACKUP, where `deadline` is when to take over. */
export function enterBackup(
  memory: RouterMemory,
  reason: TransitionReason,
  deadline: Instant,
): void {
  cancelGarps(memory);
  forgetRogue(memory);
  delete memory.timers.advert;
  delete memory.timers.preemptDelay;
  memory.preemptDelayOver = false;
  memory.timers.masterDown = deadline;
  memory.takeoverReason = "master-silent";
  transition(memory, "backup", reason);
}

export function handleAdvertAsBackup(
  memory: RouterMemory,
  advert: HeardAdvert,
  now: Instant,
): void {
  if (advert.priority === 0) {
    noteAdvert(memory, advert, "priority-zero-as-backup");
    // E11, E12: the skew counts with the interval learned so far.
    memory.timers.masterDown = after(now, skew(memory));
    memory.takeoverReason = "priority-zero-heard";
    return;
  }
  restoreOwner(memory, advert);
  // E16: an equal priority is accepted from any address.
  const stronger = advert.priority >= effectivePriority(memory);
  if (stronger || !preempts(memory) || isDelayed(memory, now)) {
    delayPreemption(memory, stronger, now);
    learnMaster(memory, advert, now);
    memory.timers.masterDown = after(now, masterDownInterval(memory));
    memory.takeoverReason = "master-silent";
  } else {
    // E15: the timer goes on as it was.
    noteAdvert(memory, advert, "lower-discarded");
  }
}

/** C05: an owner always preempts. */
const preempts = (memory: RouterMemory): boolean => memory.config.preempt || isOwner(memory);

const hasPreemptDelay = (memory: RouterMemory): boolean =>
  memory.config.preemptDelay > 0 && preempts(memory);

/** E18: until preempt_delay has run out, counted from the first weaker advert. */
function isDelayed(memory: RouterMemory, now: Instant): boolean {
  const end = memory.timers.preemptDelay;
  return hasPreemptDelay(memory) && !memory.preemptDelayOver && (end === undefined || end > now);
}

/** The delay begins with a weaker router's first advert and is off when a stronger one speaks. */
function delayPreemption(memory: RouterMemory, stronger: boolean, now: Instant): void {
  if (!hasPreemptDelay(memory)) return;
  const delay = memory.config.preemptDelay;
  if (stronger) {
    if (memory.timers.preemptDelay !== undefined) {
      note(memory, { kind: "preempt-delay", what: "stopped", delay });
    }
    delete memory.timers.preemptDelay;
    memory.preemptDelayOver = false;
  } else if (memory.timers.preemptDelay === undefined) {
    memory.timers.preemptDelay = after(now, delay);
    note(memory, { kind: "preempt-delay", what: "started", delay });
  }
}

/** The delay's end moves no other timer: the next weaker advert is simply not accepted. */
export function handlePreemptDelayTimer(memory: RouterMemory, now: Instant): void {
  const end = memory.timers.preemptDelay;
  if (end === undefined || end > now) return;
  delete memory.timers.preemptDelay;
  memory.preemptDelayOver = true;
  note(memory, {
    kind: "preempt-delay",
    what: "expired",
    delay: memory.config.preemptDelay,
  });
}
