// Where a configuration says what its model holds: for the whole file and for each instance, the place
// of every keyword that counts and of every line of a value block. Made from the tree when somebody
// wants to point at something; the model itself knows no places.

import { parseIp } from "../base/ip.ts";
import type { Statement } from "./parser.ts";
import { statementSpan } from "./parser.ts";
import { takesBlock } from "./schema/spec.ts";
import type { Span } from "./source.ts";

export type ConfigPlaces = {
  /** Of `global_defs`, by keyword. */
  readonly globals: BlockPlaces;
  /** By name; of two with one name, the first, which is the one that is run. */
  readonly instances: ReadonlyMap<string, InstancePlaces>;
};

/** The value of a keyword, or the keyword where it has none or opens a block; the last one counts. */
export type BlockPlaces = ReadonlyMap<string, Span>;

export type InstancePlaces = {
  /** `vrrp_instance NAME`. */
  readonly span: Span;
  /** Keywords of the blocks inside (`auth_pass`) stand among those of the instance. */
  readonly keywords: BlockPlaces;
  /** Lines of value blocks by their first word, addresses as `parseIp` writes them. */
  readonly lines: ReadonlyMap<string, ReadonlyMap<string, Span>>;
};

/** The places of a tree. */
export function placesOf(statements: readonly Statement[]): ConfigPlaces {
  const globals = new Map<string, Span>();
  const instances = new Map<string, InstancePlaces>();
  for (const statement of statements) {
    const { keyword, words, spec, body = [] } = statement;
    if (spec === undefined) continue;
    if (keyword.text === "global_defs") collect(body, globals, new Map());
    const name = words[0]?.text;
    if (keyword.text !== "vrrp_instance" || name === undefined || words.length > 1) continue;
    if (instances.has(name)) continue;
    const keywords = new Map<string, Span>();
    const lines = new Map<string, Map<string, Span>>();
    collect(body, keywords, lines);
    instances.set(name, { span: statementSpan(statement), keywords, lines });
  }
  return { globals, instances };
}

function collect(
  statements: readonly Statement[],
  keywords: Map<string, Span>,
  lines: Map<string, Map<string, Span>>,
): void {
  for (const { keyword, words, spec, body } of statements) {
    if (spec === undefined) continue;
    const opensBlock = takesBlock(spec);
    const value = opensBlock ? keyword : (words[0] ?? keyword);
    keywords.set(keyword.text, value.span);
    if (spec.value.type === "block") collect(body ?? [], keywords, lines);
    if (spec.value.type !== "lines") continue;
    const known = lines.get(keyword.text) ?? new Map<string, Span>();
    for (const line of body ?? []) {
      const word = lineKey(line.keyword.text);
      if (!known.has(word)) known.set(word, line.keyword.span);
    }
    lines.set(keyword.text, known);
  }
}

/** An address without its length, in the spelling of the model; any other word as it is. */
const lineKey = (word: string): string => parseIp(word.split("/")[0] ?? "") ?? word;
