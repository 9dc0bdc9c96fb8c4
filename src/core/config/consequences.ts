// What keepalived goes on to say after a structural mistake. It does not recover: an unknown block's
// brace is rejected alone, its contents are read where the block stands, and its closing brace closes
// the block around it. We say what is wrong once; `-t` also says the rest, line by line, in
// keepalived's words, for whoever compares. keepalived.md section 1.1, and as measured.

import { DiagnosticSink } from "./diagnostics.ts";
import type { Token } from "./lexer.ts";
import { LineCursor } from "./lexer.ts";
import type { BlockSpec, KeywordTable, LineKind } from "./schema/spec.ts";
import type { ConfigLine, Span } from "./source.ts";
import { spanOf } from "./source.ts";

/** One line of keepalived's, and the line of the file that it is about. */
export type Consequence = { readonly span: Span; readonly classic: string };

/** keepalived reads the file once in each of its processes, which know different blocks. */
const passes = ["global", "checker", "vrrp", "bfd"] as const;

type Pass = (typeof passes)[number];

const checkerBlocks = new Set(["virtual_server", "virtual_server_group", "SSL"]);

/** Which process acts on a word of the outermost level. */
function passOf(keyword: string, isBlock: boolean): Pass {
  if (!isBlock || keyword === "global_defs") return "global";
  if (checkerBlocks.has(keyword)) return "checker";
  return keyword === "bfd_instance" ? "bfd" : "vrrp";
}

/** Every line of keepalived's about keywords and braces, in its order, each once. */
export function consequencesOf(
  lines: readonly ConfigLine[],
  root: BlockSpec,
): readonly Consequence[] {
  const said = new Map<string, Consequence>();
  const pieces = lines.filter(({ directive }) => !directive).flatMap(logicalLines);
  for (const pass of passes) {
    const walk = new Walk(root.keywords, pass, (piece, classic) => {
      const { file, start } = piece.span;
      const key = `${file} ${start} ${classic}`;
      if (!said.has(key)) said.set(key, { span: piece.span, classic });
    });
    for (const piece of pieces) walk.take(piece);
  }
  return [...said.values()];
}

/** A brace, or the words between braces; each is a line to keepalived. */
type Piece = { readonly words: readonly string[]; readonly span: Span };

function logicalLines(line: ConfigLine): readonly Piece[] {
  const text = line.unresolved ?? line.text;
  const span = spanOf(line, 0, line.text.length);
  const silent = new DiagnosticSink();
  const cursor = new LineCursor({ ...line, text }, silent);
  const pieces: Piece[] = [];
  let words: string[] = [];
  const flush = () => {
    if (words.length > 0) pieces.push({ words, span });
    words = [];
  };
  for (let token = cursor.next(); token !== undefined; token = cursor.next()) {
    if (token.kind === "word") words.push(token.text);
    else {
      flush();
      pieces.push({ words: [token.text], span });
    }
  }
  flush();
  // A line with half a pair of quotes is not read at all.
  return silent.diagnostics().length > 0 ? [] : pieces;
}

const isBrace = ({ words }: Piece, brace: Token["text"]): boolean =>
  words.length === 1 && words[0] === brace;

type Level =
  | { readonly kind: "keywords"; readonly table: KeywordTable; readonly name: string }
  | { readonly kind: "lines"; readonly lines: LineKind; readonly name: string };

class Walk {
  private readonly pass: Pass;
  private readonly say: (piece: Piece, classic: string) => void;
  private readonly levels: Level[];
  /** A block's keyword was the last line, so `{` is expected. */
  private braceDue = false;
  /** Braces still open in a block of another process; -1 when its `{` may be next. */
  private skipping = 0;
  /** Open braces of the whole file, as keepalived counts them. */
  private open = 0;

  constructor(table: KeywordTable, pass: Pass, say: (piece: Piece, classic: string) => void) {
    this.pass = pass;
    this.say = say;
    this.levels = [{ kind: "keywords", table, name: "" }];
  }

  take(piece: Piece): void {
    if (isBrace(piece, "{")) this.open++;
    else if (isBrace(piece, "}") && --this.open < 0) {
      this.open = 0;
      this.say(piece, "Extra '}' found");
    }
    if (this.skipped(piece)) return;
    const level = this.levels.at(-1);
    if (level === undefined) return;
    if (level.kind === "lines") this.takeValues(piece, level);
    else this.takeKeyword(piece, level);
  }

  private skipped(piece: Piece): boolean {
    if (this.skipping < 0) {
      this.skipping = isBrace(piece, "{") ? 1 : 0;
      return this.skipping > 0;
    }
    if (this.skipping === 0) return false;
    if (isBrace(piece, "{")) this.skipping++;
    else if (isBrace(piece, "}")) this.skipping--;
    return true;
  }

  private takeValues(piece: Piece, level: Extract<Level, { kind: "lines" }>): void {
    const due = this.braceDue;
    this.braceDue = false;
    if (isBrace(piece, "}")) this.levels.pop();
    else if (!due || !isBrace(piece, "{")) {
      const misread = level.name === "" ? undefined : misreadValue(level, piece.words[0] ?? "");
      if (misread !== undefined) this.say(piece, misread);
    }
  }

  private takeKeyword(piece: Piece, level: Extract<Level, { kind: "keywords" }>): void {
    const due = this.braceDue;
    this.braceDue = false;
    if (isBrace(piece, "{")) {
      if (!due) this.say(piece, "Unexpected '{' - ignoring");
      return;
    }
    if (due) this.say(piece, "Missing '{' at beginning of configuration block");
    const outermost = this.levels.length === 1;
    if (isBrace(piece, "}") && !outermost) {
      this.levels.pop();
      return;
    }
    const word = piece.words[0] ?? "";
    const spec = Object.hasOwn(level.table, word) ? level.table[word] : undefined;
    if (spec === undefined) {
      this.say(piece, `Unknown keyword '${word}'`);
      return;
    }
    const { value } = spec;
    const isBlock =
      value.type === "block" || value.type === "lines" || value.type === "skipped-block";
    if (outermost && passOf(word, isBlock) !== this.pass) this.skipping = isBlock ? -1 : 0;
    else if (value.type === "block")
      this.enter({ kind: "keywords", table: value.block.keywords }, piece);
    else if (value.type === "lines") this.enter({ kind: "lines", lines: value.lines }, piece);
    else if (isBlock) this.skipping = -1;
  }

  private enter(
    level:
      | Pick<Extract<Level, { kind: "keywords" }>, "kind" | "table">
      | Pick<Extract<Level, { kind: "lines" }>, "kind" | "lines">,
    { words }: Piece,
  ): void {
    const outer = this.levels.at(-1);
    const name = words[0] === "vrrp_instance" ? (words[1] ?? "") : (outer?.name ?? "");
    this.levels.push({ ...level, name });
    this.braceDue = true;
  }
}

/** A keyword or a brace that keepalived takes for a value, because a brace is missing before it. */
function misreadValue(
  { lines, name }: Extract<Level, { kind: "lines" }>,
  word: string,
): string | undefined {
  const readable = !/^[{a-z_]+$/.test(word) || word.length > 30;
  if (lines === "address" && !readable) return `VRRP parsed invalid IP ${word}. skipping IP...`;
  if (lines === "tracked-interface" && word === "{") {
    return `(${name}) tracked interface { doesn't exist`;
  }
  return undefined;
}
