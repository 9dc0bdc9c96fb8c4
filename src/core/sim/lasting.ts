// Things that may be so for a moment but must not last. A referee says what is so after each
// change; here the time is taken, and a complaint is made when something was so for too long.

import { between, type Instant, type Microseconds } from "../base/time.ts";
import type { Fact } from "./fact.ts";
import type { Complain, Referee } from "./referee.ts";
import type { Standing } from "./standing.ts";

export type Lasting = {
  /** Tells it apart from everything else that the same referee looks at. */
  readonly key: string;
  /** Time counts from here on; before, it is excused. */
  readonly from: Instant;
  /** How long it may last. */
  readonly allowed: Microseconds;
  readonly text: (lasted: Microseconds) => string;
};

/** Facts that change who runs, hears whom, is master and holds what; adverts are none of them. */
export const changesStanding = (fact: Fact): boolean =>
  fact.kind === "state" ||
  fact.kind === "holds" ||
  fact.kind === "trouble" ||
  fact.kind === "calm" ||
  fact.kind === "broken";

/** A referee that complains about each of `present` that lasts. */
export function mustNotLast(
  present: (standing: Standing) => readonly Lasting[],
  complain: Complain,
): Referee {
  const running = new Map<string, { readonly since: Instant; readonly what: Lasting }>();
  const settle = (since: Instant, what: Lasting, now: Instant) => {
    const start = what.from > since ? what.from : since;
    const lasted = between(start, now);
    if (lasted > what.allowed) complain(now, what.text(lasted));
  };
  return {
    see(fact, standing) {
      if (!changesStanding(fact)) return;
      const now = fact.at;
      const current = new Map(present(standing).map((what) => [what.key, what]));
      for (const [key, { since, what }] of running) {
        const still = current.get(key);
        // Another excuse begins another count: what was too long before stays too long.
        if (still !== undefined && still.from === what.from) continue;
        settle(since, what, now);
        running.delete(key);
      }
      for (const [key, what] of current) {
        if (!running.has(key)) running.set(key, { since: now, what });
      }
    },
    end(now) {
      for (const { since, what } of running.values()) settle(since, what, now);
    },
  };
}
