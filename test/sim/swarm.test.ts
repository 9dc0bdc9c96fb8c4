// Random networks of routers, judged by the referees: one run for each seed. `npm test` takes some
// hundreds of seeds, `npm run sim:swarm` thousands (`--count N`), `--seed N` begins elsewhere,
// alone it repeats one run. A failing seed is cut down and printed as a file for test/regressions.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "../../src/core/engine/engine.ts";
import { complaintsText } from "../../src/core/sim/referee.ts";
import { scenarioOf, shrunk, verdictOn } from "../../src/core/sim/swarm.ts";

const seedGiven = process.env["UNDERSTUDY_SEED"];
const first = Number(seedGiven ?? "1");
const count = Number(process.env["UNDERSTUDY_COUNT"] ?? (seedGiven === undefined ? "300" : "1"));
const chunk = 100;

assert.ok(Number.isSafeInteger(first), "--seed takes a whole number");
assert.ok(Number.isSafeInteger(count) && count > 0, "--count takes a whole number");

const engine = () => createEngine();

/** Everything that somebody needs to repeat and to keep the failure. */
function failureText(seed: number): string {
  const scenario = scenarioOf(seed);
  const complaints = verdictOn(scenario, engine);
  const referee = complaints[0]?.referee ?? "";
  const smallest = shrunk(scenario, referee, engine);
  const found = complaintsText(verdictOn(smallest, engine));
  const file = JSON.stringify({ found, scenario: smallest }, null, 2);
  return [
    `npm run sim:swarm -- --seed ${seed}`,
    complaintsText(complaints),
    "As a file for test/regressions:",
    file,
  ].join("\n");
}

for (let start = first; start < first + count; start += chunk) {
  const end = Math.min(start + chunk, first + count);
  test(`seeds ${start} to ${end - 1} keep every referee content`, () => {
    for (let seed = start; seed < end; seed++) {
      if (verdictOn(scenarioOf(seed), engine).length > 0) assert.fail(failureText(seed));
    }
  });
}
