// Quick fixes: what a diagnostic proposes to write, as edits of the file that it stands in. Only those
// whose file still says what the edit replaces are offered.

import type { Diagnostic, FixEdit } from "../config/diagnostics.ts";
import { fitsText } from "../config/fix.ts";
import type { Span } from "../config/source.ts";
import type { Analysis } from "./project.ts";

export type QuickFix = {
  /** What it does, for a menu. */
  readonly title: string;
  readonly diagnostic: Diagnostic;
  readonly edit: FixEdit;
};

/** The fixes of what is wrong in a part of a file, or in all of it. */
export function quickFixesIn(analysis: Analysis, range: Span): readonly QuickFix[] {
  return analysis.diagnostics.flatMap((diagnostic) => {
    const { span, edit } = diagnostic;
    if (edit === undefined || edit.span.file !== range.file) return [];
    if (span.file !== range.file || span.start > range.end || span.end < range.start) return [];
    if (!fitsText(edit, analysis.sources)) return [];
    return [{ title: titleOf(edit), diagnostic, edit }];
  });
}

/** Those that may be made without somebody looking at each; of two that overlap, the first. */
export function safeFixesIn(analysis: Analysis, file: string): readonly FixEdit[] {
  const safe: FixEdit[] = [];
  const text = analysis.sources.get(file) ?? "";
  const whole = { file, start: 0, end: text.length };
  const edits = quickFixesIn(analysis, whole).map(({ edit }) => edit);
  for (const edit of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    const last = safe.at(-1);
    if (edit.safe && (last === undefined || last.span.end <= edit.span.start)) safe.push(edit);
  }
  return safe;
}

function titleOf({ replaces, text }: FixEdit): string {
  if (replaces === "") return `Insert \`${text.trim()}\``;
  return text === "" ? `Remove \`${replaces}\`` : `Change \`${replaces}\` to \`${text}\``;
}
