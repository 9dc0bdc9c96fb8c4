// Everything in a project that has a name, and every place that uses it: blocks that introduce a name
// and keywords that refer to one (their rows say so), `$NAME` definitions, and included files. Lines
// that `@id` keeps from this machine count, too, so that a rename leaves none of them behind.

import { limits } from "../base/limits.ts";
import { nameReference } from "../config/definitions.ts";
import { DiagnosticSink } from "../config/diagnostics.ts";
import { folderOf, includedFiles, includeOf } from "../config/include.ts";
import type { Token } from "../config/lexer.ts";
import { commentOffset } from "../config/lexer.ts";
import type { Statement } from "../config/parser.ts";
import { parse } from "../config/parser.ts";
import { readLines } from "../config/reader.ts";
import { root } from "../config/schema/root.ts";
import type { NameKind } from "../config/schema/spec.ts";
import type { Sources, Span } from "../config/source.ts";
import type { Analysis, Place } from "./project.ts";
import { idOfNobody, textOf, touches, visitStatements } from "./project.ts";

export type Occurrence = {
  readonly kind: NameKind | "definition";
  readonly name: string;
  readonly role: "introduces" | "refers";
  readonly span: Span;
  /** False where the name is put together by definitions, so that the file does not show it. */
  readonly verbatim: boolean;
  /** The block that introduces it. */
  readonly statement?: Statement;
};

/** Every name at every place, in no particular order. */
export function occurrencesOf(analysis: Analysis): readonly Occurrence[] {
  const found = new Map<string, Occurrence>();
  const add = (occurrence: Occurrence): void => {
    const { kind, name, span } = occurrence;
    const key = `${kind} ${name} ${span.start} ${span.end} ${span.file}`;
    if (!found.has(key)) found.set(key, occurrence);
  };
  const { sources, project, statements } = analysis;
  addFromTree(statements, sources, add);
  for (const id of otherIds(analysis).slice(0, limits.languageIdsMax)) {
    const sink = new DiagnosticSink();
    const reading = readLines(project.main, project.files, id, sink);
    addFromTree(parse(reading.lines, root, sink), sources, add);
  }
  for (const [file, text] of sources) addDefinitions(file, text, add);
  return [...found.values()];
}

/** Whether there are names in lines for other machines that `occurrencesOf` has not looked at. */
export const hasHiddenNames = (analysis: Analysis): boolean =>
  otherIds(analysis).length > limits.languageIdsMax;

/** Ids of `@id` lines besides this machine's own; `@^id` lines count for one that nobody names. */
function otherIds({ sources, project }: Analysis): readonly string[] {
  const ids = new Set<string>();
  for (const text of sources.values()) {
    for (const match of text.matchAll(/^[ \t]*@\^?(\S+)/gm)) ids.add(match[1] ?? "");
  }
  if (ids.size > 0) ids.add(idOfNobody);
  ids.delete(project.configId);
  return [...ids];
}

function addFromTree(
  statements: readonly Statement[],
  sources: Sources,
  add: (occurrence: Occurrence) => void,
): void {
  visitStatements(statements, (statement) => {
    const { spec, words, body = [] } = statement;
    const [first] = words;
    if (spec?.introduces !== undefined && first !== undefined)
      add({ ...named(first, sources, spec.introduces, "introduces"), statement });
    if (spec?.refersTo === undefined) return undefined;
    if (spec.value.type === "lines") {
      for (const { keyword } of body) add(named(keyword, sources, spec.refersTo, "refers"));
    } else if (first !== undefined) add(named(first, sources, spec.refersTo, "refers"));
    return undefined;
  });
}

function named(
  { text, span }: Token,
  sources: Sources,
  kind: NameKind,
  role: Occurrence["role"],
): Occurrence {
  const written = textOf(sources, span);
  const quote = written.startsWith('"') ? 1 : 0;
  const inner = { ...span, start: span.start + quote, end: span.end - quote };
  if (quote === 1 && textOf(sources, inner) === text)
    return { kind, name: text, role, span: inner, verbatim: true };
  return { kind, name: text, role, span, verbatim: written === text };
}

/** `$NAME=`, `~SEQ(NAME, ...)`, `~LST({A, B}, ...)` and every `$NAME` and `${NAME}`. */
function addDefinitions(file: string, text: string, add: (occurrence: Occurrence) => void): void {
  if (!text.includes("$") && !text.includes("~")) return;
  let start = 0;
  for (const full of text.split("\n")) {
    const lineStart = start;
    start += full.length + 1;
    if (full.length > limits.configLineLengthMax) continue;
    const line = full.slice(0, commentOffset(full));
    const at = (name: string, role: Occurrence["role"], from: number): void => {
      const span = { file, start: lineStart + from, end: lineStart + from + name.length };
      add({ kind: "definition", name, role, span, verbatim: true });
    };
    const definition = /^\s*(?:@\S+\s+)?\$(\w+)=/.exec(line);
    if (definition !== null)
      at(
        definition[1] ?? "",
        "introduces",
        definition[0].length - 1 - (definition[1] ?? "").length,
      );
    for (const match of line.matchAll(/~(?:SEQx?|LST)\(\s*(?:\{([^}]*)\}|(\w+))/g)) {
      const names = match[1] ?? match[2] ?? "";
      const from = match.index + match[0].lastIndexOf(names);
      for (const name of names.matchAll(/\w+/g)) at(name[0], "introduces", from + name.index);
    }
    for (const match of line.matchAll(nameReference)) {
      const name = match[1] ?? match[2] ?? "";
      at(name, "refers", match.index + match[0].indexOf(name));
    }
  }
}

/** The name at a place; of several, the shortest, which is the one within the others. */
export function occurrenceAt(
  occurrences: readonly Occurrence[],
  place: Place,
): Occurrence | undefined {
  let best: Occurrence | undefined;
  for (const each of occurrences) {
    if (!touches(each.span, place)) continue;
    const length = each.span.end - each.span.start;
    if (best === undefined || length < best.span.end - best.span.start) best = each;
  }
  return best;
}

/** Every occurrence of the same name, sorted by file and place. */
export const sameName = (
  occurrences: readonly Occurrence[],
  { kind, name }: Occurrence,
): readonly Occurrence[] =>
  occurrences
    .filter((each) => each.kind === kind && each.name === name)
    .sort((a, b) => compareSpans(a.span, b.span));

const compareSpans = (a: Span, b: Span): number =>
  a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1;

export type IncludeLine = { readonly span: Span; readonly paths: readonly string[] };

/** The include line at a place, and the files that it means. */
export function includeAt(analysis: Analysis, place: Place): IncludeLine | undefined {
  const text = analysis.sources.get(place.file) ?? "";
  const start = text.lastIndexOf("\n", Math.max(0, place.offset) - 1) + 1;
  const newline = text.indexOf("\n", start);
  const full = text.slice(start, newline < 0 ? text.length : newline);
  if (full.length > limits.configLineLengthMax) return undefined;
  const line = full.slice(0, commentOffset(full));
  const include = includeOf(line);
  if (include === undefined) return undefined;
  const span = {
    file: place.file,
    start: start + include.at,
    end: start + line.trimEnd().length,
  };
  const { form, pattern } = include;
  const { paths } = includedFiles(form, pattern, folderOf(place.file), analysis.project.files);
  return { span, paths };
}
