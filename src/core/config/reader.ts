// Files to the lines that the parser reads: includes are followed, comments taken off, lines for
// another machine (`@id`) left out, definitions remembered and put in. Every line keeps the place it
// came from. keepalived's order is kept: include lines are seen before anything is replaced in them.

import { limits } from "../base/limits.ts";
import type { ConfigFileRefusal, ConfigFiles } from "../ports/config-files.ts";
import { Definitions } from "./definitions.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import type { IncludeForm } from "./include.ts";
import { folderOf, includedFiles, includeOf, refusesUnreadable } from "./include.ts";
import { commentOffset, withoutComment } from "./lexer.ts";
import type { Repetition } from "./repetition.ts";
import { bindingsOf, repetitionOf } from "./repetition.ts";
import type { ConfigLine, Sources, Span } from "./source.ts";
import { sliceLine, spanOf, verbatimLine } from "./source.ts";

export type Reading = {
  readonly lines: readonly ConfigLine[];
  readonly sources: Sources;
  /** Why the main file could not be read. */
  readonly refusal?: ConfigFileRefusal;
};

/** Reads a file and all it includes. `configId` decides the `@id` lines. */
export function readLines(
  path: string,
  files: ConfigFiles,
  configId: string,
  sink: DiagnosticSink,
): Reading {
  const reader = new Reader(files, configId, sink);
  const refusal = reader.readMain(path);
  const reading = { lines: reader.lines, sources: reader.sources };
  return refusal === undefined ? reading : { ...reading, refusal };
}

class Reader {
  readonly lines: ConfigLine[] = [];
  readonly sources = new Map<string, string>();
  private readonly files: ConfigFiles;
  private readonly configId: string;
  private readonly sink: DiagnosticSink;
  private readonly definitions: Definitions;
  /** Files being read, outermost first. */
  private readonly open: string[] = [];
  private filesRead = 0;
  /** Characters of `lines`. */
  private textLength = 0;
  /** A bound was met and reported. */
  private tooMany = false;

  constructor(files: ConfigFiles, configId: string, sink: DiagnosticSink) {
    this.files = files;
    this.configId = configId;
    this.sink = sink;
    this.definitions = new Definitions(configId, sink);
  }

  readMain(path: string): ConfigFileRefusal | undefined {
    const read = this.files.read(path);
    if (read.ok) {
      this.readText(path, read.value);
      return undefined;
    }
    this.sources.set(path, "");
    this.sink.report(
      "config/unreadable",
      { file: path, start: 0, end: 0 },
      {
        message: `cannot read ${path}: ${read.error.reason}`,
        classic: `Unable to find configuration file ${path}`,
      },
    );
    return read.error;
  }

  private readText(path: string, text: string): void {
    this.sources.set(path, text);
    this.open.push(path);
    const folder = folderOf(path);
    let definition: { name: string; value: string } | undefined;
    for (let start = 0; start < text.length; ) {
      const newline = text.indexOf("\n", start);
      const end = newline < 0 ? text.length : newline;
      const raw = this.usableLine(path, start, text.slice(start, end));
      start = end + 1;
      if (raw === undefined) continue;
      const line = raw.directive ? raw : this.commentTaken(raw);
      // Empty lines and comments do not end a definition of several lines.
      if (line.text.trim() === "") continue;
      if (definition !== undefined) definition = this.continueDefinition(definition, line.text);
      else if (!this.followInclude(line, folder)) definition = this.readLine(line, folder);
    }
    if (definition !== undefined) this.definitions.define(definition.name, definition.value);
    this.open.pop();
  }

