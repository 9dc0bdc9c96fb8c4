// Fixes as edits of a file. An edit is safe when it writes what is in force anyway, or when it
// corrects a single slip of which only one word can be meant; only those are made without somebody
// looking at each. `replaces` is what the edit expects to find, so that text which a definition or a
// repetition made is never edited in the wrong place.

import type { Diagnostic, DiagnosticText, FixEdit } from "./diagnostics.ts";
import { editDistance, nearestWord } from "./nearest.ts";
import type { Sources, Span } from "./source.ts";

/** A word and its place. */
type Word = { readonly text: string; readonly span: Span };

/** Shorter words have too many neighbours. */
const slipLengthMin = 3;

/** One word in place of another. */
export const wordEdit = (word: Word, text: string, safe: boolean): FixEdit => ({
  span: word.span,
  replaces: word.text,
  text,
  safe,
});

/** The fix of a keyword's value, which is its first word. */
export function valueFix(
  { keyword, words }: { readonly keyword: Word; readonly words: readonly Word[] },
  value: string | number,
  safe: boolean,
): Pick<DiagnosticText, "fix" | "edit"> {
  const fix = `${keyword.text} ${value}`;
  const [first] = words;
  return first === undefined ? { fix } : { fix, edit: wordEdit(first, String(value), safe) };
}

/**
 * The fix of a word that should be one of some others; nothing when none resembles it. `before` is
 * shown before the word, and `safe` can be denied.
 */
export function spellingFix(
  word: Word,
  candidates: readonly string[],
  { before = "", safe = true }: { readonly before?: string; readonly safe?: boolean } = {},
): Pick<DiagnosticText, "fix" | "edit"> {
  const nearest = nearestWord(word.text, candidates);
  if (nearest === undefined) return {};
  const edit = wordEdit(word, nearest, safe && isSlip(word.text, nearest, candidates));
  return { fix: before === "" ? nearest : `${before} ${nearest}`, edit };
}

/** One character too many, too few, changed or swapped, and no other word as near as this one. */
export function isSlip(text: string, nearest: string, candidates: readonly string[]): boolean {
  if (text.length < slipLengthMin) return false;
  const distance = (candidate: string) => editDistance(text.toLowerCase(), candidate.toLowerCase());
  const least = distance(nearest);
  return (
    least <= 1 &&
    candidates.every(
      (each) =>
        each === nearest || Math.abs(each.length - text.length) > 1 || distance(each) > least,
    )
  );
}

/** What the safe edits make of the files, by name; files without any are left out. */
export function applySafeFixes(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
): ReadonlyMap<string, string> {
  const edits = new Map<string, FixEdit[]>();
  for (const { edit } of diagnostics) {
    if (edit?.safe !== true || !fitsText(edit, sources)) continue;
    const list = edits.get(edit.span.file) ?? [];
    list.push(edit);
    edits.set(edit.span.file, list);
  }
  const fixed = new Map<string, string>();
  for (const [file, list] of edits) fixed.set(file, withEdits(sources.get(file) ?? "", list));
  return fixed;
}

/** Whether the file still says what the edit replaces. */
export const fitsText = ({ span, replaces }: FixEdit, sources: Sources): boolean =>
  sources.get(span.file)?.slice(span.start, span.end) === replaces;

/** Of edits that overlap, the first is made. */
function withEdits(text: string, edits: readonly FixEdit[]): string {
  let result = "";
  let from = 0;
  for (const { span, text: replacement } of [...edits].sort(
    (a, b) => a.span.start - b.span.start,
  )) {
    if (span.start < from) continue;
    result += text.slice(from, span.start) + replacement;
    from = span.end;
  }
  return result + text.slice(from);
}
