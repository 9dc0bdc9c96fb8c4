// Where a piece of configuration stands. Spans are offsets into one file's text; lines and columns
// are made from them only when something is shown. A ConfigLine is one line as the parser reads it,
// after comments, conditions and definitions, and still knows which text it came from.

/** A half-open range of offsets (UTF-16 units) in the text of one file. */
export type Span = { readonly file: string; readonly start: number; readonly end: number };

/** Every file that was read, by the name used in spans. */
export type Sources = ReadonlyMap<string, string>;

/** Line and column count from 1; the column in UTF-16 units. */
export type Position = { readonly line: number; readonly column: number };

/** Text of a line from `at` on: copied from the file, or put in place of a `$NAME` at `span`. */
export type Piece = { readonly at: number; readonly span: Span; readonly verbatim: boolean };

export type ConfigLine = {
  readonly text: string;
  /** Empty for a plain copy of the file, of which there are many. */
  readonly pieces: readonly Piece[];
  /** Where a plain copy stands. */
  readonly file: string;
  readonly start: number;
  /** A comment `#understudy ...`, which keepalived does not see. */
  readonly directive: boolean;
  /** The text as keepalived has it, where a name that nothing defines leaves its braces there. */
  readonly unresolved?: string;
};

/** The place in the file of `text.slice(from, to)`. */
export function spanOf(line: ConfigLine, from: number, to: number): Span {
  const { file, start: base } = line;
  if (line.pieces.length === 0) return { file, start: base + from, end: base + Math.max(from, to) };
  const first = pieceAt(line, from);
  const last = pieceAt(line, Math.max(from, to - 1));
  const start = first.verbatim ? first.span.start + (from - first.at) : first.span.start;
  const end = last.verbatim ? last.span.start + (to - last.at) : last.span.end;
  return { file: first.span.file, start, end: Math.max(start, end) };
}

/** A line that is a plain copy of the file from `start` on. */
export const verbatimLine = (
  file: string,
  start: number,
  text: string,
  directive = false,
): ConfigLine => ({ text, pieces: none, directive, file, start });

const none: readonly Piece[] = [];

/** A line put together from pieces, of which there is at least one. */
export const composedLine = (
  text: string,
  pieces: readonly Piece[],
  directive: boolean,
): ConfigLine => ({ text, pieces, directive, file: "", start: 0 });

/** The part of a line from `from` to `to`, with its places. */
export function sliceLine(line: ConfigLine, from: number, to = line.text.length): ConfigLine {
  if (line.pieces.length === 0)
    return verbatimLine(line.file, line.start + from, line.text.slice(from, to), line.directive);
  const pieces = line.pieces
    .filter((piece, i) => piece.at <= to && (line.pieces[i + 1]?.at ?? Infinity) > from)
    .map((piece) => shiftedPiece(piece, from));
  return composedLine(line.text.slice(from, to), pieces, line.directive);
}

function shiftedPiece(piece: Piece, from: number): Piece {
  if (piece.at >= from) return { ...piece, at: piece.at - from };
  if (!piece.verbatim) return { ...piece, at: 0 };
  const span = { ...piece.span, start: piece.span.start + (from - piece.at) };
  return { ...piece, at: 0, span };
}

export const joinSpans = (first: Span, last: Span): Span =>
  first.file === last.file ? { ...first, end: Math.max(first.end, last.end) } : first;

/**
 * A line with the values of `auth_pass` (also misspelt), `key` and `password` blotted out, character
 * by character, so that it can be shown and logged, and every column stays where it is.
 */
export const withoutSecrets = (line: string): string =>
  line.replace(
    /\b(auth_?pas\w*|key|password)(\s+)("[^"]*"?|\S+(?:\s+[^#!\s]\S*)*)/i,
    (_, keyword: string, blank: string, secret: string) =>
      keyword + blank + secret.replace(/\S/g, "*"),
  );

/** Line and column of an offset. For many offsets of one text, use a LineIndex. */
export class LineIndex {
  private readonly starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  positionOf(offset: number): Position {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.starts[low] ?? 0) + 1 };
  }

  /** Offset of the first character of a line that counts from 1. */
  startOf(line: number): number {
    return this.starts[line - 1] ?? 0;
  }
}

function pieceAt(line: ConfigLine, offset: number): Piece {
  let found = line.pieces[0];
  for (const piece of line.pieces) {
    if (piece.at > offset) break;
    found = piece;
  }
  return found ?? { at: 0, span: { file: "", start: 0, end: 0 }, verbatim: false };
}
