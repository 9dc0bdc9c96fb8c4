// What the compilers of named blocks share: a block's settings with its name in keepalived's words,
// and a report where the block ends, which is where keepalived notices that something is missing.

import type { DiagnosticCode, DiagnosticSink, DiagnosticText } from "./diagnostics.ts";
import type { Statement } from "./parser.ts";
import { statementSpan } from "./parser.ts";
import type { KeywordTable } from "./schema/spec.ts";
import type { Setting } from "./settings.ts";
import { Settings } from "./settings.ts";

export type NamedBlock<Table extends KeywordTable> = {
  readonly settings: Settings<Table>;
  /** Reports at the block's name; keepalived's place is its closing brace. */
  readonly dropped: (code: DiagnosticCode, text: DiagnosticText) => void;
};

/** The settings of a block, which keepalived knows as `name`. */
export function namedBlock<Table extends KeywordTable>(
  table: Table,
  statement: Statement,
  name: string,
  sink: DiagnosticSink,
): NamedBlock<Table> {
  const settings = new Settings(table, statement.body ?? [], sink, name, true);
  const end = statement.close === undefined ? {} : { classicAt: statement.close };
  return {
    settings,
    dropped: (code, text) => sink.report(code, statementSpan(statement), { ...text, ...end }),
  };
}

/** The first of several, which is the one that counts; the others are reported. */
export function firstOf<Value>(
  all: readonly Setting<Value>[],
  sink: DiagnosticSink,
  classic: (word: string) => string,
): Setting<Value> | undefined {
  const [first, ...others] = all;
  for (const { statement } of others) {
    sink.report("config/repeated", statementSpan(statement), {
      message: `\`${statement.keyword.text}\` was given before; this one is ignored`,
      classic: classic(statement.words[0]?.text ?? ""),
    });
  }
  return first;
}
