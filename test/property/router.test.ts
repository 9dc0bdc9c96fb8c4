// The router machine against a stupid version of itself: the closed list of state x event x guard of
// the RFC's model, enumerated, and long random runs that must keep the invariants.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ip } from "../../src/core/base/ip.ts";
import { earliest } from "../../src/core/base/machine.ts";
import { type Instant, instant, microseconds, seconds } from "../../src/core/base/time.ts";
import { createRouter } from "../../src/core/vrrp/router.ts";
import type {
  Router,
  RouterConfig,
  RouterEffect,
  RouterInput,
} from "../../src/core/vrrp/router-contract.ts";
import { masterDownTime, skewTime } from "../../src/core/vrrp/timers.ts";

const ourAddress = "192.0.2.5";
const ourInterval = seconds(1);
const theirInterval = seconds(2);

function config(changes: Partial<RouterConfig>): RouterConfig {
  return {
    version: 3,
    profile: "compat",
    priority: 100,
    initialMaster: false,
    advertInterval: ourInterval,
    preempt: true,
    preemptDelay: microseconds(0),
    downTimerAdverts: 3,
    lowerPriorityNoAdvert: false,
    higherPrioritySendAdvert: false,
    garp: {
      masterDelay: seconds(5),
      masterRepeat: 5,
      refresh: microseconds(0),
      refreshRepeat: 1,
      lowerPriorityDelay: seconds(5),
      lowerPriorityRepeat: 5,
    },
    ...changes,
  };
}

type State = Router["state"];
type Event = "startup" | "shutdown" | "timer" | { readonly p: number; readonly higher: boolean };
type Outcome = {
  readonly next: State;
  readonly adverts: readonly number[];
  /** Deadlines after the event, in µs from now; "same" for as before. */
  readonly masterDown?: number | "same";
  readonly advert?: number | "same";
};

/** What a router of priority `P` must do, as the RFCs' model says it. */
function oracle(state: State, event: Event, P: number, v: 2 | 3, preempt: boolean): Outcome {
  const down = (interval: number) => masterDownTime(v, P, microseconds(interval), 3);
  const theirs = v === 3 ? theirInterval : ourInterval;
  const active = (adverts: readonly number[]): Outcome => ({
    next: "master",
    adverts,
    advert: ourInterval,
  });
  if (state === "initialize") {
    if (event !== "startup") return { next: "initialize", adverts: [] };
    return P === 255 ? active([P]) : { next: "backup", adverts: [], masterDown: down(ourInterval) };
  }
  if (event === "shutdown") return { next: "initialize", adverts: state === "master" ? [0] : [] };
  if (event === "startup") return { next: state, adverts: [], advert: "same", masterDown: "same" };
  if (event === "timer") return active([P]);
  if (state === "backup") {
    const skew = skewTime(v, P, ourInterval);
    if (event.p === 0) return { next: "backup", adverts: [], masterDown: skew };
    const accepted = !preempt || event.p >= P;
    return { next: "backup", adverts: [], masterDown: accepted ? down(theirs) : "same" };
  }
  const stronger = event.p > P || (event.p === P && event.higher);
  if (event.p !== 0 && stronger) return { next: "backup", adverts: [], masterDown: down(theirs) };
  return active([P]);
}

/** A router of priority `P` in `state`, at `now`. */
function routerIn(state: State, router: Router): Instant {
  router.handle({ kind: "source-changed", source: ip(ourAddress) }, instant(0));
  if (state === "initialize") return instant(0);
  router.handle({ kind: "start" }, instant(0));
  const due = router.nextTimeout();
  if (state === "backup" || router.state === "master") return instant(500_000);
  assert.ok(due !== undefined);
  router.handleTimeout(due);
  return instant(due + 500_000);
}

function fire(router: Router, event: Event, now: Instant): readonly RouterEffect[] {
  if (event === "startup") return router.handle({ kind: "start" }, now);
  if (event === "shutdown") return router.handle({ kind: "shutdown" }, now);
  if (event === "timer") return router.handleTimeout(now);
  return router.handle(
    {
      kind: "advert",
      advert: {
        from: ip(event.higher ? "192.0.2.6" : "192.0.2.4"),
        priority: event.p,
        interval: theirInterval,
      },
    },
    now,
  );
}

const advertsOf = (effects: readonly RouterEffect[]): readonly number[] =>
  effects.flatMap((effect) => (effect.kind === "send-advert" ? [effect.priority] : []));

