// What `explain` computed, held against what the engines do: master, and who takes over after which
// time, to the microsecond. A difference is a mistake of ours, and is told.

import { durationText } from "../base/time.ts";
import type { Proof, RouterExplanation, TrackedExplanation } from "../review/explain.ts";
import type { Member } from "../review/members.ts";
import type { TakeOver } from "../review/timeline.ts";
import type { EngineFactory } from "./host.ts";
import { type RehearsedTakeOver, rehearse } from "./rehearsal.ts";

/** Rehearses a virtual router and compares. */
export function proofOf(explained: RouterExplanation, createEngine: EngineFactory): Proof {
  const { election, members } = explained;
  if (members.length < 2) return notRun("one router alone has nobody to fail over to");
  if (election?.kind !== "decided") return notRun("there is no single master");
  const routers = members.map(({ member, priority }) => ({
    model: member.model,
    priority,
    startupDelay: member.global.startupDelay,
  }));
  const weakened = weakenedOf(explained, election.master);
  const rehearsal = rehearse(
    routers,
    createEngine,
    weakened.map(({ priorityThen }) => priorityThen),
  );
  if (rehearsal === undefined) return notRun("it would take too long, or starts are delayed");
  const all = members.map(({ member }) => member);
  const name = (place: number | undefined) =>
    place === undefined ? "nobody" : (all[place]?.router ?? "");
  if (all[rehearsal.master ?? -1] !== election.master)
    return differs(`master: ${name(rehearsal.master)}, not ${election.master.router}`);
  for (const failure of ["hard", "clean"] as const) {
    const how = difference(explained[failure], rehearsal[failure], all, name);
    if (how !== undefined) return differs(`${failure} failure: ${how}`);
  }
  for (const [i, { thing, takeOver }] of weakened.entries()) {
    const how = difference(takeOver, rehearsal.weakened[i], all, name);
    if (how !== undefined) return differs(`${thing.name} ${thing.failure}: ${how}`);
  }
  return { kind: "agrees" };
}

type Weakened = TrackedExplanation & { readonly priorityThen: number };

/** Things whose failure leaves the master alive with another priority. */
function weakenedOf(explained: RouterExplanation, master: Member): readonly Weakened[] {
  const own = explained.members.find(({ member }) => member === master);
  return (own?.tracked ?? []).flatMap((each) => {
    const { priorityThen } = each;
    const moves = priorityThen !== undefined && priorityThen !== own?.priority;
    return moves ? [{ ...each, priorityThen }] : [];
  });
}

const notRun = (why: string): Proof => ({ kind: "not-run", why });
const differs = (how: string): Proof => ({ kind: "differs", how });

function difference(
  computed: TakeOver | undefined,
  seen: RehearsedTakeOver | undefined,
  members: readonly Member[],
  name: (place: number | undefined) => string,
): string | undefined {
  if (computed === undefined && seen === undefined) return undefined;
  const router = members[seen?.router ?? -1];
  const same = router !== undefined && computed?.routers.includes(router) === true;
  if (same && computed.wait.after === seen?.after) return undefined;
  const found =
    seen === undefined ? "nobody" : `${name(seen.router)} after ${durationText(seen.after)}`;
  return `the engines have ${found}`;
}
