// What a cursor is about to write. A mark is put into the text at the cursor and the project is read
// again: where the parser finds the mark, the completed word will be. So includes, definitions,
// missing braces and half-written lines mean here exactly what they mean to the reader itself.

import { ok } from "../base/result.ts";
import { DiagnosticSink } from "../config/diagnostics.ts";
import type { IncludeForm } from "../config/include.ts";
import { includeOf } from "../config/include.ts";
import { commentOffset } from "../config/lexer.ts";
import type { Statement } from "../config/parser.ts";
import { parse } from "../config/parser.ts";
import { readLines } from "../config/reader.ts";
import { root } from "../config/schema/root.ts";
import type { BlockSpec, KeywordSpec } from "../config/schema/spec.ts";
import type { Analysis, Place } from "./project.ts";
import { visitStatements, withText } from "./project.ts";

/** The part of the file that a completion replaces. */
export type WordRange = { readonly start: number; readonly end: number };

export type Cursor =
  /** A keyword, or the first word of a line `#understudy ...`. */
  | {
      readonly kind: "keyword";
      readonly block: BlockSpec;
      readonly directive: boolean;
      /** Keywords that the block has already. */
      readonly present: ReadonlySet<string>;
    }
  /** Word `index` after a keyword. */
  | { readonly kind: "value"; readonly spec: KeywordSpec; readonly words: readonly string[] }
  /** A word of a line of a value block, after `words`. */
  | { readonly kind: "line"; readonly spec: KeywordSpec; readonly words: readonly string[] }
  /** After `$` or `${`. */
  | { readonly kind: "definition"; readonly braced: boolean }
  | { readonly kind: "include"; readonly form: IncludeForm; readonly prefix: string }
  /** A comment, a name that is new, or a place where nothing is known. */
  | { readonly kind: "nothing" };

export type CursorPlace = { readonly cursor: Cursor; readonly word: WordRange };

/** What belongs at a place. */
export function cursorAt(analysis: Analysis, place: Place): CursorPlace {
  const text = analysis.sources.get(place.file) ?? "";
  const offset = Math.max(0, Math.min(place.offset, text.length));
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const word = wordAround(text, offset, /[^\s{}"]/);
  const directive = /^\s*[#!]understudy\s+(?:\S*)$/.test(before);
  if (!directive && commentOffset(before) < before.length && !/^\s*[#!]understudy\s/.test(before))
    return { cursor: { kind: "nothing" }, word };
  const name = /\$(\{?)(\w*)$/.exec(before);
  if (name !== null) {
    const braced = name[1] === "{";
    return { cursor: { kind: "definition", braced }, word: wordAround(text, offset, /\w/) };
  }
  const include = includeOf(`${before}x`);
  if (include !== undefined) {
    const end = text.indexOf("\n", offset);
    const pattern = { start: lineStart + include.at, end: end < 0 ? text.length : end };
    const prefix = include.pattern.slice(0, -1);
    return { cursor: { kind: "include", form: include.form, prefix }, word: pattern };
  }
  // Without its `#understudy`, the rest of the line stands where a keyword would.
  const cut = directive ? { from: lineStart, to: endOfLine(text, offset) } : undefined;
  return { cursor: readCursor(analysis, place.file, text, offset, cut), word };
}

const endOfLine = (text: string, offset: number): number => {
  const newline = text.indexOf("\n", offset);
  return newline < 0 ? text.length : newline;
};

function wordAround(text: string, offset: number, character: RegExp): WordRange {
  let start = offset;
  let end = offset;
  while (start > 0 && character.test(text[start - 1] ?? "")) start--;
  while (end < text.length && character.test(text[end] ?? "")) end++;
  return { start, end };
}

function readCursor(
  { project, sources }: Analysis,
  file: string,
  text: string,
  offset: number,
  cut: { readonly from: number; readonly to: number } | undefined,
): Cursor {
  let mark = "understudyCursor";
  while (text.includes(mark)) mark += "X";
  const marked =
    cut === undefined
      ? text.slice(0, offset) + mark + text.slice(offset)
      : text.slice(0, cut.from) + mark + text.slice(cut.to);
  const sink = new DiagnosticSink();
  // Texts that were read before are taken as they were.
  const known = {
    read: (path: string) => {
      const source = sources.get(path);
      return source === undefined ? project.files.read(path) : ok(source);
    },
    glob: (pattern: string) => project.files.glob(pattern),
  };
  const files = withText(known, file, marked);
  const { lines } = readLines(project.main, files, project.configId, sink);
  const statements = parse(lines, root, sink);
  let found: Cursor = { kind: "nothing" };
  visitStatements(statements, (statement, around) => {
    const words = [statement.keyword, ...statement.words].map((each) => each.text);
    const at = words.findIndex((each) => each.includes(mark));
    if (at < 0) return false;
    found = cursorIn(statement, words.slice(0, at), around, statements, cut !== undefined);
    return true;
  });
  return found;
}

function cursorIn(
  { spec }: Statement,
  words: readonly string[],
  around: readonly Statement[],
  outermost: readonly Statement[],
  directive: boolean,
): Cursor {
  const outer = around.at(-1);
  const value = outer?.spec?.value;
  if (outer?.spec !== undefined && value?.type === "lines")
    return { kind: "line", spec: outer.spec, words };
  if (words.length > 0) {
    return spec === undefined
      ? { kind: "nothing" }
      : { kind: "value", spec, words: words.slice(1) };
  }
  const block = outer === undefined ? root : value?.type === "block" ? value.block : undefined;
  if (block === undefined) return { kind: "nothing" };
  const siblings = outer === undefined ? outermost : (outer.body ?? []);
  const present = new Set(siblings.map((each) => each.keyword.text));
  return { kind: "keyword", block, directive, present };
}
