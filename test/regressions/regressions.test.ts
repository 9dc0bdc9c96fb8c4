// Replays every scenario that once made a referee complain. A file here is `{ "found": "what was
// seen", "scenario": { ... } }`, as `npm run sim:swarm` prints it for a failing seed, cut down to
// the troubles that matter.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createEngine } from "../../src/core/engine/engine.ts";
import { complaintsText } from "../../src/core/sim/referee.ts";
import type { Scenario } from "../../src/core/sim/scenario.ts";
import { verdictOn } from "../../src/core/sim/swarm.ts";

const folder = join(import.meta.dirname, "../../../test/regressions");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

test("there are regressions to replay", () => {
  assert.ok(files.length > 0);
});

for (const name of files) {
  const file = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
    readonly found: string;
    readonly scenario: Scenario;
  };
  test(`${name}: ${file.found}`, () => {
    const complaints = verdictOn(file.scenario, () => createEngine());
    assert.equal(complaintsText(complaints), "");
  });
}
