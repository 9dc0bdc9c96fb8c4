// The pages docs/reference/keywords.md and diagnostics.md, made from the tables that the program
// itself reads. reference.test.ts compares them with the files and writes them anew on request.

import { addressOptions } from "../../src/core/config/address-line.ts";
import type { DiagnosticSpec } from "../../src/core/config/diagnostics.ts";
import { diagnosticCodes } from "../../src/core/config/diagnostics.ts";
import { includeForms } from "../../src/core/config/include.ts";
import { root } from "../../src/core/config/schema/root.ts";
import type { BlockSpec, KeywordSpec, KeywordTable } from "../../src/core/config/schema/spec.ts";
import { valueText } from "../../src/core/config/schema/value-text.ts";

const generated =
  "<!-- Made from the tables in src/core/config by `npm test -- reference --rewrite`. -->";

/** Every keyword by block, with values, defaults and whether it is acted on. */
export function keywordsPage(): string {
  const blocks = blocksFrom(root);
  const all = blocks.flatMap((block) => Object.values(block.keywords));
  const running = all.filter(({ status }) => status === "runs").length;
  return `# Keywords

${generated}

The language is keepalived's. Of ${all.length} keywords, ${running} have their effect; the others are
accepted with a warning (\`config/not-implemented\`) and come with later versions. Values outside
their range are reported and not used.

Files may be put together with ${Object.keys(includeForms)
    .map((form) => `\`${form}\``)
    .join(", ")}.
\`$NAME=value\`, \`@id\` lines, \`~SEQ(...)\` and \`~LST(...)\` work as in keepalived.

What keepalived does not know stands in a comment, so that one file serves both:
\`#understudy KEYWORD VALUE\`.

${blocks.map(blockSection).join("\n")}
## Words of an address line

\`ADDRESS[/LENGTH]\`, then any of these:

| word | meaning |
|---|---|
${Object.entries(addressOptions)
  .map(([word, { doc, value }]) => `| \`${word}${value ? " ..." : ""}\` | ${doc} |`)
  .join("\n")}
`;
}

function blocksFrom(block: BlockSpec, seen = new Set<BlockSpec>()): readonly BlockSpec[] {
  if (seen.has(block)) return [];
  seen.add(block);
  const inner = Object.values(block.keywords).flatMap(({ value }) =>
    value.type === "block" ? blocksFrom(value.block, seen) : [],
  );
  return [block, ...inner];
}

function blockSection(block: BlockSpec): string {
  const title = block === root ? "Outermost level" : `\`${block.name}\``;
  const directives = block.directives ?? {};
  const comments =
    Object.keys(directives).length === 0
      ? ""
      : `\nIn a comment \`#understudy ...\`:\n\n${keywordRows(directives)}\n`;
  return `## ${title}\n\n${block.doc}\n\n${keywordRows(block.keywords)}\n${comments}`;
}

const keywordRows = (table: KeywordTable): string =>
  `| keyword | value | default | meaning | |\n|---|---|---|---|---|\n${Object.entries(table).map(keywordRow).join("\n")}`;

function keywordRow([keyword, spec]: [string, KeywordSpec]): string {
  const { doc, status, deprecatedBy } = spec;
  const meaning = deprecatedBy === undefined ? doc : `${doc} Deprecated: use ${deprecatedBy}.`;
  const cells = [
    `\`${keyword}\``,
    valueText(spec),
    spec.default ?? "",
    meaning,
    status === "runs" ? "" : "later",
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** Every diagnostic code. */
export function diagnosticsPage(): string {
  const rows = Object.entries(diagnosticCodes).map(([code, spec]) => diagnosticRow(code, spec));
  return `# Diagnostics

${generated}

What \`understudy check\` can find. An error means that something is not used as it stands there; with
a code marked "refuses", the whole configuration is not run, as in keepalived. The last column is the
exit status of \`understudyd -t\`, which is keepalived's; 0 says that keepalived is silent about it.

| code | severity | | meaning | -t |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

const diagnosticRow = (code: string, spec: DiagnosticSpec): string =>
  `| \`${code}\` | ${spec.severity} | ${spec.refuses === true ? "refuses" : ""} | ${spec.doc} | ${spec.testExit} |`;
