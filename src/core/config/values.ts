// The value of one keyword, read as its row of the tables says. What the row does not allow is
// reported with the range or the words that it does, and with keepalived's own text where known.

import { familyOf, isMulticast, parseIp } from "../base/ip.ts";
import { microseconds } from "../base/time.ts";
import type { DiagnosticCode, DiagnosticSink, DiagnosticText } from "./diagnostics.ts";
import { spellingFix, valueFix } from "./fix.ts";
import type { ScriptModel } from "./model-script.ts";
import type { Statement } from "./parser.ts";
import type { KeywordSpec, ValueSpec } from "./schema/spec.ts";
import { takesBlock } from "./schema/spec.ts";
import { joinSpans } from "./source.ts";

/** One use of a keyword; `subject` is the instance's name. */
export type KeywordUse = {
  /** Inside a block that is not acted on yet as a whole, which has been said. */
  readonly later: boolean;
  readonly statement: Statement;
  readonly spec: KeywordSpec;
  readonly sink: DiagnosticSink;
  readonly subject: string;
};

/** In place of a value that is not to be used. */
export const refused = Symbol("refused");

/** What the row alone says about a use of the keyword: that it is old, or not acted on yet. */
export function reportRow({ statement, spec, sink, subject, later }: KeywordUse): void {
  const keyword = statement.keyword.text;
  const words = spec.classicDeprecated ?? spec.classic;
  if (spec.deprecatedBy !== undefined) {
    sink.report("config/deprecated", statement.keyword.span, {
      message: `\`${keyword}\` is deprecated`,
      note: `use ${spec.deprecatedBy} instead`,
      ...(spec.deprecatedSilently === true ? { testExit: 0 } : {}),
      ...(words === undefined ? {} : { classic: words.replace("{name}", subject) }),
    });
  } else if (spec.status === "accepted" && spec.covered !== true && !later) {
    sink.report("config/not-implemented", statement.keyword.span, {
      message: `\`${keyword}\` is accepted and not acted on yet`,
    });
  }
}

/** How many words belong to a value, where it is not one. */
const wordsTaken: Readonly<Record<string, number>> = { script: 3, weight: 2 };

/** The value as its type in `Settings`, or `refused`. */
export function readValue(use: KeywordUse): unknown {
  const { statement, spec, sink } = use;
  const { value } = spec;
  const first = statement.words[0];
  if (takesBlock(spec)) {
    if (value.type === "lines" && value.name === undefined) reportBlockWords(statement, sink);
    if (value.type === "block" && value.header !== undefined && first === undefined)
      return readNothing(use);
    const nameless = value.type === "block" && value.name === "required" && first === undefined;
    return nameless ? readNameless(use) : undefined;
  }
  if (value.type === "words")
    return first === undefined && (value.needed === true || spec.emptyIgnored !== undefined)
      ? readNothing(use)
      : undefined;
  if (value.type === "flag") {
    reportExtra(statement, 0, sink);
    return true;
  }
  if (first === undefined) return readNothing(use);
  reportExtra(statement, wordsTaken[value.type] ?? 1, sink);
  return readWord(use, first.text);
}

function readNameless({ statement, spec, sink }: KeywordUse): unknown {
  const keyword = statement.keyword.text;
  const text = { message: `\`${keyword}\` needs a name` };
  const { span } = statement.keyword;
  if (spec.nameless !== undefined)
    sink.report("config/missing-name", span, { ...text, classic: spec.nameless });
  else sink.report("config/missing-value", span, { ...text, ...endsAtOnce(keyword) });
  return spec.nameless === undefined ? refused : undefined;
}

/** What keepalived does with a keyword that lacks what it cannot do without. */
const endsAtOnce = (keyword: string) => ({
  note: "keepalived ends at once when it meets this",
  classic: `*** Configuration line starting \`${keyword}\` is missing a parameter after keyword \`${keyword}\` at word position 2`,
});

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

