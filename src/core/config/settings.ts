// The statements of one block as checked values, by keyword. A value that its row does not allow is
// reported and left out, as keepalived does, so that whoever reads the settings sees only good ones;
// `attempt` still tells that the keyword was there.

import type { IpAddress } from "../base/ip.ts";
import { familyOf, isMulticast, parseIp } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import { microseconds } from "../base/time.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import type { ScriptModel } from "./model.ts";
import { nearestWord } from "./nearest.ts";
import type { Statement } from "./parser.ts";
import { rowOf } from "./parser.ts";
import type { KeywordSpec, KeywordTable, ValueSpec } from "./schema/spec.ts";
import { takesBlock } from "./schema/spec.ts";
import { joinSpans } from "./source.ts";

type ValueOf<Spec extends ValueSpec> = Spec extends { readonly type: "flag" | "boolean" }
  ? boolean
  : Spec extends { readonly type: "integer" }
    ? number
    : Spec extends { readonly type: "seconds" }
      ? Microseconds
      : Spec extends { readonly type: "choice"; readonly of: readonly (infer Word)[] }
        ? Word
        : Spec extends { readonly type: "address" }
          ? IpAddress
          : Spec extends { readonly type: "script" }
            ? ScriptModel
            : Spec extends { readonly type: "text" | "interface" }
              ? string
              : undefined;

export type Setting<Value> = { readonly value: Value; readonly statement: Statement };

export class Settings<Table extends KeywordTable> {
  private readonly values = new Map<string, Setting<unknown>[]>();
  private readonly attempts = new Map<string, Statement>();

