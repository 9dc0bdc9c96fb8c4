// How long things may take in a scenario: the spans of time that referees allow, computed from the
// configuration alone by the formulas of the RFCs (RFC 9568 section 6.1, RFC 3768 section 6.2).

import { type Microseconds, seconds } from "../base/time.ts";
import type { Member, Scenario, VirtualRouterGroup } from "./scenario.ts";

/** Skew of a priority: of the master's interval in v3, of one second in v2, cut to whole µs. */
export function skewOf(version: 2 | 3, priority: number, interval: Microseconds): Microseconds {
  const base = version === 3 ? interval : seconds(1);
  return Math.floor(((256 - priority) * base) / 256) as Microseconds;
}

/** Silence after which a member takes over from a master that advertised with `interval`. */
export const masterDownOf = (
  version: 2 | 3,
  member: Member,
  priority: number,
  interval: Microseconds,
): Microseconds =>
  (member.downTimerAdverts * interval + skewOf(version, priority, interval)) as Microseconds;

export const slowestInterval = (group: VirtualRouterGroup): Microseconds =>
  Math.max(...group.members.map(({ interval }) => interval)) as Microseconds;

/** What a packet and the wake-up that reads it may take. */
export const hearingMax = ({ lan, latenessMax }: Scenario): Microseconds =>
  (lan.delayMax + latenessMax) as Microseconds;

/**
 * After the last trouble there is one master by then: the longest silence that any member could be
 * waiting for, the delay before it may preempt, and the way of the adverts that settle it.
 */
export function settlingMax(scenario: Scenario, group: VirtualRouterGroup): Microseconds {
  const interval = slowestInterval(group);
  const silence = Math.max(
    ...group.members.map((member) => masterDownOf(group.version, member, 1, interval)),
  );
  const preemptDelay = Math.max(...group.members.map((member) => member.preemptDelay));
  // A preempting router that delays counts silence after the delay.
  const waiting = preemptDelay === 0 ? silence : preemptDelay + silence;
  const startupDelay = scenario.startupDelay ?? 0;
  return (startupDelay + waiting + interval + 4 * hearingMax(scenario)) as Microseconds;
}

/** Two masters that hear each other are one after this: the winner's next advert settles it. */
export const overlapMax = (scenario: Scenario, a: Member, b: Member): Microseconds =>
  (Math.max(a.interval, b.interval) + 2 * hearingMax(scenario)) as Microseconds;

/**
 * What a host does at once takes no longer than its lateness, twice for good measure, and where it
 * works in chunks its lateness again for each of them.
 */
export function atOnceMax({ latenessMax, workPerTurn, groups }: Scenario): Microseconds {
  const addresses = groups.reduce((sum, group) => sum + group.addresses, 0);
  // A burst of five rounds, and addresses that come and go again before it is over.
  const work = workPerTurn === undefined ? 0 : Math.ceil((10 * addresses) / workPerTurn);
  return ((2 + work) * latenessMax + 1_000) as Microseconds;
}
