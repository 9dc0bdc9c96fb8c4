// `understudy replay FILE`: feeds a recording of `understudyd --record` to the same engine and says
// whether it decides the same again. Exit code 0 when it does, 1 at the first difference, 2 when the
// file cannot be read. Recordings are read line by line; they may be longer than memory.

import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { type Instant, instant } from "../../core/base/time.ts";
import { decodeRecord } from "../../core/engine/recording.ts";
import { replay } from "../../core/engine/replay.ts";
import { renderVerdict, timelineLines, verdictCode } from "../observe/replay-text.ts";

export type ReplayOptions = {
  /** Prints the recording's events as log lines. */
  readonly timeline?: boolean;
};

/** Prints to stdout, complaints to stderr; returns the exit code. */
export function replayCommand(file: string, options: ReplayOptions = {}): number {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`understudy replay: ${reason}\n`);
    return 2;
  }
  try {
    const story = new Story(options.timeline === true);
    const verdict = replay(story.watch(wholeRecords(linesOf(fd), file)));
    process.stdout.write(renderVerdict(file, verdict, story.start));
    return verdictCode(verdict);
  } finally {
    closeSync(fd);
  }
}

/** Looks over the replay's shoulder: when the recording begins, and what its log said. */
class Story {
  start: Instant = instant(0);
  private readonly tells: boolean;
  private begun = false;

  constructor(tells: boolean) {
    this.tells = tells;
  }

  *watch(lines: Iterable<string>): Iterable<string> {
    for (const line of lines) {
      this.look(line);
      yield line;
    }
  }

  private look(line: string): void {
    if (this.begun && !this.tells) return;
    const record = decodeRecord(line);
    if (!record.ok) return;
    const { at } = record.value;
    if (!this.begun) this.start = at;
    this.begun = true;
    if (!this.tells || !("effects" in record.value)) return;
    for (const told of timelineLines(record.value.effects, at, this.start))
      process.stdout.write(`${told}\n`);
  }
}

const chunkLength = 64 * 1024;

type Line = { readonly text: string; readonly ends: boolean };

/** The lines of a file, the last one also without its line end. */
function* linesOf(fd: number): Iterable<Line> {
  const chunk = Buffer.alloc(chunkLength);
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for (;;) {
    const length = readSync(fd, chunk);
    if (length === 0) break;
    const lines = (rest + decoder.write(chunk.subarray(0, length))).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) yield { text, ends: true };
  }
  rest += decoder.end();
  if (rest !== "") yield { text: rest, ends: false };
}

/**
 * Without what the last moment of a killed daemon, or a full disk, cut off: half a line, and an input
 * whose effects were to be in it. Says so on stderr.
 */
function* wholeRecords(lines: Iterable<Line>, file: string): Iterable<string> {
  let before: string | undefined;
  for (const { text, ends } of lines) {
    if (before !== undefined && !ends && !decodeRecord(text).ok) {
      process.stderr.write(`${file}: the last line is cut off; what is before it is replayed\n`);
      const last = decodeRecord(before);
      if (!last.ok || "effects" in last.value) yield before;
      return;
    }
    if (before !== undefined) yield before;
    before = text;
  }
  if (before !== undefined) yield before;
}
