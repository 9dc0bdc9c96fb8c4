// When a master announces its addresses by gratuitous ARP: once they are in the kernel, again after
// garp_master_delay, then every garp_master_refresh, and when a weaker router was heard. Only rounds
// are decided here; the engine turns them into frames and spaces them out (RFC 9568 section 8.1.2).

import { after, type Instant } from "../base/time.ts";
import type { RouterMemory } from "./memory.ts";

function announce(memory: RouterMemory, repeat: number): void {
  if (repeat > 0) memory.effects.push({ kind: "announce-addresses", repeat });
}

/** G05: nothing is announced before the kernel holds the addresses. */
export function handleAddressesInstalled(memory: RouterMemory, now: Instant): void {
  if (memory.state !== "master") return;
  memory.addressesInstalled = true;
  const { garp } = memory.config;
  announce(memory, garp.masterRepeat);
  if (garp.masterDelay > 0) memory.timers.garpDelay = after(now, garp.masterDelay);
  if (garp.refresh > 0) memory.timers.garpRefresh = after(now, garp.refresh);
}

/**
 * F22: hosts may have learned the weaker router's address. At most one burst for each half of our
 * interval: a real router in a lost election sends once per interval, and more is a flood that must
 * not be multiplied by our addresses (F24).
 */
export function announceOverWeaker(memory: RouterMemory, now: Instant): void {
  const { garp, advertInterval } = memory.config;
  if (!memory.addressesInstalled || garp.lowerPriorityRepeat === 0) return;
  const last = memory.lowerPriorityBurstAt;
  if (last !== undefined && now - last < advertInterval / 2) return;
  memory.lowerPriorityBurstAt = now;
  announce(memory, garp.lowerPriorityRepeat);
  if (garp.lowerPriorityDelay > 0) {
    memory.timers.garpLowerPriority = after(now, garp.lowerPriorityDelay);
  }
}

export function handleGarpTimers(memory: RouterMemory, now: Instant): void {
  const { timers } = memory;
  const { garp } = memory.config;
  if (timers.garpDelay !== undefined && timers.garpDelay <= now) {
    delete timers.garpDelay;
    announce(memory, garp.masterRepeat);
  }
  if (timers.garpLowerPriority !== undefined && timers.garpLowerPriority <= now) {
    delete timers.garpLowerPriority;
    announce(memory, garp.lowerPriorityRepeat);
  }
  if (timers.garpRefresh !== undefined && timers.garpRefresh <= now) {
    timers.garpRefresh = after(now, garp.refresh);
    announce(memory, garp.refreshRepeat);
  }
}

/** A reload may switch the second burst and the refresh on or off under a running master. */
export function rescheduleGarps(memory: RouterMemory, now: Instant): void {
  const { timers } = memory;
  const { garp } = memory.config;
  if (garp.masterDelay === 0) delete timers.garpDelay;
  if (garp.lowerPriorityDelay === 0 || garp.lowerPriorityRepeat === 0) {
    delete timers.garpLowerPriority;
  }
  if (garp.refresh === 0) {
    delete timers.garpRefresh;
  } else if (memory.state === "master" && memory.addressesInstalled) {
    const latest = after(now, garp.refresh);
    if (timers.garpRefresh === undefined || timers.garpRefresh > latest) {
      timers.garpRefresh = latest;
    }
  }
}

export function cancelGarps(memory: RouterMemory): void {
  memory.addressesInstalled = false;
  memory.lowerPriorityBurstAt = undefined;
  delete memory.timers.garpDelay;
  delete memory.timers.garpLowerPriority;
  delete memory.timers.garpRefresh;
}
