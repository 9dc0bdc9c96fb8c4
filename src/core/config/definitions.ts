// `$NAME=value` definitions and their use: `${NAME}` anywhere, `$NAME` before a blank, `,`, `)` or
// the end. Values are put in when they are used, again and again, so a later definition counts; a
// name that uses itself has no value. Unknown names stay as they are, since passwords contain `$`.

import { limits } from "../base/limits.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import { nearestWord } from "./nearest.ts";
import type { ConfigLine, Piece, Span } from "./source.ts";
import { sliceLine, spanOf } from "./source.ts";

const reference = /\$(?:\{(\w+)\}|(\w+)(?=[\s,)]|$))/g;

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
    let from = 0;
    for (const match of line.text.matchAll(reference)) {
      const span = spanOf(line, match.index, match.index + match[0].length);
      const value = this.valueOf(match[1] ?? match[2] ?? "", span, folder);
      if (value === undefined) {
        if (match[1] === undefined) continue;
        this.reportUndefined(match[1], span);
      }
      copy(line, from, match.index, text.length, pieces);
      text += line.text.slice(from, match.index);
      pieces.push({ at: text.length, span, verbatim: false });
      // Without its braces, an undefined name stays one word.
      text += value ?? `$${match[1]}`;
      from = match.index + match[0].length;
    }
    if (from === 0) return [line];
    copy(line, from, line.text.length, text.length, pieces);
    return splitLines({ text: text + line.text.slice(from), pieces, directive: line.directive });
  }

  private valueOf(name: string, span: Span, folder: string): string | undefined {
    const root = this.rawValue(name, folder);
    if (root === undefined) return undefined;
    const problem = { loops: false, long: false };
    const value = this.resolve(root, [name], folder, problem);
    if (problem.loops) {
      this.sink.reportBroken("config/definition-loop", span, {
        message: `the definition of ${name} uses ${name} itself`,
        note: "nothing is put in its place; keepalived 2.2 hangs on this",
      });
    } else if (problem.long) {
      this.sink.reportBroken("config/expansion-too-long", span, {
        message: `${name} stands for more than ${limits.configExpansionMax} characters`,
      });
    }
    // Something has to stand there, and it must not look like a missing value.
    return problem.loops || problem.long ? `$${name}` : value;
  }

  private resolve(
    text: string,
    active: readonly string[],
    folder: string,
    problem: { loops: boolean; long: boolean },
  ): string {
    if (!text.includes("$")) return text;
    let result = "";
    let from = 0;
    for (const match of text.matchAll(reference)) {
      if (problem.loops || problem.long) return "";
      const name = match[1] ?? match[2] ?? "";
      const value = this.rawValue(name, folder);
      if (value === undefined) continue;
      if (active.includes(name)) problem.loops = true;
      else {
        result += text.slice(from, match.index);
        result += this.resolve(value, [...active, name], folder, problem);
        from = match.index + match[0].length;
      }
      if (result.length > limits.configExpansionMax) problem.long = true;
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
      ...(nearest === undefined ? {} : { fix: `\${${nearest}}` }),
    });
  }
}

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
