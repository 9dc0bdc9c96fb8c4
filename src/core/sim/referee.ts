// What a referee is: it sees every fact of a run with the standing after it, and complains in an
// operator's words. `judge` lets several of them watch one run.

import { durationText, type Instant, instant, type Microseconds } from "../base/time.ts";
import type { Fact } from "./fact.ts";
import type { Scenario } from "./scenario.ts";
import { Standing } from "./standing.ts";

export type Complaint = {
  readonly at: Instant;
  readonly referee: string;
  /** `two masters for 3.2s: VI_0 on hosts 0 and 2`. */
  readonly text: string;
};

export type Complain = (at: Instant, text: string) => void;

export interface Referee {
  /** Every fact, in order; `standing` already knows it. */
  see(fact: Fact, standing: Standing): void;
  /** The run is over: whatever still lasts has lasted until now. */
  end(at: Instant, standing: Standing): void;
}

export type RefereeFactory = (scenario: Scenario, complain: Complain) => Referee;

/** Complaints that are kept: the first ones say what happened, the rest repeats it. */
const complaintsMax = 50;

/** What the referees have to say about a run, in the order of time. */
export function judge(
  scenario: Scenario,
  facts: readonly Fact[],
  referees: Readonly<Record<string, RefereeFactory>>,
): readonly Complaint[] {
  const complaints: Complaint[] = [];
  const standing = new Standing(scenario);
  const sitting = Object.entries(referees).map(([name, create]) =>
    create(scenario, (at, text) => {
      if (complaints.length < complaintsMax) complaints.push({ at, referee: name, text });
    }),
  );
  for (const fact of facts) {
    standing.see(fact);
    for (const referee of sitting) referee.see(fact, standing);
  }
  for (const referee of sitting) referee.end(scenario.end, standing);
  return complaints.sort((a, b) => a.at - b.at);
}

/** `12.5s one-master: no master for 3.2s ...`, one line each. */
export const complaintsText = (complaints: readonly Complaint[]): string =>
  complaints
    .map(({ at, referee, text }) => `${durationText(sinceStart(at))} ${referee}: ${text}`)
    .join("\n");

const sinceStart = (at: Instant): Microseconds => (at - instant(0)) as Microseconds;
