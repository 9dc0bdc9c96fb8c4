// The outline of one file: blocks with their names, and definitions. Blocks of another file that
// includes this one are left out, what they hold of this file is not.

import type { Statement } from "../config/parser.ts";
import { statementSpan } from "../config/parser.ts";
import type { Span } from "../config/source.ts";
import { occurrencesOf } from "./names.ts";
import type { Analysis } from "./project.ts";

export type DocumentSymbol = {
  /** `VI_1`, or the keyword where the block has no name. */
  readonly name: string;
  /** The keyword. */
  readonly detail: string;
  readonly kind: "block" | "definition";
  /** From the keyword to the closing brace. */
  readonly span: Span;
  /** Within `span`. */
  readonly selection: Span;
  readonly children: readonly DocumentSymbol[];
};

/** The symbols of a file, in its order. */
export function symbolsOf(analysis: Analysis, file: string): readonly DocumentSymbol[] {
  const blocks = blocksIn(analysis.statements, file);
  const definitions = occurrencesOf(analysis)
    .filter(
      ({ kind, role, span }) =>
        kind === "definition" && role === "introduces" && span.file === file,
    )
    .map(({ name, span }): DocumentSymbol => {
      const detail = "definition";
      return { name: `$${name}`, detail, kind: "definition", span, selection: span, children: [] };
    });
  return [...blocks, ...definitions].sort((a, b) => a.span.start - b.span.start);
}

function blocksIn(statements: readonly Statement[], file: string): readonly DocumentSymbol[] {
  const symbols: DocumentSymbol[] = [];
  // What `~SEQ` repeats stands in the file once.
  const starts = new Set<number>();
  for (const statement of statements) {
    if (statement.body === undefined) continue;
    const children = blocksIn(statement.body, file);
    const { keyword, words } = statement;
    if (keyword.span.file !== file) symbols.push(...children);
    else if (!starts.has(keyword.span.start)) {
      starts.add(keyword.span.start);
      const name = words.map(({ text }) => text).join(" ");
      symbols.push({
        name: name.trim() === "" ? keyword.text : name,
        detail: keyword.text,
        kind: "block",
        span: { ...keyword.span, end: endIn(statement, file) },
        selection: keyword.span,
        // The turns of a repetition may lie within each other, but not in the file.
        children: children.filter(({ span }) => span.start >= keyword.span.end),
      });
    }
  }
  return symbols;
}

/** The end of a statement and all it holds, as far as it stands in the file. */
function endIn(statement: Statement, file: string): number {
  const { close, keyword, body = [] } = statement;
  let end = Math.max(keyword.span.end, statementSpan(statement).end);
  if (close?.file === file) end = Math.max(end, close.end);
  for (const inner of body) {
    if (inner.keyword.span.file === file) end = Math.max(end, endIn(inner, file));
  }
  return end;
}
