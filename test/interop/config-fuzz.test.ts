// A short run of the differential fuzzing against keepalived (config-fuzz.ts runs for as long as one
// likes): a fixed seed, so that the share of equal verdicts is a floor that only rises.

import assert from "node:assert/strict";
import { test } from "node:test";
import { labObstacle } from "../../src/host/lab/namespaces.ts";
import { keepalivedPath } from "../../src/host/lab/router-process.ts";
import { corpusTexts, describeDifference, fuzzTexts } from "./config-fuzz.ts";
import { compareVerdicts, sameVerdict } from "./verdicts.ts";

const obstacle =
  labObstacle() ?? (keepalivedPath() === undefined ? "keepalived is not installed" : undefined);
if (obstacle !== undefined) process.stdout.write(`config-fuzz: not run: ${obstacle}\n`);

/** Shares of equal verdicts that have been reached with this seed. */
const floor = { generated: 0.9, mutated: 0.9 };

for (const [kind, real] of [
  ["generated", []],
  ["mutated", corpusTexts()],
] as const) {
  const skip =
    obstacle ?? (kind === "mutated" && real.length === 0 ? "no ../shared/corpus" : false);
  test(`most ${kind} configurations get keepalived's verdict`, { skip }, (t) => {
    const texts = kind === "generated" ? fuzzTexts(1, 120, []) : fuzzTexts(1, 120, real).slice(60);
    const compared = compareVerdicts(texts);
    const different = compared.filter((each) => !sameVerdict(each));
    const share = 1 - different.length / compared.length;
    t.diagnostic(`${kind}: ${(100 * share).toFixed(0)} % of ${compared.length} agree`);
    assert.ok(share >= floor[kind], different.map(describeDifference).join("\n\n"));
  });
}
