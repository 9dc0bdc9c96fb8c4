// What reaches which sink in which form, and that floods are held back and counted. Sinks write into
// arrays and time is a variable: no file, no socket, no waiting.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import type { NodeEvent } from "../../../../src/core/engine/event.ts";
import { LogRateLimit } from "../../../../src/host/observe/log-rate-limit.ts";
import { createLogger } from "../../../../src/host/observe/logger.ts";
import {
  consoleSink,
  ctime,
  facilityOf,
  jsonSink,
  readableSink,
  syslogSink,
} from "../../../../src/host/observe/sinks.ts";

const noon = new Date(2026, 10, 2, 12, 50, 0, 7).getTime();
const toMaster: NodeEvent = {
  kind: "transition",
  instance: "VI_1",
  from: "BACKUP",
  to: "MASTER",
  reason: "master-silent",
  priority: 100,
};
const badPassword: NodeEvent = {
  kind: "advert-refused",
  instance: "VI_1",
  interface: "eth0",
  from: ip("10.0.0.2"),
  refusal: { kind: "bad-password" },
};

function loggerInto(lines: string[], detail = false) {
  const clock = { now: noon };
  const sinks = [consoleSink((text) => lines.push(text))];
  return { clock, logger: createLogger({ sinks, detail, now: () => clock.now }) };
}

test("the console line is keepalived's, with the day of the month padded by a space", () => {
  const lines: string[] = [];
  loggerInto(lines).logger.event(toMaster);
  assert.deepEqual(lines, ["Mon Nov  2 12:50:00 2026: (VI_1) Entering MASTER STATE\n"]);
});

test("detail lines appear with -D, after the line that they belong to", () => {
  const lines: string[] = [];
  loggerInto(lines, true).logger.event(toMaster);
  assert.deepEqual(
    lines.map((line) => line.slice(26)),
    ["(VI_1) Entering MASTER STATE\n", "(VI_1) setting VIPs.\n"],
  );
});

test("a syslog datagram carries priority, time, ident and pid, and no newline", () => {
  const datagrams: string[] = [];
  const send = (datagram: Uint8Array) => datagrams.push(new TextDecoder().decode(datagram));
  const sink = syslogSink({ send, ident: "Keepalived_vrrp", pid: 7244, facility: 3 });
  createLogger({ sinks: [sink], now: () => noon }).event(toMaster);
  createLogger({ sinks: [sink], now: () => noon }).err("cannot go on");
  assert.deepEqual(datagrams, [
    "<30>Nov  2 12:50:00 Keepalived_vrrp[7244]: (VI_1) Entering MASTER STATE",
    "<27>Nov  2 12:50:00 Keepalived_vrrp[7244]: cannot go on",
  ]);
});

test("keepalived's -S words become facility numbers", () => {
  assert.deepEqual(["daemon", "user", "0", "local7", "local8", ""].map(facilityOf), [
    3,
    1,
    16,
    23,
    undefined,
    undefined,
  ]);
});

test("a JSON line has the time, the level, the kind and every field of the event, once per event", () => {
  const lines: string[] = [];
  const sinks = [jsonSink((text) => lines.push(text))];
  createLogger({ sinks, detail: true, now: () => noon }).event(toMaster);
  assert.equal(lines.length, 1);
  assert.deepEqual(JSON.parse(lines[0] ?? ""), {
    time: new Date(noon).toISOString(),
    level: "info",
    kind: "transition",
    message: "(VI_1) Entering MASTER STATE",
    instance: "VI_1",
    from: "BACKUP",
    to: "MASTER",
    reason: "master-silent",
    priority: 100,
  });
});

test("the form for people says why, and uses colour only when told to", () => {
  const lines: string[] = [];
  const write = (text: string) => lines.push(text);
  createLogger({ sinks: [readableSink(write)], now: () => noon }).event(toMaster);
  assert.deepEqual(lines, [
    "12:50:00.007  (VI_1) Entering MASTER STATE - the master has not been heard in time, priority 100\n",
  ]);
  createLogger({ sinks: [readableSink(write, { colour: true })], now: () => noon }).event(toMaster);
  assert.ok(lines[1]?.includes("\u001b[32m(VI_1) Entering MASTER STATE\u001b[0m"));
});

test("control characters cannot forge a second line in any text form", () => {
  const lines: string[] = [];
  const write = (text: string) => lines.push(text);
  const sinks = [consoleSink(write), readableSink(write, { colour: true }), jsonSink(write)];
  createLogger({ sinks, now: () => noon }).info(
    "a\nSun Nov 22: (VI_1) Entering MASTER STATE\u001b[2J",
  );
  for (const line of lines) {
    assert.equal(line.indexOf("\n"), line.length - 1);
    assert.ok(!line.includes("\u001b[2J"));
  }
});

test("a flood of one refusal is held back after ten lines and counted when the window ends", () => {
  const lines: string[] = [];
  const { clock, logger } = loggerInto(lines);
  for (let i = 0; i < 1_000; i++) {
    logger.event(badPassword);
    clock.now += 1;
  }
  assert.equal(lines.length, 10);
  clock.now += 10_000;
  logger.sweep();
  assert.equal(lines.length, 11);
  assert.match(
    lines[10] ?? "",
    /suppressed 990 lines like: \(VI_1\) received an invalid passwd from 10\.0\.0\.2!/,
  );
  logger.event(badPassword);
  assert.equal(lines.length, 12);
});

test("state changes are never held back, also during a flood", () => {
  const lines: string[] = [];
  const { logger } = loggerInto(lines);
  for (let i = 0; i < 100; i++) logger.event(badPassword);
  for (let i = 0; i < 100; i++) logger.event(toMaster);
  assert.equal(lines.filter((line) => line.includes("Entering MASTER")).length, 100);
});

test("what was held back is told by itself when the flood ends with no line after it", () => {
  const lines: string[] = [];
  const clock = { now: noon };
  const timers: (() => void)[] = [];
  const logger = createLogger({
    sinks: [consoleSink((text) => lines.push(text))],
    now: () => clock.now,
    later: (run, wait) => {
      assert.equal(wait, 10_000);
      timers.push(run);
    },
  });
  for (let i = 0; i < 15; i++) logger.event(badPassword);
  assert.equal(timers.length, 1);
  clock.now += 10_000;
  timers[0]?.();
  assert.match(lines.at(-1) ?? "", /suppressed 5 lines/);
});

test("closing tells what is still held back", () => {
  const lines: string[] = [];
  const { logger } = loggerInto(lines);
  for (let i = 0; i < 12; i++) logger.event(badPassword);
  logger.close();
  assert.match(lines.at(-1) ?? "", /suppressed 2 lines/);
});

test("the rate limit keeps a bounded number of kinds and survives a clock that is set back", () => {
  const limit = new LogRateLimit(1, 1_000, 4);
  for (let i = 0; i < 1_000; i++) assert.ok(limit.admit(`kind ${i}`, "x", 5_000));
  assert.ok(!limit.admit("kind 999", "x", 5_000));
  assert.deepEqual(limit.ended(4_000), [{ key: "kind 999", count: 1, example: "x" }]);
  assert.ok(limit.admit("kind 999", "x", 4_000));
});

test("ctime is the C library's, one-digit days padded with a space", () => {
  assert.equal(ctime(new Date(2026, 10, 22, 3, 4, 5).getTime()), "Sun Nov 22 03:04:05 2026");
  assert.equal(ctime(new Date(2026, 0, 1, 0, 0, 0).getTime()), "Thu Jan  1 00:00:00 2026");
});
