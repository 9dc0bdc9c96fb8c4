// `$NAME=value` definitions and their use: `${NAME}` anywhere, `$NAME` before a blank, `,`, `)` or
// the end. Values are put in when they are used, again and again, so a later definition counts; a
// name that uses itself has no value. Unknown names stay as they are, since passwords contain `$`.

import { limits } from "../base/limits.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import { nearestWord } from "./nearest.ts";
import { repetitionOf } from "./repetition.ts";
import type { ConfigLine, Piece, Span } from "./source.ts";
import { composedLine, sliceLine, spanOf } from "./source.ts";

/** The use of a name; either of its groups holds the name itself. */
export const nameReference = /\$(?:\{(\w+)\}|(\w+)(?=[\s,)]|$))/g;

/** How far the putting in of one name has come, and what went wrong. */
type Resolution = {
  readonly folder: string;
  readonly quoted: boolean;
  /** Names whose values are being put in, outermost first. */
  readonly active: string[];
  steps: number;
  problem?: "loop" | "too-long";
  undefinedName?: string;
};

export class Definitions {
  private readonly values = new Map<string, string>();
  private readonly sink: DiagnosticSink;
  private readonly instanceId: string;

  /** `instanceId` is the config-id, for the predefined `_INSTANCE`. */
  constructor(instanceId: string, sink: DiagnosticSink) {
    this.instanceId = instanceId;
    this.sink = sink;
  }

  define(name: string, value: string): void {
    this.values.set(name, value);
  }

  /** Runs `body` with some names defined, and forgets them again. */
  withValues(values: ReadonlyMap<string, string>, body: () => void): void {
    const before = [...values.keys()].map((name) => [name, this.values.get(name)] as const);
    for (const [name, value] of values) this.values.set(name, value);
    body();
    for (const [name, value] of before) {
      if (value === undefined) this.values.delete(name);
      else this.values.set(name, value);
    }
  }

  /**
   * The line with every known name replaced. A value of several lines gives several; `folder` is
   * where the file stands, for the predefined `_PWD`.
   */
  expand(line: ConfigLine, folder: string): readonly ConfigLine[] {
    if (!line.text.includes("$")) return [line];
    const pieces: Piece[] = [];
    let text = "";
    let unresolved = "";
    let from = 0;
    for (const match of line.text.matchAll(nameReference)) {
      const span = spanOf(line, match.index, match.index + match[0].length);
      const quoted = isQuoted(line.text, match.index);
      const value = this.valueOf(match[1] ?? match[2] ?? "", span, folder, quoted);
      if (value === undefined) {
        // In quotes it stays as it is and harms nobody: a shell may mean something by it.
        if (match[1] === undefined || quoted) continue;
        this.reportUndefined(match[1], span);
      }
      copy(line, from, match.index, text.length, pieces);
      text += line.text.slice(from, match.index);
      unresolved += line.text.slice(from, match.index) + (value ?? match[0]);
      pieces.push({ at: text.length, span, verbatim: false });
      // Without its braces, an undefined name stays one word.
      text += value ?? `$${match[1]}`;
      from = match.index + match[0].length;
    }
    if (from === 0) return [line];
    copy(line, from, line.text.length, text.length, pieces);
    text += line.text.slice(from);
    unresolved += line.text.slice(from);
    const expanded = composedLine(text, pieces, line.directive);
    return splitLines(text === unresolved ? expanded : { ...expanded, unresolved });
  }

  /** The text to put in place of a name; undefined leaves the line as it is. */
  private valueOf(name: string, span: Span, folder: string, quoted: boolean): string | undefined {
    const raw = this.rawValue(name, folder);
    if (raw === undefined) return undefined;
    const run: Resolution = { folder, quoted, active: [name], steps: 0 };
    const value = this.resolveLines(raw, run);
    if (run.problem === "loop") {
      this.sink.reportBroken("config/definition-loop", span, {
        message: `the definition of ${name} uses ${name} itself`,
        note: "nothing is put in its place; keepalived 2.2 hangs on this",
      });
    } else if (run.problem === "too-long") {
      this.sink.reportBroken("config/expansion-too-long", span, {
        message: `${name} stands for more than ${limits.configExpansionMax} characters`,
      });
    } else if (run.undefinedName !== undefined) this.reportUndefined(run.undefinedName, span);
    // Something has to stand there, and it must not look like a missing value.
    return run.problem === undefined ? value : `$${name}`;
  }

  /** Lines that repeat wait: what they hold is put in at every turn. */
  private resolveLines(text: string, run: Resolution): string {
    if (!/^\s*~/m.test(text)) return this.resolve(text, run);
    const lines = text.split("\n");
    return lines
      .map((line) => (repetitionOf(line) === undefined ? this.resolve(line, run) : line))
      .join("\n");
  }

  /** Puts in names within values. Depth and steps are bounded, also where nothing grows. */
  private resolve(text: string, run: Resolution): string {
    if (!text.includes("$")) return text;
    let result = "";
    let from = 0;
    for (const match of text.matchAll(nameReference)) {
      const name = match[1] ?? match[2] ?? "";
      const raw = this.rawValue(name, run.folder);
      if (raw === undefined) {
        if (match[1] === undefined || run.quoted) continue;
        run.undefinedName = name;
      } else if (run.active.includes(name)) run.problem = "loop";
      else if (
        run.active.length >= limits.configNestingMax ||
        run.steps++ + result.length > limits.configExpansionMax
      )
        run.problem = "too-long";
      if (run.problem !== undefined) return "";
      run.active.push(name);
      result +=
        text.slice(from, match.index) +
        (raw === undefined ? `$${name}` : this.resolveLines(raw, run));
      run.active.pop();
      from = match.index + match[0].length;
    }
    return result + text.slice(from);
  }

  private rawValue(name: string, folder: string): string | undefined {
    const defined = this.values.get(name);
    if (defined !== undefined) return defined;
    if (name === "_PWD") return folder;
    if (name === "_INSTANCE") return this.instanceId;
    if (name === "_HASH") return "#";
    if (name === "_BANG") return "!";
    return undefined;
  }

  private reportUndefined(name: string, span: Span): void {
    const nearest = nearestWord(name, this.values.keys());
    this.sink.reportBroken("config/undefined-name", span, {
      message: `nothing defines ${name}`,
      note: "keepalived leaves the text as it is and takes its brace for the start of a block",
      ...(nearest === undefined
        ? {}
        : {
            fix: `\${${nearest}}`,
            edit: { span, replaces: `\${${name}}`, text: `\${${nearest}}`, safe: false },
          }),
    });
  }
}

/** An odd number of double quotes stands before. */
const isQuoted = (text: string, at: number): boolean =>
  text.slice(0, at).split('"').length % 2 === 0;

function copy(line: ConfigLine, from: number, to: number, at: number, pieces: Piece[]): void {
  if (to > from) pieces.push({ at, span: spanOf(line, from, to), verbatim: true });
}

function splitLines(line: ConfigLine): readonly ConfigLine[] {
  if (!line.text.includes("\n")) return [line];
  const lines: ConfigLine[] = [];
  let start = 0;
  for (const text of line.text.split("\n")) {
    lines.push(sliceLine(line, start, start + text.length));
    start += text.length + 1;
  }
  return lines;
}
