// What `understudy status` shows for people, from a given answer of the daemon.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import { microseconds, milliseconds, seconds } from "../../../../src/core/base/time.ts";
import {
  peopleDuration,
  renderStatus,
  type StatusAnswer,
} from "../../../../src/host/observe/status-text.ts";
import { counters, instanceModel, instanceStatus, nodeStatus } from "./node-status.ts";

const master = instanceStatus(instanceModel, "MASTER", {
  timers: { garpDelay: seconds(4), advert: milliseconds(400) },
  counters: counters({ "adverts-sent": 53, "dropped bad-password": 3 }),
});
const backup = instanceStatus({ ...instanceModel, name: "VI_2", vrid: 52 }, "BACKUP", {
  why: "10.0.0.2 is master with priority 150",
  master: {
    address: ip("10.0.0.2"),
    priority: 150,
    interval: seconds(1),
    heardAgo: milliseconds(300),
  },
  timers: { masterDown: milliseconds(3_309) },
});
const fault = instanceStatus({ ...instanceModel, name: "VI_3", vrid: 53 }, "FAULT", {
  why: "interface eth0 is down",
  faults: [
    { kind: "interface-down", interface: "eth0" },
    { kind: "no-source-address", interface: "eth0" },
  ],
});

const answer: StatusAnswer = {
  schema: 1,
  status: {
    ...nodeStatus(master, backup, fault),
    unknownVrids: [{ interface: "eth0", vrid: 77, packets: 12 }],
  },
  node: {
    pid: 7244,
    startedAt: 0,
    version: "0.1.0",
    configFile: "/etc/keepalived/keepalived.conf",
    uptimeUs: 11_520_000_000,
  },
  events: [
    {
      at: new Date(2026, 10, 2, 12, 50, 0, 7).getTime(),
      event: { kind: "receive-timeout", instance: "VI_1" },
    },
  ],
};

test("the table has one line per instance with state, priority, VRID, master and held addresses", () => {
  const lines = renderStatus(answer).split("\n");
  assert.equal(lines[0], "understudy 0.1.0, pid 7244, up 3h 12m, /etc/keepalived/keepalived.conf");
  assert.deepEqual(lines.slice(2, 6), [
    "INSTANCE  STATE   PRIORITY  VRID  INTERFACE  MASTER    HELD  SINCE",
    "VI_1      MASTER  100       51    eth0       self      3/3   2s",
    "VI_2      BACKUP  100       52    eth0       10.0.0.2  0/3   2s",
    "VI_3      FAULT   100       53    eth0       -         0/3   2s",
  ]);
});

test("every fact of an instance is a line that starts with its name", () => {
  const lines = renderStatus(answer).split("\n");
  const has = (line: string) => assert.ok(lines.includes(line), `${line}\nin\n${lines.join("\n")}`);
  has("VI_1  master    this router, from 10.0.0.1");
  has("VI_1  timer     advert in 0.4s");
  has("VI_1  address   10.0.0.100/24 dev eth0 held");
  has("VI_1  address   10.0.0.102/32 dev eth0 held, not advertised");
  has("VI_1  counters  adverts-sent 53");
  has("VI_1  dropped   bad-password 3 (password is not the configured one)");
  has("VI_2  why       10.0.0.2 is master with priority 150");
  has("VI_2  master    10.0.0.2 priority 150, advert every 1s, heard 0.3s ago");
  has("VI_3  fault     interface eth0 down");
  has("VI_3  fault     no IPv4 address for interface");
});

test("only the next timer is shown, all of them with --timers", () => {
  const timers = (text: string) => text.match(/^VI_1 +timer.*$/gm) ?? [];
  assert.equal(timers(renderStatus(answer)).length, 1);
  assert.deepEqual(timers(renderStatus(answer, { timers: true })), [
    "VI_1  timer     advert in 0.4s",
    "VI_1  timer     garpDelay in 4s",
  ]);
});

test("packets of other groups and the last events follow", () => {
  const text = renderStatus(answer);
  assert.match(text, /^unknown vrid 77 on eth0: 12 adverts of routers that are not ours$/m);
  assert.match(text, /^ {2}2026-11-02 12:50:00\.007 {2}\(VI_1\) Receive advertisement timeout$/m);
});

test("without a terminal there is not one escape sequence, with one the state is coloured", () => {
  assert.ok(!renderStatus(answer).includes("\u001b"));
  assert.ok(renderStatus(answer, { colour: true }).includes("\u001b[32mMASTER\u001b[0m"));
});

test("the password that a status should not have is not shown", () => {
  const leaky = instanceStatus(
    { ...instanceModel, authentication: { kind: "pass", password: "topsecret" } },
    "MASTER",
  );
  assert.ok(!renderStatus({ ...answer, status: nodeStatus(leaky) }).includes("topsecret"));
});

test("durations for people are short at every size", () => {
  const cases = [
    [0, "0s"],
    [430_000, "0.4s"],
    [12_900_000, "12s"],
    [123_000_000, "2m 3s"],
    [11_520_000_000, "3h 12m"],
    [446_400_000_000, "5d 4h"],
  ] as const;
  for (const [duration, text] of cases) assert.equal(peopleDuration(microseconds(duration)), text);
});
