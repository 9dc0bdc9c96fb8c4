// Lines to a tree of statements, each with its row of the keyword tables. It never throws and reads
// every line once. A mistake gives one message: an unknown block is skipped as a whole, and where
// braces are missing, a keyword of an outer block closes what was left open.

import { limits } from "../base/limits.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import { isSlip, spellingFix, wordEdit } from "./fix.ts";
import type { Token } from "./lexer.ts";
import { LineCursor } from "./lexer.ts";
import { nearestWord } from "./nearest.ts";
import type { BlockSpec, KeywordSpec, KeywordTable } from "./schema/spec.ts";
import { takesBlock } from "./schema/spec.ts";
import type { ConfigLine, Span } from "./source.ts";
import { joinSpans } from "./source.ts";

/** A keyword or the first word of a value line, its other words, and what its braces hold. */
export type Statement = {
  readonly keyword: Token;
  readonly words: readonly Token[];
  /** Absent for lines of value blocks and for what nobody knows. */
  readonly spec?: KeywordSpec;
  readonly body?: readonly Statement[];
  /** The brace that closes it. */
  readonly close?: Span;
  /** For unknown keywords: what was probably meant. */
  readonly meant?: string;
  /** Stands in a comment `#understudy ...`, so keepalived says nothing about it. */
  readonly directive?: true;
};

/** Keyword to last word. */
export const statementSpan = (statement: Statement): Span =>
  joinSpans(statement.keyword.span, (statement.words.at(-1) ?? statement.keyword).span);

/** Parses all lines from the outermost block on; `blocks` are where misplaced keywords are sought. */
export function parse(
  lines: readonly ConfigLine[],
  root: BlockSpec,
  sink: DiagnosticSink,
): readonly Statement[] {
  const parser = new Parser(lines, root, sink);
  return parser.parse();
}

type Draft = {
  keyword: Token;
  words: readonly Token[];
  spec?: KeywordSpec;
  body?: Statement[];
  close?: Span;
  meant?: string;
};

/** An open block: keywords by table, plain lines, or anything until its brace. */
type Frame = {
  readonly content:
    | { readonly kind: "keywords"; readonly block: BlockSpec }
    | { readonly kind: "lines" | "anything" };
  readonly body: Statement[];
  readonly opener?: Draft;
  /** The opening brace is there. */
  readonly braced: boolean;
};

class Parser {
  private readonly lines: readonly ConfigLine[];
  private readonly sink: DiagnosticSink;
  private readonly root: BlockSpec;
  private readonly frames: Frame[];
  private readonly bottom: Statement[] = [];
  /** The last statement, as long as a `{` may still follow it. */
  private pending: Draft | undefined;
  private readonly guesses = new Map<string, Guess>();
  /** Braces that are open beyond the deepest frame. */
  private tooDeep = 0;
  /** How many closing braces the text lacks in all. */
  private lacking: number;

  constructor(lines: readonly ConfigLine[], root: BlockSpec, sink: DiagnosticSink) {
    this.lines = lines;
    this.root = root;
    this.sink = sink;
    this.frames = [
      { content: { kind: "keywords", block: root }, body: this.bottom, braced: false },
    ];
    this.lacking = lackingBraces(lines);
  }

  parse(): readonly Statement[] {
    for (const line of this.lines) this.parseLine(new LineCursor(line, this.sink));
    this.expectBrace(undefined);
    while (this.frames.length > 1) this.closeUnclosed();
    return this.bottom;
  }

  private get frame(): Frame {
    return this.frames.at(-1) ?? { content: { kind: "anything" }, body: [], braced: false };
  }

  private parseLine(cursor: LineCursor): void {
    if (cursor.line.directive) {
      this.parseDirective(cursor);
      return;
    }
    for (let token = cursor.next(); token !== undefined; token = cursor.next()) {
      if (token.kind === "open") this.openBrace(token);
      else if (token.kind === "close") this.closeBrace(token);
      else token = this.parseStatement(token, cursor);
      if (token === undefined) return;
    }
  }

  /** A comment changes nothing about the braces around it, whatever it holds. */
  private parseDirective(cursor: LineCursor): void {
    const words: Token[] = [];
    for (let token = cursor.next(); token !== undefined; token = cursor.next()) words.push(token);
    const [keyword, ...rest] = words;
    if (keyword === undefined) return;
    const { content, body } = this.frame;
    const table = content.kind === "keywords" ? (content.block.directives ?? {}) : {};
    const spec = rowOf(table, keyword.text);
    if (spec !== undefined) {
      body.push({ keyword, words: rest, spec, directive: true });
      return;
    }
    this.sink.report("config/unknown-keyword", keyword.span, {
      message: `\`#understudy ${keyword.text}\` means nothing here`,
      ...spellingFix(keyword, Object.keys(table)),
      testExit: 0,
    });
  }

