// Feeds one router machine and carries out what it wants: adverts become packets, transitions
// become events and counters, addresses go to the kernel, announcements to the queues of their
// links.

import { assertNever } from "../base/assert.ts";
import type { Instant } from "../base/time.ts";
import type { RouterEffect, RouterInput } from "../vrrp/router-contract.ts";
import type { TransitionReason, VrrpState } from "../vrrp/vocabulary.ts";
import type { ShownState } from "./event.ts";
import { announce, requestAddresses, withdrawAddresses } from "./holdings.ts";
import type { Instance } from "./instance.ts";
import { sendAdvert } from "./send.ts";
import { type NodeState, report } from "./state.ts";

/** Gives `input` to the instance's router and carries out its effects. */
export function drive(state: NodeState, instance: Instance, input: RouterInput): void {
  carryOut(state, instance, instance.router.handle(input, state.now));
  schedule(state, instance);
}

/** Lets the router act on its deadlines. */
export function driveTimeout(state: NodeState, instance: Instance): void {
  const { router } = instance;
  if (router.state === "backup") {
    instance.heardMaster = router.master?.from;
    instance.masterMayStillSpeak = mayStillSpeak(instance);
    instance.silence = router.masterDownInterval;
  }
  carryOut(state, instance, instance.router.handleTimeout(state.now));
}

/**
 * Whether the master that a backup heard last is a weaker one that it no longer listens to, after
 * preempt_delay or since its own priority rose: that one need not have fallen silent.
 */
function mayStillSpeak({ model, router }: Instance): boolean {
  const { master, effectivePriority: ours } = router;
  const weaker = master !== undefined && master.priority < ours;
  return weaker && model.preempt && router.timers().preemptDelay === undefined;
}

/** Keeps the heap in step with the router. */
export function schedule(state: NodeState, instance: Instance): void {
  state.deadlines.set(instance.slot, instance.router.nextTimeout());
}

function carryOut(state: NodeState, instance: Instance, effects: readonly RouterEffect[]): void {
  let installed = false;
  for (const effect of effects) {
    switch (effect.kind) {
      case "send-advert":
        sendAdvert(state, instance, effect.priority);
        break;
      case "install-addresses":
        // Nothing to ask the kernel for: nothing to wait for.
        installed = !requestAddresses(state, instance, "take-over");
        break;
      case "remove-addresses":
        state.announcer.clear(instance);
        withdrawAddresses(state, instance);
        break;
      case "announce-addresses":
        announce(state, instance, effect.repeat);
        break;
      case "transition":
        noteTransition(state, instance, effect.from, effect.to, effect.reason);
        break;
      case "note":
        if (effect.note.kind === "master-changed") instance.reported.clear();
        report(state, { instance: instance.name, ...effect.note });
        break;
      default:
        assertNever(effect);
    }
  }
  if (installed) drive(state, instance, { kind: "addresses-installed" });
}

/** What people call a state of the RFC: `initialize` is FAULT unless the router was shut down. */
function shownOf(to: VrrpState, reason: TransitionReason): ShownState {
  switch (to) {
    case "master":
      return "MASTER";
    case "backup":
      return "BACKUP";
    case "initialize":
      if (reason === "shutdown") return "STOP";
      return reason === "reloaded" ? "DELETED" : "FAULT";
    default:
      return assertNever(to);
  }
}

function noteTransition(
  state: NodeState,
  instance: Instance,
  from: VrrpState,
  to: VrrpState,
  told: TransitionReason,
): void {
  const reason = instance.leaving && told === "shutdown" ? "reloaded" : told;
  if (to === "master") instance.counters.add("became-master");
  else if (from === "master") {
    instance.counters.add("released-master");
    state.announcer.clear(instance);
  }
  if (reason === "fault-cleared") announceSource(state, instance);
  const shown = { from: instance.shown, to: shownOf(to, reason) };
  if (shown.from === shown.to) return;
  instance.shown = shown.to;
  instance.reported.clear();
  noteLast(instance, shown.from, shown.to, reason, state.now);
  const { effectivePriority: priority } = instance.router;
  report(state, { kind: "transition", instance: instance.name, ...shown, reason, priority });
}

/** After a fault, a unicast master that forgot our hardware address can reach us at once. */
function announceSource(state: NodeState, instance: Instance): void {
  const { model, source } = instance;
  if (model.transport.kind !== "unicast" || model.family !== "ipv4") return;
  const link = model.interface === undefined ? undefined : state.links.byName(model.interface);
  if (link === undefined || source === undefined) return;
  state.announcer.announce(instance, link, [source], 1, false);
}

function noteLast(
  instance: Instance,
  from: ShownState,
  to: ShownState,
  reason: TransitionReason,
  at: Instant,
): void {
  const { router } = instance;
  // What the router knew while it was backup: a new master forgets the old one.
  const unsure = reason === "master-silent" && instance.masterMayStillSpeak;
  const heard = unsure ? undefined : instance.heardMaster;
  const other = to === "MASTER" ? heard : router.master?.from;
  instance.lastTransition = { from, to, reason, at, other, silence: instance.silence };
}
