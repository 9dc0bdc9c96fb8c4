// What a router tracks and what that does to its priority: for each tracked thing a weight while it
// works and one while it does not, or a fault that takes the router out of the election. A model
// goes in, the things as data come out; the engine judges the same rows from links as they are.

import type { InstanceModel } from "../config/model.ts";
import type { TrackedObject, TrackingModel, Weight } from "../config/model-tracking.ts";
import { weightedPriority } from "../vrrp/timers.ts";

export type TrackedThing = {
  /** The block that names it: where to look for its place. */
  readonly block: "interface" | "virtual_ipaddress" | `track_${TrackedKind}`;
  /** `eth1`. */
  readonly name: string;
  /** The state that nobody wants, as `down`, or `up` where the file says `reverse` without a weight. */
  readonly failure: string;
  /** False: keepalived acts on it, the engine does not yet. */
  readonly runs: boolean;
  readonly working: TrackedEffect;
  readonly failed: TrackedEffect;
};

type TrackedKind = "interface" | "script" | "file" | "process" | "bfd";

export type TrackedEffect =
  | { readonly kind: "weight"; readonly weight: number }
  /** The router takes no part in the election. */
  | { readonly kind: "fault" };

const nothing: TrackedEffect = { kind: "weight", weight: 0 };
const fault: TrackedEffect = { kind: "fault" };

/** What the two states of a thing are called: the wanted one, and the other. */
const states = {
  interface: ["up", "down"],
  script: ["successful", "failing"],
  /** Any number counts; 1 stands for them. */
  file: ["0", "1"],
  process: ["running", "gone"],
  bfd: ["up", "down"],
} as const satisfies Record<TrackedKind, readonly [string, string]>;

type UpAndDown = Pick<TrackedThing, "block" | "name"> & {
  readonly up: TrackedEffect;
  readonly down: TrackedEffect;
};

/** One row for each thing; an interface that is tracked for two reasons has both effects in one. */
export function trackedThings(
  model: InstanceModel,
  tracking?: TrackingModel,
): readonly TrackedThing[] {
  return [...trackedInterfaces(model), ...trackedObjects(model, tracking)].map(
    ({ block, name, up, down }) => {
      const kind = kindOf(block);
      const mustBeDown = up.kind === "fault" && down.kind === "weight";
      const runs = kind === "interface";
      const [good, bad] = states[kind];
      return mustBeDown
        ? { block, name, runs, failure: good, working: down, failed: up }
        : { block, name, runs, failure: bad, working: up, failed: down };
    },
  );
}

const kindOf = (block: TrackedThing["block"]): TrackedKind =>
  block === "interface" || block === "virtual_ipaddress"
    ? "interface"
    : (block.slice("track_".length) as TrackedKind);

function trackedInterfaces(model: InstanceModel): readonly UpAndDown[] {
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
  return [...things.values()];
}

/** J03: each with the weight of its line, or else its own. */
function trackedObjects(
  { tracked }: InstanceModel,
  tracking: TrackingModel | undefined,
): readonly UpAndDown[] {
  if (tracked === undefined || tracking === undefined) return [];
  const rows = (
    kind: TrackedKind,
    objects: readonly TrackedObject[],
    defined: readonly { readonly name: string; readonly weight: Weight }[],
  ) =>
    objects.map(({ name, weight }): UpAndDown => {
      const own = weight ?? defined.find((each) => each.name === name)?.weight;
      const { amount, reverse } = own ?? { amount: 0, reverse: false };
      const effects =
        kind === "file" ? fileEffects(amount, reverse) : weightEffects(amount, reverse);
      return { block: `track_${kind}`, name, ...effects };
    });
  return [
    ...rows("script", tracked.scripts, tracking.scripts),
    ...rows("file", tracked.files, tracking.files),
    ...rows("process", tracked.processes, tracking.processes),
    ...rows("bfd", tracked.bfds, tracking.bfds),
  ];
}

/** A file's number times its weight is added; -254 and less is a fault, as is any with weight 0. */
function fileEffects(weight: number, reverse: boolean): Pick<UpAndDown, "up" | "down"> {
  if (weight === 0) return reverse ? { up: fault, down: nothing } : { up: nothing, down: fault };
  const amount = reverse ? -weight : weight;
  const counted: TrackedEffect = { kind: "weight", weight: Math.min(amount, weightMax) };
  return { up: nothing, down: amount < -weightMax ? fault : counted };
}

const weightMax = 253;

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