  /** Takes the comment off. One that begins within a word, as in a password, is seldom meant. */
  private commentTaken(line: ConfigLine): ConfigLine {
    const at = commentOffset(line.text);
    // keepalived keeps the backslash that ends a line, also where all the rest is a comment.
    if (line.text.endsWith("\\") && at < line.text.length && line.text.slice(0, at).trim() === "")
      return sliceLine(line, line.text.length - 1);
    if (at > 0 && at < line.text.length && !/[\s"{}]/.test(line.text[at - 1] ?? "")) {
      const char = line.text[at] ?? "";
      const span = spanOf(line, at, at + 1);
      this.sink.report("config/comment-in-word", span, {
        message: `\`${char}\` begins a comment in the middle of a word`,
        note: `the word ends here; write \`\\${char}\` for the character itself`,
      });
    }
    return withoutComment(line);
  }

  /** The text without its line end, as a comment of ours or as it is; undefined to ignore it. */
  private usableLine(file: string, start: number, text: string): ConfigLine | undefined {
    const line = verbatimLine(file, start, text.endsWith("\r") ? text.slice(0, -1) : text);
    const span = { file, start, end: start + line.text.length };
    if (line.text.length > limits.configLineLengthMax) {
      this.sink.report(
        "config/line-too-long",
        { ...span, end: start + 1 },
        {
          message: `this line has ${line.text.length} characters, more than ${limits.configLineLengthMax}`,
          note: "keepalived ignores such a line",
        },
      );
      return undefined;
    }
    if (line.text.includes("\0")) {
      this.sink.report("config/nul-byte", span, { message: "this line holds a NUL character" });
      return undefined;
    }
    if (!line.text.includes("understudy")) return line;
    const directive = /^\s*[#!]understudy\s+(?=\S)/.exec(line.text);
    if (directive === null) return line;
    const skipped = directive[0].length;
    return verbatimLine(file, start + skipped, line.text.slice(skipped), true);
  }

  private readLine(line: ConfigLine, folder: string): { name: string; value: string } | undefined {
    const mine = this.conditionMet(line);
    if (mine === undefined) return undefined;
    const definition = mine.text.includes("=") ? /^\s*\$(\w+)=\s*(.*)$/.exec(mine.text) : null;
    if (definition !== null) {
      const name = definition[1] ?? "";
      return this.continueDefinition({ name, value: "" }, definition[2] ?? "");
    }
    this.expandLine(mine, folder, 0);
    return undefined;
  }

  /** Puts in definitions and repeats what `~SEQ` and `~LST` repeat; the results are the lines. */
  private expandLine(line: ConfigLine, folder: string, depth: number): void {
    if (this.tooMany) return;
    if (
      this.lines.length >= limits.configLinesMax ||
      this.textLength >= limits.configTextMax ||
      depth > limits.configIncludeDepthMax
    ) {
      this.reportTooMany(line);
      return;
    }
    const repetition = repetitionOf(line.text);
    if (repetition !== undefined) {
      this.repeatLine(line, repetition, folder, depth);
      return;
    }
    for (const expanded of this.definitions.expand(line, folder)) {
      const kept = this.conditionMet(expanded);
      if (kept === undefined) continue;
      if (repetitionOf(kept.text) !== undefined) this.expandLine(kept, folder, depth + 1);
      else {
        this.lines.push(kept);
        this.textLength += kept.text.length;
      }
    }
  }

  private repeatLine(
    line: ConfigLine,
    { opening, end }: Repetition,
    folder: string,
    depth: number,
  ): void {
    // The bounds themselves may be definitions.
    const [head = line] = this.definitions.expand(sliceLine(line, 0, end), folder);
    const bindings = bindingsOf(head.text);
    if (bindings === undefined) {
      this.sink.report("config/bad-repetition", spanOf(line, opening, end), {
        message: "this repetition cannot be read",
        note: "~SEQ(NAME, START, STEP, END) counts; ~LST(NAME, A, B, C) lists",
        classicBefore: `Invalid ~SEQ values '${line.text.trim()}'`,
        classic: `Invalid ~SEQ specification '${line.text.trim()}'`,
      });
      return;
    }
    const rest = sliceLine(line, end);
    for (const values of bindings) {
      if (this.tooMany) return;
      this.definitions.withValues(values, () => this.expandLine(rest, folder, depth + 1));
    }
  }

  private reportTooMany(line: ConfigLine): void {
    if (this.tooMany) return;
    this.tooMany = true;
    this.sink.report("config/expansion-too-long", spanOf(line, 0, line.text.length), {
      message: "repetitions, definitions or includes give more text than can be meant",
      note: "the rest is left out",
    });
  }

  /** Adds a line to a definition; undefined when it was the last. Lines that go on end in `\`. */
  private continueDefinition(
    definition: { readonly name: string; readonly value: string },
    text: string,
  ): { name: string; value: string } | undefined {
    const trimmed = text.trim();
    const more = trimmed.endsWith("\\");
    const value = definition.value + (more ? trimmed.slice(0, -1) : trimmed);
    if (more) return { name: definition.name, value: value === "" ? "" : `${value}\n` };
    this.definitions.define(definition.name, value);
    return undefined;
  }

  /** The line without its `@id` or `@^id`, or undefined when it is for other machines. */
  private conditionMet(line: ConfigLine): ConfigLine | undefined {
    if (!line.text.includes("@")) return line;
    const condition = /^\s*@(\^?)(\S*)(?=\s|$)/.exec(line.text);
    if (condition === null) return line;
    const named = condition[2] === this.configId;
    if (named === (condition[1] === "^")) return undefined;
    return sliceLine(line, condition[0].length);
  }

  private followInclude(line: ConfigLine, folder: string): boolean {
    const include = includeOf(line.text);
    if (include === undefined) return false;
    const { form, pattern, at } = include;
    const span = spanOf(line, at, line.text.trimEnd().length);
    const { paths, missing } = includedFiles(form, pattern, folder, this.files);
    for (const each of missing)
      this.reportMissing(each.pattern, each.pattern, span, each.refused, "nothing matches");
    for (const path of paths) this.includeFile(form, pattern, path, span);
    return true;
  }

  private includeFile(form: IncludeForm, pattern: string, path: string, span: Span): void {
    if (this.open.includes(path) || this.open.length >= limits.configIncludeDepthMax) {
      this.sink.report("config/include-loop", span, {
        message: `${path} is being read already`,
        note: `included by way of ${this.open.join(", ")}`,
      });
      return;
    }
    if (++this.filesRead > limits.configFilesMax) {
      this.sink.report("config/include-loop", span, {
        message: `more than ${limits.configFilesMax} files`,
        note: "a link that leads back to its own folder has this effect",
      });
      return;
    }
    const read = this.files.read(path);
    if (read.ok) this.readText(path, read.value);
    else
      this.reportMissing(path, pattern, span, refusesUnreadable(form, pattern), read.error.reason);
  }

  /** keepalived repeats the pattern as it was written; people want to know the path. */
  private reportMissing(
    name: string,
    pattern: string,
    span: Span,
    refused: boolean,
    reason: string,
  ): void {
    this.sink.report(refused ? "config/include-refused" : "config/include-missing", span, {
      message: `cannot include ${name}: ${reason}`,
      classic: `Config files missing '${pattern}'.`,
    });
  }
}
