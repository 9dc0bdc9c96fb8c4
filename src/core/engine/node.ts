// The engine's machine: every input to the part that handles it, every deadline to its owner,
// adverts before announcements. One call is one wake-up; what it wants done comes back as effects
// in order.

import { assert, assertNever } from "../base/assert.ts";
import { type Instant, sooner } from "../base/time.ts";
import { configure, shutDown } from "./configure.ts";
import { drive, driveTimeout, schedule } from "./drive.ts";
import type { EngineEffect } from "./effect.ts";
import { announce, noteOutcomes } from "./holdings.ts";
import type { EngineInput } from "./input.ts";
import type { Instance } from "./instance.ts";
import {
  applyAddressAdded,
  applyAddressRemoved,
  applyLinkChanged,
  applyLinkRemoved,
  applySnapshot,
  takeAway,
} from "./kernel-events.ts";
import { actOnWaiting, receivePackets } from "./receive.ts";
import { handleSocketRefused, handleSocketTimeout } from "./socket-refusals.ts";
import { emptyState, type NodeState } from "./state.ts";
import type { NodeStatus } from "./status.ts";
import { statusOf } from "./status-of.ts";

/** Frames of announcements in one call: few enough to let an advert pass within a millisecond. */
const announceSlice = 256;

export class Node {
  private readonly state: NodeState;

  constructor(allocateCounters?: (instance: string) => Float64Array) {
    this.state = emptyState(allocateCounters);
  }

  handle(input: EngineInput, now: Instant): readonly EngineEffect[] {
    const { state } = this;
    if (state.stage === "stopped") return [];
    wakeUp(state, now);
    // While stopping, only the kernel's last answers matter.
    if (state.stage !== "stopping" || input.kind === "addresses-added") dispatch(state, input);
    return this.finish();
  }

  handleTimeout(now: Instant): readonly EngineEffect[] {
    const { state } = this;
    if (state.stage === "stopped") return [];
    wakeUp(state, now);
    runDeadlines(state);
    handleSocketTimeout(state);
    return this.finish();
  }

  nextTimeout(): Instant | undefined {
    const { state } = this;
    if (state.stage === "stopped") return undefined;
    if (state.waiting.size > 0) return state.now;
    let next = state.deadlines.firstAt();
    next = sooner(next, state.announcer.nextTimeout());
    next = sooner(next, state.sockets.nextTimeout());
    // What is overdue is due now: a moment of the past would mean nothing to a driver.
    return next === undefined || next > state.now ? next : state.now;
  }

  status(now: Instant): NodeStatus {
    return statusOf(this.state, now);
  }

  private finish(): readonly EngineEffect[] {
    const { state } = this;
    state.announcer.send(state.now, announceSlice, state.effects);
    if (state.stage === "stopping" && state.requests.length === 0) {
      state.stage = "stopped";
      state.effects.push({ kind: "stopped" });
    }
    const { effects } = state;
    state.effects = [];
    return effects;
  }
}

function wakeUp(state: NodeState, now: Instant): void {
  // A driver that takes the time once for several inputs may be a moment behind its own answers.
  if (now > state.now) state.now = now;
  state.wakeUp++;
  actOnWaiting(state);
}

/** Every due instance once: one that is due again at once lets the others go first. */
function runDeadlines(state: NodeState): void {
  const { deadlines } = state;
  const again = [];
  for (;;) {
    const at = deadlines.firstAt();
    const slot = deadlines.first();
    if (at === undefined || slot === undefined || at > state.now) break;
    const instance = state.slots[slot];
    assert(instance !== undefined, "a deadline has an instance");
    if (!isHearing(instance)) driveTimeout(state, instance);
    const next = instance.router.nextTimeout();
    if (next !== undefined && next <= state.now) {
      deadlines.set(slot, undefined);
      again.push(instance);
    } else {
      deadlines.set(slot, next);
    }
  }
  for (const instance of again) schedule(state, instance);
}

/** No silence: a backup that has adverts waiting hears them before it takes over. */
const isHearing = ({ pending, router }: Instance): boolean =>
  pending.length > 0 && router.state === "backup";

function dispatch(state: NodeState, input: EngineInput): void {
  switch (input.kind) {
    case "kernel-snapshot":
      applySnapshot(state, input.snapshot);
      break;
    case "configure":
      configure(state, input.model, input.leftovers ?? []);
      break;
    case "link-changed":
      applyLinkChanged(state, input.link);
      break;
    case "link-removed":
      applyLinkRemoved(state, input.index);
      break;
    case "address-added":
      applyAddressAdded(state, input.address);
      break;
    case "address-removed":
      applyAddressRemoved(state, input.address);
      break;
    case "packets-received":
      receivePackets(state, input.socket, input.packets);
      break;
    case "addresses-added":
      handleAddressesAdded(state, input);
      break;
    case "socket-refused":
      handleSocketRefused(state, input.socket, input.error);
      break;
    case "shutdown":
      shutDown(state);
      break;
    default:
      assertNever(input);
  }
}

function handleAddressesAdded(
  state: NodeState,
  input: Extract<EngineInput, { kind: "addresses-added" }>,
): void {
  const request = noteOutcomes(state, input.instance, input.addresses, input.outcomes);
  if (request === undefined) return;
  const { instance, purpose, vips, lost, isLatest } = request;
  for (const address of lost) takeAway(state, address);
  if (state.slots[instance.slot] !== instance || instance.router.state !== "master") return;
  if (!isLatest) return;
  if (purpose === "take-over") {
    drive(state, instance, { kind: "addresses-installed" });
  } else {
    announce(state, instance, instance.model.garp.masterRepeat, vips);
  }
}
