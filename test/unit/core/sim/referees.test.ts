// Every referee can fail: each is shown an engine that is broken in the way it looks for, in a run
// that the whole engine passes. Also that a run is the same each time, and that shrinking keeps
// what makes it fail.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Instant, instant, microseconds, seconds } from "../../../../src/core/base/time.ts";
import type { EngineEffect } from "../../../../src/core/engine/effect.ts";
import { createEngine, type Engine } from "../../../../src/core/engine/engine.ts";
import type { EngineInput } from "../../../../src/core/engine/input.ts";
import type { EngineFactory } from "../../../../src/core/sim/host.ts";
import type { Member, Scenario, Trouble } from "../../../../src/core/sim/scenario.ts";
import {
  type RefereeName,
  referees,
  scenarioOf,
  shrunk,
  verdictOn,
} from "../../../../src/core/sim/swarm.ts";
import { runScenario } from "../../../../src/core/sim/world.ts";

const whole: EngineFactory = () => createEngine();

const member: Member = {
  priority: 100,
  interval: seconds(1),
  initialMaster: false,
  preempt: true,
  preemptDelay: microseconds(0),
  downTimerAdverts: 3,
  lowerPriorityNoAdvert: false,
};

/** A strong and a weak router, started together, on a LAN without faults. */
const pair: Scenario = {
  seed: 7,
  hosts: 2,
  addresses: [2, 3],
  lan: {
    delayMin: microseconds(100),
    delayMax: microseconds(900),
    lossPerMille: 0,
    duplicatePerMille: 0,
  },
  latenessMax: microseconds(100),
  groups: [
    {
      vrid: 51,
      version: 3,
      transport: "multicast",
      checksumWithoutPseudoHeader: false,
      addresses: 2,
      members: [{ ...member, priority: 200 }, member],
    },
  ],
  troubles: [
    { at: instant(0), kind: "start", host: 0 },
    { at: instant(0), kind: "start", host: 1 },
  ],
  calmAt: instant(30_000_000),
  end: instant(45_000_000),
};

const withTroubles = (...troubles: Trouble[]): Scenario => ({
  ...pair,
  troubles: [...pair.troubles, ...troubles],
});

const withMembers = (scenario: Scenario, ...changes: Partial<Member>[]): Scenario => ({
  ...scenario,
  groups: scenario.groups.map((group) => ({
    ...group,
    members: group.members.map((one, host) => ({ ...one, ...changes[host] })),
  })),
});

const at = (second: number): Instant => instant(second * 1_000_000);

/** An engine whose effects go through `change` on their way out, and inputs on their way in. */
function broken(change: {
  readonly effects?: (effect: EngineEffect) => readonly EngineEffect[];
  readonly input?: (input: EngineInput) => EngineInput;
}): EngineFactory {
  return () => {
    const engine = createEngine();
    const pass = (effects: readonly EngineEffect[]) =>
      change.effects === undefined ? effects : effects.flatMap(change.effects);
    const wrapped: Engine = {
      handle: (input, now) => pass(engine.handle(change.input?.(input) ?? input, now)),
      handleTimeout: (now) => pass(engine.handleTimeout(now)),
      nextTimeout: () => engine.nextTimeout(),
      status: (now) => engine.status(now),
    };
    return wrapped;
  };
}

/** The priority byte of an advert behind a 20-byte IP header. */
const priorityOf = (effect: EngineEffect): number | undefined =>
  effect.kind === "send-packet" ? effect.bytes[22] : undefined;

const deaf = broken({
  input: (input) => (input.kind === "packets-received" ? { ...input, packets: [] } : input),
});

/** Configures something else than the scenario says. */
const misconfigured = (change: Partial<Member>) =>
  broken({
    input: (input) =>
      input.kind !== "configure"
        ? input
        : {
            ...input,
            model: {
              ...input.model,
              instances: input.model.instances.map((model) => ({ ...model, ...change })),
            },
          },
  });

type Case = {
  readonly referee: RefereeName;
  readonly what: string;
  readonly scenario: Scenario;
  readonly engine: EngineFactory;
};

const stopOfMaster = withTroubles({ at: at(15), kind: "stop", host: 0 });
const cableOfMaster = withTroubles({ at: at(15), kind: "link-down", host: 0 });

