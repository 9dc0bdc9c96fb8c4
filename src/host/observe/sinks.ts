// Where log lines go and in which form: keepalived's console line, RFC 3164 datagrams for syslog,
// JSON lines for machines, and a form for people at a terminal. A sink gets a function that writes,
// so nothing here opens a file or a socket. Control characters never reach a log: what an attacker
// puts into a name must not look like a second line.

import type { TransitionReason } from "../../core/vrrp/vocabulary.ts";
import type { LogLevel, LogSink } from "./log-record.ts";

export type WriteText = (text: string) => void;

/** keepalived's form with -l, -n and -g: `Sun Nov 22 12:50:00 2026: (VI_1) Entering MASTER STATE`. */
export const consoleSink =
  (write: WriteText): LogSink =>
  ({ at, text }) =>
    write(`${ctime(at)}: ${printable(text)}\n`);

/** One JSON object a line: time, level, kind, message and every field of the event. */
export const jsonSink =
  (write: WriteText): LogSink =>
  ({ at, level, kind, text, event, fields, follows }) => {
    if (follows === true) return;
    const time = new Date(at).toISOString();
    write(`${JSON.stringify({ time, level, kind, message: text, ...event, ...fields })}\n`);
  };

export type SyslogOptions = {
  /** Sends one datagram to /dev/log; what it cannot send is lost, as with syslog(3). */
  readonly send: (datagram: Uint8Array) => void;
  /** `Keepalived_vrrp`, and `Keepalived` for the process that only supervises. */
  readonly ident: string;
  readonly pid: number;
  /** 0 to 23; see facilityOf. */
  readonly facility: number;
};

const severities = { err: 3, warning: 4, notice: 5, info: 6 } as const satisfies Record<
  LogLevel,
  number
>;

/** RFC 3164 as syslog(3) sends it to the local socket: `<30>Nov 22 12:50:00 Keepalived_vrrp[7]: text`. */
export const syslogSink = ({ send, ident, pid, facility }: SyslogOptions): LogSink => {
  const encoder = new TextEncoder();
  return ({ at, level, text }) => {
    const priority = facility * 8 + severities[level];
    const time = ctime(at).slice(4, 19);
    send(encoder.encode(`<${priority}>${time} ${ident}[${pid}]: ${printable(text)}`));
  };
};

/** The number of keepalived's `-S` argument: 0 to 7 and local0 to local7, user, daemon. */
export function facilityOf(name: string): number | undefined {
  if (name === "daemon") return 3;
  if (name === "user") return 1;
  const local = /^(?:local)?([0-7])$/.exec(name)?.[1];
  return local === undefined ? undefined : 16 + Number(local);
}

/** For people: the time of day, the text, and why; warnings and errors marked, coloured on a terminal. */
export const readableSink =
  (write: WriteText, { colour = false }: { readonly colour?: boolean } = {}): LogSink =>
  ({ at, level, text, event, follows }) => {
    const paint = (code: number, words: string) =>
      colour ? `\u001b[${code}m${words}\u001b[0m` : words;
    const time = paint(2, timeOfDay(at));
    const mark =
      level === "err" ? paint(31, "error: ") : level === "warning" ? paint(33, "warning: ") : "";
    const isState = event?.kind === "transition" && follows !== true;
    const plain = printable(text);
    const words = isState ? paint(stateColours[event.to] ?? 0, plain) : plain;
    const why = isState ? ` - ${reasonPhrases[event.reason]}, priority ${event.priority}` : "";
    write(`${time}  ${mark}${words}${why}\n`);
  };

const stateColours: Readonly<Record<string, number>> = { MASTER: 32, BACKUP: 36, FAULT: 31 };

/** Why a router changed state, in words that fit behind the state. */
export const reasonPhrases = {
  startup: "start-up",
  "master-silent": "the master has not been heard in time",
  "priority-zero-heard": "the master announced that it leaves",
  "stronger-master-heard": "a better master is there",
  "address-owner": "this router owns the addresses",
  fault: "something it needs is missing",
  "fault-cleared": "what it needs is back",
  "address-taken-away": "somebody else deleted an address",
  reloaded: "new configuration",
  shutdown: "shutdown",
} as const satisfies Record<TransitionReason, string>;

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const months = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
] as const;

const two = (number: number): string => String(number).padStart(2, "0");

/** C's asctime without its newline, in local time: `Sun Nov  1 02:03:04 2026`. */
export function ctime(at: number): string {
  const date = new Date(at);
  const day = String(date.getDate()).padStart(2, " ");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${days[date.getDay()]} ${months[date.getMonth()]} ${day} ${time} ${date.getFullYear()}`;
}

/** Local time of day to the millisecond. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  const milli = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milli}`;
}

/** Control characters as `?`, so that one record stays one line. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
