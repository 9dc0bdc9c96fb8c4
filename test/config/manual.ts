// The manual page understudy.conf(5) in roff, made from the keyword tables. It describes the same
// language as docs/reference/keywords, for people on the machine itself.

import { addressOptions } from "../../src/core/config/address-line.ts";
import { includeForms } from "../../src/core/config/include.ts";
import { root } from "../../src/core/config/schema/root.ts";
import type { BlockSpec, KeywordSpec } from "../../src/core/config/schema/spec.ts";
import { valueText } from "../../src/core/config/schema/value-text.ts";
import { blocks, meaningOf } from "./reference-pages.ts";

/** The whole page. */
export function manualPage(): string {
  return `${[
    '.\\" Made from the tables in src/core/config by npm test -- reference --rewrite.',
    '.TH UNDERSTUDY.CONF 5 "" "understudy" "File formats"',
    ".SH NAME",
    "understudy.conf \\- configuration of understudyd, in the language of keepalived.conf",
    ".SH DESCRIPTION",
    ...paragraphs(description),
    ".SH FILES AND LINES",
    ...paragraphs(linesText()),
    ...blocks.flatMap(blockSection),
    ".SH ADDRESS LINES",
    ...paragraphs(["An address, perhaps with `/` and its prefix length, then any of these:"]),
    ...Object.entries(addressOptions).flatMap(([word, { doc, value }]) =>
      entry(word, value ? "..." : "", doc),
    ),
    ".SH SEE ALSO",
    ".BR ip\\-address (8),",
    ".BR ip\\-route (8),",
    ".BR ip\\-rule (8)",
  ].join("\n")}\n`;
}

const description = [
  "`understudyd` reads `/etc/keepalived/keepalived.conf`, or the file that `-f` names. Whatever keepalived reads is read in the same way. A keyword marked (later) is read and checked, and is not acted on yet.",
  "`understudy check` says what is wrong with a file, `understudy check --explain` what one of its messages means, and `understudy explain` what a file will do.",
];

const linesText = (): readonly string[] => [
  "A line is a keyword and its value. `{` and `}` enclose a block. `#` and `!` begin a comment, anywhere in a line; double quotes hold words together.",
  `Files are put together with ${Object.keys(includeForms)
    .map((form) => `\`${form}\``)
    .join(", ")}.`,
  "`$NAME=value` defines a name, `$NAME` and `${NAME}` stand for its value. `@id` before a line keeps it for the machine that has this id, `@^id` for all others. `~SEQ(NAME, START, STEP, END)` and `~LST(NAME, A, B)` repeat the rest of the line.",
  "What keepalived does not know stands in a comment, so that one file serves both: `#understudy KEYWORD VALUE`.",
];

const blockSection = (block: BlockSpec): readonly string[] => [
  block === root ? ".SH OUTERMOST LEVEL" : `.SH BLOCK ${roff(block.name)}`,
  ...paragraphs([block.doc]),
  ...Object.entries(block.keywords).flatMap(keywordEntry),
  ...Object.entries(block.directives ?? {}).flatMap(([keyword, spec]) =>
    keywordEntry([`#understudy ${keyword}`, spec]),
  ),
];

function keywordEntry([keyword, spec]: [string, KeywordSpec]): readonly string[] {
  const fallback = spec.default === undefined ? "" : ` Default: ${spec.default}.`;
  const later = spec.status === "runs" ? "" : " (later)";
  return entry(keyword, valueText(spec), `${meaningOf(spec)}${fallback}${later}`);
}

const entry = (word: string, value: string, doc: string): readonly string[] => [
  ".TP",
  `\\fB${roff(word)}\\fR${value === "" ? "" : ` ${inline(value)}`}`,
  line(inline(doc)),
];

const paragraphs = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => [".PP", line(inline(text))]);

/** Backquoted words become bold. */
const inline = (text: string): string =>
  text
    .split("`")
    .map((part, i) => (i % 2 === 0 ? roff(part) : `\\fB${roff(part)}\\fR`))
    .join("");

const roff = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replaceAll("µ", "\\(mc");

/** A line that would be a request, or a comment, is protected. */
const line = (text: string): string => (/^[.']/.test(text) ? `\\&${text}` : text);
