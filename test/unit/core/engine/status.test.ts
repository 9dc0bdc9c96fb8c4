// What the engine tells: the sentence that explains each state, masked passwords, timers and
// counters, and that every kind of event comes from somewhere.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import { instant, seconds } from "../../../../src/core/base/time.ts";
import { createEngine } from "../../../../src/core/engine/engine.ts";
import type { NodeEvent } from "../../../../src/core/engine/event.ts";
import { Counters, counterNames } from "../../../../src/core/vrrp/counters.ts";
import { Lab, type LabNode, realAddress } from "./lab.ts";
import { instanceModel, nodeModel, virtual } from "./models.ts";

function pair(
  a: Parameters<typeof instanceModel>[0],
  b: Parameters<typeof instanceModel>[0],
): { lab: Lab; a: LabNode; b: LabNode } {
  const lab = new Lab();
  const nodes = { lab, a: lab.node("10.0.0.1"), b: lab.node("10.0.0.2") };
  nodes.a.start(nodeModel([instanceModel(a)]));
  lab.advance(seconds(4));
  nodes.b.start(nodeModel([instanceModel(b)]));
  lab.advance(seconds(2));
  return nodes;
}

test("a backup explains itself by the master that it hears", () => {
  const stronger = pair({ priority: 150 }, {});
  assert.equal(stronger.b.status().why, "backup: 10.0.0.1 advertises priority 150, ours is 100");
  const equal = pair({}, {});
  assert.equal(
    equal.b.status().why,
    "backup: 10.0.0.1 advertises priority 100, the same as ours, and was there first",
  );
  const patient = pair({ priority: 50 }, { preempt: false });
  assert.equal(
    patient.b.status().why,
    "backup: 10.0.0.1 advertises priority 50, ours is 100, but nopreempt leaves it master",
  );
});

test("a backup that heard another owner says that one of the two is configured wrongly", () => {
  const owners = pair({ priority: 255 }, {});
  owners.b.feed({ kind: "configure", model: nodeModel([instanceModel({ priority: 255 })]) });
  owners.lab.advance(seconds(2));
  const [a, b] = [owners.a.status(), owners.b.status()];
  assert.deepEqual([a.state, b.state].toSorted(), ["BACKUP", "MASTER"]);
  const other = a.state === "BACKUP" ? "10.0.0.2" : "10.0.0.1";
  assert.equal(
    (a.state === "BACKUP" ? a : b).why,
    `backup: ${other} is configured as the owner of the addresses (priority 255), as this router is: correct one of the two`,
  );
});

test("a master does not say of a weaker router that it has fallen silent while it spoke", () => {
  const delayed = pair({ priority: 50 }, { preemptDelay: seconds(3) });
  delayed.lab.advance(seconds(8));
  assert.equal(
    delayed.b.status().why,
    "master since it heard no router as strong as itself for 3.609375s",
  );
});

test("a master says of a weaker router that it has fallen silent where that is so", () => {
  const delayed = pair({ priority: 50 }, { preemptDelay: seconds(300) });
  delayed.a.cut = true;
  delayed.lab.advance(seconds(5));
  assert.equal(delayed.b.status().why, "master since it heard nothing from 10.0.0.1 for 3.609375s");
});

test("a backup that hears nobody says when it takes over", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()]));
  lab.advance(seconds(1));
  assert.equal(node.status().why, "backup: no master heard yet, takes over in 2.609375s");
});

test("an instance that stopped says so", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()]));
  node.feed({ kind: "shutdown" });
  assert.equal(node.status().why, "stopped: the daemon was asked to end");
  assert.equal(node.state(), "STOP");
});

test("passwords are masked, everything else of the model is shown", () => {
  const lab = new Lab();
  const node = lab.node();
  const model = instanceModel({ authentication: { kind: "pass", password: "geheim" } });
  node.start(nodeModel([model]));
  const { authentication, ...shown } = node.status().model;
  const { authentication: _, ...rest } = model;
  assert.deepEqual(shown, rest);
  assert.deepEqual(authentication, { kind: "pass", password: "********" });
  const everything = JSON.stringify([node.engine.status(lab.now), node.events()]);
  assert.ok(!everything.includes("geheim"));
});

