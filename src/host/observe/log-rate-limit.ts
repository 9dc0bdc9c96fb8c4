// Holds back log lines of one kind when they come too fast, and says afterwards how many it held
// back: a flood of bad packets must not fill the disk, and must not hide either. Time is an argument,
// in milliseconds of any clock. Memory is bounded (limits.logKindsWatched).

import { limits } from "../../core/base/limits.ts";

export type HeldBack = {
  readonly key: string;
  readonly count: number;
  /** The last text that was held back, as an example of the others. */
  readonly example: string;
};

type Window = { startedAt: number; lines: number; heldBack: number; example: string };

export class LogRateLimit {
  private readonly windows = new Map<string, Window>();
  /** Milliseconds. */
  readonly window: number;
  private readonly burst: number;
  private readonly keysMax: number;

  /** `burst` lines of one key in `window` milliseconds pass. */
  constructor(
    burst: number = limits.logBurst,
    window: number = limits.logWindow / 1_000,
    keysMax: number = limits.logKindsWatched,
  ) {
    this.burst = burst;
    this.window = window;
    this.keysMax = keysMax;
  }

  /** False when the line shall not be written; it is counted then. Call `ended` first. */
  admit(key: string, text: string, now: number): boolean {
    const open = this.windows.get(key);
    if (open === undefined) {
      this.makeRoom();
      this.windows.set(key, { startedAt: now, lines: 1, heldBack: 0, example: "" });
      return true;
    }
    if (open.lines < this.burst) {
      open.lines += 1;
      return true;
    }
    open.heldBack += 1;
    open.example = text;
    return false;
  }

  /** Closes the windows that are over by `now` and tells what they held back. */
  ended(now: number): readonly HeldBack[] {
    const told: HeldBack[] = [];
    for (const [key, { startedAt, heldBack, example }] of this.windows) {
      // Windows are in the order of their start; a clock that was set back ends them all.
      if (now >= startedAt && now - startedAt < this.window) break;
      this.windows.delete(key);
      if (heldBack > 0) told.push({ key, count: heldBack, example });
    }
    return told;
  }

  /** Closes every window, as at the end of the process. */
  endAll(): readonly HeldBack[] {
    return this.ended(Number.POSITIVE_INFINITY);
  }

  /** Forgets the oldest window when there are too many; its count is lost, memory is not. */
  private makeRoom(): void {
    if (this.windows.size < this.keysMax) return;
    const oldest = this.windows.keys().next().value;
    if (oldest !== undefined) this.windows.delete(oldest);
  }
}
