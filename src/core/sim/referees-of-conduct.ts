// What routers may send and when they may move: no take-over while a router that has to be
// respected is heard, no more adverts than the interval and the answers to others allow, a goodbye
// from every master that leaves, and an announcement with every take-over.

import { compareIp, type IpAddress } from "../base/ip.ts";
import { limits } from "../base/limits.ts";
import {
  after,
  between,
  durationText,
  type Instant,
  instant,
  type Microseconds,
} from "../base/time.ts";
import type { Fact } from "./fact.ts";
import { memberName } from "./host.ts";
import { groupAddresses, hostAddress } from "./machine-model.ts";
import type { Complain, Referee, RefereeFactory } from "./referee.ts";
import type { Scenario, VirtualRouterGroup } from "./scenario.ts";
import { atOnceMax, masterDownOf, skewOf } from "./spans.ts";
import type { Standing } from "./standing.ts";

/** Until when a backup has to wait after what it heard, and how the last word came to that. */
type Patience = { readonly from: IpAddress; readonly heardAt: Instant; readonly until: Instant };

/**
 * A backup takes over only after silence or a goodbye: not while it hears a router of at least its
 * own priority, and with nopreempt not while it hears any.
 */
export const nobodyUsurps: RefereeFactory = (scenario, complain) =>
  new Usurpation(scenario, complain);

class Usurpation implements Referee {
  private readonly scenario: Scenario;
  private readonly complain: Complain;
  private readonly patience = new Map<string, Patience>();

  constructor(scenario: Scenario, complain: Complain) {
    this.scenario = scenario;
    this.complain = complain;
  }

  see(fact: Fact, standing: Standing): void {
    if (fact.kind === "advert-heard") {
      if (!standing.isStillDeaf(fact.host, fact.at)) this.hear(fact, standing);
    } else if (fact.kind === "state") {
      this.move(fact);
    } else if (fact.kind === "trouble" && "host" in fact.trouble) {
      const { kind, host } = fact.trouble;
      // A new start has heard nothing, and another priority has another patience.
      if (kind !== "start" && kind !== "reload") return;
      for (const group of this.scenario.groups.keys()) this.forget(host, group);
    }
  }

  end(): void {}

  private move({ host, group, from, to, at }: Fact & { kind: "state" }): void {
    if (to === "MASTER") this.judgeTakeOver(host, group, at);
    const heardAt = this.patience.get(memberName(host, group))?.heardAt;
    // A master gives way to what it just heard; what it heard before that bound it to nothing.
    const gaveWay =
      from === "MASTER" &&
      to === "BACKUP" &&
      heardAt !== undefined &&
      between(heardAt, at) <= atOnceMax(this.scenario);
    if (to !== "MASTER" && !gaveWay) this.forget(host, group);
  }

  private hear(fact: Fact & { kind: "advert-heard" }, standing: Standing): void {
    const { version, members } = this.groupOf(fact.group);
    const member = members[fact.host];
    const ours = standing.hosts[fact.host]?.priorities[fact.group];
    if (member === undefined || ours === undefined) return;
    if (fact.priority === 0) {
      this.forget(fact.host, fact.group);
      return;
    }
    // A master is bound by nothing that it does not give way to.
    const isMaster = standing.isMaster(fact.host, fact.group);
    if (isMaster && !isStronger(fact, this.scenario, standing)) return;
    const preempts = member.preempt || ours === 255;
    const weaker = preempts && fact.priority < ours;
    const key = memberName(fact.host, fact.group);
    const before = this.patience.get(key);
    // After a stall a sender's newer word in the same breath takes back its older one.
    if (weaker && before?.from === fact.from && before.heardAt === fact.at) {
      this.patience.delete(key);
    }
    if (weaker && member.preemptDelay === 0) return;
    const interval = version === 3 ? fact.interval : member.interval;
    const until = after(fact.at, masterDownOf(version, member, ours, interval));
    // While preempt_delay runs a weaker router counts as well, which may only shorten the wait
    // here.
    if (weaker && (before === undefined || before.until <= until)) return;
    this.patience.set(key, { from: fact.from, heardAt: fact.at, until });
  }

  private judgeTakeOver(host: number, group: number, now: Instant): void {
    const patience = this.patience.get(memberName(host, group));
    if (patience === undefined || now >= patience.until) return;
    const silence = durationText(between(patience.heardAt, now));
    const asked = durationText(between(patience.heardAt, patience.until));
    const who = memberName(host, group);
    this.complain(now, `took over after a silence of ${silence} instead of ${asked}: ${who}`);
  }

  private forget(host: number, group: number): void {
    this.patience.delete(memberName(host, group));
  }

  private groupOf(group: number): VirtualRouterGroup {
    const found = this.scenario.groups[group];
    if (found === undefined) throw new Error(`invariant broken: the scenario has a group ${group}`);
    return found;
  }
}