test("master, timers and last transition are told as durations", () => {
  const { lab, a, b } = pair({ priority: 150 }, {});
  lab.advance(250_000);
  const backup = b.status();
  assert.equal(backup.master?.address, "10.0.0.1");
  assert.equal(backup.master?.priority, 150);
  assert.equal(
    backup.timers["masterDown"],
    backup.masterDownInterval - (backup.master?.heardAgo ?? 0),
  );
  assert.deepEqual(Object.keys(a.status().timers).includes("advert"), true);
  assert.deepEqual(a.status().master, {
    address: ip("10.0.0.1"),
    priority: 150,
    interval: seconds(1),
  });
  assert.equal(backup.lastTransition?.ago, 2_250_000);
  assert.equal(backup.lastTransition?.reason, "startup");
  assert.equal(backup.skew, 609_375);
});

test("counters live where the host wants them", () => {
  const memory = new Float64Array(counterNames.length);
  const engine = createEngine({ allocateCounters: () => memory });
  const lab = new Lab();
  engine.handle({ kind: "configure", model: nodeModel([instanceModel()]) }, lab.now);
  new Counters(memory).add("garps-sent", 7);
  assert.equal(engine.status(lab.now).instances[0]?.counters["garps-sent"], 7);
});

test("the status of an engine that knows nothing is empty", () => {
  assert.deepEqual(createEngine().status(instant(1)), {
    instances: [],
    links: [],
    unknownVrids: [],
    unattributed: [],
  });
});

/** Each kind of event, so that one without a test does not compile. */
const eventKinds: Readonly<Record<NodeEvent["kind"], true>> = {
  transition: true,
  "advert-refused": true,
  "advert-differs": true,
  "advert-heard": true,
  "master-changed": true,
  "interval-learned": true,
  "receive-timeout": true,
  "priority-changed": true,
  "preempt-delay": true,
  "fault-raised": true,
  "fault-cleared": true,
  "priority-zero-sent": true,
  "address-taken-away": true,
  "address-refused": true,
  "leftovers-removed": true,
  link: true,
  announcing: true,
  "startup-delay": true,
  reload: true,
  "socket-refused": true,
  "woken-late": true,
};

test("every kind of event is produced by a life that has everything", () => {
  const lab = new Lab();
  const a = lab.node("10.0.0.1");
  const b = lab.node("10.0.0.2");
  a.kernel.addAsSomebodyElse({ ...realAddress("192.0.2.1"), protocol: 18 });
  a.kernel.setLink({ name: "eth1", index: 2 });
  const model = instanceModel({
    version: 3,
    priority: 150,
    preemptDelay: seconds(5),
    trackInterfaces: [{ interface: "eth1", weight: -10, reverse: false }],
  });
  a.start(nodeModel([model], { startupDelay: seconds(1) }));
  b.start(nodeModel([instanceModel({ version: 3, advertInterval: seconds(2) })]));
  lab.advance(seconds(6));
  // B serves alone and A comes back late; then A's cable, address and socket trouble.
  a.cut = true;
  lab.advance(seconds(10));
  a.kernel.setLinkUp("eth0", false);
  a.kernel.setLinkUp("eth1", false);
  a.kernelEvents();
  a.cut = false;
  a.kernel.setLinkUp("eth0", true);
  a.kernelEvents();
  lab.advance(seconds(20));
  assert.equal(a.state(), "MASTER");
  a.kernel.removeAsSomebodyElse(ip("192.0.2.1"));
  a.kernelEvents();
  a.kernel.refuseAddresses({ call: "RTM_NEWADDR", object: "192.0.2.1", code: "EPERM" });
  lab.advance(seconds(2));
  a.receive(new Uint8Array(2));
  const error = { call: "socket", object: "raw socket", code: "EPERM" };
  a.feed({ kind: "socket-refused", socket: 1, error });
  const next = { ...model, addresses: [virtual("192.0.2.1/24"), virtual("192.0.2.2/24")] };
  a.feed({ kind: "configure", model: nodeModel([next]) });
  // B's machine sleeps for longer than an advert interval.
  lab.now = instant(lab.now + seconds(30));
  b.timeout();
  const produced = new Set([...a.events(), ...b.events()].map(({ kind }) => kind));
  assert.deepEqual(
    Object.keys(eventKinds).filter((kind) => !produced.has(kind as NodeEvent["kind"])),
    [],
  );
});
