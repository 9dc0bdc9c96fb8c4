// What a router tracks and what that does to its priority: for each tracked thing a weight while it
// works and one while it does not, or a fault that takes the router out of the election. A model
// goes in, the things as data come out; the engine judges the same rows from links as they are.

import type { InstanceModel } from "../config/model.ts";
import { weightedPriority } from "../vrrp/timers.ts";

export type TrackedThing = {
  /** The block that names it: where to look for its place. */
  readonly block: "interface" | "track_interface" | "virtual_ipaddress";
  /** `eth1`. */
  readonly name: string;
  /** The state that nobody wants: down, or up where the file says `reverse` without a weight. */
  readonly failure: "down" | "up";
  readonly working: TrackedEffect;
  readonly failed: TrackedEffect;
};

export type TrackedEffect =
  | { readonly kind: "weight"; readonly weight: number }
  /** The router takes no part in the election. */
  | { readonly kind: "fault" };

const nothing: TrackedEffect = { kind: "weight", weight: 0 };
const fault: TrackedEffect = { kind: "fault" };

type UpAndDown = Pick<TrackedThing, "block" | "name"> & {
  readonly up: TrackedEffect;
  readonly down: TrackedEffect;
};

/** One row for each thing; an interface that is tracked for two reasons has both effects in one. */
export function trackedThings(model: InstanceModel): readonly TrackedThing[] {
  const things = new Map<string, UpAndDown>();
  const add = (thing: UpAndDown) => {
    const known = things.get(thing.name);
    things.set(thing.name, known === undefined ? thing : combined(known, thing));
  };
  const { interface: own, trackPrimary } = model;
  if (own !== undefined && trackPrimary)
    add({ block: "interface", name: own, up: nothing, down: fault });
  for (const { interface: name, weight, reverse } of model.trackInterfaces)
    add({ block: "track_interface", name, ...weightEffects(weight, reverse) });
  for (const virtual of [...model.addresses, ...model.excludedAddresses]) {
    const name = virtual.interface;
    if (name === undefined || name === own || !virtual.track || !trackPrimary) continue;
    add({ block: "virtual_ipaddress", name, up: nothing, down: fault });
  }
  return [...things.values()].map(({ block, name, up, down }) => {
    const mustBeDown = up.kind === "fault" && down.kind === "weight";
    return mustBeDown
      ? { block, name, failure: "up", working: down, failed: up }
      : { block, name, failure: "down", working: up, failed: down };
  });
}

/** J01, J03: a positive weight counts while up, a negative one while down; 0 makes down a fault. */
function weightEffects(weight: number, reverse: boolean): Pick<UpAndDown, "up" | "down"> {
  if (weight === 0) return reverse ? { up: fault, down: nothing } : { up: nothing, down: fault };
  const counted: TrackedEffect = { kind: "weight", weight: reverse ? -weight : weight };
  return weight > 0 ? { up: counted, down: nothing } : { up: nothing, down: counted };
}

const combined = (a: UpAndDown, b: UpAndDown): UpAndDown => ({
  ...(a.block === "track_interface" ? a : b.block === "track_interface" ? b : a),
  up: sum(a.up, b.up),
  down: sum(a.down, b.down),
});

const sum = (a: TrackedEffect, b: TrackedEffect): TrackedEffect =>
  a.kind === "fault" || b.kind === "fault"
    ? fault
    : { kind: "weight", weight: a.weight + b.weight };

/** Its state makes a difference by weight, and never by a fault. */
export const isWeighted = ({ working, failed }: TrackedThing): boolean =>
  working.kind === "weight" && failed.kind === "weight" && working.weight !== failed.weight;

/** What a thing adds in a state; a fault adds nothing, since there is no priority then. */
export const weightIn = (effect: TrackedEffect): number =>
  effect.kind === "weight" ? effect.weight : 0;

/** The effective priority while the given things have failed; undefined with a fault. */
export function priorityWith(
  base: number,
  things: readonly TrackedThing[],
  isFailed: (thing: TrackedThing) => boolean,
): number | undefined {
  let weight = 0;
  for (const thing of things) {
    const effect = isFailed(thing) ? thing.failed : thing.working;
    if (effect.kind === "fault") return undefined;
    weight += effect.weight;
  }
  return weightedPriority(base, weight);
}

/** What the router advertises when all that it tracks works; without weights its `priority`. */
export function healthyPriority(base: number, things: readonly TrackedThing[]): number {
  const weight = things.reduce((all, { working }) => all + weightIn(working), 0);
  return weightedPriority(base, weight);
}
