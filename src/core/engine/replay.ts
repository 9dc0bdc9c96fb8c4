// Feeds a recording to a fresh engine and compares what it wants with what was wanted then. The
// first difference says where the two part; an engine that breaks an invariant again is a verdict,
// too, since that is what such a recording is kept for.

import { firstDifference } from "../base/same-data.ts";
import type { Instant } from "../base/time.ts";
import type { EngineEffect } from "./effect.ts";
import { createEngine, type Engine } from "./engine.ts";
import { decodeHeader, decodeRecord, type EngineRecord, encodeRecord } from "./recording.ts";

export type ReplayVerdict =
  | { readonly kind: "same"; readonly inputs: number; readonly effects: number }
  | {
      readonly kind: "different";
      /** Line of the recorded effects, or of the input that should have had none; from 1. */
      readonly line: number;
      readonly at: Instant;
      /** Place in the list of effects, and the path within the effect. */
      readonly effect: number;
      readonly path: string;
      readonly recorded: EngineEffect | undefined;
      readonly replayed: EngineEffect | undefined;
    }
  | { readonly kind: "unreadable"; readonly line: number; readonly problem: string }
  | { readonly kind: "broken"; readonly line: number; readonly problem: string };

/** Replays whole lines, header first; empty lines are skipped. Never throws. */
export function replay(lines: Iterable<string>): ReplayVerdict {
  const player = new Player();
  let line = 0;
  for (const text of lines) {
    line++;
    if (text.trim() === "") continue;
    const verdict = player.play(text, line);
    if (verdict !== undefined) return verdict;
  }
  return player.finish();
}

class Player {
  private readonly engine: Engine = createEngine();
  private started = false;
  private inputs = 0;
  private effects = 0;
  /** What the last input led to, until the recording's own effects are read. */
  private waiting: { at: Instant; line: number; effects: readonly EngineEffect[] } | undefined;

  play(text: string, line: number): ReplayVerdict | undefined {
    if (!this.started) {
      this.started = true;
      const header = decodeHeader(text);
      return header.ok ? undefined : { kind: "unreadable", line, problem: header.error };
    }
    const decoded = decodeRecord(text);
    if (!decoded.ok) return { kind: "unreadable", line, problem: decoded.error };
    const record = decoded.value;
    if ("effects" in record) return this.compare(record.effects, record.at, line);
    const verdict = this.compare([], record.at, this.waiting?.line ?? line);
    return verdict ?? this.feed(record, line);
  }

  finish(): ReplayVerdict {
    if (!this.started) return { kind: "unreadable", line: 1, problem: "an empty recording" };
    const { waiting } = this;
    const verdict = waiting === undefined ? undefined : this.compare([], waiting.at, waiting.line);
    return verdict ?? { kind: "same", inputs: this.inputs, effects: this.effects };
  }

  private feed(
    record: Exclude<EngineRecord, { effects: readonly EngineEffect[] }>,
    line: number,
  ): ReplayVerdict | undefined {
    this.inputs++;
    const { at } = record;
    try {
      const effects =
        "input" in record ? this.engine.handle(record.input, at) : this.engine.handleTimeout(at);
      this.waiting = { at, line, effects };
      return undefined;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { kind: "broken", line, problem };
    }
  }

  /** `recorded` against what waits; what waits is then settled. */
  private compare(
    recorded: readonly EngineEffect[],
    at: Instant,
    line: number,
  ): ReplayVerdict | undefined {
    const replayed = this.waiting?.effects ?? [];
    this.waiting = undefined;
    this.effects += recorded.length;
    for (let effect = 0; effect < Math.max(recorded.length, replayed.length); effect++) {
      const [then, now] = [recorded[effect], replayed[effect]];
      const path = firstDifference(then, asRecorded(now));
      if (path === undefined) continue;
      return { kind: "different", line, at, effect, path, recorded: then, replayed: now };
    }
    return undefined;
  }
}

/** An effect as its line would bring it back: what JSON leaves out is no difference. */
function asRecorded(effect: EngineEffect | undefined): EngineEffect | undefined {
  if (effect === undefined) return undefined;
  const decoded = decodeRecord(encodeRecord({ at: 0 as Instant, effects: [effect] }));
  if (!decoded.ok || !("effects" in decoded.value)) return effect;
  return decoded.value.effects[0];
}
