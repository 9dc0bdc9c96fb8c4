// `npm run corpus -- [DIR]`: how far `-t` agrees with keepalived over a folder of configurations that
// has a REFERENCE.jsonl (made by the reference.sh beside the corpus). `--table` leaves out the list
// of disagreements. Exit status 1 when something was thrown.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { sourceFolder } from "../config-text.ts";
import { compareCorpus } from "./compare.ts";
import { agreementOf, disagreements, tableOf } from "./table.ts";

const words = process.argv.slice(2);
const folder = resolve(
  words.find((word) => !word.startsWith("--")) ?? `${sourceFolder}../../../shared/corpus`,
);
if (existsSync(`${folder}/REFERENCE.jsonl`)) {
  const outcomes = compareCorpus(folder);
  const agreement = agreementOf(outcomes);
  if (!words.includes("--table")) process.stdout.write(`${disagreements(outcomes)}\n`);
  process.stdout.write(`${tableOf(agreement)}\n`);
  process.exitCode = agreement.thrown === 0 ? 0 : 1;
} else {
  process.stderr.write(`corpus: there is no ${folder}/REFERENCE.jsonl\n`);
  process.exitCode = 2;
}
