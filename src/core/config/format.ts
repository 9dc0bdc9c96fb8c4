// A keepalived.conf in one layout: four spaces for each level, one statement on a line, braces on the
// line that opens, one blank line at most. Comments stay, and what is between quotes is not touched.
// Lines whose place on a line of their own has a meaning (`@id`, `$NAME=`, `~SEQ`, `include`) and
// lines with `$NAME` in them are only moved to their level. The result is read again and compared:
// when it would mean something else, or the braces do not add up, the text is left as it is.

import { limits } from "../base/limits.ts";
import type { Result } from "../base/result.ts";
import { err, ok } from "../base/result.ts";
import { DiagnosticSink } from "./diagnostics.ts";
import type { CodePiece, FormatLine } from "./format-lines.ts";
import { commentsOf, formatLines } from "./format-lines.ts";
import type { Statement } from "./parser.ts";
import { parse } from "./parser.ts";
import { readLines } from "./reader.ts";
import { root } from "./schema/root.ts";

/** Why a text is left as it is; `line` counts from 1. */
export type FormatRefusal = { readonly reason: string; readonly line?: number };

/** One line of the result, before blank lines are taken out. */
type Row = {
  text: string;
  readonly depth: number;
  readonly kind: "blank" | "raw" | "comment" | "kept" | "statement" | "open" | "close";
  comment: string;
};

/**
 * The text in our layout. The line end is CRLF where the first line has it. Formatting the result
 * again changes nothing.
 */
export function formatText(text: string): Result<string, FormatRefusal> {
  const lines = formatLines(text);
  const ids = conditionIds(lines);
  const world = [undefined, ...ids].find((id) => braceProblem(lines, id) === undefined);
  const problem = braceProblem(lines, world);
  if (problem !== undefined) return err(problem);
  const lineEnd = /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
  const rows = withoutSpareBlanks(layOut(lines, world));
  const written = rows.map(renderRow);
  const tooLong = written.findIndex((line, i) => rows[i]?.kind !== "raw" && !fits(line));
  if (tooLong >= 0) {
    return err({ reason: `a line would have more than ${limits.configLineLengthMax} characters` });
  }
  const formatted = written.map((line) => line + lineEnd).join("");
  if (formatted === text) return ok(text);
  for (const id of new Set([undefined, world, ...ids.slice(0, 2)])) {
    if (meaningOf(text, id) !== meaningOf(formatted, id))
      return err({ reason: "its layout carries a meaning that another one would not" });
  }
  return ok(formatted);
}

/** Ids that `@id` lines name, in order; more than a few say nothing new about the braces. */
function conditionIds(lines: readonly FormatLine[]): readonly string[] {
  const ids = new Set<string>();
  for (const line of lines) {
    if (line.kind !== "kept") continue;
    for (const { id } of line.conditions) if (ids.size < limits.configNestingMax) ids.add(id);
  }
  return [...ids];
}

/** Whether a line counts on a machine with this id; undefined is an id that nobody names. */
const counts = (line: FormatLine, id: string | undefined): boolean =>
  line.kind !== "kept" || line.conditions.every((each) => (each.id === id) !== each.not);

/** The first brace that has no partner. */
function braceProblem(
  lines: readonly FormatLine[],
  id: string | undefined,
): FormatRefusal | undefined {
  const openings: number[] = [];
  for (const [i, line] of lines.entries()) {
    if (!counts(line, id)) continue;
    for (const brace of bracesOf(line)) {
      if (brace === "{") openings.push(i + 1);
      else if (openings.pop() === undefined)
        return { line: i + 1, reason: "this `}` closes nothing" };
    }
  }
  const line = openings.at(-1);
  return line === undefined ? undefined : { line, reason: "the block is never closed" };
}

function bracesOf(line: FormatLine): readonly string[] {
  if (line.kind === "kept") return line.braces;
  if (line.kind !== "code") return [];
  return line.pieces.flatMap(({ kind }) =>
    kind === "open" ? ["{"] : kind === "close" ? ["}"] : [],
  );
}