test("D01 D05 E06 E11 E13 E14 E15 E16 F08 F09 F10 F11 F12 F14 F15 F17 I17 I20: the closed list of states, events and guards", () => {
  let cases = 0;
  for (const version of [2, 3] as const) {
    for (const preempt of [true, false]) {
      for (const P of [1, 100, 254, 255]) {
        for (const state of ["initialize", "backup", "master"] as const) {
          if (P === 255 && state === "backup") continue;
          const adverts = [0, 1, 99, 100, 101, 254, 255].flatMap((p) =>
            [true, false].map((higher) => ({ p, higher })),
          );
          for (const event of ["startup", "shutdown", "timer", ...adverts] as const) {
            const router = createRouter(
              config({ version, preempt, priority: P, initialMaster: P === 255 }),
            );
            let now = routerIn(state, router);
            if (event === "timer") now = router.nextTimeout() ?? now;
            const before = router.timers();
            const effects = fire(router, event, now);
            const wanted = oracle(state, event, P, version, preempt);
            const why = `v${version} P=${P} preempt=${preempt} ${state} ${JSON.stringify(event)}`;
            assert.equal(router.state, wanted.next, why);
            assert.deepEqual(advertsOf(effects), wanted.adverts, why);
            for (const name of ["masterDown", "advert"] as const) {
              const rest = wanted[name];
              const at = rest === "same" ? before[name] : rest === undefined ? rest : now + rest;
              assert.equal(router.timers()[name], at, `${why} ${name}`);
            }
            cases += 1;
          }
        }
      }
    }
  }
  assert.ok(cases > 600);
});

const faults = [
  { kind: "interface-down", interface: "eth0" },
  { kind: "interface-down", interface: "eth1" },
  { kind: "no-source-address", interface: "eth0" },
] as const;

const configs = fc
  .record({
    version: fc.constantFrom(2 as const, 3 as const),
    profile: fc.constantFrom("compat" as const, "rfc9568" as const),
    priority: fc.constantFrom(1, 50, 100, 254, 255),
    initialMaster: fc.boolean(),
    preempt: fc.boolean(),
    preemptDelay: fc.constantFrom(0, 2_000_000).map(microseconds),
    advertInterval: fc.constantFrom(10_000, 1_000_000).map(microseconds),
    lowerPriorityNoAdvert: fc.boolean(),
    higherPrioritySendAdvert: fc.boolean(),
    refresh: fc.constantFrom(0, 700_000).map(microseconds),
  })
  .map(({ refresh, ...rest }) => config({ ...rest, garp: { ...config({}).garp, refresh } }));

const inputs: fc.Arbitrary<RouterInput> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("advert" as const),
      advert: fc.record({
        from: fc.constantFrom("192.0.2.4", ourAddress, "192.0.2.6").map(ip),
        priority: fc.constantFrom(0, 1, 50, 99, 100, 101, 254, 255),
        interval: fc.constantFrom(10_000, 1_000_000, 3_000_000).map(microseconds),
      }),
    }),
  },
  fc.record({ kind: fc.constant("fault-raised" as const), fault: fc.constantFrom(...faults) }),
  fc.record({ kind: fc.constant("fault-cleared" as const), fault: fc.constantFrom(...faults) }),
  fc.record({
    kind: fc.constant("weight-changed" as const),
    weight: fc.integer({ min: -300, max: 300 }),
  }),
  fc.record({ kind: fc.constant("reconfigured" as const), config: configs }),
  fc.constantFrom<RouterInput>(
    { kind: "addresses-installed" },
    { kind: "address-taken-away" },
    { kind: "start" },
    { kind: "start", holdUntil: instant(2_000_000) },
  ),
  { weight: 1, arbitrary: fc.constant<RouterInput>({ kind: "shutdown" }) },
);

const runs = fc.record({
  config: configs,
  steps: fc.array(
    fc.record({ wait: fc.constantFrom(0, 1, 9_999, 300_000, 1_000_000, 5_000_000), input: inputs }),
    { maxLength: 60 },
  ),
});

