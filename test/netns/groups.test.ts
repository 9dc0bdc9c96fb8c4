// More than the plain pair: three routers in a row, a pair without preemption, a pair that speaks
// unicast, and a pair that backs each other up. Each on a network of its own, side by side.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  createLab,
  type Lab,
  type LabPlan,
  monotonicMs,
  routersAndClient,
} from "../../src/host/lab/lab.ts";
import { type RouterProcess, startRouter } from "../../src/host/lab/router-process.ts";
import { startWitness } from "../../src/host/lab/witness.ts";
import { eventually, throughout } from "../lab/eventually.ts";
import { instanceText, unicastLines, virtualAddress } from "../lab/instance-text.ts";
import { ours, skipWithoutLab, skipWithoutTcpdump } from "../lab/requirements.ts";

type Host = "a" | "b" | "c";

/** Routers of one lab, opened and looked at by their host. */
class Group {
  readonly lab: Lab;
  readonly routers = new Map<Host, RouterProcess>();

  constructor(name: string, plan: LabPlan) {
    this.lab = createLab(name, plan);
  }

  open(host: Host, config: string): RouterProcess {
    const router = startRouter(this.lab, host, { program: ours, config });
    this.routers.set(host, router);
    return router;
  }

  router(host: Host): RouterProcess {
    const router = this.routers.get(host);
    assert.ok(router !== undefined, `${host} is running`);
    return router;
  }

  /** Hosts whose kernel has the address, in one word. */
  holders(address = virtualAddress, interfaceName = "eth0"): string {
    const holds = (host: string): boolean =>
      this.lab.addresses(host, interfaceName).some((one) => one.startsWith(`${address}/`));
    return this.lab.hosts.filter(holds).join("");
  }

  close(): void {
    this.lab.close();
  }
}

describe("three routers", { skip: skipWithoutLab }, () => {
  let group: Group;
  // Far apart, so that the third one's skew is 70 ms longer than the second one's.
  const priorities = { a: 250, b: 200, c: 20 };
  const open = (host: Host): RouterProcess =>
    group.open(host, instanceText({ priority: priorities[host] }));

  before(() => {
    group = new Group("three", routersAndClient(3));
    for (const host of ["a", "b", "c"] as const) open(host);
  });
  after(() => group?.close());

  test("the strongest is master, and alone holds the address", async () => {
    await group.router("a").reaches("MASTER", 5_000);
    await eventually(
      "only a holds it",
      () => group.holders() === "a",
      2_000,
      () => group.holders(),
    );
  });

  test("E16 E15: the second takes over, the third stays backup", async () => {
    await group.router("a").stop();
    await group.router("b").reaches("MASTER", 2_000);
    await group.router("c").reaches("BACKUP", 1_000);
    await throughout("c is backup", () => group.router("c").state() === "BACKUP", 600);
    assert.equal(group.holders(), "b");
  });

  test("the third takes over from the second", async () => {
    await group.router("b").stop();
    await group.router("c").reaches("MASTER", 2_000);
    await eventually("c holds it", () => group.holders().includes("c"));
  });

  test("the strongest comes back between two others", async () => {
    open("b");
    open("a");
    await group.router("a").reaches("MASTER", 3_000);
    await eventually(
      "only a holds it",
      () => group.holders() === "a",
      3_000,
      () => group.holders(),
    );
    await throughout("it stays so", () => group.holders() === "a", 500);
  });
});

describe("nopreempt", { skip: skipWithoutLab }, () => {
  let group: Group;
  before(() => {
    group = new Group("nopreempt", routersAndClient(2));
    group.open("b", instanceText({ priority: 100, lines: ["nopreempt"] }));
  });
  after(() => group?.close());

  test("E14: the stronger router that comes later stays backup", async () => {
    await group.router("b").reaches("MASTER", 3_000);
    const a = group.open("a", instanceText({ priority: 150, lines: ["nopreempt"] }));
    await a.reaches("BACKUP", 3_000);
    await throughout("a is backup", () => a.state() === "BACKUP", 1_500);
    assert.equal(group.holders(), "b");
  });

  test("it takes over when the weaker one is gone", async () => {
    await group.router("b").stop();
    await group.router("a").reaches("MASTER", 2_000);
    await eventually("a holds it", () => group.holders() === "a");
  });
});

