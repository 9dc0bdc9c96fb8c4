// Real configurations as groups: each file with the next one, and each explained. Nothing throws, every
// place lies in its file, and the formulas agree with the engines wherever two real files make a group.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../../src/core/config/load.ts";
import { DiagnosticRenderer } from "../../src/core/config/render-diagnostic.ts";
import { createEngine } from "../../src/core/engine/engine.ts";
import { checkGroup } from "../../src/core/review/check-group.ts";
import { explain } from "../../src/core/review/explain.ts";
import { explanationText } from "../../src/core/review/explain-text.ts";
import { proofOf } from "../../src/core/sim/proof.ts";
import { sourceFolder } from "./config-text.ts";
import { corpusFiles } from "./corpus/surroundings.ts";

const corpus = resolve(`${sourceFolder}../../../shared/corpus`);
const skip = existsSync(`${corpus}/REFERENCE.jsonl`) ? false : "there is no ../shared/corpus";

test("every file of the corpus can be checked beside the next one, and explained", { skip }, () => {
  const before = process.cwd();
  process.chdir(corpus);
  let simulated = 0;
  try {
    const paths = readdirSync(".").filter((name) => name.endsWith(".conf"));
    const files = paths.map((path) => ({ path, loaded: loadConfig(path, corpusFiles(path), {}) }));
    for (const [i, file] of files.entries()) {
      const pair = [file, files[(i + 1) % files.length] ?? file];
      const { diagnostics, sources } = checkGroup(pair);
      const renderer = new DiagnosticRenderer(sources, false);
      for (const diagnostic of diagnostics) {
        assert.ok(renderer.render(diagnostic) !== "");
        for (const { span } of [diagnostic, ...(diagnostic.related ?? [])])
          assert.ok(span.end <= (sources.get(span.file) ?? "").length, file.path);
      }
      const explanation = explain(pair);
      for (const router of explanation.virtualRouters) {
        const proof = proofOf(router, () => createEngine());
        if (proof.kind === "differs") assert.fail(`${file.path}: ${proof.how}`);
        if (proof.kind === "agrees") simulated++;
      }
      assert.ok(explanationText(explanation, []) !== "");
    }
  } finally {
    process.chdir(before);
  }
  assert.ok(simulated > 0, "no two files of the corpus make a group");
});