/**
 * A master gives way to a stronger router alone: one of higher priority, or of the same and a
 * higher address (rules F11 to F14).
 */
export const strengthDecides: RefereeFactory = (scenario, complain) => {
  const strongerHeard = new Map<string, Instant>();
  // Adverts of several senders are acted upon in one turn each.
  const grace = (6 * scenario.latenessMax + 1_000) as Microseconds;
  return {
    see(fact, standing) {
      if (fact.kind === "advert-heard" && isStronger(fact, scenario, standing)) {
        strongerHeard.set(memberName(fact.host, fact.group), fact.at);
      }
      if (fact.kind !== "state" || fact.from !== "MASTER" || fact.to !== "BACKUP") return;
      const who = memberName(fact.host, fact.group);
      const heardAt = strongerHeard.get(who);
      const troubledAt = standing.hosts[fact.host]?.troubledAt ?? fact.at;
      if (heardAt !== undefined && between(heardAt, fact.at) <= grace) return;
      // A reload or the loss of an address has reasons of its own.
      if (between(troubledAt, fact.at) <= grace) return;
      complain(fact.at, `gave way to nobody stronger: ${who}`);
    },
    end() {},
  };
};

/** Whether the one that was heard wins against the one that heard it. */
function isStronger(
  { host, group, priority, from }: Fact & { kind: "advert-heard" },
  scenario: Scenario,
  standing: Standing,
): boolean {
  const ours = standing.hosts[host]?.priorities[group] ?? 0;
  if (priority !== ours) return priority > ours;
  return compareIp(from, hostAddress(scenario, host)) > 0;
}

/** What a sender may still send: time in µs of its own interval, and answers to others. */
type Credit = { time: number; answers: number; at: Instant };

/** A sender may be this many adverts ahead: the first as master, and one that came early. */
const aheadMax = 2;
/** Answers that may wait: adverts of one wake-up, and changes of state on the way. */
const answersMax = limits.pendingAdvertsPerVrid + 4;

/**
 * Adverts per second are bounded: one for each interval, one for each change of state, and one
 * answer for each advert that was heard.
 */
export const noAdvertStorm: RefereeFactory = (scenario, complain) => {
  const credits = new Map<string, Map<string, Credit>>();
  /** All peers of a unicast router get their own copy: each way has its own credit. */
  const creditsOf = (who: string): Map<string, Credit> => {
    const found = credits.get(who) ?? new Map<string, Credit>();
    credits.set(who, found);
    return found;
  };
  const pay = (credit: Credit, interval: number, now: Instant): boolean => {
    credit.time = Math.min(aheadMax * interval, credit.time + (now - credit.at));
    credit.at = now;
    if (credit.time >= interval) credit.time -= interval;
    else if (credit.answers > 0) credit.answers--;
    else return false;
    return true;
  };
  return {
    see(fact) {
      if (fact.kind === "state" || fact.kind === "advert-heard") {
        for (const credit of creditsOf(memberName(fact.host, fact.group)).values()) {
          credit.answers = Math.min(answersMax, credit.answers + 1);
        }
      } else if (fact.kind === "advert-sent") {
        const interval = scenario.groups[fact.group]?.members[fact.host]?.interval ?? 1;
        const who = memberName(fact.host, fact.group);
        const ways = creditsOf(who);
        const credit = ways.get(fact.to) ?? { time: aheadMax * interval, answers: 1, at: fact.at };
        ways.set(fact.to, credit);
        if (pay(credit, interval, fact.at)) return;
        complain(fact.at, `more adverts than intervals and answers allow: ${who} to ${fact.to}`);
      }
    },
    end() {},
  };
};

/** A group's member as the goodbye referee knows it. */
type Farewell = { isMaster: boolean; masterUntil: Instant; goodbyeAt: Instant };

/**
 * A master that leaves says goodbye with priority 0 (rules F08, J02), nobody else does (E06), and
 * only masters advertise at all.
 */
