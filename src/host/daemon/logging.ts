// Where the log goes: stderr with -l or -n, else syslog; a file with -g as well. The forms are
// observe's; this file opens what they write to.

import { openSync, writeSync } from "node:fs";
import { unixDatagramSender } from "../linux/unix-datagram.ts";
import type { LogSink } from "../observe/log-record.ts";
import { createLogger, type Logger } from "../observe/logger.ts";
import {
  consoleSink,
  facilityOf,
  jsonSink,
  readableSink,
  syslogSink,
  type WriteText,
} from "../observe/sinks.ts";
import type { DaemonOptions } from "./options.ts";

/** Never throws: a log that cannot be written is no reason not to route. */
export function openLog({ log, namespace }: DaemonOptions): Logger {
  const sinks: LogSink[] = [];
  if (log.console) {
    // A reader that went away must not take the router with it.
    process.stderr.on("error", () => {});
    sinks.push(textSink(log.format, (text) => process.stderr.write(text), process.stderr.isTTY));
  }
  if (log.syslog) sinks.push(toSyslog(log.facility, namespace));
  if (log.file !== undefined) {
    const write = fileWriter(log.file);
    if (write !== undefined) sinks.push(textSink(log.format, write, false));
  }
  return createLogger({ sinks, detail: log.detail > 0 });
}

function textSink(
  format: DaemonOptions["log"]["format"],
  write: WriteText,
  isTerminal: boolean,
): LogSink {
  if (format === "json") return jsonSink(write);
  if (format === "keepalived") return consoleSink(write);
  return readableSink(write, { colour: isTerminal && (process.env["NO_COLOR"] ?? "") === "" });
}

function toSyslog(facility: string, namespace: string | undefined): LogSink {
  const socket = unixDatagramSender("/dev/log");
  return syslogSink({
    send: (datagram) => socket.send(datagram),
    ident: namespace === undefined ? "Keepalived_vrrp" : `Keepalived_vrrp_${namespace}`,
    pid: process.pid,
    facility: facilityOf(facility) ?? 3,
  });
}

function fileWriter(path: string): WriteText | undefined {
  try {
    const fd = openSync(path, "a", 0o644);
    return (text) => {
      try {
        writeSync(fd, text);
      } catch {
        // A full disk must not stop the router.
      }
    };
  } catch (reason) {
    process.stderr.write(`log file: ${String(reason)}\n`);
    return undefined;
  }
}
