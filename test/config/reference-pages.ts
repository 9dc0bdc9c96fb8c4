// The pages of docs/reference about keywords and diagnostics, made from the tables that the program
// itself reads. reference.test.ts compares them with the files and writes them anew on request.

import { addressOptions } from "../../src/core/config/address-line.ts";
import type { DiagnosticSpec } from "../../src/core/config/diagnostics.ts";
import { diagnosticCodes } from "../../src/core/config/diagnostics.ts";
import { includeForms } from "../../src/core/config/include.ts";
import { diagnosticPage, isDiagnosticCode } from "../../src/core/config/pages/diagnostic-page.ts";
import { root } from "../../src/core/config/schema/root.ts";
import { routeWords, ruleWords } from "../../src/core/config/schema/routing.ts";
import type { BlockSpec, KeywordSpec, KeywordTable } from "../../src/core/config/schema/spec.ts";
import { valueText } from "../../src/core/config/schema/value-text.ts";

const generated =
  "<!-- Made from the tables in src/core/config by `npm test -- reference --rewrite`. -->";

/** Every page by its path below docs/reference. */
export function referencePages(): Readonly<Record<string, string>> {
  const pages: Record<string, string> = {
    "keywords.md": keywordsIndex(),
    "diagnostics.md": diagnosticsIndex(),
  };
  for (const block of blocks) pages[blockPath(block)] = blockPage(block);
  for (const [path, words] of Object.entries(wordPages)) pages[`keywords/${path}`] = words;
  for (const code of Object.keys(diagnosticCodes)) {
    if (isDiagnosticCode(code))
      pages[`diagnostics/${code}.md`] = `${generated}\n\n${diagnosticPage(code)}\n`;
  }
  return pages;
}

/** Every block, from the outermost level on, each once. */
export const blocks: readonly BlockSpec[] = blocksFrom(root);

function blocksFrom(block: BlockSpec, seen = new Set<BlockSpec>()): readonly BlockSpec[] {
  if (seen.has(block)) return [];
  seen.add(block);
  const inner = Object.values(block.keywords).flatMap(({ value }) =>
    value.type === "block" ? blocksFrom(value.block, seen) : [],
  );
  return [block, ...inner];
}

/** Blocks of one name in two places have two pages. */
function blockPath(block: BlockSpec): string {
  if (block === root) return "keywords/outermost.md";
  const same = blocks.filter(({ name }) => name === block.name);
  const number = same.length > 1 ? `-${same.indexOf(block) + 1}` : "";
  return `keywords/${block.name}${number}.md`;
}

const titleOf = (block: BlockSpec): string =>
  block === root ? "The outermost level" : `\`${block.name}\``;

function keywordsIndex(): string {
  const all = blocks.flatMap((block) => Object.values(block.keywords));
  const running = all.filter(({ status }) => status === "runs").length;
  const list = blocks.map(
    (block) =>
      `| [${titleOf(block)}](${blockPath(block)}) | ${block.doc} | ${Object.keys(block.keywords).length} |`,
  );
  return `# Keywords

${generated}

The language is keepalived's. Of ${all.length} keywords, ${running} have their effect; the others are
accepted with a warning (\`config/not-implemented\`) and come with later versions. Values outside
their range are reported and not used.

| block | | keywords |
|---|---|---|
${list.join("\n")}

The words within a line have their own pages: of an [address](keywords/address-line.md), of a
[route](keywords/route-line.md), of a [rule](keywords/rule-line.md).

Files may be put together with ${Object.keys(includeForms)
    .map((form) => `\`${form}\``)
    .join(", ")}.
\`$NAME=value\`, \`@id\` lines, \`~SEQ(...)\` and \`~LST(...)\` work as in keepalived.

What keepalived does not know stands in a comment, so that one file serves both:
\`#understudy KEYWORD VALUE\`.

What a file means with every default filled in has a JSON schema: [model](model.schema.json).
\`man docs/man/understudy.conf.5\` shows the keywords on a terminal.
`;
}

