// Addresses in a real kernel: with their broadcast, label and scope, back when somebody deletes them,
// gone after a clean end, and at start the leftovers of an earlier run are removed while everything
// else stays. Also: what a reload changes and what it leaves alone.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { createLab, type Lab, monotonicMs, routersAndClient } from "../../src/host/lab/lab.ts";
import { run, signal } from "../../src/host/lab/namespaces.ts";
import { type RouterProcess, startRouter } from "../../src/host/lab/router-process.ts";
import { eventually, pause, throughout } from "../lab/eventually.ts";
import { instanceText } from "../lab/instance-text.ts";
import { ours, skipForStandIn, skipWithoutLab } from "../lab/requirements.ts";

const plain = "192.168.254.100/24 brd 192.168.254.255 dev eth0";
const labelled = "192.168.254.101/32 dev eth0 label eth0:v1 scope link";
const config = (priority: number, addresses: readonly string[]): string =>
  instanceText({ priority, addresses });

describe("addresses in the kernel", { skip: skipWithoutLab }, () => {
  let lab: Lab;
  let a: RouterProcess;

  const shown = (): string => lab.exec("a", ["ip", "-4", "addr", "show", "eth0"]).stdout;
  const has = (address: string): boolean => shown().includes(` ${address}`);
  const onA = (...argv: readonly string[]): void => {
    const done = lab.exec("a", argv);
    assert.equal(done.status, 0, `${argv.join(" ")}: ${done.stderr}`);
  };
  const open = (text: string): RouterProcess =>
    startRouter(lab, "a", { program: ours, config: text });

  before(() => {
    lab = createLab("addresses", routersAndClient(2));
  });
  after(() => lab?.close());

  test("they carry what the file says", async () => {
    a = open(config(100, [plain, labelled]));
    await a.reaches("MASTER", 5_000);
    await eventually("both addresses", () => has("192.168.254.101"));
    assert.match(
      shown(),
      /inet 192\.168\.254\.100\/24 brd 192\.168\.254\.255 scope global secondary/,
    );
    assert.match(shown(), /inet 192\.168\.254\.101\/32 scope link .*eth0:v1/);
  });

  test("one that somebody deletes comes back", async () => {
    const since = monotonicMs();
    onA("ip", "addr", "del", "192.168.254.100/24", "dev", "eth0");
    await a.says(/Entering MASTER STATE/, 2_000, since);
    await eventually("it is back", () => has("192.168.254.100"), 500);
    assert.equal(a.child.exitCode, null);
  });

  test("a reload that changes nothing leaves the master master", async () => {
    const since = monotonicMs();
    a.child.kill("SIGHUP");
    await throughout("a holds its address", () => has("192.168.254.100"), 1_000);
    assert.equal(a.state(), "MASTER");
    assert.deepEqual(statesSince(since), []);
  });

  test("a reload adds and removes addresses without leaving mastership", async () => {
    const since = monotonicMs();
    writeFileSync(a.configFile, config(100, [plain, "192.168.254.102/24"]));
    a.child.kill("SIGHUP");
    await eventually("the new one is there", () => has("192.168.254.102"), 2_000);
    await eventually("the old one is gone", () => !has("192.168.254.101"), 2_000);
    assert.ok(has("192.168.254.100"));
    assert.deepEqual(statesSince(since), []);
  });

  test("a reload with a broken file changes nothing", { skip: skipForStandIn }, async () => {
    const since = monotonicMs();
    writeFileSync(a.configFile, "vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 300\n");
    a.child.kill("SIGHUP");
    await throughout("a holds its addresses", () => has("192.168.254.102"), 1_000);
    assert.deepEqual(statesSince(since), []);
    assert.equal(a.child.exitCode, null);
  });

  test("a clean end takes them away and leaves the rest", async () => {
    onA("ip", "addr", "add", "192.168.254.200/24", "dev", "eth0");
    await a.stop();
    assert.ok(!has("192.168.254.100"));
    assert.ok(!has("192.168.254.102"));
    assert.ok(has("192.168.254.1"));
    assert.ok(has("192.168.254.200"));
  });

  test("leftovers of an earlier run are removed at start, and nothing else", {
    skip: skipForStandIn,
  }, async () => {
    a = open(config(100, [plain, "192.168.254.104/24"]));
    await a.reaches("MASTER", 5_000);
    await eventually("the addresses", () => has("192.168.254.104"));
    killWithGuard();
    assert.ok(has("192.168.254.100") && has("192.168.254.104"), "nobody took them away");
    onA("ip", "addr", "add", "192.168.254.103/24", "dev", "eth0");
    a = open(config(100, [plain]));
    await a.reaches("BACKUP", 3_000);
    await eventually("the one of the file is gone", () => !has("192.168.254.100"), 300);
    await eventually("the one of the file before is gone", () => !has("192.168.254.104"), 300);
    assert.ok(has("192.168.254.103"));
    assert.ok(has("192.168.254.200"));
    await a.reaches("MASTER", 3_000);
    await a.stop();
    await pause(50);
    assert.ok(has("192.168.254.103"));
  });

  test("a missing address is a fault until it is there", async () => {
    onA("ip", "addr", "flush", "dev", "eth0");
    a = open(config(100, [plain]));
    await a.reaches("FAULT", 3_000);
    onA("ip", "addr", "add", "192.168.254.1/24", "dev", "eth0");
    await a.reaches("BACKUP", 3_000);
    await a.reaches("MASTER", 3_000);
    await a.stop();
  });

  /** As a power cut does: the guard, which is the younger one, and the daemon in the same moment. */
  function killWithGuard(): void {
    const listed = run(["ip", "netns", "pids", lab.namespaceOf("a")]).stdout;
    const pids = listed
      .split("\n")
      .map(Number)
      .filter((pid) => pid > 0);
    for (const pid of pids.toReversed()) signal(pid, "SIGKILL");
  }

  function statesSince(since: number): readonly string[] {
    return a.lines
      .filter((line) => line.at >= since && /Entering \w+ STATE/.test(line.text))
      .map((line) => line.text);
  }
});