  /** Reads a keyword and its words; handles the brace after them, too. Undefined at the line end. */
  private parseStatement(keyword: Token, cursor: LineCursor): Token | undefined {
    this.expectBrace(keyword);
    this.closeBefore(keyword);
    const draft = this.draftOf(keyword);
    this.frame.body.push(draft);
    this.pending = draft;
    const words: Token[] = [];
    draft.words = words;
    if (draft.spec?.value.type === "script") words.push(...cursor.scriptWords());
    for (let token = cursor.next(); token !== undefined; token = cursor.next()) {
      if (token.kind === "word") {
        words.push(token);
        continue;
      }
      if (token.kind === "open") this.openBrace(token);
      else this.closeBrace(token);
      return token;
    }
    return undefined;
  }

  private draftOf(keyword: Token): Draft {
    const { content } = this.frame;
    if (content.kind !== "keywords") return { keyword, words: [] };
    const spec = rowOf(content.block.keywords, keyword.text);
    if (spec !== undefined) return { keyword, words: [], spec };
    const meant = this.reportUnknown(keyword, content.block);
    return meant === undefined ? { keyword, words: [] } : { keyword, words: [], meant };
  }

  private openBrace(brace: Token): void {
    const draft = this.pending;
    this.pending = undefined;
    const { content } = this.frame;
    if (draft === undefined || (draft.spec === undefined && content.kind === "lines")) {
      if (content.kind !== "anything") this.reportUnexpectedBrace(brace);
      this.push({ kind: "anything" }, undefined, true);
    } else if (draft.spec !== undefined && !takesBlock(draft.spec)) {
      this.reportUnexpectedBrace(brace, draft.keyword.text);
      // keepalived reads the contents as if the brace were not there.
      this.push(content, draft, true, this.frame.body);
    } else this.openBlock(draft, true);
  }

  private openBlock(draft: Draft, braced: boolean): void {
    draft.body = [];
    const value = draft.spec?.value;
    if (value?.type === "block") {
      this.push({ kind: "keywords", block: value.block }, draft, braced, draft.body);
    } else if (value?.type === "lines") this.push({ kind: "lines" }, draft, braced, draft.body);
    else this.push({ kind: "anything" }, draft, braced, draft.body);
  }

  private push(
    content: Frame["content"],
    opener: Draft | undefined,
    braced: boolean,
    body: Statement[] = [],
  ): void {
    if (this.frames.length >= limits.configNestingMax) {
      this.tooDeep++;
      return;
    }
    this.frames.push(
      opener === undefined ? { content, body, braced } : { content, body, braced, opener },
    );
  }

  private closeBrace(brace: Token): void {
    this.expectBrace(undefined);
    this.pending = undefined;
    if (this.tooDeep > 0) this.tooDeep--;
    else if (this.frames.length > 1) {
      const { opener } = this.frames.pop() ?? {};
      if (opener !== undefined) opener.close = brace.span;
    } else {
      this.sink.report("config/extra-brace", brace.span, {
        message: "this `}` closes nothing",
        classic: "Extra '}' found",
      });
    }
  }

  /** A block keyword without its brace: opens the block anyway when what follows belongs inside. */
  private expectBrace(next: Token | undefined): void {
    const draft = this.pending;
    this.pending = undefined;
    if (draft?.spec === undefined || !takesBlock(draft.spec)) return;
    this.sink.report("config/expected-brace", draft.keyword.span, {
      message: `\`${draft.keyword.text}\` needs a block in braces`,
      fix: `${[draft.keyword, ...draft.words].map((word) => word.text).join(" ")} {`,
      edit: {
        span: endOf(draft.words.at(-1) ?? draft.keyword),
        replaces: "",
        text: " {",
        safe: false,
      },
      classic: "Missing '{' at beginning of configuration block",
    });
    draft.body = [];
    if (next === undefined) return;
    const { value } = draft.spec;
    const { content } = this.frame;
    const knownHere =
      content.kind === "keywords" && Object.hasOwn(content.block.keywords, next.text);
    const knownInside = value.type === "block" && Object.hasOwn(value.block.keywords, next.text);
    if (!knownHere && (knownInside || value.type === "lines")) this.openBlock(draft, false);
  }

  /** Closes blocks that were left open, when the braces do not add up and an outer one knows this. */
  private closeBefore(keyword: Token): void {
    const { content } = this.frame;
    if (this.lacking <= 0 && this.frame.braced) return;
    if (content.kind === "anything" && this.frames.length === 1) return;
    if (content.kind === "keywords" && Object.hasOwn(content.block.keywords, keyword.text)) return;
    for (let depth = this.frames.length - 2; depth >= 0; depth--) {
      const outer = this.frames[depth]?.content;
      if (outer?.kind !== "keywords") continue;
      const spec = rowOf(outer.block.keywords, keyword.text);
      if (spec === undefined) continue;
      if (content.kind === "anything" && depth > 0) return;
      while (this.frames.length > depth + 1) this.closeUnclosed(keyword);
      return;
    }
  }