function blockPage(block: BlockSpec): string {
  const directives = block.directives ?? {};
  const comments =
    Object.keys(directives).length === 0
      ? ""
      : `\nIn a comment \`#understudy ...\`:\n\n${keywordRows(directives)}\n`;
  return `# ${titleOf(block)}\n\n${generated}\n\n${block.doc}\n\n${keywordRows(block.keywords)}\n${comments}`;
}

const keywordRows = (table: KeywordTable): string =>
  `| keyword | value | default | meaning | |\n|---|---|---|---|---|\n${Object.entries(table).map(keywordRow).join("\n")}`;

function keywordRow([keyword, spec]: [string, KeywordSpec]): string {
  const { value, status } = spec;
  const name = `\`${keyword}\``;
  const inner = value.type === "block" ? blockPath(value.block).replace("keywords/", "") : "";
  const cells = [
    inner === "" ? name : `[${name}](${inner})`,
    valueText(spec),
    spec.default ?? "",
    meaningOf(spec),
    status === "runs" ? "" : "later",
  ];
  return tableRow(cells);
}

/** The sentence of a row, with its successor and the version that brought it. */
export function meaningOf({ doc, deprecatedBy, since }: KeywordSpec): string {
  const successor = deprecatedBy === undefined ? "" : ` Deprecated: use ${deprecatedBy}.`;
  return `${doc}${successor}${since === undefined ? "" : ` Since keepalived ${since}.`}`;
}

const tableRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

type LineWord = { readonly doc: string; readonly takesValue: boolean };

const wordsPage = (
  title: string,
  form: string,
  words: Readonly<Record<string, LineWord>>,
) => `# ${title}

${generated}

${form}

| word | meaning |
|---|---|
${Object.entries(words)
  .map(([word, { doc, takesValue }]) => tableRow([`\`${word}${takesValue ? " ..." : ""}\``, doc]))
  .join("\n")}
`;

const routingWords = (words: typeof routeWords): Readonly<Record<string, LineWord>> =>
  Object.fromEntries(
    Object.entries(words).map(([word, { doc, value, alias }]) => [
      word,
      { doc: alias === undefined ? doc : `As \`${alias}\`.`, takesValue: value.type !== "none" },
    ]),
  );

const wordPages: Readonly<Record<string, string>> = {
  "address-line.md": wordsPage(
    "The words of an address line",
    "`ADDRESS[/LENGTH]`, then any of these:",
    Object.fromEntries(
      Object.entries(addressOptions).map(([word, { doc, value }]) => [
        word,
        { doc, takesValue: value },
      ]),
    ),
  ),
  "route-line.md": wordsPage(
    "The words of a route line",
    "A destination, perhaps after the route's type, and any of these, as in `ip route add`:",
    routingWords(routeWords),
  ),
  "rule-line.md": wordsPage(
    "The words of a rule line",
    "Any of these, as in `ip rule add`:",
    routingWords(ruleWords),
  ),
};

function diagnosticsIndex(): string {
  const rows = Object.entries(diagnosticCodes).map(([code, spec]) => diagnosticRow(code, spec));
  return `# Diagnostics

${generated}

What \`understudy check\` can find. An error means that something is not used as it stands there; with
a code marked "refuses", the whole configuration is not run, as in keepalived. The last column is the
exit status of \`understudyd -t\`, which is keepalived's; 0 says that keepalived is silent about it.
Each code has a page with a wrong and a right example, which \`understudy check --explain CODE\`
prints, too.

| code | severity | | meaning | -t |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

const diagnosticRow = (code: string, spec: DiagnosticSpec): string =>
  `| [\`${code}\`](diagnostics/${code}.md) | ${spec.severity} | ${spec.refuses === true ? "refuses" : ""} | ${spec.doc} | ${spec.testExit} |`;
