// What weights can and cannot do between the routers of a group, over all combinations of what they
// track: weights that never make another router take over, and combinations in which two routers
// are equal. Sums of weights are few where combinations are many, so the answer is exact and cheap;
// the table that people read is bounded.

import { limits } from "../base/limits.ts";
import { weightedPriority } from "../vrrp/timers.ts";
import type { Member } from "./members.ts";
import {
  healthyPriority,
  isWeighted,
  priorityWith,
  type TrackedThing,
  weightIn,
} from "./tracked.ts";

/** What failed on which member, in a combination. */
export type Failure = { readonly member: Member; readonly thing: TrackedThing };

/** A weight whose failure moves mastership in no combination. */
export type UselessWeight = Failure & {
  /** Least and greatest priority of each member, in the order of the members. */
  readonly ranges: readonly { readonly min: number; readonly max: number }[];
  /** Those who would take over if they preempted. */
  readonly waiting: readonly Member[];
};

/** Two members whose priorities differ as long as all works, and are the same with these failures. */
export type WeightedTie = {
  readonly members: readonly [Member, Member];
  readonly priority: number;
  /** As few as possible. */
  readonly failures: readonly Failure[];
};

/** What a member advertises when all that it tracks works. */
export const healthyPriorityOf = ({ model, things }: Member): number =>
  healthyPriority(model.priority, things);

/** The things with weights, as many as are looked at. */
const weightedThings = ({ things }: Member): readonly TrackedThing[] =>
  things.filter(isWeighted).slice(0, limits.reviewTrackedMax);

/** Priorities that a member can have, each with the fewest failures that give it. */
function priorities(
  member: Member,
  things: readonly TrackedThing[],
): ReadonlyMap<number, readonly TrackedThing[]> {
  let sums = new Map<number, readonly TrackedThing[]>([[constantWeight(member), []]]);
  for (const thing of things) {
    const next = new Map<number, readonly TrackedThing[]>();
    const offer = (sum: number, failed: readonly TrackedThing[]) => {
      const known = next.get(sum);
      if (known === undefined || failed.length < known.length) next.set(sum, failed);
    };
    for (const [sum, failed] of sums) {
      offer(sum + weightIn(thing.working), failed);
      offer(sum + weightIn(thing.failed), [...failed, thing]);
    }
    sums = next;
  }
  const found = new Map<number, readonly TrackedThing[]>();
  for (const [sum, failed] of sums) {
    const priority = weightedPriority(member.model.priority, sum);
    const known = found.get(priority);
    if (known === undefined || failed.length < known.length) found.set(priority, failed);
  }
  return found;
}

/** What things add that have a weight while they work and are a fault otherwise. */
function constantWeight(member: Member): number {
  const counted = new Set(weightedThings(member));
  return member.things
    .filter((thing) => !counted.has(thing))
    .reduce((all, { working }) => all + weightIn(working), 0);
}

/**
 * The weights of members that no combination makes matter. Members are at least two. Nothing can be
 * said of groups with weighted files, whose numbers may be any.
 */
export function uselessWeights(members: readonly Member[]): readonly UselessWeight[] {
  const files = members.flatMap(weightedThings).some(({ block }) => block === "track_file");
  if (files) return [];
  const all = members.map((member) => [...priorities(member, weightedThings(member)).keys()]);
  const ranges = all.map((each) => ({ min: Math.min(...each), max: Math.max(...each) }));
  return members.flatMap((member, i) =>
    weightedThings(member).flatMap((thing) => {
      const rivals = members.filter((_, other) => other !== i);
      const reach = rivals.map((_, other) => all[other < i ? other : other + 1] ?? []);
      const moves = movesOf(member, thing, rivals, reach);
      return moves === "mastership" ? [] : [{ member, thing, ranges, waiting: moves }];
    }),
  );
}

/**
 * Whether a failure of the thing can put the member behind a rival that preempts, or before one
 * while the member itself preempts; otherwise those whose preemption alone is missing.
 */
