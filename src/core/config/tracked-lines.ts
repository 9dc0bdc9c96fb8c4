// The lines of `track_interface`, `track_script`, `track_file`, `track_process` and `track_bfd`, in
// instances and in groups: `NAME [weight N [reverse|noreverse]]`. A name counts when it has been
// defined further up. keepalived words its messages for each kind in its own way.

import type { DiagnosticSink } from "./diagnostics.ts";
import { spellingFix, wordEdit } from "./fix.ts";
import type { Token } from "./lexer.ts";
import type { TrackedModel, TrackedObject, Weight } from "./model-tracking.ts";
import type { Statement } from "./parser.ts";
import type { TrackingKind, TrackingTable } from "./tracking-table.ts";

export type TrackedLinesContext = {
  /** Instance or group. */
  readonly name: string;
  readonly sink: DiagnosticSink;
  readonly tracking: TrackingTable;
  /** Place of the instance or group among the blocks of the file. */
  readonly at: number;
};

type Words = {
  readonly keyword: "track_script" | "track_file" | "track_process" | "track_bfd";
  /** keepalived's name of the thing in its messages. */
  readonly noun: string;
  readonly max: 253 | 254;
  readonly badWeight: (name: string) => string;
  readonly badOption: (name: string) => string;
};

const wordsOf = {
  script: {
    keyword: "track_script",
    noun: "track script",
    max: 254,
    badWeight: (name) =>
      `track script ${name}: weight must be between [-253..253] inclusive, ignoring...`,
    badOption: (name) => `unknown track_script ${name} weight option`,
  },
  file: {
    keyword: "track_file",
    noun: "track file",
    max: 254,
    badWeight: (name) =>
      `weight for track file ${name} must be in [-254..254] inclusive. Ignoring...`,
    badOption: (name) => `unknown track file ${name} weight option`,
  },
  process: {
    keyword: "track_process",
    noun: "track process",
    max: 254,
    badWeight: (name) =>
      `weight for track process ${name} must be in [-254..254] inclusive. Ignoring...`,
    badOption: (name) => `unknown track_process ${name} weight option`,
  },
  bfd: {
    keyword: "track_bfd",
    noun: "track bfd",
    max: 253,
    badWeight: (name) =>
      `weight for track bfd ${name} must be in [-253..253] inclusive. Ignoring...`,
    badOption: (name) => `unknown track bfd ${name} weight option`,
  },
} as const satisfies Record<TrackingKind, Words>;

/** What a block tracks; `blocks` gives the bodies of one keyword, in the order of the file. */
export function readTracked(
  blocks: (keyword: Words["keyword"]) => readonly Statement[],
  context: TrackedLinesContext,
): TrackedModel {
  const read = (kind: TrackingKind) => readKind(kind, blocks(wordsOf[kind].keyword), context);
  return {
    scripts: read("script"),
    files: read("file"),
    processes: read("process"),
    bfds: read("bfd"),
  };
}

/** Whether any of several lists holds something. */
export const hasEntries = (lists: Readonly<Record<string, readonly unknown[]>>): boolean =>
  Object.values(lists).some(({ length }) => length > 0);

function readKind(
  kind: TrackingKind,
  lines: readonly Statement[],
  context: TrackedLinesContext,
): readonly TrackedObject[] {
  const found = new Map<string, TrackedObject>();
  for (const line of lines) {
    const object = readLine(kind, line, found, context);
    if (object !== undefined) found.set(object.name, object);
  }
  return [...found.values()];
}

