// The queues of gratuitous ARPs: rounds, pauses, turns between instances, slices that let adverts
// pass, and silence where it is due.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ipOf } from "../../../../src/core/base/ip.ts";
import { limits } from "../../../../src/core/base/limits.ts";
import { milliseconds, seconds } from "../../../../src/core/base/time.ts";
import { Lab, type LabNode } from "./lab.ts";
import { instanceModel, manyVirtual, nodeModel, virtual } from "./models.ts";

const targets = (node: LabNode): readonly string[] =>
  node.effects("send-frame").map(({ bytes }) => ipOf(bytes, 38, 4));

const addresses = [virtual("192.0.2.1/24"), virtual("192.0.2.2/24")];

test("J05: a burst goes round by round, in the order of the file, and once more after the delay", () => {
  const lab = new Lab();
  const node = lab.node();
  const garp = { ...instanceModel().garp, masterRepeat: 2 };
  node.start(nodeModel([instanceModel({ addresses, garp })]));
  lab.advance(seconds(4));
  const burst = ["192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.2"];
  assert.deepEqual(targets(node), burst);
  assert.deepEqual(
    node.eventsOf("announcing").map(({ addresses: count }) => count),
    [2],
  );
  lab.advance(seconds(5));
  assert.deepEqual(targets(node), [...burst, ...burst]);
  assert.equal(node.status().counters["garps-sent"], 8);
});

test("J05: vrrp_garp_interval spaces the frames of a link, in turns between instances", () => {
  const lab = new Lab();
  const node = lab.node();
  const garp = { ...instanceModel().garp, masterRepeat: 2, masterDelay: milliseconds(0) };
  const instances = [
    instanceModel({ name: "A", vrid: 1, addresses: [virtual("192.0.2.1")], garp }),
    instanceModel({ name: "B", vrid: 2, addresses: [virtual("192.0.2.2")], garp }),
  ];
  node.start(nodeModel(instances, { garpInterval: milliseconds(100) }));
  lab.advance(seconds(5));
  assert.deepEqual([...targets(node)].sort(), ["192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.2"]);
  const instants = node.seen
    .filter(({ effect }) => effect.kind === "send-frame")
    .map(({ at }) => at - 3_609_375);
  assert.deepEqual(instants, [0, 100_000, 200_000, 300_000]);
  assert.notEqual(targets(node)[1], targets(node)[2]);
});

test("J05: a router that gives way has nothing more to announce", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel({ addresses })], { garpInterval: seconds(1) }));
  lab.advance(seconds(4));
  node.kernel.setLinkUp("eth0", false);
  node.kernelEvents();
  node.forget();
  node.kernel.setLinkUp("eth0", true);
  node.kernelEvents();
  lab.advance(seconds(3));
  assert.deepEqual(targets(node), []);
});

test("5,000 addresses x 5 rounds leave in slices, and adverts pass in between", () => {
  const lab = new Lab();
  const node = lab.node();
  node.plainKernel = true;
  const many = instanceModel({
    name: "MANY",
    vrid: 1,
    addresses: [virtual("192.0.2.1")],
    excludedAddresses: manyVirtual(4_999),
    garp: { ...instanceModel().garp, masterDelay: milliseconds(0) },
  });
  const quick = instanceModel({
    name: "QUICK",
    vrid: 2,
    version: 3,
    advertInterval: milliseconds(10),
    addresses: [virtual("192.0.2.2")],
  });
  node.start(nodeModel([many, quick]));
  lab.advance(3_609_374);
  node.forget();
  // The clock stands still but for 1 ms with each call: the slices take their time.
  let longest = 0;
  for (let call = 0; call < 120; call++) {
    lab.now = (lab.now + 1_000) as typeof lab.now;
    const effects = node.timeout();
    longest = Math.max(longest, effects.filter(({ kind }) => kind === "send-frame").length);
  }
  assert.ok(longest <= 256, `${longest} frames in one call`);
  assert.equal(node.status("MANY").counters["garps-sent"], 25_000);
  const quickAdverts = node.effects("send-packet").filter(({ bytes }) => bytes[21] === 2);
  assert.ok(quickAdverts.length >= 11, `${quickAdverts.length} adverts of the quick instance`);
});

test("the queue of a link is bounded", () => {
  const lab = new Lab();
  const node = lab.node();
  node.plainKernel = true;
  const garp = { ...instanceModel().garp, masterRepeat: 60, masterDelay: milliseconds(0) };
  const excludedAddresses = manyVirtual(999);
  node.start(
    nodeModel([instanceModel({ excludedAddresses, garp })], { garpInterval: seconds(100) }),
  );
  lab.advance(seconds(4));
  node.feed({
    kind: "configure",
    model: nodeModel([instanceModel({ excludedAddresses, garp })]),
  });
  lab.advance(milliseconds(1));
  assert.equal(node.status().counters["garps-sent"], limits.announceQueueMax);
});

test("nothing is announced on a link without ARP or without a hardware address", () => {
  for (const link of [{ noArp: true }, { mac: "" }]) {
    const lab = new Lab();
    const node = lab.node();
    node.kernel.setLink({ name: "eth0", ...link });
    node.start(nodeModel([instanceModel()]));
    lab.advance(seconds(4));
    assert.equal(node.state(), "MASTER");
    assert.deepEqual(node.effects("send-frame"), []);
    assert.deepEqual(node.eventsOf("announcing"), []);
  }
});

test("F22 F23: losing adverts and the refresh make a master announce again", () => {
  const lab = new Lab();
  const node = lab.node();
  const garp = {
    ...instanceModel().garp,
    masterRepeat: 1,
    masterDelay: milliseconds(0),
    refresh: seconds(10),
    refreshRepeat: 2,
  };
  node.start(nodeModel([instanceModel({ garp })]));
  lab.advance(seconds(4));
  assert.equal(targets(node).length, 1);
  lab.advance(seconds(10));
  assert.equal(targets(node).length, 3);
  const weaker = lab.node("10.0.0.2");
  weaker.cut = true;
  weaker.start(nodeModel([instanceModel({ priority: 50 })]));
  lab.advance(seconds(4));
  const [losing] = weaker.effects("send-packet");
  node.forget();
  node.receive(losing?.bytes ?? new Uint8Array(0));
  assert.equal(targets(node).length, garp.lowerPriorityRepeat);
});

test("a new hardware address shows in the frames that still wait", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()], { garpInterval: seconds(1) }));
  lab.advance(seconds(4));
  node.kernel.setLink({ name: "eth0", mac: "02:00:00:00:00:99" });
  node.kernelEvents();
  lab.advance(seconds(1));
  const [first, second] = node.effects("send-frame");
  assert.deepEqual([first?.bytes[11], second?.bytes[11]], [0x01, 0x99]);
});