describe("unicast", { skip: skipWithoutTcpdump }, () => {
  let group: Group;
  const address = { a: "192.168.254.1", b: "192.168.254.2" };
  const config = (host: "a" | "b", peer: "a" | "b", priority: number): string =>
    instanceText({ priority, lines: unicastLines(address[host], [address[peer]]) });

  before(() => {
    group = new Group("unicast", routersAndClient(2));
    group.open("a", config("a", "b", 150));
    group.open("b", config("b", "a", 100));
  });
  after(() => group?.close());

  test("adverts go to the peer and nowhere else", async () => {
    await group.router("a").reaches("MASTER", 5_000);
    const witness = await startWitness(group.lab);
    assert.ok(witness !== undefined);
    await eventually("five adverts", () => witness.packets.length >= 5);
    for (const { text } of witness.packets)
      assert.match(text, /^IP 192\.168\.254\.1 > 192\.168\.254\.2: /);
    await witness.stop();
    assert.equal(group.holders(), "a");
  });

  test("the peer takes over and gives back", async () => {
    group.lab.cable("a", "out");
    await group.router("b").reaches("MASTER", 2_000);
    await eventually("b holds it", () => group.holders() === "b");
    group.lab.cable("a", "in");
    await group.router("a").reaches("MASTER", 3_000);
    await group.router("b").reaches("BACKUP", 1_000);
    await eventually("a holds it", () => group.holders() === "a");
  });
});

describe("two instances that back each other up", { skip: skipWithoutLab }, () => {
  let group: Group;
  const first = "192.168.254.100";
  const second = "192.168.254.101";
  const config = (priorities: readonly [number, number]): string =>
    instanceText({ name: "ONE", vrid: 1, priority: priorities[0], addresses: [`${first}/24`] }) +
    instanceText({ name: "TWO", vrid: 2, priority: priorities[1], addresses: [`${second}/24`] });

  before(() => {
    group = new Group("pair", routersAndClient(2));
    group.open("a", config([150, 100]));
    group.open("b", config([100, 150]));
  });
  after(() => group?.close());

  test("each is master of one address", async () => {
    await group.router("a").reaches("MASTER", 5_000, "ONE");
    await group.router("b").reaches("MASTER", 5_000, "TWO");
    await eventually(
      "one each",
      () => group.holders(first) === "a" && group.holders(second) === "b",
    );
  });

  test("one of them serves both while the other is away, and gives back its own", async () => {
    const since = monotonicMs();
    await group.router("a").stop();
    await group.router("b").says(/\(ONE\) Entering MASTER STATE/, 2_000, since);
    await eventually(
      "b has both",
      () => group.holders(first) === "b" && group.holders(second) === "b",
    );
    group.open("a", config([150, 100]));
    await group.router("a").reaches("MASTER", 3_000, "ONE");
    await eventually(
      "one each",
      () => group.holders(first) === "a" && group.holders(second) === "b",
    );
    assert.equal(group.router("a").state("TWO"), "BACKUP");
  });
});

describe("instances on two interfaces", { skip: skipWithoutLab }, () => {
  let group: Group;
  const second = "192.168.253.100";
  const config = (priority: number): string =>
    instanceText({ name: "ONE", vrid: 51, priority }) +
    instanceText({
      name: "TWO",
      vrid: 51,
      priority,
      interfaceName: "eth0.2",
      addresses: [`${second}/24 dev eth0.2`],
    });
  const holders = (): string => `${group.holders()} ${group.holders(second, "eth0.2")}`;

  before(() => {
    const host = (number: number) => ({
      eth0: [`192.168.254.${number}/24`],
      "eth0.2": [`192.168.253.${number}/24`],
    });
    group = new Group("two", { a: host(1), b: host(2) });
    group.open("a", config(200));
    group.open("b", config(100));
  });
  after(() => group?.close());

  test("B26: the same VRID on two interfaces is two virtual routers", async () => {
    await group.router("a").reaches("MASTER", 5_000, "ONE");
    await group.router("a").reaches("MASTER", 5_000, "TWO");
    await eventually("a has both", () => holders() === "a a", 3_000, holders);
    group.lab.cable("a", "out", "eth0.2");
    await group.router("b").reaches("MASTER", 2_000, "TWO");
    await eventually("one each", () => holders() === "a b", 2_000, holders);
    assert.equal(group.router("a").state("ONE"), "MASTER");
    assert.equal(group.router("a").state("TWO"), "FAULT");
    assert.equal(group.router("b").state("ONE"), "BACKUP");
  });
});