  constructor(table: Table, statements: readonly Statement[], sink: DiagnosticSink) {
    for (const statement of statements) {
      const keyword = statement.keyword.text;
      this.attempts.set(statement.meant ?? keyword, statement);
      const spec = rowOf(table, keyword);
      if (spec === undefined || statement.spec !== spec) continue;
      reportRow(statement, spec, sink);
      const value = readValue(statement, spec, sink);
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

const refused = Symbol("refused");

/** What the row alone says about a use of the keyword. */
function reportRow(statement: Statement, spec: KeywordSpec, sink: DiagnosticSink): void {
  const keyword = statement.keyword.text;
  if (spec.deprecatedBy !== undefined) {
    sink.report("config/deprecated", statement.keyword.span, {
      message: `\`${keyword}\` is deprecated`,
      note: `use ${spec.deprecatedBy} instead`,
    });
  } else if (spec.status === "accepted") {
    sink.report("config/not-implemented", statement.keyword.span, {
      message: `\`${keyword}\` is accepted and not acted on yet`,
    });
  }
}

function readValue(statement: Statement, spec: KeywordSpec, sink: DiagnosticSink): unknown {
  const { value } = spec;
  const first = statement.words[0];
  if (takesBlock(spec) || value.type === "words") {
    if (value.type === "block" && value.name === "required" && first === undefined) {
      sink.report("config/missing-name", statement.keyword.span, {
        message: `\`${statement.keyword.text}\` needs a name`,
        classic: `${statement.keyword.text} must have a name`,
      });
    }
    return undefined;
  }
  if (value.type === "flag") {
    reportExtra(statement, 0, sink);
    return true;
  }
  if (first === undefined) {
    if (value.type === "boolean") return true;
    if (spec.optional === true) return value.type === "script" ? { command: "" } : "";
    sink.report("config/missing-value", statement.keyword.span, {
      message: `\`${statement.keyword.text}\` needs a value`,
      note: "keepalived ends at once when it meets this",
      classic: `*** Configuration line starting \`${statement.keyword.text}\` is missing a parameter after keyword \`${statement.keyword.text}\` at word position 2`,
    });
    return refused;
  }
  reportExtra(statement, value.type === "script" ? 3 : 1, sink);
  return readWord(statement, value, first.text, sink);
}

function readWord(
  statement: Statement,
  value: ValueSpec,
  word: string,
  sink: DiagnosticSink,
): unknown {
  switch (value.type) {
    case "boolean":
      return readBoolean(statement, word, sink);
    case "integer":
      return readInteger(statement, value, word, sink);
    case "seconds":
      return readSeconds(statement, value, word, sink);
    case "choice":
      return readChoice(statement, value.of, word, sink);
    case "address":
      return readAddress(statement, value, word, sink);
    case "script":
      return readScript(statement);
    default:
      return word;
  }
}

function reportExtra(statement: Statement, taken: number, sink: DiagnosticSink): void {
  const first = statement.words[taken];
  const last = statement.words.at(-1);
  if (first === undefined || last === undefined) return;
  sink.report("config/extra-words", joinSpans(first.span, last.span), {
    message: `\`${statement.keyword.text}\` takes ${taken === 0 ? "no value" : "no more words"}`,
    note: "the rest of the line is ignored",
  });
}

function readBoolean(statement: Statement, word: string, sink: DiagnosticSink): unknown {
  if (["on", "true", "yes"].includes(word)) return true;
  if (["off", "false", "no"].includes(word)) return false;
  reportBadWord(statement, ["on", "off", "true", "false", "yes", "no"], word, sink);
  return refused;
}

function readChoice(
  statement: Statement,
  choices: readonly string[],
  word: string,
  sink: DiagnosticSink,
): unknown {
  if (choices.includes(word)) return word;
  reportBadWord(statement, choices, word, sink);
  return refused;
}

function reportBadWord(
  statement: Statement,
  choices: readonly string[],
  word: string,
  sink: DiagnosticSink,
): void {
  const keyword = statement.keyword.text;
  const nearest = nearestWord(word, choices);
  sink.report("config/value-choice", (statement.words[0] ?? statement.keyword).span, {
    message: `${keyword} must be ${listed(choices)}`,
    ...(nearest === undefined ? {} : { fix: `${keyword} ${nearest}` }),
  });
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

function readInteger(
  statement: Statement,
  spec: Extract<ValueSpec, { type: "integer" }>,
  word: string,
  sink: DiagnosticSink,
): unknown {
  const keyword = statement.keyword.text;
  const span = (statement.words[0] ?? statement.keyword).span;
  if (!/^[+-]?[0-9]+$/.test(word)) {
    sink.report("config/value-type", span, {
      message: `${keyword} must be a whole number`,
      classic: `invalid number '${word}'`,
    });
    return refused;
  }
  const value = Number(word);
  if (value >= spec.min && value <= spec.max) return value;
  const nearest = value < spec.min ? spec.min : spec.max;
  const label = `${word} is too ${value < spec.min ? "small" : "large"}`;
  const message = `${keyword} must be between ${spec.min} and ${spec.max}`;
  const advice = statement.spec?.advice;
  const tooLarge = value > spec.max;
  const fix = `${keyword} ${(tooLarge ? advice?.instead : undefined) ?? nearest}`;
  const note = advice === undefined ? {} : { note: advice.note };
  if (spec.outside === "clamped") {
    sink.report("config/value-clamped", span, { message, label, note: `${nearest} is used`, fix });
    return nearest;
  }
  const classic = `number '${word}' outside range [${spec.min}, ${spec.max}]`;
  sink.report("config/value-range", span, { message, label, ...note, fix, classic });
  return refused;
}

function readSeconds(
  statement: Statement,
  spec: Extract<ValueSpec, { type: "seconds" }>,
  word: string,
  sink: DiagnosticSink,
): unknown {
  const keyword = statement.keyword.text;
  const span = (statement.words[0] ?? statement.keyword).span;
  if (!/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$/.test(word)) {
    sink.report("config/value-type", span, {
      message: `${keyword} must be a number of seconds`,
      classic: `invalid number '${word}'`,
    });
    return refused;
  }
  const value = Number(word);
  if (value >= spec.min && value <= spec.max) return microseconds(Math.round(value * 1_000_000));
  sink.report("config/value-range", span, {
    message: `${keyword} must be between ${spec.min} and ${spec.max} seconds`,
    label: `${word} is too ${value < spec.min ? "small" : "large"}`,
    fix: `${keyword} ${value < spec.min ? spec.min : spec.max}`,
    classic: `number '${word}' outside range [${spec.min.toFixed(6)}, ${spec.max.toFixed(6)}]`,
  });
  return refused;
}

function readAddress(
  statement: Statement,
  spec: Extract<ValueSpec, { type: "address" }>,
  word: string,
  sink: DiagnosticSink,
): unknown {
  const keyword = statement.keyword.text;
  const span = (statement.words[0] ?? statement.keyword).span;
  const address = parseIp(word);
  const family = spec.family === undefined ? "IP" : spec.family === "ipv4" ? "IPv4" : "IPv6";
  if (address === undefined || (spec.family !== undefined && familyOf(address) !== spec.family)) {
    sink.report("config/value-type", span, { message: `${keyword} must be an ${family} address` });
    return refused;
  }
  if (spec.multicast === true && !isMulticast(address)) {
    sink.report("config/value-type", span, {
      message: `${keyword} must be a multicast address`,
      classic: `${keyword} [${word}] is not multicast. Skipping`,
    });
    return refused;
  }
  return address;
}

/** `SCRIPT [USER [[:]GROUP]]`. */
function readScript(statement: Statement): ScriptModel {
  const [command, user, group] = statement.words.map((word) => word.text);
  return {
    command: command ?? "",
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group: group.replace(/^:/, "") }),
  };
}
