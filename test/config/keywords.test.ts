// Every keyword of every block with good values and bad ones, made from its row: the ends of a range
// and what lies just outside, each word of a choice and one that is none. A good value is read
// without a word about it; a bad one is told on its own line. Keywords whose rows say too little to
// make values from have theirs in keyword-samples.ts.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiagnosticCode } from "../../src/core/config/diagnostics.ts";
import { root } from "../../src/core/config/schema/root.ts";
import type { BlockSpec, KeywordSpec } from "../../src/core/config/schema/spec.ts";
import { takesBlock } from "../../src/core/config/schema/spec.ts";
import { loadText } from "./config-text.ts";
import { companions, headers, samples } from "./keyword-samples.ts";

/** A block with the lines that open it, from the outermost level on. */
type Place = { readonly block: BlockSpec; readonly openings: readonly Opening[] };
type Opening = { readonly line: string; readonly block: BlockSpec };

function placesFrom(place: Place, seen = new Set<BlockSpec>()): readonly Place[] {
  if (seen.has(place.block)) return [];
  seen.add(place.block);
  const inner = Object.entries(place.block.keywords).flatMap(([keyword, { value }]) => {
    if (value.type !== "block") return [];
    const line = `${keyword}${headerOf(keyword, value)} {`;
    const openings = [...place.openings, { line, block: value.block }];
    return placesFrom({ block: value.block, openings }, seen);
  });
  return [place, ...inner];
}

function headerOf(keyword: string, value: KeywordSpec["value"]): string {
  const header = headers[keyword];
  if (header !== undefined) return ` ${header}`;
  return value.type === "block" && value.name === "required" ? " X" : "";
}

/** One statement in its block, with what the block needs besides; and the statement's own place. */
function textWith({ openings }: Place, keyword: string, statement: string) {
  const before: string[] = [];
  for (const [depth, { line, block }] of openings.entries()) {
    before.push(line);
    const isInnermost = depth === openings.length - 1;
    for (const [needed, text] of Object.entries(companions[block.name] ?? {}))
      if (!isInnermost || needed !== keyword) before.push(text);
  }
  const head = before.map((line) => `${line}\n`).join("");
  const text = `${companions["before"]?.["before"] ?? ""}${head}${statement}\n${"}\n".repeat(openings.length)}`;
  const start = text.indexOf(`${head}${statement}\n`) + head.length;
  return { text, start, end: start + statement.length };
}

/** What says that a statement itself cannot be read as it stands. */
const refusals: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  "config/unknown-keyword",
  "config/misplaced-keyword",
  "config/expected-brace",
  "config/unexpected-brace",
  "config/extra-words",
  "config/missing-value",
  "config/missing-name",
  "config/value-type",
  "config/value-range",
  "config/value-clamped",
  "config/value-choice",
  "config/address",
  "config/address-option",
  "routing/line",
  "lvs/address",
  "lvs/range",
  "lvs/forwarding",
  "lvs/persistence",
  "check/value",
  "check/address",
]);

function refusalsOf(place: Place, keyword: string, statement: string): readonly string[] {
  const { text, start, end } = textWith(place, keyword, statement);
  const { diagnostics } = loadText(text);
  return diagnostics
    .filter(({ code, span }) => refusals.has(code) && span.start >= start && span.end <= end)
    .map(({ code, message }) => `${code}: ${message}`);
}

type Values = {
  readonly good: readonly string[];
  readonly bad: readonly string[];
  readonly anything?: true | undefined;
};

function valuesOf(spec: KeywordSpec): Values {
  const { value } = spec;
  switch (value.type) {
    case "flag":
      return { good: [""], bad: ["word"] };
    case "boolean":
      return { good: ["", "on", "no", "true"], bad: ["maybe", "1"] };
    case "integer":
    case "milliseconds":
    case "seconds":
      return numbers(value.min, value.max, value.type === "seconds" ? 1e-6 : 1);
    case "weight":
      return numbers(-value.max, value.max, 1, ["1 reverse"]);
    case "choice":
      return { good: value.of, bad: ["no-such-word"] };
    case "interface":
    case "text":
      return { good: ["word"], bad: spec.optional === true ? ["a word"] : [""] };
    case "script":
      return { good: ['"/bin/true -x"'], bad: [spec.optional === true ? "a b c d" : ""] };
    case "address":
      return addresses(value.family, value.multicast === true);
    default:
      return { good: [], bad: [] };
  }
}

/** Both ends, and one step beyond each; decimal, as exponents mean nothing here. */
function numbers(min: number, max: number, step: number, more: readonly string[] = []): Values {
  const digits = step < 1 ? 6 : 0;
  const plain = (value: number) =>
    value.toFixed(digits).replace(/\.?0+$/, (end) => (digits === 0 ? end : ""));
  // So large a number has no room for the step.
  const above = max + step === max ? max * 2 : max + step;
  return { good: [plain(min), plain(max), ...more], bad: [plain(min - step), plain(above), "x"] };
}

function addresses(family: string | undefined, multicast: boolean): Values {
  const four = multicast ? "224.0.0.50" : "192.0.2.1";
  const six = multicast ? "ff02::50" : "2001:db8::1";
  const good = family === "ipv4" ? [four] : family === "ipv6" ? [six] : [four, six];
  const other = family === "ipv4" ? [six] : family === "ipv6" ? [four] : [];
  return {
    good,
    bad: ["no-address", "192.0.2.256", ...other, ...(multicast ? ["192.0.2.1"] : [])],
  };
}

/** What of the row's own values is to be tried, or the samples instead. */
function statementsOf(block: BlockSpec, keyword: string, spec: KeywordSpec): Values {
  const sample =
    samples[`${block === root ? "" : block.name} ${keyword}`.trim()] ?? samples[`* ${keyword}`];
  const { good, bad, anything } = { anything: undefined, ...valuesOf(spec), ...sample };
  const line = (value: string) => `${keyword} ${value}`.trim();
  if (!takesBlock(spec)) return { good: good.map(line), bad: bad.map(line), anything };
  // A block that has keywords is tried with them.
  const header = `${keyword}${headerOf(keyword, spec.value)}`;
  const braced = good.map((lines) => `${header} {\n${lines}\n}`);
  const opened = spec.value.type === "skipped-block" ? [`${header} {\n}`] : braced;
  return {
    good: opened,
    anything,
    bad: [header, ...bad.map((lines) => `${header} {\n${lines}\n}`)],
  };
}

for (const place of placesFrom({ block: root, openings: [] })) {
  const { block } = place;
  test(`${block.name}: each keyword with values at the ends of its range, and beyond`, () => {
    const complaints: string[] = [];
    const untested: string[] = [];
    for (const [keyword, spec] of Object.entries(block.keywords)) {
      const { good, bad, anything } = statementsOf(block, keyword, spec);
      if (
        (bad.length === 0 && anything !== true) ||
        (good.length === 0 && spec.value.type !== "block")
      )
        untested.push(keyword);
      for (const statement of good) {
        for (const each of refusalsOf(place, keyword, statement))
          complaints.push(`${statement} is good, but ${each}`);
      }
      for (const statement of bad) {
        if (refusalsOf(place, keyword, statement).length === 0)
          complaints.push(`${statement} is bad, and nobody says so`);
      }
    }
    assert.deepEqual(complaints, []);
    assert.deepEqual(untested, [], "keywords without a good and a bad case");
  });
}
