// The log: takes the engine's events and the daemon's own sentences, and hands each as a record to
// every sink (sinks.ts). It decides what is shown (detail only with -D) and how much of it: lines of
// one kind that come too fast are held back and counted, state changes never.

import type { NodeEvent } from "../../core/engine/event.ts";
import { logLines } from "./log-lines.ts";
import { LogRateLimit } from "./log-rate-limit.ts";
import type { LogFields, LogLine, LogRecord, LogSink } from "./log-record.ts";

export interface Logger {
  /** An event of the engine; `at` is when it happened, by default now. */
  event(event: NodeEvent, at?: number): void;
  err(text: string, fields?: LogFields): void;
  warning(text: string, fields?: LogFields): void;
  notice(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  /** Shown only with log detail. */
  detail(text: string, fields?: LogFields): void;
  /** Tells what was held back in windows that are over; happens by itself, too. */
  sweep(): void;
  /** Tells everything that was held back; the sinks stay with their owner. */
  close(): void;
}

export type LoggerOptions = {
  readonly sinks: readonly LogSink[];
  /** -D */
  readonly detail?: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly rateLimit?: LogRateLimit;
  /** Runs something some milliseconds later, without keeping the process alive for it. */
  readonly later?: (run: () => void, wait: number) => void;
};

const laterByTimer = (run: () => void, wait: number): void => {
  setTimeout(run, wait).unref();
};

export function createLogger(options: LoggerOptions): Logger {
  const { sinks, detail: showsDetail = false, now = Date.now, later = laterByTimer } = options;
  const rateLimit = options.rateLimit ?? new LogRateLimit();

  const emit = (record: LogRecord): void => {
    for (const sink of sinks) sink(record);
  };
  const tellHeldBack = (held: ReturnType<LogRateLimit["ended"]>, at: number): void => {
    for (const { key, count, example } of held) {
      const text = `suppressed ${count} lines like: ${example}`;
      emit({ at, level: "notice", text, kind: "suppressed", fields: { key, count, example } });
    }
  };
  let sweepComes = false;
  const sweep = (): void => {
    const clock = now();
    tellHeldBack(rateLimit.ended(clock), clock);
  };
  /** A flood may end with no line after it: what was held back is told all the same. */
  const sweepLater = (): void => {
    if (sweepComes) return;
    sweepComes = true;
    later(() => {
      sweepComes = false;
      sweep();
    }, rateLimit.window);
  };
  const log = (line: LogLine, rest: Omit<LogRecord, "level" | "text">, key: string): boolean => {
    if (line.detail === true && !showsDetail) return false;
    sweep();
    if (key !== "" && !rateLimit.admit(key, line.text, now())) {
      sweepLater();
      return false;
    }
    emit({ ...rest, level: line.level, text: line.text });
    return true;
  };
  const sentence = (line: LogLine, fields?: LogFields): void => {
    const own = { at: now(), kind: "daemon", ...(fields === undefined ? {} : { fields }) };
    log(line, own, "");
  };

  return {
    event(event, at = now()) {
      let shown = false;
      for (const line of logLines(event)) {
        const key = rateKey(event, line);
        const rest = { at, kind: event.kind, event, ...(shown ? { follows: true as const } : {}) };
        if (log(line, rest, key)) shown = true;
      }
    },
    err: (text, fields) => sentence({ level: "err", text }, fields),
    warning: (text, fields) => sentence({ level: "warning", text }, fields),
    notice: (text, fields) => sentence({ level: "notice", text }, fields),
    info: (text, fields) => sentence({ level: "info", text }, fields),
    detail: (text, fields) => sentence({ level: "info", text, detail: true }, fields),
    sweep,
    close: () => tellHeldBack(rateLimit.endAll(), now()),
  };
}

/** What counts as the same line; empty for lines that are always shown. */
function rateKey(event: NodeEvent, line: LogLine): string {
  switch (event.kind) {
    case "transition":
    case "fault-raised":
    case "fault-cleared":
    case "reload":
    case "leftovers-removed":
      return "";
    case "advert-refused":
      return `${event.kind} ${event.instance ?? event.interface} ${event.refusal.kind}`;
    case "advert-differs":
      return `${event.kind} ${event.instance} ${event.what.kind}`;
    case "advert-heard":
      return `${event.kind} ${event.instance} ${event.what}`;
    case "link":
      return `${event.kind} ${event.interface} ${event.what}`;
    default:
      return `${event.kind} ${"instance" in event ? event.instance : ""} ${line.level}`;
  }
}
