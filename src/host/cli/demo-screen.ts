// What the demonstration shows: a story that grows line by line and, on a terminal, a few lines below
// it that are redrawn in place. Into a file or a pipe goes the story alone.

import { monotonicMs } from "../lab/lab.ts";

export type Screen = {
  /** A paragraph of the story. */
  say(text: string): void;
  /** Something that happened, with the time since the start. */
  note(text: string): void;
  /** Lines that stand below the story and are asked for again a few times a second. */
  show(lines: () => readonly string[]): void;
  close(): void;
};

const redrawMs = 250;

/** A screen on standard output; `stream.isTTY` decides about the lines below. */
export function screenOn(stream: NodeJS.WriteStream): Screen {
  const start = monotonicMs();
  let lines: () => readonly string[] = () => [];
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;
  const erase = (): string => (drawn > 0 ? `\x1b[${drawn}A\x1b[J` : "");
  const draw = (story: string): void => {
    if (!stream.isTTY) {
      stream.write(story);
      return;
    }
    const below = lines().map((line) => line.slice(0, stream.columns - 1));
    const block = below.length > 0 ? ["", ...below] : [];
    stream.write(`${erase()}${story}${block.map((line) => `${line}\n`).join("")}`);
    drawn = block.length;
  };
  return {
    say: (text) => draw(`${text}\n`),
    note: (text) =>
      draw(`  ${((monotonicMs() - start) / 1000).toFixed(3).padStart(7)} s  ${text}\n`),
    show(next) {
      lines = next;
      if (stream.isTTY) timer = setInterval(() => draw(""), redrawMs);
    },
    close() {
      clearInterval(timer);
      lines = () => [];
      draw("");
    },
  };
}
