// A diagnostic as people read it: what, where with the line and a caret, why, and what to write
// instead. Text from the file is shown without control characters, and secrets are blotted out.

import type { Diagnostic } from "./diagnostics.ts";
import type { Sources, Span } from "./source.ts";
import { LineIndex, withoutSecrets } from "./source.ts";

/** Wraps text in a terminal's colours, or leaves it alone. */
type Paint = (style: Style, text: string) => string;
type Style = "error" | "warning" | "quiet" | "strong";

const styles = { error: "1;31", warning: "1;33", quiet: "34", strong: "1" } as const;
const coloured: Paint = (style, text) => `\u001b[${styles[style]}m${text}\u001b[0m`;
const plain: Paint = (_, text) => text;

/** Renders many diagnostics of the same files; each line of a file is found by one index. */
export class DiagnosticRenderer {
  private readonly sources: Sources;
  private readonly paint: Paint;
  private readonly indexes = new Map<string, LineIndex>();

  constructor(sources: Sources, colour: boolean) {
    this.sources = sources;
    this.paint = colour ? coloured : plain;
  }

  /** Several lines, without a line end at the last. */
  render(diagnostic: Diagnostic): string {
    const { code, severity, message, span, label, note, fix, related = [] } = diagnostic;
    const { paint } = this;
    const lines = [span, ...related.map((each) => each.span)].map(
      ({ file, start }) => this.indexOf(file).positionOf(start).line,
    );
    const margin = " ".repeat(String(Math.max(...lines)).length);
    const detail = (kind: string, detailText: string) =>
      `${margin} ${paint("quiet", "=")} ${paint("strong", kind)} ${visible(detailText)}`;
    return [
      `${paint(severity, `${severity}[${code}]`)}${paint("strong", `: ${visible(message)}`)}`,
      ...this.excerpt(span, margin, "^", severity, label),
      ...related.flatMap((each) => this.excerpt(each.span, margin, "-", "quiet", each.label)),
      ...(note === undefined ? [] : [detail("note:", note)]),
      ...(fix === undefined ? [] : [detail("fix: ", fix)]),
    ].join("\n");
  }

  /** File, line, and the marked text underlined with `mark`. */
  private excerpt(
    span: Span,
    margin: string,
    mark: string,
    style: Style,
    label: string | undefined,
  ): readonly string[] {
    const { paint } = this;
    const { line, column } = this.indexOf(span.file).positionOf(span.start);
    const text = this.lineText(span.file, line);
    const width = Math.max(1, Math.min(span.end - span.start, text.length - column + 1));
    const before = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    const under = mark.repeat(width) + (label === undefined ? "" : ` ${visible(label)}`);
    return [
      `${margin} ${paint("quiet", "┌─")} ${visible(span.file)}:${line}:${column}`,
      `${paint("quiet", `${String(line).padStart(margin.length)} │`)} ${text}`.trimEnd(),
      `${margin} ${paint("quiet", "│")} ${before}${paint(style, under)}`,
    ];
  }

  indexOf(file: string): LineIndex {
    const known = this.indexes.get(file);
    if (known !== undefined) return known;
    const index = new LineIndex(this.sources.get(file) ?? "");
    this.indexes.set(file, index);
    return index;
  }

  /** Blotting and hiding keep every column where it is. */
  private lineText(file: string, line: number): string {
    const source = this.sources.get(file) ?? "";
    const start = this.indexOf(file).startOf(line);
    const end = source.indexOf("\n", start);
    const text = source.slice(start, end < 0 ? source.length : end).replace(/\r$/, "");
    return visible(withoutSecrets(text));
  }
}

/** A terminal must not obey what stands in a file. */
export const visible = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to hide
  text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");
