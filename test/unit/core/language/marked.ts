// Projects as marked texts: `<|>` is the cursor, `<|...|>` a place that the answer must name. Files
// are listed by path; the one without a name is the main file.

import assert from "node:assert/strict";
import type { Span } from "../../../../src/core/config/source.ts";
import type { Analysis, Place } from "../../../../src/core/language/project.ts";
import { analyse } from "../../../../src/core/language/project.ts";
import { mainPath, textFiles, unmark } from "../../../config/config-text.ts";

export type Marked = {
  readonly analysis: Analysis;
  readonly cursor: Place;
  /** Marked places, as `file:start-end`. */
  readonly places: readonly string[];
};

/** Reads marked files; exactly one holds the cursor. */
export function marked(
  files: string | Readonly<Record<string, string>>,
  configId = "router-1",
): Marked {
  const all = typeof files === "string" ? { [mainPath]: files } : files;
  const texts: Record<string, string> = {};
  const places: string[] = [];
  let cursor: Place | undefined;
  for (const [path, withMarks] of Object.entries(all)) {
    // An empty mark is the cursor; it is a mark like any other until its place is known.
    const { text, spans } = unmark(withMarks.replace("<|>", "<||>"));
    const empty = withMarks.includes("<|>");
    for (const [start, end] of spans) {
      if (empty && start === end) cursor = { file: path, offset: start };
      else places.push(`${path}:${start}-${end}`);
    }
    texts[path] = text;
  }
  assert.ok(cursor !== undefined, "one file holds <|>");
  const analysis = analyse({ main: mainPath, files: textFiles(texts), configId });
  return { analysis, cursor, places };
}

export const placesOfSpans = (spans: readonly Span[]): readonly string[] =>
  spans.map(({ file, start, end }) => `${file}:${start}-${end}`);