  private closeUnclosed(before?: Token): void {
    const frame = this.frames.pop();
    if (frame === undefined || !frame.braced) return;
    this.lacking--;
    const name = frame.opener?.keyword.text ?? "{";
    const span = frame.opener?.keyword.span;
    if (span === undefined) return;
    this.sink.report("config/missing-brace", span, {
      message: `the block of \`${name}\` is never closed`,
      ...(before === undefined
        ? {}
        : { note: `\`${before.text}\` does not belong inside, so it ends before it` }),
      fix: "}",
      classic: "There are 1 missing '}'s or extra '{'s",
    });
  }

  private reportUnexpectedBrace(brace: Token, after?: string): void {
    this.sink.report("config/unexpected-brace", brace.span, {
      message: after === undefined ? "no block can begin here" : `\`${after}\` has no block`,
      classic: "Unexpected '{' - ignoring",
    });
  }

  /** Says what was probably meant, and returns it when it belongs in this very block. */
  private reportUnknown(keyword: Token, block: BlockSpec): string | undefined {
    const word = keyword.text;
    const classic = `Unknown keyword '${word}'`;
    const { home, nearest, slip = false } = this.guess(word, block);
    if (home !== undefined) {
      const place = home === this.root ? "outside all braces" : `inside \`${home.name}\``;
      this.sink.report("config/misplaced-keyword", keyword.span, {
        message: `\`${word}\` belongs ${place}`,
        classic,
      });
      return undefined;
    }
    const where = block === this.root ? "" : ` in \`${block.name}\``;
    this.sink.report("config/unknown-keyword", keyword.span, {
      message: `unknown keyword \`${word}\`${where}`,
      ...(nearest === undefined ? {} : { label: `did you mean \`${nearest}\`?`, fix: nearest }),
      ...(nearest === undefined
        ? {}
        : { edit: wordEdit(keyword, nearest, slip && this.isFree(nearest)) }),
      ...(invisible.test(word) ? { note: "the word holds a character that cannot be seen" } : {}),
      classic,
    });
    return nearest;
  }

  /** Whether no statement of the block has the keyword yet, which one more would override. */
  private isFree(keyword: string): boolean {
    const { body } = this.frame;
    return (
      body.length < limits.configNestingMax ** 2 &&
      !body.some((each) => each.keyword.text === keyword)
    );
  }

  /** Where a word belongs, or what it resembles; looked up once, and only as often as it is shown. */
  private guess(word: string, block: BlockSpec): Guess {
    const key = `${block.name} ${word}`;
    const known = this.guesses.get(key);
    if (known !== undefined) return known;
    if (this.guesses.size >= limits.configDiagnosticsMax) return {};
    const home = blockWith(this.root, word, new Set());
    const candidates = Object.keys(block.keywords);
    const nearest = nearestWord(word, candidates);
    const guess = {
      ...(home === undefined ? {} : { home }),
      ...(nearest === undefined ? {} : { nearest, slip: isSlip(word, nearest, candidates) }),
    };
    this.guesses.set(key, guess);
    return guess;
  }
}

type Guess = { readonly home?: BlockSpec; readonly nearest?: string; readonly slip?: boolean };

/** Byte order mark, no-break space, zero-width characters: from editors and copied web pages. */
const invisible = /[\u00a0\u00ad\u200b-\u200f\u2060\ufeff]/;

/** The row of a keyword, if the table itself has one. */
export const rowOf = (table: KeywordTable, keyword: string): KeywordSpec | undefined =>
  Object.hasOwn(table, keyword) ? table[keyword] : undefined;

/** The first block at or below `block` that knows the keyword. */
function blockWith(block: BlockSpec, keyword: string, seen: Set<BlockSpec>): BlockSpec | undefined {
  if (seen.has(block)) return undefined;
  seen.add(block);
  if (Object.hasOwn(block.keywords, keyword)) return block;
  for (const spec of Object.values(block.keywords)) {
    if (spec.value.type !== "block") continue;
    const found = blockWith(spec.value.block, keyword, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The place behind a word. */
const endOf = ({ span }: Token): Span => ({ ...span, start: span.end });

/** Opening minus closing braces, outside double quotes. */
function lackingBraces(lines: readonly ConfigLine[]): number {
  let lacking = 0;
  for (const { text, directive } of lines) {
    if (directive || !/[{}]/.test(text)) continue;
    let quoted = false;
    for (let at = 0; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (char === 0x22) quoted = !quoted;
      else if (!quoted && char === 0x7b) lacking++;
      else if (!quoted && char === 0x7d) lacking--;
    }
  }
  return lacking;
}
