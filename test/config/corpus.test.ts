// Real configurations that other people wrote, with keepalived's own verdict on each (a folder beside
// the checkout; without it these tests are skipped). How far we agree is a floor that only rises:
// whoever makes more files agree raises it. `npm run corpus` shows every disagreement.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../../src/core/config/load.ts";
import { DiagnosticRenderer } from "../../src/core/config/render-diagnostic.ts";
import { sourceFolder } from "./config-text.ts";
import { compareCorpus } from "./corpus/compare.ts";
import { corpusFiles } from "./corpus/surroundings.ts";
import { agreementOf, disagreements, hasVerdict, tableOf } from "./corpus/table.ts";

const corpus = resolve(`${sourceFolder}../../../shared/corpus`);
const skip = existsSync(`${corpus}/REFERENCE.jsonl`) ? false : "there is no ../shared/corpus";

/** Shares that have been reached. */
const floor = { verdicts: 0.92, variants: 0.92, messages: 0.91 };

/** ms per 1,000 lines; a busy machine may take a few times what a quiet one does. */
const slownessMax = 500;

const outcomes = skip === false ? compareCorpus(corpus) : [];
const agreement = agreementOf(outcomes);

test("every file of the corpus gets a verdict that can be shown", { skip }, () => {
  assert.ok(agreement.files >= 340);
  const before = process.cwd();
  process.chdir(corpus);
  try {
    for (const file of new Set(outcomes.map((each) => each.file))) {
      const loaded = loadConfig(file, corpusFiles(file), {});
      const renderer = new DiagnosticRenderer(loaded.sources, false);
      for (const diagnostic of loaded.diagnostics) assert.ok(renderer.render(diagnostic) !== "");
      const errors = loaded.diagnostics.some(({ severity }) => severity === "error");
      assert.ok(loaded.model !== undefined || errors, file);
    }
  } finally {
    process.chdir(before);
  }
});

test("no file of the corpus throws or takes long", { skip }, () => {
  assert.equal(agreement.thrown, 0, disagreements(outcomes.filter(({ thrown }) => thrown)));
  assert.ok(agreement.slowest < slownessMax, tableOf(agreement));
});

test("where keepalived hangs or crashes, ours ends with an error", { skip }, () => {
  const silent = outcomes.filter((each) => !hasVerdict(each) && each.ours === 0);
  assert.deepEqual([...new Set(silent.map(({ file }) => file))], []);
});

test("-t ends as keepalived's does, and finds fault with the same lines", { skip }, (t) => {
  for (const line of tableOf(agreement).split("\n")) t.diagnostic(line);
  const { verdictsSame, verdicts, variantsSame, variants, messagesSame, messages } = agreement;
  const table = tableOf(agreement);
  assert.ok(verdictsSame / verdicts >= floor.verdicts, table);
  assert.ok(variantsSame / variants >= floor.variants, table);
  assert.ok(messagesSame / messages >= floor.messages, table);
});
