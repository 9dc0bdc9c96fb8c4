// The value of one keyword, read as its row of the tables says. What the row does not allow is
// reported with the range or the words that it does, and with keepalived's own text where known.

import { familyOf, isMulticast, parseIp } from "../base/ip.ts";
import { microseconds } from "../base/time.ts";
import type { DiagnosticCode, DiagnosticSink, DiagnosticText } from "./diagnostics.ts";
import { spellingFix, valueFix } from "./fix.ts";
import type { ScriptModel } from "./model.ts";
import type { Statement } from "./parser.ts";
import type { KeywordSpec, ValueSpec } from "./schema/spec.ts";
import { takesBlock } from "./schema/spec.ts";
import { joinSpans } from "./source.ts";

/** One use of a keyword; `subject` is the instance's name. */
export type KeywordUse = {
  readonly statement: Statement;
  readonly spec: KeywordSpec;
  readonly sink: DiagnosticSink;
  readonly subject: string;
};

/** In place of a value that is not to be used. */
export const refused = Symbol("refused");

/** What the row alone says about a use of the keyword: that it is old, or not acted on yet. */
export function reportRow({ statement, spec, sink, subject }: KeywordUse): void {
  const keyword = statement.keyword.text;
  if (spec.deprecatedBy !== undefined) {
    sink.report("config/deprecated", statement.keyword.span, {
      message: `\`${keyword}\` is deprecated`,
      note: `use ${spec.deprecatedBy} instead`,
      ...(spec.classic === undefined ? {} : { classic: spec.classic.replace("{name}", subject) }),
    });
  } else if (spec.status === "accepted") {
    sink.report("config/not-implemented", statement.keyword.span, {
      message: `\`${keyword}\` is accepted and not acted on yet`,
    });
  }
}

/** The value as its type in `Settings`, or `refused`. */
export function readValue(use: KeywordUse): unknown {
  const { statement, spec, sink } = use;
  const { value } = spec;
  const first = statement.words[0];
  if (takesBlock(spec)) {
    if (value.type === "lines") reportBlockWords(statement, sink);
    if (value.type === "block" && value.name === "required" && first === undefined) {
      sink.report("config/missing-name", statement.keyword.span, {
        message: `\`${statement.keyword.text}\` needs a name`,
        classic: `${statement.keyword.text} must have a name`,
      });
    }
    return undefined;
  }
  if (value.type === "words") return undefined;
  if (value.type === "flag") {
    reportExtra(statement, 0, sink);
    return true;
  }
  if (first === undefined) return readNothing(use);
  reportExtra(statement, value.type === "script" ? 3 : 1, sink);
  return readWord(use, first.text);
}

/** Words between a value block's keyword and its brace belong to nothing. */
function reportBlockWords(statement: Statement, sink: DiagnosticSink): void {
  const [first] = statement.words;
  const last = statement.words.at(-1);
  if (first === undefined || last === undefined) return;
  sink.report("config/extra-words", joinSpans(first.span, last.span), {
    message: `\`${statement.keyword.text}\` takes its words in braces`,
    note: "these are ignored",
    testExit: 5,
    classic: `Block ${statement.keyword.text} has extra parameters ${first.text} ...`,
  });
}

function readNothing({ statement, spec, sink }: KeywordUse): unknown {
  const { value } = spec;
  if (value.type === "boolean") return true;
  if (spec.optional === true) return value.type === "script" ? { command: "" } : "";
  const keyword = statement.keyword.text;
  const message = `\`${keyword}\` needs a value`;
  if (spec.emptyIgnored === true || statement.directive === true) {
    sink.report("config/value-type", statement.keyword.span, {
      message,
      note: "it is ignored",
      ...(statement.directive === true ? { testExit: 0 } : {}),
    });
  } else {
    sink.report("config/missing-value", statement.keyword.span, {
      message,
      note: "keepalived ends at once when it meets this",
      classic: `*** Configuration line starting \`${keyword}\` is missing a parameter after keyword \`${keyword}\` at word position 2`,
    });
  }
  return refused;
}

