// Who becomes master among the members of a virtual router, and when somebody else takes over from it:
// the same formulas as the engine's (core/vrrp/timers.ts), with the numbers that went in. Members
// hear each other, nothing is lost and packets take no time; RFC 9568 section 6.4.

import { durationText, type Microseconds } from "../base/time.ts";
import { masterDownTime, ownerPriority, skewTime } from "../vrrp/timers.ts";
import type { Member } from "./members.ts";
import { healthyPriorityOf } from "./weights.ts";

/** How long a backup waits, and how that is computed. */
export type Wait = {
  readonly after: Microseconds;
  /** `3 × 1 s + (256 − 100) × 1 s / 256 = 3.609375 s`. */
  readonly formula: string;
};

export type Election =
  | {
      readonly kind: "decided";
      readonly master: Member;
      readonly why: "alone" | "owner" | "highest-priority" | "first-to-wait-no-longer";
      /** From a start of all at the same time, until it advertises for the first time. */
      readonly wait: Wait;
    }
  /** Equal priorities: whoever is master first stays, and the higher address wins a draw. */
  | { readonly kind: "undecided"; readonly equals: readonly Member[] };

/** Somebody takes over. */
export type TakeOver = {
  /** More than one where they wait equally long; the higher address wins then. */
  readonly routers: readonly Member[];
  readonly wait: Wait;
  /** A stronger one that was slower, and when it follows. */
  readonly followedBy?: { readonly router: Member; readonly wait: Wait };
};

/** `1 s`, `0.25 s`. */
export const secondsText = (duration: Microseconds): string =>
  `${durationText(duration).slice(0, -1)} s`;

/** The time after which a silent master counts as down; v3 counts with the master's interval. */
export function masterDownOf(member: Member, master: Member = member): Wait {
  const { version, downTimerAdverts: adverts } = member.model;
  const interval = heardInterval(member, master);
  const priority = healthyPriorityOf(member);
  const after = masterDownTime(version, priority, interval, adverts);
  const missed = `${adverts} × ${secondsText(interval)}`;
  return {
    after,
    formula: `${missed} + ${skewFormula(member, interval)} = ${secondsText(after)}`,
  };
}

/** The time after which a backup takes over from a master that said goodbye (priority 0). */
export function skewOf(member: Member, master: Member = member): Wait {
  const interval = heardInterval(member, master);
  const after = skewTime(member.model.version, healthyPriorityOf(member), interval);
  return { after, formula: `${skewFormula(member, interval)} = ${secondsText(after)}` };
}

const heardInterval = (member: Member, master: Member): Microseconds =>
  member.model.version === 3 ? master.model.advertInterval : member.model.advertInterval;

const skewFormula = (member: Member, interval: Microseconds): string =>
  `(256 − ${healthyPriorityOf(member)}) × ${member.model.version === 3 ? secondsText(interval) : "1 s"} / 256`;

/** Who is master when all members were started at the same time and all that they track works. */
export function electionOf(members: readonly Member[]): Election | undefined {
  const highest = Math.max(...members.map(healthyPriorityOf));
  const equals = members.filter((member) => healthyPriorityOf(member) === highest);
  if (equals.length > 1) return { kind: "undecided", equals };
  // Whoever waits no longer becomes master; stronger ones follow where they preempt.
  const waits = members.map((member) => ({ member, wait: firstWaitOf(member) }));
  const [first, ...others] = waits.sort((a, b) => a.wait.after - b.wait.after);
  if (first === undefined) return undefined;
  let current = first;
  for (const next of others) {
    const stronger = healthyPriorityOf(next.member) > healthyPriorityOf(current.member);
    // At the same instant, nobody has heard of the other yet.
    const drawn = next.wait.after === current.wait.after;
    if (stronger && drawn) current = next;
    else if (stronger && preempts(next.member)) current = { ...next, wait: preemptionWaitOf(next) };
  }
  const { member: master, wait } = current;
  const drawn = members.filter(
    (member) =>
      healthyPriorityOf(member) === healthyPriorityOf(master) &&
      firstWaitOf(member).after === firstWaitOf(master).after,
  );
  if (drawn.length > 1) return { kind: "undecided", equals: drawn };
  const why =
    members.length === 1
      ? "alone"
      : master.model.priority === ownerPriority
        ? "owner"
        : healthyPriorityOf(master) === highest
          ? "highest-priority"
          : "first-to-wait-no-longer";
  return { kind: "decided", master, why, wait };
}

