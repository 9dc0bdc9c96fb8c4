// From a seed to a verdict: the seed picks routers, network and troubles, the run is made, and all
// referees judge it. A failing scenario can be cut down to what is needed to make it fail, and that
// becomes a file in test/regressions.

import { Prng } from "../base/prng.ts";
import { type Instant, instant, type Microseconds, milliseconds, seconds } from "../base/time.ts";
import type { EngineFactory } from "./host.ts";
import { type Complaint, judge, type RefereeFactory } from "./referee.ts";
import {
  enginesStayWhole,
  goodbyes,
  goodbyesAreHeeded,
  noAdvertStorm,
  nobodyUsurps,
  strengthDecides,
  takeOversAreAnnounced,
} from "./referees-of-conduct.ts";
import {
  masterHoldsAddresses,
  neverTwoMasters,
  nobodyElseHoldsAddresses,
  noMasterWithoutLink,
  oneMasterAfterSettling,
  ownerIsMaster,
} from "./referees-of-mastership.ts";
import type { LanConditions, Member, Scenario, Trouble, VirtualRouterGroup } from "./scenario.ts";
import { settlingMax, slowestInterval } from "./spans.ts";
import { runScenario } from "./world.ts";

/** Everybody who watches a run, by the name that complaints carry. */
export const referees = {
  "one-master-after-settling": oneMasterAfterSettling,
  "never-two-masters": neverTwoMasters,
  "owner-is-master": ownerIsMaster,
  "no-master-without-link": noMasterWithoutLink,
  "master-holds-addresses": masterHoldsAddresses,
  "nobody-else-holds-addresses": nobodyElseHoldsAddresses,
  "nobody-usurps": nobodyUsurps,
  "strength-decides": strengthDecides,
  "no-advert-storm": noAdvertStorm,
  goodbyes,
  "goodbyes-are-heeded": goodbyesAreHeeded,
  "take-overs-are-announced": takeOversAreAnnounced,
  "engines-stay-whole": enginesStayWhole,
} as const satisfies Record<string, RefereeFactory>;

export type RefereeName = keyof typeof referees;

/** Runs the scenario and lets every referee judge it. */
export const verdictOn = (scenario: Scenario, createEngine: EngineFactory): readonly Complaint[] =>
  judge(scenario, runScenario(scenario, createEngine), referees);

/** The scenario that a seed stands for, as long as this file stays as it is. */
export function scenarioOf(seed: number): Scenario {
  const prng = new Prng(seed);
  const hosts = prng.between(2, 5);
  const scale = prng.pick(scales);
  const shape = Array.from({ length: prng.chance(1, 4) ? 2 : 1 }, () =>
    groupOf(prng, hosts, scale),
  );
  const groups = shape.map((group, i) => ({ ...group, vrid: 51 + i }));
  const fastest = Math.min(
    ...groups.flatMap(({ members }) => members.map(({ interval }) => interval)),
  );
  const quiet: Scenario = {
    seed,
    hosts,
    addresses: distinctAddresses(prng, hosts),
    lan: lanOf(prng, fastest),
    latenessMax: prng.pick([0, 100, Math.floor(fastest / 16)]) as Microseconds,
    ...(prng.chance(1, 8) ? { startupDelay: (fastest * prng.between(1, 8)) as Microseconds } : {}),
    ...(prng.chance(1, 2) ? { workPerTurn: prng.between(1, 3) } : {}),
    groups,
    troubles: [],
    calmAt: instant(0),
    end: instant(0),
  };
  const settling = Math.max(...groups.map((group) => settlingMax(quiet, group)));
  return troubled(prng, quiet, settling);
}

/**
 * Intervals of one run lie close together: a slow group would make a fast one advertise for hours.
 */
const scales = [
  { versions: [2, 3], intervals: [seconds(1), seconds(2)] },
  { versions: [3], intervals: [milliseconds(10), milliseconds(50), milliseconds(100)] },
  { versions: [3], intervals: [milliseconds(100), milliseconds(250), seconds(1)] },
] as const;

/** One virtual router whose members differ in everything that they may differ in. */
function groupOf(
  prng: Prng,
  hosts: number,
  { versions, intervals }: (typeof scales)[number],
): Omit<VirtualRouterGroup, "vrid"> {
  const version = prng.pick<2 | 3>(versions);
  const common = prng.pick<Microseconds>(intervals);
  const mixed = version === 3 && prng.chance(1, 4);
  const owner = prng.chance(1, 4) ? prng.between(0, hosts - 1) : -1;
  const members = Array.from({ length: hosts }, (_, host) =>
    memberOf(prng, host === owner, mixed ? prng.pick<Microseconds>(intervals) : common),
  );
  return {
    version,
    profile: prng.pick(["compat", "compat", "rfc9568"] as const),
    transport: prng.chance(1, 4) ? "unicast" : "multicast",
    ...(version === 2 && prng.chance(1, 2) ? { password: "secret" } : {}),
    checksumWithoutPseudoHeader: prng.chance(1, 2),
    addresses: prng.between(1, 3),
    members,
  };
}

function memberOf(prng: Prng, owner: boolean, interval: Microseconds): Member {
  const initialMaster = prng.chance(1, 4);
  const preempt = owner || initialMaster || prng.chance(2, 3);
  const delays = preempt && !owner && !initialMaster && prng.chance(1, 6);
  return {
    // Few different ones, so that some are equal.
    priority: owner ? 255 : prng.pick([1, 50, 100, 100, 100, 150, 200, 254]),
    interval,
    initialMaster,
    preempt,
    preemptDelay: (delays ? interval * prng.between(1, 6) : 0) as Microseconds,
    downTimerAdverts: prng.pick([3, 3, 3, 2, 5]),
    lowerPriorityNoAdvert: prng.chance(1, 8),
    higherPrioritySendAdvert: prng.chance(1, 8),
  };
}