function movesOf(
  member: Member,
  thing: TrackedThing,
  rivals: readonly Member[],
  reach: readonly (readonly number[])[],
): "mastership" | readonly Member[] {
  const others = weightedThings(member).filter((each) => each !== thing);
  const { priority: base } = member.model;
  const waiting = new Set<Member>();
  for (const sum of sumsOf(member, others)) {
    const before = weightedPriority(base, sum + weightIn(thing.working));
    const after = weightedPriority(base, sum + weightIn(thing.failed));
    for (const [i, rival] of rivals.entries()) {
      const falls = after < before;
      // With an equal priority, whoever is master stays.
      const passes = (theirs: number) =>
        falls ? after < theirs && theirs <= before : before <= theirs && theirs < after;
      if (!(reach[i] ?? []).some(passes)) continue;
      const winner = falls ? rival : member;
      if (winner.model.preempt) return "mastership";
      waiting.add(winner);
    }
  }
  return [...waiting];
}

function sumsOf(member: Member, things: readonly TrackedThing[]): ReadonlySet<number> {
  let sums = new Set([constantWeight(member)]);
  for (const thing of things) {
    const next = new Set<number>();
    for (const sum of sums) {
      next.add(sum + weightIn(thing.working));
      next.add(sum + weightIn(thing.failed));
    }
    sums = next;
  }
  return sums;
}

/** For each pair with different priorities, the least that has to fail to make them equal. */
export function weightedTies(members: readonly Member[]): readonly WeightedTie[] {
  const reach = members.map((member) => priorities(member, weightedThings(member)));
  const ties: WeightedTie[] = [];
  for (const [i, a] of members.entries()) {
    for (const [j, b] of members.entries()) {
      if (j <= i || healthyPriorityOf(a) === healthyPriorityOf(b)) continue;
      const tie = smallestTie(reach[i] ?? new Map(), reach[j] ?? new Map());
      if (tie === undefined) continue;
      const failures = [
        ...tie.first.map((thing) => ({ member: a, thing })),
        ...tie.second.map((thing) => ({ member: b, thing })),
      ];
      ties.push({ members: [a, b], priority: tie.priority, failures });
    }
  }
  return ties;
}

type Reach = ReadonlyMap<number, readonly TrackedThing[]>;

function smallestTie(a: Reach, b: Reach) {
  let best: { priority: number; first: Things; second: Things } | undefined;
  for (const [priority, first] of a) {
    const second = b.get(priority);
    if (second === undefined) continue;
    const size = first.length + second.length;
    if (best !== undefined && best.first.length + best.second.length <= size) continue;
    best = { priority, first, second };
  }
  return best;
}

type Things = readonly TrackedThing[];

/** One combination: what fails, what each member's priority is then, and who is ahead. */
export type WeightRow = {
  readonly failures: readonly Failure[];
  /** Undefined with a fault. */
  readonly priorities: readonly (number | undefined)[];
  /** Indexes of the members with the highest priority; none when all have a fault. */
  readonly strongest: readonly number[];
};

export type WeightTable = {
  readonly rows: readonly WeightRow[];
  /** Combinations there are in all, those of the rows included. */
  readonly combinations: number;
};

/**
 * The combinations of what has weights, the fewest failures first, at most
 * `limits.reviewTableRowsMax`. A fault needs no table: it takes its router out.
 */
export function weightTable(members: readonly Member[]): WeightTable {
  const failures = members.flatMap((member) =>
    weightedThings(member).map((thing) => ({ member, thing })),
  );
  const rows: WeightRow[] = [];
  for (const chosen of smallestSubsets(failures, limits.reviewTableRowsMax))
    rows.push(rowOf(members, chosen));
  return { rows, combinations: 2 ** failures.length };
}

function rowOf(members: readonly Member[], failures: readonly Failure[]): WeightRow {
  const found = members.map((member) =>
    priorityWith(member.model.priority, member.things, (thing) =>
      failures.some((each) => each.member === member && each.thing === thing),
    ),
  );
  const highest = Math.max(...found.map((priority) => priority ?? 0));
  const strongest = found.flatMap((priority, i) =>
    priority !== undefined && priority === highest ? [i] : [],
  );
  return { failures, priorities: found, strongest };
}

/** Subsets by size, then in the order of the list; as many as asked for. */
function smallestSubsets<T>(list: readonly T[], max: number): readonly (readonly T[])[] {
  const found: (readonly T[])[] = [];
  let level: (readonly number[])[] = [[]];
  while (level.length > 0 && found.length < max) {
    found.push(...level.map((places) => places.map((place) => list[place] as T)));
    level = level
      .slice(0, max)
      .flatMap((places) =>
        list.flatMap((_, place) => (place > (places.at(-1) ?? -1) ? [[...places, place]] : [])),
      )
      .slice(0, max);
  }
  return found.slice(0, max);
}