export const goodbyes: RefereeFactory = (scenario, complain) => {
  const known = new Map<string, Farewell>();
  const long = instant(-1);
  const of = (host: number, group: number): Farewell => {
    const key = memberName(host, group);
    const found = known.get(key) ?? { isMaster: false, masterUntil: long, goodbyeAt: long };
    known.set(key, found);
    return found;
  };
  const forget = (host: number) => {
    for (const group of scenario.groups.keys()) of(host, group).isMaster = false;
  };
  let due: { readonly at: Instant; readonly check: () => void }[] = [];
  const settle = (now: Instant) => {
    const ripe = due.filter(({ at }) => at < now);
    if (ripe.length === 0) return;
    due = due.filter(({ at }) => at >= now);
    for (const { check } of ripe) check();
  };
  const seeState = (fact: Fact & { kind: "state" }, standing: Standing) => {
    const farewell = of(fact.host, fact.group);
    farewell.isMaster = fact.to === "MASTER";
    if (fact.from !== "MASTER") return;
    farewell.masterUntil = fact.at;
    const leaves = fact.to !== "BACKUP";
    if (!leaves || standing.hosts[fact.host]?.linkUp !== true) return;
    const check = () => {
      if (farewell.goodbyeAt === fact.at) return;
      complain(fact.at, `a master left without priority 0: ${memberName(fact.host, fact.group)}`);
    };
    due.push({ at: fact.at, check });
  };
  const seeAdvert = (fact: Fact & { kind: "advert-sent" }) => {
    const farewell = of(fact.host, fact.group);
    if (fact.priority === 0) farewell.goodbyeAt = fact.at;
    if (farewell.isMaster) return;
    // The transition may be told after the advert that goes with it, at the same instant.
    const check = () => {
      if (farewell.isMaster || farewell.masterUntil === fact.at) return;
      const who = memberName(fact.host, fact.group);
      complain(fact.at, `an advert of priority ${fact.priority} from no master: ${who}`);
    };
    due.push({ at: fact.at, check });
  };
  return {
    see(fact, standing) {
      settle(fact.at);
      if (fact.kind === "trouble" && fact.trouble.kind === "crash") forget(fact.trouble.host);
      if (fact.kind === "state") seeState(fact, standing);
      if (fact.kind === "advert-sent") seeAdvert(fact);
    },
    end: () => settle(scenario.end),
  };
};

/**
 * A goodbye is heeded: a backup that hears one, and nobody after it, takes over within its skew
 * time (rule E11). A planned stop costs no more than that.
 */
export const goodbyesAreHeeded: RefereeFactory = (scenario, complain) => {
  const due = new Map<string, { readonly heardAt: Instant; readonly until: Instant }>();
  const settle = (now: Instant) => {
    for (const [who, { heardAt, until }] of due) {
      if (now <= until) continue;
      due.delete(who);
      const waited = durationText(between(heardAt, now));
      complain(now, `heard a goodbye and does nothing for ${waited}: ${who}`);
    }
  };
  const hear = ({ host, group, priority, at }: Fact & { kind: "advert-heard" }, now: Standing) => {
    const who = memberName(host, group);
    const { version } = scenario.groups[group] ?? {};
    const standing = now.hosts[host];
    if (priority > 0 || version === undefined || standing?.states[group] !== "BACKUP") {
      due.delete(who);
      return;
    }
    const slowest = Math.max(
      ...(scenario.groups[group]?.members.map(({ interval }) => interval) ?? []),
    ) as Microseconds;
    const skew = skewOf(version, standing.priorities[group] ?? 1, slowest);
    due.set(who, { heardAt: at, until: after(after(at, skew), atOnceMax(scenario)) });
  };
  return {
    see(fact, standing) {
      settle(fact.at);
      if (fact.kind === "advert-heard" && !standing.isStillDeaf(fact.host, fact.at)) {
        hear(fact, standing);
      }
      if (fact.kind === "state") due.delete(memberName(fact.host, fact.group));
      // Whoever is disturbed meanwhile is excused.
      else if (fact.kind === "trouble" || fact.kind === "calm") due.clear();
    },
    end: settle,
  };
};

/** Every take-over is announced: each address by gratuitous ARP, at once. */
export const takeOversAreAnnounced: RefereeFactory = (scenario, complain) => {
  type TakeOver = { readonly at: Instant; readonly host: number; readonly group: number };
  const grace = (10 * atOnceMax(scenario)) as Microseconds;
  const announced = new Map<string, Instant>();
  let waiting: TakeOver[] = [];
  const settle = (now: Instant, standing: Standing) => {
    const ripe = waiting.filter(({ at }) => after(at, grace) < now);
    if (ripe.length === 0) return;
    waiting = waiting.filter(({ at }) => after(at, grace) >= now);
    for (const { at, host, group } of ripe) {
      // Whoever was disturbed meanwhile, or gave way again, is excused.
      const undisturbed = (standing.hosts[host]?.troubledAt ?? at) < at;
      if (!undisturbed || !standing.isMaster(host, group)) continue;
      const silent = groupAddresses(scenario, group).filter(
        (address) => (announced.get(`${host} ${address}`) ?? instant(-1)) < at,
      );
      if (silent.length === 0) continue;
      complain(at, `took over without announcing ${silent.join(", ")}: ${memberName(host, group)}`);
    }
  };
  return {
    see(fact, standing) {
      settle(fact.at, standing);
      if (fact.kind === "announced") announced.set(`${fact.host} ${fact.address}`, fact.at);
      if (fact.kind === "state" && fact.to === "MASTER") {
        waiting.push({ at: fact.at, host: fact.host, group: fact.group });
      }
    },
    end: settle,
  };
};

/** An engine never breaks an invariant of its own and always comes to rest. */
export const enginesStayWhole: RefereeFactory = (_, complain) => ({
  see(fact) {
    if (fact.kind === "broken") complain(fact.at, `host ${fact.host}: ${fact.message}`);
  },
  end() {},
});