const cases: readonly Case[] = [
  {
    referee: "one-master-after-settling",
    what: "nobody ever takes over",
    scenario: pair,
    engine: broken({ effects: () => [] }),
  },
  {
    referee: "never-two-masters",
    what: "routers that do not listen",
    scenario: pair,
    engine: deaf,
  },
  {
    referee: "owner-is-master",
    what: "an owner that was given another priority",
    scenario: withMembers(pair, { priority: 255 }),
    engine: misconfigured({ priority: 100 }),
  },
  {
    referee: "no-master-without-link",
    what: "a router that is told nothing of its cable",
    scenario: cableOfMaster,
    engine: broken({
      input: (input) =>
        input.kind === "link-changed" ? { ...input, link: { ...input.link, up: true } } : input,
    }),
  },
  {
    referee: "master-holds-addresses",
    what: "a master that adds no addresses",
    scenario: pair,
    engine: broken({ effects: (effect) => (effect.kind === "add-addresses" ? [] : [effect]) }),
  },
  {
    referee: "nobody-else-holds-addresses",
    what: "addresses kept after the end",
    scenario: stopOfMaster,
    engine: broken({ effects: (effect) => (effect.kind === "remove-addresses" ? [] : [effect]) }),
  },
  {
    referee: "nobody-else-holds-addresses",
    what: "addresses kept as backup",
    // The strong one starts late, so that the weak one has to give way.
    scenario: {
      ...pair,
      troubles: [
        { at: at(0), kind: "start", host: 1 },
        { at: at(8), kind: "start", host: 0 },
      ],
    },
    engine: broken({ effects: (effect) => (effect.kind === "remove-addresses" ? [] : [effect]) }),
  },
  {
    referee: "nobody-usurps",
    what: "a router that preempts against nopreempt",
    scenario: withMembers(
      {
        ...pair,
        troubles: [
          { at: at(0), kind: "start", host: 1 },
          { at: at(8), kind: "start", host: 0 },
        ],
      },
      { preempt: false },
    ),
    engine: misconfigured({ preempt: true }),
  },
  {
    referee: "strength-decides",
    what: "a strong router that was given the weaker priority",
    scenario: withTroubles(
      { at: at(10), kind: "pause", host: 0 },
      { at: at(16), kind: "resume", host: 0 },
    ),
    engine: misconfigured({ priority: 100 }),
  },
  {
    referee: "no-advert-storm",
    what: "every advert four times",
    scenario: pair,
    engine: broken({
      effects: (effect) =>
        effect.kind === "send-packet" ? [effect, effect, effect, effect] : [effect],
    }),
  },
  {
    referee: "goodbyes",
    what: "a master that leaves without priority 0",
    scenario: stopOfMaster,
    engine: broken({ effects: (effect) => (priorityOf(effect) === 0 ? [] : [effect]) }),
  },
  {
    referee: "goodbyes-are-heeded",
    what: "a backup that overhears priority 0",
    scenario: stopOfMaster,
    engine: broken({
      input: (input) =>
        input.kind === "packets-received"
          ? { ...input, packets: input.packets.filter((packet) => packet[22] !== 0) }
          : input,
    }),
  },
  {
    referee: "take-overs-are-announced",
    what: "a master that sends no gratuitous ARP",
    scenario: pair,
    engine: broken({ effects: (effect) => (effect.kind === "send-frame" ? [] : [effect]) }),
  },
  {
    referee: "engines-stay-whole",
    what: "an engine that throws",
    scenario: stopOfMaster,
    engine: broken({
      input: (input) => {
        if (input.kind === "shutdown") throw new Error("invariant broken: an example");
        return input;
      },
    }),
  },
  {
    referee: "engines-stay-whole",
    what: "an engine that always has something to do",
    scenario: { ...pair, latenessMax: microseconds(0) },
    engine: () => {
      const engine = createEngine();
      let last = instant(0);
      return {
        handle: (input, now) => engine.handle(input, now),
        handleTimeout: (now) => {
          last = now;
          return engine.handleTimeout(now);
        },
        nextTimeout: () => last,
        status: (now) => engine.status(now),
      };
    },
  },
];

for (const { referee, what, scenario, engine } of cases) {
  test(`${referee} complains about ${what}, and not about the whole engine`, () => {
    assert.deepEqual(verdictOn(scenario, whole), []);
    const complaints = verdictOn(scenario, engine);
    assert.ok(
      complaints.some((complaint) => complaint.referee === referee),
      `complaints came from ${complaints.map((complaint) => complaint.referee).join(", ")}`,
    );
  });
}

test("every referee is shown something to complain about", () => {
  const shown = new Set(cases.map(({ referee }) => referee));
  assert.deepEqual([...shown].sort(), (Object.keys(referees) as RefereeName[]).sort());
});

test("a seed gives the same run every time", () => {
  const scenario = scenarioOf(42);
  assert.deepEqual(scenarioOf(42), scenario);
  assert.deepEqual(runScenario(scenario, whole), runScenario(scenario, whole));
});

test("a scenario survives being written to a file", () => {
  const scenario = scenarioOf(42);
  assert.deepEqual(JSON.parse(JSON.stringify(scenario)), scenario);
});

test("shrinking leaves out what the complaint does not need, and keeps the complaint", () => {
  const scenario = withTroubles(
    { at: at(8), kind: "pause", host: 1 },
    { at: at(9), kind: "resume", host: 1 },
    { at: at(15), kind: "stop", host: 0 },
  );
  const engine = broken({ effects: (effect) => (priorityOf(effect) === 0 ? [] : [effect]) });
  const smallest = shrunk(scenario, "goodbyes", engine);
  assert.deepEqual(
    smallest.troubles.map(({ kind }) => kind),
    ["start", "stop"],
  );
});

test("the swarm's scenarios hold every trouble, both versions and both transports", () => {
  const scenarios = Array.from({ length: 300 }, (_, seed) => scenarioOf(seed + 1));
  const troubles = new Set(scenarios.flatMap((one) => one.troubles.map(({ kind }) => kind)));
  assert.deepEqual([...troubles].sort(), [
    "crash",
    "heal",
    "link-down",
    "link-up",
    "lose-kernel-events",
    "partition",
    "pause",
    "reload",
    "resume",
    "start",
    "steal-address",
    "stop",
  ]);
  const groups = scenarios.flatMap((one) => one.groups);
  assert.deepEqual([...new Set(groups.map(({ version }) => version))].sort(), [2, 3]);
  assert.equal(new Set(groups.map(({ transport }) => transport)).size, 2);
});
