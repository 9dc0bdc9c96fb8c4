// What a line of the log is before it has a form: its level and text (LogLine), and with its time and
// origin what sinks are given (LogRecord).

import type { NodeEvent } from "../../core/engine/event.ts";

export type LogLevel = "err" | "warning" | "notice" | "info";

export type LogLine = {
  readonly level: LogLevel;
  /** Shown only with log detail (-D). */
  readonly detail?: boolean;
  readonly text: string;
};

export type LogFields = Readonly<Record<string, unknown>>;

export type LogRecord = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: LogLevel;
  readonly text: string;
  /** What the line belongs to: an event's kind, `daemon` for the daemon's own sentences. */
  readonly kind: string;
  readonly event?: NodeEvent;
  /** Particulars of a sentence of the daemon, for readers that are machines. */
  readonly fields?: LogFields;
  /** A second line about the same event. */
  readonly follows?: true;
};

export type LogSink = (record: LogRecord) => void;