/** Plays a run with every deadline at its instant; `watch` sees each batch of effects. */
function play(
  router: Router,
  steps: readonly { readonly wait: number; readonly input: RouterInput }[],
  watch: (effects: readonly RouterEffect[], now: Instant, input?: RouterInput) => void,
  begin = 0,
): void {
  let now = instant(begin);
  router.handle({ kind: "source-changed", source: ip(ourAddress) }, now);
  watch(router.handle({ kind: "start" }, now), now);
  for (const { wait, input } of steps) {
    const end = now + wait;
    for (
      let due = router.nextTimeout();
      due !== undefined && due <= end;
      due = router.nextTimeout()
    ) {
      now = instant(Math.max(now, due));
      watch(router.handleTimeout(now), now);
    }
    now = instant(end);
    watch(router.handle(input, now), now, input);
  }
}

test("C08: random inputs never throw and leave each timer to its state", () => {
  fc.assert(
    fc.property(runs, (run) => {
      const router = createRouter(run.config);
      let state: State = "initialize";
      let held = false;
      play(router, run.steps, (effects, now) => {
        for (const effect of effects) {
          if (effect.kind === "transition") {
            assert.equal(effect.from, state);
            state = effect.to;
            if (state !== "master") assert.ok(!held, "addresses go before or with the state (F19)");
          }
          if (effect.kind === "install-addresses") held = true;
          if (effect.kind === "remove-addresses") held = false;
          if (effect.kind === "announce-addresses") assert.ok(held && state === "master");
        }
        assert.equal(router.state, state);
        assert.equal(held, state === "master");
        const timers = router.timers();
        assert.equal(timers.advert !== undefined, state === "master");
        assert.equal(timers.masterDown !== undefined, state === "backup");
        assert.ok(timers.preemptDelay === undefined || state === "backup");
        for (const name of [
          "garpDelay",
          "garpLowerPriority",
          "garpRefresh",
          "rogueOwner",
        ] as const) {
          assert.ok(timers[name] === undefined || state === "master", name);
        }
        assert.equal(router.nextTimeout(), earliest(timers));
        for (const at of Object.values(timers)) assert.ok(at >= now);
        if (router.faults.length > 0) assert.equal(state, "initialize");
      });
    }),
    { numRuns: 1_500 },
  );
});

test("F25: only an advert that is sent moves a master's advert timer", () => {
  fc.assert(
    fc.property(runs, (run) => {
      const router = createRouter(run.config);
      let before: Instant | undefined;
      play(router, run.steps, (effects, now, input) => {
        const { advert } = router.timers();
        const sent = advertsOf(effects).length > 0;
        // A reload may shorten the wait; nothing but an advert may lengthen it.
        if (advert !== undefined && !sent) {
          if (input?.kind === "reconfigured") assert.ok(before !== undefined && advert <= before);
          else assert.equal(advert, before);
        }
        if (sent && advert !== undefined) assert.ok(advert > now);
        before = advert;
      });
    }),
    { numRuns: 1_000 },
  );
});

test("F24: adverts are bounded by the beat and one answer for each advert heard", () => {
  fc.assert(
    fc.property(runs, (run) => {
      const router = createRouter(run.config);
      play(router, run.steps, (effects) => {
        assert.ok(advertsOf(effects).length <= 1);
      });
    }),
    { numRuns: 500 },
  );
});

test("C12: only differences of instants count, so no clock can be stepped", () => {
  fc.assert(
    fc.property(runs, fc.constantFrom(3_600_000_000, 10 ** 14), (run, offset) => {
      const trace = (begin: number) => {
        const router = createRouter(run.config);
        const seen: unknown[] = [];
        // The one absolute instant of an input moves along with the clock.
        const steps = run.steps.map(({ wait, input }) => ({
          wait,
          input:
            input.kind === "start" && input.holdUntil !== undefined
              ? { ...input, holdUntil: instant(input.holdUntil + begin) }
              : input,
        }));
        play(router, steps, (effects, now) => seen.push([now - begin, effects]), begin);
        return seen;
      };
      assert.deepEqual(trace(offset), trace(0));
    }),
    { numRuns: 200 },
  );
});

test("C09: a deadline that is not due does nothing, whenever it is asked", () => {
  fc.assert(
    fc.property(runs, (run) => {
      const router = createRouter(run.config);
      play(router, run.steps, (_effects, now) => {
        const next = router.nextTimeout();
        if (next !== undefined && next <= now) return;
        const before = router.timers();
        assert.deepEqual(router.handleTimeout(now), []);
        assert.deepEqual(router.timers(), before);
      });
    }),
    { numRuns: 300 },
  );
});