function readWord(use: KeywordUse, word: string): unknown {
  const { value } = use.spec;
  switch (value.type) {
    case "boolean":
      return readBoolean(use, word);
    case "integer":
      return readInteger(use, value, word);
    case "seconds":
      return readSeconds(use, value, word);
    case "choice":
      return readChoice(use, value.of, word);
    case "address":
      return readAddress(use, value, word);
    case "script":
      return readScript(use.statement);
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

/** Reports the first word; keepalived's general text, where it has one, comes before the row's. */
function reportWord(use: KeywordUse, code: DiagnosticCode, text: DiagnosticText): void {
  const { statement, spec, sink, subject } = use;
  const word = statement.words[0] ?? statement.keyword;
  if (statement.directive === true) {
    const { classic: _unheard, ...rest } = text;
    sink.report(code, word.span, { ...rest, testExit: 0 });
    return;
  }
  const classic = spec.classic?.replace("{name}", subject).replace("{value}", word.text);
  const before = text.classic === undefined ? {} : { classicBefore: text.classic };
  sink.report(code, word.span, classic === undefined ? text : { ...text, ...before, classic });
}

function readBoolean(use: KeywordUse, word: string): unknown {
  if (["on", "true", "yes"].includes(word)) return true;
  if (["off", "false", "no"].includes(word)) return false;
  reportBadWord(use, ["on", "off", "true", "false", "yes", "no"], word);
  return refused;
}

function readChoice(use: KeywordUse, choices: readonly string[], word: string): unknown {
  if (choices.includes(word)) return word;
  reportBadWord(use, choices, word);
  return refused;
}

function reportBadWord(use: KeywordUse, choices: readonly string[], word: string): void {
  const keyword = use.statement.keyword.text;
  const place = { text: word, span: (use.statement.words[0] ?? use.statement.keyword).span };
  reportWord(use, "config/value-choice", {
    message: `${keyword} must be ${listed(choices)}`,
    ...spellingFix(place, choices, { before: keyword }),
  });
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

function readInteger(
  use: KeywordUse,
  spec: Extract<ValueSpec, { type: "integer" }>,
  word: string,
): unknown {
  const keyword = use.statement.keyword.text;
  if (!/^[+-]?[0-9]+$/.test(word)) {
    const message = `${keyword} must be a whole number`;
    reportWord(use, "config/value-type", { message, classic: `invalid number '${word}'` });
    return refused;
  }
  const value = Number(word);
  if (value >= spec.min && value <= spec.max) return value;
  const tooLarge = value > spec.max;
  const nearest = tooLarge ? spec.max : spec.min;
  const label = `${word} is too ${tooLarge ? "large" : "small"}`;
  const message = `${keyword} must be between ${spec.min} and ${spec.max}`;
  if (spec.outside === "clamped") {
    const note = `${nearest} is used`;
    const fix = valueFix(use.statement, nearest, true);
    reportWord(use, "config/value-clamped", { message, label, note, ...fix });
    return nearest;
  }
  const { advice } = use.spec;
  reportWord(use, "config/value-range", {
    message,
    label,
    ...(advice === undefined ? {} : { note: advice.note }),
    ...valueFix(use.statement, (tooLarge ? advice?.instead : undefined) ?? nearest, false),
    classic:
      word.startsWith("-") && spec.min >= 0
        ? `negative number '${word}'`
        : `number '${word}' outside range [${spec.min}, ${spec.max}]`,
  });
  return refused;
}

function readSeconds(
  use: KeywordUse,
  spec: Extract<ValueSpec, { type: "seconds" }>,
  word: string,
): unknown {
  const keyword = use.statement.keyword.text;
  if (!/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$/.test(word)) {
    const message = `${keyword} must be a number of seconds`;
    reportWord(use, "config/value-type", { message, classic: `invalid number '${word}'` });
    return refused;
  }
  const value = Number(word);
  if (value >= spec.min && value <= spec.max) return microseconds(Math.round(value * 1_000_000));
  const tooSmall = value < spec.min;
  reportWord(use, "config/value-range", {
    message: `${keyword} must be between ${spec.min} and ${spec.max} seconds`,
    label: `${word} is too ${tooSmall ? "small" : "large"}`,
    ...valueFix(use.statement, tooSmall ? spec.min : spec.max, false),
    classic: word.startsWith("-")
      ? `negative number '${word}'`
      : `number '${word}' outside range [${spec.min.toFixed(6)}, ${spec.max.toFixed(6)}]`,
  });
  return refused;
}

function readAddress(
  use: KeywordUse,
  spec: Extract<ValueSpec, { type: "address" }>,
  word: string,
): unknown {
  const keyword = use.statement.keyword.text;
  const address = parseIp(word);
  const family = spec.family === undefined ? "IP" : spec.family === "ipv4" ? "IPv4" : "IPv6";
  if (address === undefined || (spec.family !== undefined && familyOf(address) !== spec.family)) {
    reportWord(use, "config/value-type", { message: `${keyword} must be an ${family} address` });
    return refused;
  }
  if (spec.multicast === true && !isMulticast(address)) {
    reportWord(use, "config/value-type", { message: `${keyword} must be a multicast address` });
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
