// Two routers that both say they own the addresses (priority 255), which RFC 9568 section 8.3.2
// forbids. The one with the higher address stays, warns, and after two adverts that should have
// settled it and a grace period lowers itself to 254, so that one master remains (F20).

import type { Instant } from "../base/time.ts";
import { isOwner, note, noteAdvert, type RouterMemory } from "./memory.ts";
import type { HeardAdvert } from "./router-contract.ts";
import { ownerPriority } from "./timers.ts";

/** Our own adverts that the other owner gets to hear before the grace period. */
const advertsBeforeGrace = 2;

/** An owner's advert that lost against us as owner. */
export function handleWeakerOwner(memory: RouterMemory, advert: HeardAdvert): void {
  if (memory.timers.rogueOwner !== undefined) {
    noteAdvert(memory, advert, "rogue-owner-persists");
    forgetRogue(memory);
    memory.ownerReduced = true;
  } else if (memory.rogue === undefined) {
    noteAdvert(memory, advert, "rogue-owner");
    memory.rogue = {
      address: advert.from,
      interval: advert.interval,
      advertsLeft: advertsBeforeGrace,
    };
  } else {
    memory.rogue.address = advert.from;
    memory.rogue.interval = advert.interval;
  }
}

/** Counts an advert of ours; after the last one the other owner has 1.2 intervals to fall silent. */
export function countAdvertToRogue(memory: RouterMemory, now: Instant): void {
  const { rogue } = memory;
  if (rogue === undefined || rogue.advertsLeft === 0) return;
  rogue.advertsLeft -= 1;
  if (rogue.advertsLeft > 0) return;
  const slower = Math.max(memory.config.advertInterval, rogue.interval);
  memory.timers.rogueOwner = Math.ceil(now + slower * 1.2) as Instant;
}

export function handleRogueTimer(memory: RouterMemory, now: Instant): void {
  const end = memory.timers.rogueOwner;
  if (end === undefined || end > now) return;
  const { rogue } = memory;
  forgetRogue(memory);
  if (rogue === undefined) return;
  note(memory, {
    kind: "advert-heard",
    from: rogue.address,
    priority: ownerPriority,
    ours: ownerPriority,
    what: "rogue-owner-gone",
  });
}

/** Back to 255 once the quarrel is over: no owner speaks any more, or another one does. */
export function restoreOwner(memory: RouterMemory, advert: HeardAdvert): void {
  if (!memory.ownerReduced || advert.priority === 0) return;
  const sameMaster = memory.master === undefined || memory.master.from === advert.from;
  if (advert.priority === ownerPriority && sameMaster) return;
  memory.ownerReduced = false;
  noteAdvert(memory, advert, "owner-restored");
}

export function forgetRogue(memory: RouterMemory): void {
  memory.rogue = undefined;
  delete memory.timers.rogueOwner;
}

/** Whether an advert is one owner's against another, whatever we have lowered ourselves to. */
export const isOwnerAgainstOwner = (memory: RouterMemory, advert: HeardAdvert): boolean =>
  isOwner(memory) && !memory.ownerReduced && advert.priority === ownerPriority;
