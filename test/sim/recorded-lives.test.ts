// What must be true of every engine in every run of the swarm: its recording replays to the same
// effects, its status can be written as JSON at any moment and agrees with what was reported, and
// neither ever shows a password.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instant } from "../../src/core/base/time.ts";
import type { EngineEffect } from "../../src/core/engine/effect.ts";
import { createEngine, type Engine } from "../../src/core/engine/engine.ts";
import { encodeRecord, recordingHeader } from "../../src/core/engine/recording.ts";
import { replay } from "../../src/core/engine/replay.ts";
import { scenarioOf } from "../../src/core/sim/swarm.ts";
import { runScenario } from "../../src/core/sim/world.ts";

const seeds = Array.from({ length: 40 }, (_, i) => 9_001 + i);

/** Scenarios give v2 groups this password. */
const password = "secret";

test("a run's recordings replay to the same effects", () => {
  for (const seed of seeds) {
    const recordings: string[][] = [];
    const create = (): Engine => {
      const lines = [recordingHeader()];
      recordings.push(lines);
      const keep = (effects: readonly EngineEffect[], at: Instant) => {
        if (effects.length > 0) lines.push(encodeRecord({ at, effects }));
        return effects;
      };
      const engine = createEngine();
      return {
        handle(input, at) {
          lines.push(encodeRecord({ at, input }));
          return keep(engine.handle(input, at), at);
        },
        handleTimeout(at) {
          lines.push(encodeRecord({ at, timeout: true }));
          return keep(engine.handleTimeout(at), at);
        },
        nextTimeout: () => engine.nextTimeout(),
        status: (at) => engine.status(at),
      };
    };
    runScenario(scenarioOf(seed), create);
    for (const lines of recordings) {
      const verdict = replay(lines);
      assert.equal(verdict.kind, "same", `seed ${seed}: ${JSON.stringify(verdict)}`);
    }
  }
});

test("status agrees with what was reported, and shows no password", () => {
  const groups = seeds.flatMap((seed) => scenarioOf(seed).groups);
  assert.ok(groups.some((group) => group.password === password));
  for (const seed of seeds) {
    const create = (): Engine => {
      const engine = createEngine();
      const shown = new Map<string, string>();
      const watch = (effects: readonly EngineEffect[], at: Instant) => {
        for (const effect of effects) {
          if (effect.kind !== "report") continue;
          const { event } = effect;
          assert.ok(!JSON.stringify(event).includes(password), `seed ${seed}: ${event.kind}`);
          if (event.kind === "transition") shown.set(event.instance, event.to);
        }
        const { instances } = engine.status(at);
        assert.ok(!JSON.stringify(instances).includes(password), `seed ${seed}: status`);
        for (const { name, state, timers } of instances) {
          const told = shown.get(name);
          if (told !== undefined) assert.equal(state, told, `seed ${seed}: ${name}`);
          for (const left of Object.values(timers)) assert.ok(Number.isFinite(left));
        }
        return effects;
      };
      return {
        handle: (input, at) => watch(engine.handle(input, at), at),
        handleTimeout: (at) => watch(engine.handleTimeout(at), at),
        nextTimeout: () => engine.nextTimeout(),
        status: (at) => engine.status(at),
      };
    };
    runScenario(scenarioOf(seed), create).forEach((fact) => {
      if (fact.kind === "broken") assert.fail(fact.message);
    });
  }
});
