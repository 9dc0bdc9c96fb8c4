// A minute of random bytes, and beside it a minute of adverts that are wrong in one point each, at
// the VRRP sockets of a running pair. Nobody changes state, the master's own adverts keep their
// rhythm, every packet is counted under its reason, and the processor time stays bounded.
// UNDERSTUDY_FLOOD_SECONDS changes the minute.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { InstanceStatus, NodeStatus } from "../../src/core/engine/status.ts";
import { createLab, type Lab, monotonicMs, routersAndClient } from "../../src/host/lab/lab.ts";
import {
  ownProgram,
  type RouterProcess,
  routerFiles,
  startRouter,
} from "../../src/host/lab/router-process.ts";
import { startWitness } from "../../src/host/lab/witness.ts";
import { eventually } from "../lab/eventually.ts";
import { forgedAs, forgeries } from "../lab/forgeries.ts";
import { instanceText, passwordLines } from "../lab/instance-text.ts";
import { skipForStandIn, skipWithoutTcpdump } from "../lab/requirements.ts";

const floodSeconds = Number(process.env["UNDERSTUDY_FLOOD_SECONDS"] ?? "60");
const packetsPerSecond = 500;
/** Of one processor. A packet costs some 20 µs, the rest is what a busy machine adds. */
const processorShareMax = 0.2;
/** Of what was sent: the kernel may drop when this machine stands still for half a second. */
const countedShareMin = 0.99;

const config = (priority: number): string =>
  instanceText({
    vrid: forgedAs.vrid,
    version: 2,
    priority,
    addresses: [`${forgedAs.address}/24`],
    lines: passwordLines(forgedAs.password),
  });

describe("under attack", { skip: skipWithoutTcpdump || skipForStandIn, concurrency: 2 }, () => {
  test("B29 B16 F25: random bytes change nothing and every packet is counted", async () => {
    await underAttack("noise", (sent, status, host) => {
      const { counters } = instanceOf(status);
      const dropped = Object.entries(counters)
        .filter(([name]) => name.startsWith("dropped "))
        .reduce((sum, [, count]) => sum + count, 0);
      assertCounted(`${host}: ours`, dropped, sent["ours"]);
      const strangers = status.unknownVrids.reduce((sum, { packets }) => sum + packets, 0);
      assertCounted(`${host}: unknown VRID`, strangers, sent["unknown VRID"]);
      const short = (status.unattributed ?? []).reduce((sum, { packets }) => sum + packets, 0);
      assertCounted(`${host}: too short`, short, sent["too short"]);
    });
  });

  test("B16 E20 F25: forged adverts change nothing, each is counted under its reason", async () => {
    await underAttack("forged", (sent, status, host) => {
      const { counters } = instanceOf(status);
      for (const { refusal } of forgeries) {
        const count = new Map(Object.entries(counters)).get(`dropped ${refusal}`) ?? 0;
        assertCounted(`${host}: ${refusal}`, count, sent[refusal]);
      }
    });
  });
});

type Sent = Readonly<Record<string, number>>;

async function underAttack(
  mode: "noise" | "forged",
  check: (sent: Sent, status: NodeStatus, host: string) => void,
): Promise<void> {
  const lab = createLab(mode, routersAndClient(2));
  try {
    const a = startRouter(lab, "a", { program: "understudy", config: config(150) });
    const b = startRouter(lab, "b", { program: "understudy", config: config(100) });
    await a.reaches("MASTER", 8_000);
    await eventually("b is backup", () => b.state() === "BACKUP");
    const witness = await startWitness(lab, { filter: "proto 112 and src 192.168.254.1" });
    assert.ok(witness !== undefined);
    const since = monotonicMs();
    const before = [a, b].map(processorSeconds);
    const sent = await flood(lab, mode);
    const used = [a, b].map((router, i) => processorSeconds(router) - (before[i] ?? 0));
    assertCalm([a, b], since);
    assertRhythm(witness.adverts().map(({ at }) => at));
    for (const host of ["a", "b"]) check(sent, statusOf(lab, host), host);
    for (const share of used.map((seconds) => seconds / floodSeconds)) {
      assert.ok(share < processorShareMax, `${(share * 100).toFixed(1)} % of a processor`);
    }
    assert.equal(await a.stop(), 0);
  } finally {
    lab.close();
  }
}

/** Sends from the client until the time is over; resolves to how many of each kind. */
function flood(lab: Lab, mode: string): Promise<Sent> {
  const program = fileURLToPath(new URL("../lab/flood.js", import.meta.url));
  const shown = lab.exec("client", ["ip", "-o", "link", "show", "eth0"]).stdout;
  const [, index = "", mac = ""] = /^(\d+):.*link\/ether (\S+)/.exec(shown) ?? [];
  const args = [mode, index, mac, String(floodSeconds), String(packetsPerSecond), "1"];
  const child = lab.spawn("client", [process.execPath, program, ...args]);
  return new Promise((resolve, reject) => {
    let out = "";
    let complaint = "";
    child.stdout?.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      complaint += chunk;
    });
    child.on("close", () => {
      if (out === "") reject(new Error(`the flood did not end well: ${complaint}`));
      else resolve(JSON.parse(out) as Sent);
    });
  });
}

/** User and system time of all threads, from /proc/PID/stat; the clock has 100 ticks a second. */
function processorSeconds({ child }: RouterProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function assertCalm(routers: readonly RouterProcess[], since: number): void {
  for (const router of routers) {
    const moves = router.lines.filter(({ at, text }) => at >= since && /Entering/.test(text));
    assert.deepEqual(moves, [], `${router.host} changes state`);
    assert.equal(router.child.exitCode, null, `${router.host} runs`);
    const lines = router.lines.filter(({ at }) => at >= since).length;
    assert.ok(lines < floodSeconds * 5 + 50, `${router.host} logs ${lines} lines`);
  }
}

/** A second apart, from the first to the last, whatever arrives in between. */
function assertRhythm(adverts: readonly number[]): void {
  assert.ok(adverts.length >= floodSeconds - 2, `${adverts.length} adverts`);
  for (let i = 1; i < adverts.length; i++) {
    const gap = (adverts[i] ?? 0) - (adverts[i - 1] ?? 0);
    assert.ok(gap > 900 && gap < 1_200, `${gap.toFixed(1)} ms between two adverts`);
  }
}

function statusOf(lab: Lab, host: string): NodeStatus {
  const socket = routerFiles(lab, host).controlSocket;
  const asked = lab.exec(host, [
    ...ownProgram("understudy"),
    "status",
    "--json",
    "--socket",
    socket,
  ]);
  assert.equal(asked.status, 0, asked.stderr);
  return (JSON.parse(asked.stdout) as { readonly status: NodeStatus }).status;
}

function instanceOf(status: NodeStatus): InstanceStatus {
  const instance = status.instances[0];
  assert.ok(instance !== undefined, "an instance");
  return instance;
}

function assertCounted(what: string, counted: number, sent = 0): void {
  assert.ok(sent > 0, `${what}: some were sent`);
  assert.ok(counted <= sent, `${what}: ${counted} counted, ${sent} sent`);
  assert.ok(counted >= sent * countedShareMin, `${what}: ${counted} counted, ${sent} sent`);
}
