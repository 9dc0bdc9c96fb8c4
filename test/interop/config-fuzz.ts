// Differential fuzzing by hand: `npm run fuzz -- [--seconds N] [--seed N]`. Batches of generated and
// mutated configurations, keepalived's verdict against ours; every difference is printed with the
// seed that gives it again. What is found becomes a case of test/config/cases.ts.

import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import fc from "fast-check";
import { sourceFolder } from "../config/config-text.ts";
import { generatedConfig, mutatedConfig } from "./config-grammar.ts";
import { type Compared, compareVerdicts, sameVerdict } from "./verdicts.ts";

/** Corpus files of VRRP and LVS, each interface called eth0; none where there is no corpus. */
export function corpusTexts(): readonly string[] {
  const corpus = `${sourceFolder}../../../shared/corpus`;
  try {
    return readFileSync(`${corpus}/REFERENCE.jsonl`, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ file, exit }) => !file.startsWith("multi/") && exit < 124)
      .map(({ file }) => readFileSync(`${corpus}/${file}`, "utf8"))
      .map((text) => text.replace(/^(\s*interface\s+)\S+/gm, "$1eth0"));
  } catch {
    return [];
  }
}

/** `count` texts of a seed, half of them generated, half of them real ones with mistakes. */
export function fuzzTexts(seed: number, count: number, real: readonly string[]): readonly string[] {
  const half = Math.ceil(count / 2);
  const drawn = fc.sample(generatedConfig, { seed, numRuns: half });
  return real.length === 0
    ? drawn
    : [...drawn, ...fc.sample(mutatedConfig(real), { seed, numRuns: count - half })];
}

export function describeDifference({ text, theirs, ours, ...said }: Compared): string {
  return [
    `keepalived ${theirs}, ours ${ours}`,
    ...said.theirMessages.slice(0, 6).map((line) => `  < ${line}`),
    ...said.ourMessages
      .filter((line) => !line.startsWith("config/not-implemented"))
      .slice(0, 6)
      .map((line) => `  > ${line}`),
    ...text
      .split("\n")
      .slice(0, 40)
      .map((line) => `  | ${line}`),
  ].join("\n");
}

function main(words: readonly string[]): void {
  const numberOf = (flag: string, otherwise: number) =>
    words.includes(flag) ? Number(words[words.indexOf(flag) + 1]) : otherwise;
  const seconds = numberOf("--seconds", 60);
  const firstSeed = numberOf("--seed", 1);
  const started = performance.now();
  const real = corpusTexts();
  let compared = 0;
  let different = 0;
  for (let seed = firstSeed; performance.now() - started < seconds * 1000; seed++) {
    for (const each of compareVerdicts(fuzzTexts(seed, 40, real))) {
      compared++;
      if (sameVerdict(each)) continue;
      different++;
      process.stdout.write(`seed ${seed}: ${describeDifference(each)}\n\n`);
    }
  }
  process.stdout.write(`${compared} compared, ${different} different\n`);
}

if (process.argv[1]?.endsWith("config-fuzz.js") === true) main(process.argv.slice(2));
