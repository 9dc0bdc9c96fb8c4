// Go to definition and find references, for names of all kinds, included files and scripts on disk.

import type { Span } from "../config/source.ts";
import { includeAt, occurrenceAt, occurrencesOf, sameName } from "./names.ts";
import type { Analysis, Place } from "./project.ts";
import { touches, visitStatements } from "./project.ts";

/**
 * Where what stands at a place is introduced. Files that an include or a script keyword names are
 * meant from their start; whether they exist is not looked up.
 */
export function definitionsAt(analysis: Analysis, place: Place): readonly Span[] {
  const occurrences = occurrencesOf(analysis);
  const occurrence = occurrenceAt(occurrences, place);
  if (occurrence !== undefined) {
    return sameName(occurrences, occurrence)
      .filter(({ role }) => role === "introduces")
      .map(({ span }) => span);
  }
  const include = includeAt(analysis, place);
  if (include !== undefined && touches(include.span, place))
    return include.paths.map((file) => ({ file, start: 0, end: 0 }));
  const script = scriptAt(analysis, place);
  return script === undefined ? [] : [{ file: script, start: 0, end: 0 }];
}

/** Every place with the name that stands at a place; with its introductions when asked. */
export function referencesAt(
  analysis: Analysis,
  place: Place,
  options: { readonly introductions: boolean },
): readonly Span[] {
  const occurrences = occurrencesOf(analysis);
  const occurrence = occurrenceAt(occurrences, place);
  if (occurrence === undefined) return [];
  return sameName(occurrences, occurrence)
    .filter(({ role }) => options.introductions || role === "refers")
    .map(({ span }) => span);
}

/** The absolute path of the command at a place. */
function scriptAt({ statements }: Analysis, place: Place): string | undefined {
  let path: string | undefined;
  visitStatements(statements, ({ spec, words }) => {
    const [command] = words;
    if (spec?.value.type !== "script" || command === undefined) return false;
    if (!touches(command.span, place)) return false;
    const program = command.text.split(/\s/)[0] ?? "";
    if (program.startsWith("/")) path = program;
    return true;
  });
  return path;
}
