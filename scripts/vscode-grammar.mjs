// Writes the colours of keepalived.conf for editors (a TextMate grammar) from the keyword tables.
// `node scripts/vscode-grammar.mjs` writes, with `--check` it only compares;
// test/tidy/reference.test.ts does that. Reads the built tables in dist/.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { addressOptions } from "../dist/src/core/config/address-line.js";
import { includeForms } from "../dist/src/core/config/include.js";
import { root } from "../dist/src/core/config/schema/root.js";
import { takesBlock } from "../dist/src/core/config/schema/spec.js";

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const path = join(home, "editors", "vscode", "syntaxes", "keepalived.tmLanguage.json");

/** All rows of all blocks, from the outermost on. */
function rowsFrom(block, seen = new Set()) {
  if (seen.has(block)) return [];
  seen.add(block);
  const rows = [...Object.entries(block.keywords), ...Object.entries(block.directives ?? {})];
  const inner = rows.flatMap(([, { value }]) =>
    value.type === "block" ? rowsFrom(value.block, seen) : [],
  );
  return [...rows, ...inner];
}

/** Words as alternatives of a pattern, each once. */
const oneOf = (words) =>
  [...new Set(words)]
    .sort()
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join("|");

const scope = (name) => ({ name: `${name}.keepalived` });
const wordEnd = "(?=[\\s{}]|$)";
/** Before a keyword: the line's beginning or a brace, then perhaps a condition. */
const statementStart = "(?:^|(?<=[{}]))\\s*(?:(@\\^?\\S+)\\s+)?";
const definitionUse = {
  ...scope("variable.other"),
  match: '\\$(?:\\{\\w+\\}|\\w+(?=[\\s,)"]|$))',
};

function grammar() {
  const rows = rowsFrom(root);
  const names = (rule) => oneOf(rows.filter(([, spec]) => rule(spec)).map(([keyword]) => keyword));
  const named = names((spec) => spec.introduces !== undefined || spec.value.name === "required");
  const blocks = names((spec) => takesBlock(spec));
  const plain = names((spec) => !takesBlock(spec));
  const choices = rows.flatMap(([, { value }]) => (value.type === "choice" ? value.of : []));
  const constants = oneOf([...choices, "on", "off", "true", "false", "yes", "no"]);
  const patterns = [
    {
      match: `^\\s*([#!]understudy)\\s+(${plain})${wordEnd}`,
      captures: { 1: scope("comment.line"), 2: scope("keyword.other") },
    },
    { ...scope("comment.line"), match: "(?<!\\\\)[#!].*$" },
    {
      ...scope("string.quoted.double"),
      begin: '"',
      end: '"|$',
      patterns: [definitionUse],
    },
    {
      match: "^\\s*(?:(@\\^?\\S+)\\s+)?(\\$\\w+)(=)",
      captures: {
        1: scope("keyword.control.condition"),
        2: scope("variable.other.definition"),
        3: scope("keyword.operator"),
      },
    },
    definitionUse,
    { ...scope("keyword.control.repetition"), match: "~(?:SEQx?|LST)(?=\\()" },
    {
      match: `^\\s*(${oneOf(Object.keys(includeForms))})\\s+([^#!\\s][^#!]*)`,
      captures: { 1: scope("keyword.control.include"), 2: scope("string.unquoted") },
    },
    {
      match: `${statementStart}(${named})(?:\\s+([^\\s{}"#!$]+))?${wordEnd}`,
      captures: {
        1: scope("keyword.control.condition"),
        2: scope("storage.type"),
        3: scope("entity.name.section"),
      },
    },
    {
      match: `${statementStart}(${blocks})${wordEnd}`,
      captures: { 1: scope("keyword.control.condition"), 2: scope("storage.type") },
    },
    {
      match: `${statementStart}(${plain})${wordEnd}`,
      captures: { 1: scope("keyword.control.condition"), 2: scope("keyword.other") },
    },
    { ...scope("keyword.control.condition"), match: "^\\s*@\\^?\\S+" },
    { ...scope("constant.language"), match: `(?<=\\s)(?:${constants})${wordEnd}` },
    {
      ...scope("support.type.property-name"),
      match: `(?<=\\s)(?:${oneOf([...Object.keys(addressOptions), "weight", "reverse"])})${wordEnd}`,
    },
    {
      ...scope("constant.numeric.address"),
      match: `(?<![\\w.:-])(?:\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7})(?:/\\d{1,3})?${wordEnd}`,
    },
    { ...scope("constant.numeric"), match: `(?<![\\w.:-])[+-]?\\d+(?:\\.\\d*)?${wordEnd}` },
    { ...scope("punctuation.section"), match: "[{}]" },
  ];
  return { name: "keepalived", scopeName: "source.keepalived", patterns };
}

const text = `${JSON.stringify(grammar(), undefined, 2)}\n`;
if (process.argv.includes("--check")) {
  let current = "";
  try {
    current = readFileSync(path, "utf8");
  } catch {
    // Missing is stale, too.
  }
  if (current !== text) {
    process.stdout.write(`stale: run node scripts/vscode-grammar.mjs to write ${path}\n`);
    process.exit(1);
  }
} else {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
