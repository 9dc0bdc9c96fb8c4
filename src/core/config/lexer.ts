// A line of keepalived.conf to tokens: words, `{` and `}`, each with its place in the file. Comments
// start at `#` or `!` anywhere outside double quotes; `\#` and `\!` are the characters themselves.
// Braces outside double quotes split a line wherever they stand. The arguments of script keywords
// are read like a shell's words instead (both quotes, pieces join, backslashes stay).

import type { DiagnosticSink } from "./diagnostics.ts";
import type { ConfigLine, Piece, Span } from "./source.ts";
import { composedLine, sliceLine, spanOf, verbatimLine, withoutSecrets } from "./source.ts";

export type Token = {
  readonly kind: "word" | "open" | "close";
  readonly text: string;
  readonly span: Span;
};

const blank = /[ \t\v\f\r\n]*/y;
const plainWord = /[^ \t\v\f\r\n{}"]*/y;

/** Where a run that `pattern` matches at `at` ends. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex;
}

/** Where the comment of a line begins, or the length of the text. */
export function commentOffset(text: string): number {
  if (!/[#!]/.test(text)) return text.length;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === "\\" && (text[at + 1] === "#" || text[at + 1] === "!")) at++;
    else if (char === "#" || char === "!") return at;
  }
  return text.length;
}

/** The line without its comment, and with `\#` and `\!` replaced. */
export function withoutComment(line: ConfigLine): ConfigLine {
  if (!/[#!]/.test(line.text)) return line;
  const text = line.text.slice(0, commentOffset(line.text));
  if (!text.includes("\\")) return sliceLine(line, 0, text.length);
  // Within quotes a backslash stays; before a comment character outside them it goes.
  const escapes = [...text.matchAll(/"[^"]*"?|\\(?=[#!])/g)].filter(([found]) => found === "\\");
  const pieces: Piece[] = [];
  let kept = "";
  let from = 0;
  const keep = (to: number) => {
    if (to > from) pieces.push({ at: kept.length, span: spanOf(line, from, to), verbatim: true });
    kept += text.slice(from, to);
    from = to + 1;
  };
  for (const { index } of escapes) keep(index);
  keep(text.length);
  return pieces.length === 0
    ? verbatimLine(line.file, line.start, "", line.directive)
    : composedLine(kept, pieces, line.directive);
}

/** Reads one line from left to right; the parser says when script words are to be read. */
export class LineCursor {
  private at = 0;
  readonly line: ConfigLine;
  private readonly sink: DiagnosticSink;

  constructor(line: ConfigLine, sink: DiagnosticSink) {
    this.line = line;
    this.sink = sink;
  }

  /** The next word or brace; undefined at the end of the line. */
  next(): Token | undefined {
    const { text } = this.line;
    this.at = endOf(blank, text, this.at);
    const char = text[this.at];
    if (char === undefined) return undefined;
    if (char === "{" || char === "}") {
      this.at++;
      return this.token(char === "{" ? "open" : "close", char, this.at - 1);
    }
    const start = this.at;
    if (char === '"') return this.quotedWord(start);
    this.at = endOf(plainWord, text, start);
    return this.token("word", text.slice(start, this.at), start);
  }

  /** The rest up to a brace or the end, as a shell would split it. */
  scriptWords(): readonly Token[] {
    const words: Token[] = [];
    const end = this.endOfScript();
    for (;;) {
      this.at = Math.min(end, endOf(blank, this.line.text, this.at));
      if (this.at >= end) return words;
      words.push(this.scriptWord(end));
    }
  }

  /** Double quotes alone hide a brace here, too. */
  private endOfScript(): number {
    const { text } = this.line;
    let quoted = false;
    for (let at = this.at; at < text.length; at++) {
      const char = text[at];
      if (char === '"') quoted = !quoted;
      else if (!quoted && (char === "{" || char === "}")) return at;
    }
    return text.length;
  }

  private scriptWord(end: number): Token {
    const { text } = this.line;
    const start = this.at;
    let word = "";
    let quote = "";
    for (; this.at < end; this.at++) {
      const char = text[this.at] ?? "";
      if (quote !== "") {
        if (char === quote) quote = "";
        else word += char;
      } else if (char === '"' || char === "'") quote = char;
      else if (" \t\v\f\r\n".includes(char)) break;
      else {
        word += char;
        if (char === "\\" && this.at + 1 < end) word += text[++this.at] ?? "";
      }
    }
    if (quote !== "") this.unterminated(start);
    return this.token("word", word, start);
  }

  private quotedWord(start: number): Token {
    const { text } = this.line;
    const close = text.indexOf('"', start + 1);
    if (close < 0) this.unterminated(start);
    this.at = close < 0 ? text.length : close + 1;
    return this.token("word", text.slice(start + 1, close < 0 ? text.length : close), start);
  }

  private unterminated(start: number): void {
    const shown = withoutSecrets(this.line.text.trim());
    this.sink.report("config/unterminated-quote", spanOf(this.line, start, start + 1), {
      message: "this quote is never closed on its line",
      classicBefore: `Unterminated quote '${shown}'`,
      classic: `Unmatched quote: '${shown}'`,
    });
  }

  private token(kind: Token["kind"], text: string, start: number): Token {
    return { kind, text, span: spanOf(this.line, start, this.at) };
  }
}
