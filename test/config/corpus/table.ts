// The agreement with keepalived over a corpus as text: a table, then every disagreement with both
// sides, grouped by what keepalived said that we did not, or we said that it did not.

import type { Outcome } from "./compare.ts";

export type Agreement = {
  readonly files: number;
  /** Files in "full" and "scripts" that keepalived ends on, and those whose status agrees. */
  readonly verdicts: number;
  readonly verdictsSame: number;
  /** The same for the config-ids that files name. */
  readonly variants: number;
  readonly variantsSame: number;
  /** Messages with a line number in "full", and those with a diagnostic of ours on the line. */
  readonly messages: number;
  readonly messagesSame: number;
  /** The slowest, in ms per 1,000 lines, files of fewer lines counted as 1,000. */
  readonly slowest: number;
  readonly slowestFile: string;
  readonly thrown: number;
};

export const agrees = (outcome: Outcome): boolean => outcome.theirs === outcome.ours;

/** No verdict to match: keepalived hung (124) or was killed by a signal. */
export const hasVerdict = ({ theirs }: Outcome): boolean => theirs < 124 && theirs >= 0;

export function agreementOf(outcomes: readonly Outcome[]): Agreement {
  const isVariant = ({ surroundings }: Outcome) => surroundings.startsWith("id ");
  const verdicts = outcomes.filter((each) => !isVariant(each) && hasVerdict(each));
  const variants = outcomes.filter((each) => isVariant(each) && hasVerdict(each));
  const full = outcomes.filter(({ surroundings }) => surroundings === "full");
  const messages = sum(full.map(({ placed }) => placed));
  const slowness = ({ milliseconds, lines }: Outcome) => milliseconds / Math.max(1, lines / 1000);
  const [slowest] = [...outcomes].sort((a, b) => slowness(b) - slowness(a));
  return {
    files: full.length,
    verdicts: verdicts.length,
    verdictsSame: verdicts.filter(agrees).length,
    variants: variants.length,
    variantsSame: variants.filter(agrees).length,
    messages,
    messagesSame: messages - sum(full.map(({ unmatched }) => unmatched.length)),
    slowest: slowest === undefined ? 0 : slowness(slowest),
    slowestFile: slowest?.file ?? "",
    thrown: outcomes.filter(({ thrown }) => thrown !== undefined).length,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

export function tableOf(agreement: Agreement): string {
  const share = (same: number, of: number) =>
    `${same} of ${of} (${of === 0 ? 100 : ((100 * same) / of).toFixed(1)} %)`;
  const { verdictsSame, verdicts, variantsSame, variants, messagesSame, messages } = agreement;
  return [
    `files                                 ${agreement.files}`,
    `exit status, full and scripts         ${share(verdictsSame, verdicts)}`,
    `exit status, other config-ids         ${share(variantsSame, variants)}`,
    `messages with a diagnostic there      ${share(messagesSame, messages)}`,
    `slowest, ms per 1,000 lines           ${agreement.slowest.toFixed(1)} (${agreement.slowestFile})`,
    `thrown                                ${agreement.thrown}`,
  ].join("\n");
}

/** Every disagreement, those with one cause together, the most frequent cause first. */
export function disagreements(outcomes: readonly Outcome[]): string {
  const exits = grouped(
    outcomes.filter((each) => !agrees(each)).map((each) => [cause(each), each]),
  );
  const lost = grouped(
    outcomes
      .filter(({ surroundings }) => surroundings === "full")
      .flatMap(({ file, unmatched }) =>
        unmatched.map((message) => [template(message), `${file} ${message}`] as const),
      ),
  );
  const parts = [
    ...exits.map(([why, each]) => `exit: ${why} (${each.length})\n${each.map(sides).join("")}`),
    ...lost.map(
      ([why, each]) =>
        `no diagnostic: ${why} (${each.length})\n${each.map((line) => `  ${line}\n`).join("")}`,
    ),
  ];
  return parts.join("\n");
}

function sides(outcome: Outcome): string {
  const { file, surroundings, theirs, ours, theirMessages, ourMessages, thrown } = outcome;
  return [
    `  ${file} (${surroundings}): keepalived ${theirs}, ours ${ours}\n`,
    ...theirMessages.slice(0, 12).map((line) => `    < ${line}\n`),
    ...ourMessages.slice(0, 12).map((line) => `    > ${line}\n`),
    ...(thrown === undefined ? [] : [`    ! ${thrown}\n`]),
  ].join("");
}

/** keepalived's message that decided, most likely: an unmatched one, or else its last. */
function cause({ theirs, theirMessages, unmatched, ourMessages, thrown }: Outcome): string {
  if (thrown !== undefined) return "thrown";
  if (theirs >= 124) return theirs === 124 ? "keepalived hangs" : "keepalived crashes";
  if (theirs === 0) return `ours alone: ${/ (\S+):/.exec(ourMessages[0] ?? "")?.[1] ?? "nothing"}`;
  return template(unmatched[0] ?? theirMessages.at(-1) ?? `exit ${theirs} without a word`);
}

/** A message without what differs from file to file. */
const template = (message: string): string =>
  message
    .replace(/^\((.*?: )?Line [0-9]+\) /, "")
    .replace(/^\([^()]*\)/, "(NAME)")
    .replace(/'[^']*'|\[[^\]]*\]|[0-9][0-9./]*/g, "#")
    .slice(0, 80);

function grouped<T>(pairs: readonly (readonly [string, T])[]): readonly (readonly [string, T[]])[] {
  const groups = new Map<string, T[]>();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}
