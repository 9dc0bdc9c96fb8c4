// `~SEQ(NAME, START, STEP, END) rest` and `~LST(NAME, A, B) rest`: a line for each value, with the name
// defined. `~SEQx` writes hexadecimal numbers. `~LST({A, B}, {1, 2}, {3, 4})` sets several names at
// once. Several of them on one line give every combination.

import { limits } from "../base/limits.ts";

/** Where the first repetition of a line begins, and where the rest of the line does. */
export type Repetition = { readonly opening: number; readonly end: number };

export function repetitionOf(text: string): Repetition | undefined {
  if (!text.includes("~")) return undefined;
  const match = /^(\s*)~(?:SEQx?|LST)\(([^)]*)\)/.exec(text);
  return match === null ? undefined : { opening: match[1]?.length ?? 0, end: match[0].length };
}

/** The values of each turn, or undefined when the text is no such thing. */
export function bindingsOf(text: string): Iterable<ReadonlyMap<string, string>> | undefined {
  const match = /^\s*~(SEQx?|LST)\(([^)]*)\)/.exec(text);
  if (text.length > limits.configExpansionMax / 16) return undefined;
  const parts = (match?.[2] ?? "").split(/,(?![^{]*\})/).map((part) => part.trim());
  if (match?.[1] === "LST") return listBindings(parts);
  return sequenceBindings(parts, match?.[1] === "SEQx" ? 16 : 10);
}

function listBindings(
  parts: readonly string[],
): readonly ReadonlyMap<string, string>[] | undefined {
  const tuples = parts.map(tupleOf);
  const names = tuples.shift();
  if (names === undefined || names.some((name) => !/^\w+$/.test(name))) return undefined;
  if (tuples.some((values) => values.length !== names.length)) return undefined;
  return tuples.map((values) => new Map(names.map((name, i) => [name, values[i] ?? ""])));
}

const tupleOf = (text: string): string[] =>
  /^\{.*\}$/.test(text)
    ? text
        .slice(1, -1)
        .split(",")
        .map((part) => part.trim())
    : [text];

/** `NAME, [START, [STEP,]] END`; the step's sign is that of the way from start to end. */
function sequenceBindings(
  parts: readonly string[],
  base: 10 | 16,
): Iterable<ReadonlyMap<string, string>> | undefined {
  const [name = "", ...bounds] = parts;
  const numbers = bounds.map(numberOf);
  if (!/^\w+$/.test(name) || numbers.length < 1 || numbers.length > 3) return undefined;
  if (numbers.some((number) => Number.isNaN(number))) return undefined;
  const end = numbers.at(-1) ?? 0;
  const start = numbers.length > 1 ? (numbers[0] ?? 0) : end > 0 ? 1 : -1;
  const step = numbers.length > 2 ? (numbers[1] ?? 0) : end >= start ? 1 : -1;
  const count = step === 0 ? 0 : Math.floor((end - start) / step) + 1;
  if (count < 1 || count > limits.configRepetitionMax) return undefined;
  return sequence(name, start, step, count, base);
}

function* sequence(name: string, start: number, step: number, count: number, base: 10 | 16) {
  for (let i = 0; i < count; i++) yield new Map([[name, (start + i * step).toString(base)]]);
}

const numberOf = (text: string): number =>
  /^-?(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})$/.test(text)
    ? Number(text.replace("-", "")) * (text.startsWith("-") ? -1 : 1)
    : Number.NaN;
