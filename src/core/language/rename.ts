// Rename: all places of one name at once, or a reason why not. A name that some place puts together
// from definitions (`VI_${N}`) has no text of its own there, so it is not renamed at all.

import { limits } from "../base/limits.ts";
import type { Result } from "../base/result.ts";
import { err, ok } from "../base/result.ts";
import type { Span } from "../config/source.ts";
import type { Occurrence } from "./names.ts";
import { hasHiddenNames, occurrenceAt, occurrencesOf, sameName } from "./names.ts";
import type { Analysis, Place } from "./project.ts";

/** Why there is no rename, as a sentence without full stop. */
export type RenameRefusal = { readonly reason: string };

/** What would be renamed: the name's place under the cursor. */
export function renamedAt(
  analysis: Analysis,
  place: Place,
): Result<{ readonly span: Span; readonly name: string }, RenameRefusal> {
  const found = targetsAt(analysis, place);
  return found.ok ? ok({ span: found.value.here.span, name: found.value.here.name }) : found;
}

/** Every span to be replaced by `newName`. */
export function renameAt(
  analysis: Analysis,
  place: Place,
  newName: string,
): Result<readonly Span[], RenameRefusal> {
  const found = targetsAt(analysis, place);
  if (!found.ok) return found;
  const { here, same, all } = found.value;
  if (here.kind === "definition" ? !/^\w+$/.test(newName) : !/^[^\s{}"'#!$@~\\]+$/.test(newName)) {
    const allowed =
      here.kind === "definition" ? "letters, digits and _" : "one word without quotes and braces";
    return err({ reason: `a name is ${allowed}` });
  }
  if (newName !== here.name && all.some((each) => each.kind === here.kind && each.name === newName))
    return err({ reason: `there is a \`${newName}\` already` });
  return ok(same.map(({ span }) => span));
}

type Targets = {
  readonly here: Occurrence;
  readonly same: readonly Occurrence[];
  readonly all: readonly Occurrence[];
};

function targetsAt(analysis: Analysis, place: Place): Result<Targets, RenameRefusal> {
  const all = occurrencesOf(analysis);
  const here = occurrenceAt(all, place);
  if (here === undefined) return err({ reason: "nothing here has a name" });
  const same = sameName(all, here);
  if (!same.some(({ role }) => role === "introduces"))
    return err({ reason: `nothing here introduces \`${here.name}\`` });
  if (same.some(({ verbatim }) => !verbatim))
    return err({ reason: `definitions put \`${here.name}\` together in one of its places` });
  if (here.kind !== "definition" && hasHiddenNames(analysis))
    return err({ reason: `the lines are for more than ${limits.languageIdsMax} machines` });
  return ok({ here, same, all });
}