function layOut(lines: readonly FormatLine[], id: string | undefined): Row[] {
  const rows: Row[] = [];
  let depth = 0;
  for (const line of lines) {
    if (line.kind === "code") {
      depth = layOutCode(line, depth, rows);
      continue;
    }
    const text = line.kind === "blank" ? "" : line.text;
    if (line.kind !== "kept") {
      rows.push({ kind: line.kind, text, depth, comment: "" });
      continue;
    }
    const { braces } = line;
    const active = counts(line, id);
    const closing = active ? leadingCloses(braces) : 0;
    rows.push({ kind: "kept", text, depth: depth - closing, comment: "" });
    if (active) for (const brace of braces) depth += brace === "{" ? 1 : -1;
  }
  return rows;
}

const leadingCloses = (braces: readonly string[]): number => {
  const first = braces.indexOf("{");
  return first < 0 ? braces.length : first;
};

/** Adds the rows of one line; returns the depth after it. */
function layOutCode(
  line: Extract<FormatLine, { kind: "code" }>,
  before: number,
  rows: Row[],
): number {
  let depth = before;
  for (const [i, piece] of line.pieces.entries()) {
    const comment = i === line.pieces.length - 1 ? line.comment : "";
    if (piece.kind === "close") depth--;
    if (i > 0 || piece.kind !== "open" || piece.text !== "" || !joined(rows, comment)) {
      rows.push({ kind: piece.kind, text: pieceText(piece), depth, comment });
    }
    if (piece.kind === "open") depth++;
  }
  return depth;
}

function pieceText({ kind, text }: CodePiece): string {
  if (kind === "close") return "}";
  if (kind === "statement") return text;
  return text === "" ? "{" : `${text} {`;
}

/** Puts a brace that stands alone behind the statement before it, when nothing lies between. */
function joined(rows: Row[], comment: string): boolean {
  const at = rows.findLastIndex(({ kind }) => kind !== "blank");
  const row = rows[at];
  if (row === undefined || row.kind !== "statement") return false;
  if (row.comment !== "" && (comment !== "" || !row.comment.startsWith(" "))) return false;
  const opened: Row = {
    kind: "open",
    text: `${row.text} {`,
    depth: row.depth,
    comment: row.comment + comment,
  };
  if (!fits(renderRow(opened))) return false;
  rows.splice(at, rows.length - at, opened);
  return true;
}

/** One blank line at most, and none at the ends of the file and of blocks. */
function withoutSpareBlanks(rows: readonly Row[]): readonly Row[] {
  const kept: Row[] = [];
  let blank: Row | undefined;
  for (const row of rows) {
    if (row.kind === "blank") {
      blank = row;
      continue;
    }
    const previous = kept.at(-1);
    const wanted = previous !== undefined && previous.kind !== "open" && row.kind !== "close";
    if (blank !== undefined && wanted) kept.push(blank);
    blank = undefined;
    kept.push(row);
  }
  return kept;
}

function renderRow({ kind, text, depth, comment }: Row): string {
  if (kind === "blank") return "";
  if (kind === "raw") return text;
  const full = text + comment;
  const indented = "    ".repeat(Math.max(0, Math.min(depth, limits.configNestingMax))) + full;
  return fits(indented) ? indented : full;
}

/** Every character beyond ASCII takes three bytes at most for each of its units. */
const fits = (line: string): boolean =>
  line.length * 3 <= limits.configLineLengthMax ||
  line.length + 2 * line.replace(/\p{ASCII}/gu, "").length <= limits.configLineLengthMax;

/** All that the parser makes of a text on a machine with this id, and its comments. */
function meaningOf(text: string, id: string | undefined): string {
  const sink = new DiagnosticSink();
  const files = {
    read: (path: string) =>
      path === "" ? ok(text) : err({ kind: "missing", reason: "not looked for" } as const),
    glob: () => [],
  };
  const { lines } = readLines("", files, id ?? "\0", sink);
  const statements = parse(lines, root, sink).map(statementMeaning);
  const said = sink.diagnostics().map(({ code, message }) => `${code} ${message}`);
  return JSON.stringify([statements, said, commentsOf(text)]);
}

const statementMeaning = ({ keyword, words, body, directive }: Statement): unknown => [
  keyword.text,
  words.map((word) => word.text),
  body?.map(statementMeaning),
  directive,
];