function distinctAddresses(prng: Prng, hosts: number): readonly number[] {
  const found = new Set<number>();
  while (found.size < hosts) found.add(prng.between(1, 99));
  return [...found];
}

/** Delays stay well under the fastest interval: otherwise time-outs would be right to happen. */
function lanOf(prng: Prng, fastest: number): LanConditions {
  const delayMin = prng.between(1, 200) as Microseconds;
  const delayMax = (delayMin + prng.between(0, Math.floor(fastest / 8))) as Microseconds;
  return {
    delayMin,
    delayMax,
    lossPerMille: prng.chance(1, 2) ? 0 : prng.pick([10, 100, 300]),
    duplicatePerMille: prng.chance(1, 2) ? 0 : prng.pick([10, 200]),
  };
}

/**
 * All hosts start, then troubles come in bursts and pauses, then a calm in which all must settle.
 */
function troubled(prng: Prng, quiet: Scenario, settling: number): Scenario {
  const troubles: Trouble[] = [];
  for (let host = 0; host < quiet.hosts; host++) {
    const at = instant(prng.between(0, Math.floor(settling / 4)));
    troubles.push({ at, kind: "start", host });
  }
  troubles.sort((a, b) => a.at - b.at);
  const wreckage: Wreckage = {
    partitioned: false,
    paused: new Set(),
    unplugged: new Set(),
    stopped: new Set(),
  };
  let now: number = settling;
  for (let left = prng.between(0, 12); left > 0; left--) {
    // Short waits pile troubles up, long ones let the routers settle in between.
    const wait = prng.pick([0, settling / 64, settling / 8, settling / 2, settling * 1.5]);
    now += prng.between(0, Math.floor(wait));
    const trouble = troubleOf(prng, quiet, wreckage, instant(now));
    troubles.push(trouble);
    if ("host" in trouble && prng.chance(1, 8)) {
      troubles.push({ at: instant(now), kind: "lose-kernel-events", host: trouble.host });
    }
  }
  const calmAt = instant(now + prng.between(1, Math.floor(settling / 4)));
  const slowest = Math.max(...quiet.groups.map(slowestInterval));
  const end = (calmAt + Math.floor(settling * 1.5) + 4 * slowest) as Instant;
  return { ...quiet, troubles, calmAt, end };
}

/** What the generator knows of the run: what went wrong must be able to go right again. */
type Wreckage = {
  partitioned: boolean;
  readonly paused: Set<number>;
  readonly unplugged: Set<number>;
  readonly stopped: Set<number>;
};

function troubleOf(prng: Prng, scenario: Scenario, wreckage: Wreckage, at: Instant): Trouble {
  const { hosts, groups } = scenario;
  const host = prng.between(0, hosts - 1);
  if (prng.chance(1, 2)) {
    const repair = repairOf(wreckage, host, at);
    if (repair !== undefined) return repair;
  }
  const group = prng.between(0, groups.length - 1);
  const kind = prng.pick(harm);
  switch (kind) {
    case "partition": {
      wreckage.partitioned = true;
      const side = Array.from({ length: hosts }, (_, i) => i).filter(() => prng.chance(1, 2));
      return { at, kind, side };
    }
    case "steal-address":
      return { at, kind, host, group };
    case "reload":
      return reloadOf(prng, groups, at, host, group);
    default:
      remember(wreckage, kind, host);
      return { at, kind, host };
  }
}

const harm = [
  "partition",
  "pause",
  "link-down",
  "link-down",
  "stop",
  "stop",
  "crash",
  "steal-address",
  "reload",
] as const;

function remember(
  { paused, unplugged, stopped }: Wreckage,
  kind: "pause" | "link-down" | "stop" | "crash",
  host: number,
): void {
  if (kind === "pause") paused.add(host);
  else if (kind === "link-down") unplugged.add(host);
  else stopped.add(host);
}

/** Sets one thing right that is wrong with the host, or with the LAN. */
function repairOf(wreckage: Wreckage, host: number, at: Instant): Trouble | undefined {
  if (wreckage.stopped.delete(host)) return { at, kind: "start", host };
  if (wreckage.unplugged.delete(host)) return { at, kind: "link-up", host };
  if (wreckage.paused.delete(host)) return { at, kind: "resume", host };
  if (!wreckage.partitioned) return undefined;
  wreckage.partitioned = false;
  return { at, kind: "heal" };
}

/** An owner stays one, and nobody becomes a second one. */
function reloadOf(
  prng: Prng,
  groups: readonly VirtualRouterGroup[],
  at: Instant,
  host: number,
  group: number,
): Trouble {
  const owns = groups[group]?.members[host]?.priority === 255;
  const priority = owns ? 255 : prng.between(1, 254);
  return { at, kind: "reload", host, group, priority };
}

/**
 * The scenario with every trouble left out that the same referee's complaint does not need; at most
 * `runsMax` runs.
 */
export function shrunk(
  scenario: Scenario,
  referee: string,
  createEngine: EngineFactory,
  runsMax = 200,
): Scenario {
  const stillFails = (candidate: Scenario) =>
    verdictOn(candidate, createEngine).some((complaint) => complaint.referee === referee);
  let smallest = scenario;
  let runs = 0;
  for (let i = scenario.troubles.length - 1; i >= 0 && runs < runsMax; i--, runs++) {
    const troubles = smallest.troubles.filter((_, place) => place !== i);
    const candidate = { ...smallest, troubles };
    if (stillFails(candidate)) smallest = candidate;
  }
  return smallest;
}
