// A fail-over as the engines themselves do it: members of one virtual router are put on a simulated
// LAN without delay and loss, started together, and the master is killed, then stopped. What
// `explain` computes from formulas can be held against what really happens.

import { limits } from "../base/limits.ts";
import { type Instant, instant, type Microseconds } from "../base/time.ts";
import type { InstanceModel } from "../config/model.ts";
import { masterDownTime } from "../vrrp/timers.ts";
import type { Fact } from "./fact.ts";
import type { EngineFactory } from "./host.ts";
import type { Scenario, Trouble } from "./scenario.ts";
import { runScenario } from "./world.ts";

/** A member with the priority that it has while all that it tracks works. */
export type RehearsedRouter = {
  readonly model: InstanceModel;
  readonly priority: number;
  readonly startupDelay: Microseconds;
};

export type Rehearsal = {
  /** Index of the master after the start. */
  readonly master: number | undefined;
  readonly hard: RehearsedTakeOver | undefined;
  readonly clean: RehearsedTakeOver | undefined;
  /** For each priority asked for: the master lives on with it. */
  readonly weakened: readonly (RehearsedTakeOver | undefined)[];
};

/** Who was master first after the old one's last advert of full priority, and how long after. */
export type RehearsedTakeOver = { readonly router: number; readonly after: Microseconds };

/**
 * Runs a start, a crash of the master and a stop of it, and lets it go on with each of the priorities
 * in `weakened`. Members have equal versions, intervals of
 * version 2 and passwords, and different priorities. Undefined where that would take too long.
 */
export function rehearse(
  routers: readonly RehearsedRouter[],
  createEngine: EngineFactory,
  weakened: readonly number[] = [],
): Rehearsal | undefined {
  const [first] = routers;
  if (first === undefined || routers.some(({ startupDelay }) => startupDelay > 0)) return undefined;
  const slowest = Math.max(...routers.map(({ model }) => model.advertInterval)) as Microseconds;
  const fastest = Math.min(...routers.map(({ model }) => model.advertInterval));
  const silence = Math.max(
    ...routers.map(({ model }) =>
      masterDownTime(model.version, 1, slowest, model.downTimerAdverts),
    ),
  );
  const delay = Math.max(...routers.map(({ model }) => model.preemptDelay));
  const settled = instant(2 * silence + delay + 4 * slowest);
  const end = instant(settled + delay + 2 * silence + slowest);
  if (((3 + weakened.length) * end) / fastest > limits.reviewRehearsalAdvertsMax) return undefined;
  const starts = routers.map((_, host) => ({ at: instant(0), kind: "start", host }) as const);
  const run = (troubles: readonly Trouble[]) =>
    runScenario(scenarioOf(routers, [...starts, ...troubles], end), createEngine);
  const master = masterAt(run([]), settled);
  if (master === undefined)
    return { master, hard: undefined, clean: undefined, weakened: weakened.map(() => undefined) };
  const after = (trouble: Trouble) => {
    const full = routers[master]?.priority ?? 0;
    return takeOver(run([trouble]), master, settled, trouble.kind === "reload" ? full : undefined);
  };
  return {
    master,
    hard: after({ at: settled, kind: "crash", host: master }),
    clean: after({ at: settled, kind: "stop", host: master }),
    weakened: weakened.map((priority) =>
      after({ at: settled, kind: "reload", host: master, group: 0, priority }),
    ),
  };
}

function scenarioOf(
  routers: readonly RehearsedRouter[],
  troubles: readonly Trouble[],
  end: Instant,
): Scenario {
  const model = routers[0]?.model;
  const none = 0 as Microseconds;
  return {
    seed: 1,
    hosts: routers.length,
    addresses: routers.map((_, host) => host + 1),
    lan: { delayMin: none, delayMax: none, lossPerMille: 0, duplicatePerMille: 0 },
    latenessMax: none,
    groups: [
      {
        vrid: model?.vrid ?? 1,
        version: model?.version ?? 2,
        profile: model?.profile ?? "compat",
        transport: "multicast",
        checksumWithoutPseudoHeader: model?.checksumWithoutPseudoHeader ?? false,
        addresses: 1,
        members: routers.map((router) => ({
          priority: router.priority,
          interval: router.model.advertInterval,
          initialMaster: router.model.initialMaster,
          preempt: router.model.preempt,
          preemptDelay: router.model.preemptDelay,
          downTimerAdverts: router.model.downTimerAdverts,
          lowerPriorityNoAdvert: router.model.lowerPriorityNoAdvert,
          higherPrioritySendAdvert: router.model.higherPrioritySendAdvert,
        })),
      },
    ],
    troubles,
    calmAt: end,
    end,
  };
}

/** The only host that shows MASTER at an instant. */
function masterAt(facts: readonly Fact[], at: Instant): number | undefined {
  const masters = new Set<number>();
  for (const fact of facts) {
    if (fact.at > at) break;
    if (fact.kind !== "state") continue;
    if (fact.to === "MASTER") masters.add(fact.host);
    else masters.delete(fact.host);
  }
  return masters.size === 1 ? [...masters][0] : undefined;
}

function takeOver(
  facts: readonly Fact[],
  master: number,
  failed: Instant,
  fullPriority: number | undefined,
): RehearsedTakeOver | undefined {
  let last: Instant | undefined;
  for (const fact of facts) {
    if (fact.kind === "advert-sent" && fact.host === master) {
      if (fullPriority === undefined || fact.priority === fullPriority) last = fact.at;
    }
    if (fact.kind !== "state" || fact.host === master || fact.to !== "MASTER") continue;
    if (fact.at < failed || last === undefined) continue;
    return { router: fact.host, after: (fact.at - last) as Microseconds };
  }
  return undefined;
}
