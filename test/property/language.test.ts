// Whatever the text and wherever the cursor, the editor gets an answer: nothing throws, every place
// lies in its file, and a rename that is not refused can be undone by renaming back.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { err, ok } from "../../src/core/base/result.ts";
import { rootKeywords } from "../../src/core/config/schema/root.ts";
import { vrrpInstanceKeywords } from "../../src/core/config/schema/vrrp-instance.ts";
import type { Span } from "../../src/core/config/source.ts";
import { completionsAt } from "../../src/core/language/completion.ts";
import { hoverAt } from "../../src/core/language/hover.ts";
import { definitionsAt, referencesAt } from "../../src/core/language/navigation.ts";
import type { Analysis } from "../../src/core/language/project.ts";
import { analyse } from "../../src/core/language/project.ts";
import { quickFixesIn, safeFixesIn } from "../../src/core/language/quick-fixes.ts";
import { renameAt } from "../../src/core/language/rename.ts";
import type { DocumentSymbol } from "../../src/core/language/symbols.ts";
import { symbolsOf } from "../../src/core/language/symbols.ts";

/** One file that every include finds, too. */
function analysisOf(text: string): Analysis {
  const files = {
    read: (path: string) =>
      path === "main" || path.endsWith("self")
        ? ok(text)
        : err({ kind: "missing", reason: "" } as const),
    glob: () => ["self"],
  };
  return analyse({ main: "main", files, configId: "id" });
}

function checkAnswers(text: string, at: number): void {
  const analysis = analysisOf(text);
  const place = { file: "main", offset: at % (text.length + 1) };
  const inside = ({ start, end }: Span): void => {
    assert.ok(start >= 0 && start <= end && end <= text.length, `${start}-${end}`);
  };
  for (const { replace } of completionsAt(analysis, place)) inside({ file: "main", ...replace });
  const hover = hoverAt(analysis, place);
  if (hover !== undefined) inside(hover.span);
  for (const span of definitionsAt(analysis, place))
    if (analysis.sources.has(span.file)) inside(span);
  for (const span of referencesAt(analysis, place, { introductions: true })) inside(span);
  for (const { edit } of quickFixesIn(analysis, { file: "main", start: 0, end: text.length }))
    inside(edit.span);
  let last = 0;
  for (const { span } of safeFixesIn(analysis, "main")) {
    assert.ok(span.start >= last, "safe fixes do not overlap");
    last = span.end;
  }
  for (const symbol of symbolsOf(analysis, "main")) checkSymbol(symbol, 0, text.length);
}

function checkSymbol(
  { span, selection, children }: DocumentSymbol,
  from: number,
  to: number,
): void {
  assert.ok(from <= span.start && span.end <= to, "a symbol lies within the one around it");
  assert.ok(span.start <= selection.start && selection.end <= span.end);
  for (const child of children) checkSymbol(child, span.start, span.end);
}

test("any text at all", () => {
  const text = fc.string({ maxLength: 300, unit: "binary" });
  fc.assert(fc.property(text, fc.nat(), checkAnswers), { numRuns: 300 });
});

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(...Object.keys(rootKeywords), ...Object.keys(vrrpInstanceKeywords)),
    fc.constantFrom("{", "}", "{\n", "}\n", "\n", "\r\n", '"', "#", "!", "#understudy", "\\"),
    fc.constantFrom("$N", "${N}", "$N=", "$M=x \\\n", "@id", "@other", "@^other", "${", "_PWD"),
    fc.constantFrom("~SEQ(N, 1, 3)", "~LST({N, M}, {1, 2})", "include self", "include"),
    fc.constantFrom("vrrp_script chk {\n", "track_script {\nchk\n}", "vrrp_instance V {\n", "x$N "),
    fc.constantFrom("VI_1", "chk", "100", "eth0", "192.0.2.1/24", "brd", "weight", "MASTER"),
  ),
  { maxLength: 40 },
);

test("texts that look like configurations", () => {
  const text = pieces.map((words) => words.join(" "));
  fc.assert(fc.property(text, fc.nat(), checkAnswers), { numRuns: 600 });
});

test("a rename changes what it says, and renaming back gives the old text", () => {
  const text = pieces.map((words) => words.join(" "));
  fc.assert(
    fc.property(text, fc.nat(), (before, at) => {
      // The file must not include itself here: its places would be renamed under two names.
      fc.pre(!before.includes("include"));
      const place = { file: "main", offset: at % (before.length + 1) };
      const renamed = renameAt(analysisOf(before), place, "brandNew");
      if (!renamed.ok) return;
      const name = before.slice(renamed.value[0]?.start, renamed.value[0]?.end);
      // Names such as `@id` can be read, and cannot be chosen.
      fc.pre(/^\w+$/.test(name));
      const after = replaced(before, renamed.value, "brandNew");
      const back = renameAt(
        analysisOf(after),
        { file: "main", offset: after.indexOf("brandNew") },
        name,
      );
      assert.ok(back.ok, back.ok ? "" : back.error.reason);
      assert.equal(replaced(after, back.value, name), before);
    }),
    { numRuns: 600 },
  );
});
/** The text with another one in place of the spans, which are in order. */
function replaced(text: string, spans: readonly Span[], by: string): string {
  let result = "";
  let from = 0;
  for (const { start, end } of spans) {
    result += text.slice(from, start) + by;
    from = end;
  }
  return result + text.slice(from);
}