function readLine(
  kind: TrackingKind,
  line: Statement,
  found: ReadonlyMap<string, TrackedObject>,
  { name: owner, sink, tracking, at }: TrackedLinesContext,
): TrackedObject | undefined {
  const { keyword, noun, max, badWeight, badOption } = wordsOf[kind];
  const { text: name, span } = line.keyword;
  const definition = tracking.find(kind, name);
  if (definition === undefined || definition.at > at || !definition.usable) {
    const later = definition !== undefined && definition.at > at;
    const notUsable = definition !== undefined && !definition.usable;
    sink.report("tracking/not-found", span, {
      message: later
        ? `${noun} \`${name}\` is defined further down, and must be known here`
        : `${notUsable ? "nothing usable is" : "nothing is"} defined as ${noun} \`${name}\``,
      note: "it is not tracked",
      ...(definition === undefined
        ? {}
        : { related: [{ span: definition.span, label: "defined here" }] }),
      ...(definition === undefined
        ? spellingFix(line.keyword, tracking.names(kind), { safe: false })
        : {}),
      classic: `(${owner}) ${noun} ${name} not found, ignoring...`,
    });
    return undefined;
  }
  if (found.has(name)) {
    sink.report("config/repeated", span, {
      message: `${name} is tracked already; this line is ignored`,
      classic: `(${owner}) duplicate ${keyword} ${name} - ignoring`,
    });
    return undefined;
  }
  const weight = readWeight(line, sink, {
    max,
    reverses: ["reverse", "noreverse"],
    unknown: `(${owner}) unknown ${noun} option`,
    ...(kind === "script" ? { clamped: `(${owner}) weight for ${name}` } : {}),
    noValue: `(${owner}) weight without value specified for ${noun} ${name} - ignoring`,
    badWeight: `(${owner}) ${badWeight(name)}`,
    badOption: `(${owner}) ${badOption(name)}`,
  });
  if (weight === "unusable") return undefined;
  return { name, ...(weight === undefined ? {} : { weight }) };
}

/** The rules for the words after the name, with what keepalived says where they are broken. */
export type WeightWords = {
  readonly max: number;
  readonly reverses: readonly string[];
  readonly unknown: string;
  readonly noValue: string;
  readonly badWeight: string;
  readonly badOption: string;
  /** Where ±254 is allowed and taken as ±253: how keepalived begins to say so. */
  readonly clamped?: string;
};

/** `[weight N [reverse]]`: undefined without one; `unusable` where the whole line is left out. */
export function readWeight(
  line: Statement,
  sink: DiagnosticSink,
  words: WeightWords,
): Weight | "unusable" | undefined {
  const [first, value, option, extra] = line.words;
  if (first === undefined) return undefined;
  if (first.text !== "weight") {
    reportOption(first, ["weight"], `${words.unknown} ${first.text} - ignoring`, sink);
    return "unusable";
  }
  if (value === undefined) {
    sink.report("config/value-type", first.span, {
      message: "`weight` needs a number",
      note: "the line is left out",
      classic: words.noValue,
    });
    return "unusable";
  }
  if (option !== undefined && !words.reverses.includes(option.text)) {
    reportOption(option, words.reverses, `${words.badOption} ${option.text} - ignoring`, sink);
    return "unusable";
  }
  if (extra !== undefined) {
    sink.report("config/extra-words", extra.span, {
      message: "nothing more belongs to a weight",
      note: "the rest of the line is ignored",
    });
  }
  const amount = readAmount(value, sink, words);
  return amount === undefined ? undefined : { amount, reverse: option?.text === "reverse" };
}

function readAmount(
  value: Token,
  sink: DiagnosticSink,
  { max, badWeight, clamped }: WeightWords,
): number | undefined {
  const whole = /^[+-]?[0-9]+$/.test(value.text);
  const amount = whole ? Number(value.text) : Number.NaN;
  if (Math.abs(amount) === 254 && clamped !== undefined) {
    const used = Math.sign(amount) * 253;
    sink.report("config/value-clamped", value.span, {
      message: `a weight of ${amount} is taken as ${used}`,
      fix: `weight ${used}`,
      edit: wordEdit(value, String(used), true),
      classic: `${clamped} cannot be +/-254. Setting to +/-253`,
    });
    return used;
  }
  if (Math.abs(amount) <= max) return amount;
  sink.report(whole ? "config/value-range" : "config/value-type", value.span, {
    message: `a weight must be between -${max} and ${max}`,
    note: "the object's own weight is used",
    classicBefore: whole
      ? `number '${value.text}' outside range [-${max}, ${max}]`
      : `invalid number '${value.text}'`,
    classic: badWeight,
  });
  return undefined;
}

function reportOption(
  word: Token,
  known: readonly string[],
  classic: string,
  sink: DiagnosticSink,
): void {
  sink.report("config/value-choice", word.span, {
    message: `unknown word \`${word.text}\` after what is tracked`,
    note: "the line is left out",
    ...spellingFix(word, known),
    classic,
  });
}
