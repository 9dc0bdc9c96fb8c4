// One sentence for each state, so that nobody has to work out why a router is what it is: from the
// router's present state, its faults, the master it hears and its last transition.

import { between, durationText, type Instant } from "../base/time.ts";
import type { HeardAdvert } from "../vrrp/router-contract.ts";
import { ownerPriority } from "../vrrp/timers.ts";
import type { Fault } from "../vrrp/vocabulary.ts";
import type { Instance } from "./instance.ts";

export function whyText(instance: Instance, now: Instant, holdUntil: Instant | undefined): string {
  switch (instance.shown) {
    case "INIT":
      return "not started yet";
    case "STOP":
      return "stopped: the daemon was asked to end";
    case "DELETED":
      return "deleted: the configuration no longer has it";
    case "FAULT":
      return `fault: ${instance.router.faults.map(faultText).join(", and ")}`;
    case "MASTER":
      return whyMaster(instance);
    case "BACKUP":
      return whyBackup(instance, now, holdUntil);
    default:
      return instance.shown satisfies never;
  }
}

/** Without the instance's name: `interface eth0 is down`. */
export function faultText(fault: Fault): string {
  switch (fault.kind) {
    case "interface-down":
      return `interface ${fault.interface} is down`;
    case "interface-missing":
      return `interface ${fault.interface} does not exist`;
    case "interface-up":
      return `interface ${fault.interface} is up, and is tracked in reverse`;
    case "no-source-address":
      return `interface ${fault.interface} has no address to send from`;
    case "socket-refused":
      return `the system refused the socket ${fault.detail}`;
    default:
      return fault satisfies never;
  }
}

function whyMaster({ lastTransition: last, router }: Instance): string {
  if (last === undefined || last.to !== "MASTER") return "master";
  switch (last.reason) {
    case "address-owner":
      return `master because it owns the addresses (priority ${router.effectivePriority})`;
    case "priority-zero-heard":
      return `master since ${last.other ?? "the master before"} gave up with priority 0`;
    case "master-silent":
      return last.other === undefined
        ? `master since it heard no router as strong as itself for ${durationText(last.silence)}`
        : `master since it heard nothing from ${last.other} for ${durationText(last.silence)}`;
    default:
      return `master (${last.reason})`;
  }
}

function whyBackup(instance: Instance, now: Instant, holdUntil: Instant | undefined): string {
  const { router } = instance;
  if (holdUntil !== undefined && now < holdUntil) {
    return `backup: vrrp_startup_delay ends in ${durationText(between(now, holdUntil))}`;
  }
  const { master } = router;
  const { masterDown } = router.timers();
  const left = masterDown === undefined ? undefined : durationText(between(now, masterDown));
  if (instance.lastTransition?.reason === "address-taken-away" && master === undefined) {
    return `backup: somebody deleted an address of ours, back as master in ${left ?? "a moment"}`;
  }
  if (master === undefined) {
    return left === undefined
      ? "backup: no master heard yet"
      : `backup: no master heard yet, takes over in ${left}`;
  }
  return `backup: ${masterText(instance, master)}`;
}

function masterText({ model, router }: Instance, master: HeardAdvert): string {
  const { from, priority } = master;
  const ours = router.effectivePriority;
  if (priority === 0) return `${from} has given up, takes over after the skew time`;
  const advertises = `${from} advertises priority ${priority}`;
  if (priority === ownerPriority && model.priority === ownerPriority) {
    return `${from} is configured as the owner of the addresses (priority 255), as this router is: correct one of the two`;
  }
  if (priority === ours) return `${advertises}, the same as ours, and was there first`;
  if (priority > ours) return `${advertises}, ours is ${ours}`;
  const wait = model.preempt ? "it is left to serve for now" : "nopreempt leaves it master";
  return `${advertises}, ours is ${ours}, but ${wait}`;
}
