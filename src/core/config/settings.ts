// The statements of one block as checked values, by keyword. A value that its row does not allow is
// reported and left out, as keepalived does, so that whoever reads the settings sees only good ones;
// `attempt` still tells that the keyword was there.

import type { IpAddress } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import type { ScriptModel } from "./model-script.ts";
import type { Statement } from "./parser.ts";
import { rowOf } from "./parser.ts";
import type { KeywordTable, ValueSpec } from "./schema/spec.ts";
import { readValue, refused, reportRow } from "./values.ts";

type ValueOf<Spec extends ValueSpec> = Spec extends { readonly type: "flag" | "boolean" }
  ? boolean
  : Spec extends { readonly type: "integer" }
    ? number
    : Spec extends { readonly type: "seconds" | "milliseconds" }
      ? Microseconds
      : Spec extends { readonly type: "choice"; readonly of: readonly (infer Word)[] }
        ? Word
        : Spec extends { readonly type: "address" }
          ? IpAddress
          : Spec extends { readonly type: "weight" }
            ? { readonly amount: number; readonly reverse: boolean }
            : Spec extends { readonly type: "script" }
              ? ScriptModel
              : Spec extends { readonly type: "text" | "interface" }
                ? string
                : undefined;

export type Setting<Value> = { readonly value: Value; readonly statement: Statement };

export class Settings<Table extends KeywordTable> {
  private readonly values = new Map<string, Setting<unknown>[]>();
  private readonly attempts = new Map<string, Statement>();

  /**
   * `subject`: the instance's name, for keepalived's own words. `later`: the block as a whole is not
   * acted on yet, so that nothing needs to be said of each keyword.
   */
  constructor(
    table: Table,
    statements: readonly Statement[],
    sink: DiagnosticSink,
    subject = "",
    later = false,
  ) {
    for (const statement of statements) {
      const keyword = statement.keyword.text;
      this.attempts.set(statement.meant ?? keyword, statement);
      const spec = rowOf(table, keyword);
      if (spec === undefined || statement.spec !== spec) continue;
      const use = { statement, spec, sink, subject, later };
      reportRow(use);
      const value = readValue(use);
      if (value === refused) continue;
      const list = this.values.get(keyword) ?? [];
      list.push({ value, statement });
      this.values.set(keyword, list);
    }
  }

  /** Every good occurrence, in the order of the file. */
  all<Keyword extends keyof Table & string>(
    keyword: Keyword,
  ): readonly Setting<ValueOf<Table[Keyword]["value"]>>[] {
    return (this.values.get(keyword) ?? []) as Setting<ValueOf<Table[Keyword]["value"]>>[];
  }

  /** The last good occurrence, which is the one that counts. */
  last<Keyword extends keyof Table & string>(
    keyword: Keyword,
  ): Setting<ValueOf<Table[Keyword]["value"]>> | undefined {
    return this.all(keyword).at(-1);
  }

  /** The value of the last good occurrence. */
  value<Keyword extends keyof Table & string>(
    keyword: Keyword,
  ): ValueOf<Table[Keyword]["value"]> | undefined {
    return this.last(keyword)?.value;
  }

  /** The last use of the keyword, though perhaps misspelt or with a value that is not allowed. */
  attempt(keyword: keyof Table & string): Statement | undefined {
    return this.attempts.get(keyword);
  }
}