function readNothing(use: KeywordUse): unknown {
  const { statement, spec, sink } = use;
  const { value } = spec;
  if (value.type === "boolean") return true;
  if (spec.optional === true) return value.type === "script" ? { command: "" } : "";
  const keyword = statement.keyword.text;
  const message = `\`${keyword}\` needs a value`;
  if (spec.emptyIgnored !== undefined || statement.directive === true) {
    sink.report("config/value-type", statement.keyword.span, {
      message,
      note: "it is ignored",
      ...(typeof spec.emptyIgnored === "string"
        ? { classic: spec.emptyIgnored.replace("{name}", use.subject) }
        : {}),
      ...(statement.directive === true ? { testExit: 0 } : {}),
    });
  } else {
    sink.report("config/missing-value", statement.keyword.span, {
      message,
      ...endsAtOnce(keyword),
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
    case "milliseconds":
      return readSeconds(use, value, word);
    case "weight":
      return readWeight(use, value, word);
    case "choice":
      return readChoice(use, value, word);
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
  if (statement.directive === true || spec.quiet === true) {
    const { classic: _unheard, ...rest } = text;
    sink.report(code, word.span, { ...rest, testExit: 0 });
    return;
  }
  const classic = spec.classic?.replace("{name}", subject).replace("{value}", word.text);
  const before = text.classic === undefined ? {} : { classicBefore: text.classic };
  sink.report(code, word.span, classic === undefined ? text : { ...text, ...before, classic });
}

/** Reports the first word, where keepalived's lower layers alone say something. */
function reportPlain({ statement, sink }: KeywordUse, code: DiagnosticCode, text: DiagnosticText) {
  sink.report(code, (statement.words[0] ?? statement.keyword).span, text);
}

function readBoolean(use: KeywordUse, word: string): unknown {
  if (["on", "true", "yes"].includes(word)) return true;
  if (["off", "false", "no"].includes(word)) return false;
  reportBadWord(use, ["on", "off", "true", "false", "yes", "no"], word);
  return refused;
}

function readChoice(
  use: KeywordUse,
  { of: choices, anyCase }: Extract<ValueSpec, { type: "choice" }>,
  word: string,
): unknown {
  if (choices.includes(word)) return word;
  const spelt =
    anyCase === true
      ? choices.find((choice) => choice.toLowerCase() === word.toLowerCase())
      : undefined;
  if (spelt !== undefined) return spelt;
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
  // In quotes, blanks may come first, and nothing at all is 0.
  if (!/^\s*([+-]?[0-9]+)?$/.test(word)) {
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
    classic: integerRangeText(word, value, spec.min, spec.max),
  });
  return refused;
}

/** keepalived's words for a whole number outside its range, or outside what its variable holds. */
export function integerRangeText(word: string, value: number, min: number, max: number): string {
  if (min >= 0 && /^\s*-/.test(word)) return `negative number '${word}'`;
  if (min >= 0 && value > 4_294_967_295) return `number '${word}' outside unsigned integer range`;
  if (min < 0 && (value > 2_147_483_647 || value < -2_147_483_648))
    return `number '${word}' outside integer range`;
  return `number '${word}' outside range [${min}, ${max}]`;
}

function readSeconds(
  use: KeywordUse,
  spec: Extract<ValueSpec, { type: "seconds" | "milliseconds" }>,
  word: string,
): unknown {
  const keyword = use.statement.keyword.text;
  const [digits, scale] = spec.type === "seconds" ? [6, 1_000_000] : [3, 1_000];
  if (!/^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$/.test(word)) {
    const message = `${keyword} must be a number of ${spec.type}`;
    const text = { message, classic: `invalid number '${word}'` };
    // keepalived goes on with the digits before what it cannot read.
    const begun = Number.parseFloat(word) || 0;
    if (use.spec.wholeWord !== true && begun >= spec.min && begun <= spec.max)
      reportPlain(use, "config/value-type", text);
    else reportWord(use, "config/value-type", text);
    return refused;
  }
  const value = Number(word);
  if (value >= spec.min && value <= spec.max) {
    const decimals = (word.split(".")[1] ?? "").replace(/0+$/, "").length;
    if (decimals > digits) {
      reportPlain(use, "config/value-precision", {
        message: `${keyword} is held in microseconds, which is ${digits} decimal places`,
        classic: `number '${word}' has too many decimal places`,
      });
    }
    return microseconds(Math.round(value * scale));
  }
  const tooSmall = value < spec.min;
  reportWord(use, "config/value-range", {
    message: `${keyword} must be between ${spec.min} and ${spec.max} ${spec.type}`,
    label: `${word} is too ${tooSmall ? "small" : "large"}`,
    ...valueFix(use.statement, tooSmall ? spec.min : spec.max, false),
    classic: word.startsWith("-")
      ? `negative number '${word}'`
      : value > unsignedDecimalMax
        ? `number '${word}' outside unsigned decimal range`
        : `number '${word}' outside range [${spec.min.toFixed(digits)}, ${decimalText(spec.max, digits)}]`,
  });
  return refused;
}

/** `N [reverse]`. A second word that is another one is left out. */
function readWeight(
  use: KeywordUse,
  { max, of }: Extract<ValueSpec, { type: "weight" }>,
  word: string,
): unknown {
  const amount = readInteger(use, { type: "integer", min: -max, max }, word);
  const option = use.statement.words[1];
  if (option !== undefined && option.text !== "reverse") {
    use.sink.report("config/value-choice", option.span, {
      message: `unknown word \`${option.text}\` after a weight`,
      ...spellingFix(option, ["reverse"], { before: `weight ${word}` }),
      classic: `${of.replace("{name}", use.subject)} unknown weight option ${option.text}`,
    });
  }
  return amount === refused ? refused : { amount, reverse: option?.text === "reverse" };
}
/** 2^64 µs, up to where keepalived counts; the last places do not fit a double. */
const unsignedDecimalMax = 18_446_744_073_709.5;

const decimalText = (value: number, digits: number): string =>
  value >= unsignedDecimalMax ? "18446744073709.551614" : value.toFixed(digits);

function readAddress(
  use: KeywordUse,
  spec: Extract<ValueSpec, { type: "address" }>,
  word: string,
): unknown {
  const keyword = use.statement.keyword.text;
  const address = parseIp(spec.tailIgnored === true ? (word.split(/[-/]/, 1)[0] ?? "") : word);
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
export function readScript(statement: Statement): ScriptModel {
  const [command, user, group] = statement.words.map((word) => word.text);
  return {
    command: command ?? "",
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group: group.replace(/^:/, "") }),
  };
}
