// What `understudy replay` prints: the verdict on a recording, with both sides of a difference, and
// with --timeline the recording's events as the log told them, at times from its beginning.

import { durationText, type Instant, type Microseconds } from "../../core/base/time.ts";
import type { EngineEffect } from "../../core/engine/effect.ts";
import { encodeRecord } from "../../core/engine/recording.ts";
import type { ReplayVerdict } from "../../core/engine/replay.ts";
import { logLines } from "./log-lines.ts";
import { printable } from "./sinks.ts";

/** The verdict as lines of text, ending in a newline. */
export function renderVerdict(file: string, verdict: ReplayVerdict, start: Instant): string {
  switch (verdict.kind) {
    case "same":
      return `${file}: ${verdict.inputs} inputs lead to the same ${verdict.effects} effects\n`;
    case "different": {
      const { line, effect, path, at } = verdict;
      const where = path === "" ? "" : `, at ${path}`;
      return [
        `${file}:${line}: effect ${effect + 1} differs${where}, ${since(start, at)} after the start`,
        `  recorded: ${effectText(verdict.recorded)}`,
        `  now:      ${effectText(verdict.replayed)}`,
        "",
      ].join("\n");
    }
    case "unreadable":
      return `${file}:${verdict.line}: cannot be read: ${verdict.problem}\n`;
    case "broken":
      return `${file}:${verdict.line}: the engine breaks an invariant: ${verdict.problem}\n`;
  }
}

/** 0 when everything agrees, 1 when not, 2 when the file is none. */
export const verdictCode = ({ kind }: ReplayVerdict): 0 | 1 | 2 =>
  kind === "same" ? 0 : kind === "unreadable" ? 2 : 1;

/** The lines of the log that these effects lead to: `+12.003s  (VI_1) Entering MASTER STATE`. */
export function timelineLines(
  effects: readonly EngineEffect[],
  at: Instant,
  start: Instant,
): readonly string[] {
  return effects.flatMap((effect) =>
    effect.kind === "report"
      ? logLines(effect.event)
          .slice(0, 1)
          .map(({ text }) => `+${since(start, at)}  ${printable(text)}`)
      : [],
  );
}

const since = (start: Instant, at: Instant): string => durationText((at - start) as Microseconds);

/** One effect as its recording has it. */
function effectText(effect: EngineEffect | undefined): string {
  if (effect === undefined) return "nothing";
  const line = encodeRecord({ at: 0 as Instant, effects: [effect] });
  return printable(line.slice(line.indexOf("[") + 1, -2));
}