/** D01: an owner that begins as master waits for nothing but `vrrp_startup_delay`. */
function firstWaitOf(member: Member): Wait {
  const { startupDelay } = member.global;
  const delayed = startupDelay > 0 ? `${secondsText(startupDelay)} start-up delay` : "";
  if (startsAsMaster(member)) return { after: startupDelay, formula: delayed || "at once" };
  const { after, formula } = masterDownOf(member);
  if (startupDelay === 0) return { after, formula };
  const total = (startupDelay + after) as Microseconds;
  return { after: total, formula: `${delayed} + ${formula}, in all ${secondsText(total)}` };
}

/** A preempt_delay begins with the first advert of a weaker master, and ends in a silence to wait. */
function preemptionWaitOf({ member, wait }: { member: Member; wait: Wait }): Wait {
  const { preemptDelay } = member.model;
  if (preemptDelay === 0) return wait;
  const formula = `${wait.formula}, and preempt_delay ${secondsText(preemptDelay)}`;
  return { after: (wait.after + preemptDelay) as Microseconds, formula };
}

const startsAsMaster = ({ model }: Member): boolean =>
  model.priority === ownerPriority && (model.initialMaster || model.profile === "rfc9568");

const preempts = ({ model }: Member): boolean => model.preempt || model.priority === ownerPriority;

/**
 * Who follows the master, counted from its last advert: `hard` is a master that is silent from then
 * on, `clean` one that said goodbye in that advert. Undefined where nobody is left.
 */
export function takeOverFrom(
  master: Member,
  members: readonly Member[],
  failure: "hard" | "clean",
): TakeOver | undefined {
  const wait = (member: Member) =>
    failure === "hard" ? masterDownOf(member, master) : skewOf(member, master);
  return firstOf(
    members.filter((member) => member !== master).map((member) => ({ member, wait: wait(member) })),
  );
}

/**
 * Who takes over from a master that lives on with less priority, counted from its last advert with
 * the old one (E15); undefined where everybody goes on to accept it.
 */
export function takeOverFromWeakened(
  master: Member,
  priority: number,
  members: readonly Member[],
): TakeOver | undefined {
  const refusing = members.filter(
    (member) => member !== master && healthyPriorityOf(member) > priority && preempts(member),
  );
  return firstOf(refusing.map((member) => ({ member, wait: refusalWaitOf(member, master) })));
}

/** E18: preempt_delay begins with the first weaker advert, and each one until its end is accepted. */
function refusalWaitOf(member: Member, master: Member): Wait {
  const { preemptDelay } = member.model;
  const wait = masterDownOf(member, master);
  if (preemptDelay === 0) return wait;
  const interval = master.model.advertInterval;
  const accepted = (Math.ceil(preemptDelay / interval) * interval) as Microseconds;
  const after = (accepted + wait.after) as Microseconds;
  const formula = `${secondsText(accepted)} (preempt_delay) + ${wait.formula}, in all ${secondsText(after)}`;
  return { after, formula };
}

function firstOf(
  waiting: { readonly member: Member; readonly wait: Wait }[],
): TakeOver | undefined {
  const waits = waiting.sort((a, b) => a.wait.after - b.wait.after);
  const first = waits[0];
  if (first === undefined) return undefined;
  const together = waits.filter(({ wait }) => wait.after === first.wait.after);
  const ahead = Math.max(...together.map(({ member }) => healthyPriorityOf(member)));
  const best = together.filter(({ member }) => healthyPriorityOf(member) === ahead);
  const routers = best.map(({ member }) => member);
  const stronger = waits.find(
    ({ member }) =>
      healthyPriorityOf(member) > ahead && preempts(member) && member.model.preemptDelay === 0,
  );
  return {
    routers,
    wait: first.wait,
    ...(stronger === undefined
      ? {}
      : { followedBy: { router: stronger.member, wait: stronger.wait } }),
  };
}

/** What a master that failed does when it is back. */
export type Return =
  | { readonly kind: "at-once" }
  | { readonly kind: "stays-backup" }
  | { readonly kind: "takes-over"; readonly wait: Wait; readonly delay: Microseconds };

/** Counted from its start, while weaker routers serve. */
export function returnOf(member: Member): Return {
  if (startsAsMaster(member) && member.global.startupDelay === 0) return { kind: "at-once" };
  if (!preempts(member)) return { kind: "stays-backup" };
  return { kind: "takes-over", wait: firstWaitOf(member), delay: member.model.preemptDelay };
}
