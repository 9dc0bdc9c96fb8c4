// What there is to say about a keyword, as Markdown: its value, what it does, its default and range,
// and whether it is acted on. Read from its row alone.

import { root } from "../config/schema/root.ts";
import type { BlockSpec, KeywordSpec } from "../config/schema/spec.ts";
import { valueText } from "../config/schema/value-text.ts";

/** A keyword of `block`, for hover and completion. */
export function keywordText(keyword: string, spec: KeywordSpec, block: BlockSpec): string {
  const facts = [
    ...(spec.default === undefined ? [] : [`Default: ${spec.default}.`]),
    ...(spec.deprecatedBy === undefined ? [] : [`Deprecated: use ${spec.deprecatedBy} instead.`]),
    ...(spec.status === "accepted" ? ["Accepted, and not acted on yet."] : []),
    ...(spec.repeats === true ? ["May stand several times."] : []),
    block === root ? "Stands outside all braces." : `Belongs in \`${block.name}\`.`,
  ];
  const head = `**${keyword}** ${valueText(spec)}`.trim();
  return [head, spec.doc, ...facts.map((fact) => `- ${fact}`)]
    .join("\n\n")
    .replaceAll("\n\n- ", "\n- ");
}
