// One node and one instance from configuration to stop, and two nodes on one LAN.

import assert from "node:assert/strict";
import { test } from "node:test";
import { instant, milliseconds, seconds } from "../../../../src/core/base/time.ts";
import { Lab } from "./lab.ts";
import { instanceModel, nodeModel, virtual } from "./models.ts";

test("A29 D05 D07 E07 E08 G05: a lone router waits, then advertises, installs and announces", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()]));
  assert.deepEqual(node.kinds(), ["open-socket", "report"]);
  assert.equal(node.state(), "BACKUP");
  lab.advance(3_609_374);
  assert.equal(node.state(), "BACKUP");
  node.forget();
  lab.advance(1);
  assert.equal(node.state(), "MASTER");
  const order = node.kinds().filter((kind) => kind !== "report");
  assert.deepEqual(order, ["send-packet", "add-addresses", ...Array(5).fill("send-frame")]);
  assert.deepEqual(node.held(), ["192.0.2.1/24"]);
  assert.equal(
    node.status().why,
    "master since it heard no router as strong as itself for 3.609375s",
  );
});

test("F08 F19 J10: a master that stops sends priority 0 and takes its addresses along", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()]));
  lab.advance(seconds(4));
  node.forget();
  node.feed({ kind: "shutdown" });
  const order = node.kinds().filter((kind) => kind !== "report");
  assert.deepEqual(order, ["send-packet", "remove-addresses", "close-socket", "stopped"]);
  assert.equal(node.effects("send-packet")[0]?.bytes[22], 0, "priority 0");
  assert.deepEqual(node.held(), []);
  assert.equal(node.engine.nextTimeout(), undefined);
  assert.deepEqual(
    node.eventsOf("transition").map(({ from, to, reason }) => [from, to, reason]),
    [["MASTER", "STOP", "shutdown"]],
  );
});

test("E06: a backup that stops says nothing on the wire", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()]));
  node.forget();
  node.feed({ kind: "shutdown" });
  assert.deepEqual(node.kinds(), ["report", "close-socket", "stopped"]);
});

test("two engines on one LAN agree on one master, and the backup takes over from silence", () => {
  const lab = new Lab();
  const a = lab.node("10.0.0.1");
  const b = lab.node("10.0.0.2");
  a.start(nodeModel([instanceModel({ priority: 150 })]));
  b.start(nodeModel([instanceModel({ priority: 100 })]));
  lab.advance(seconds(10));
  assert.deepEqual([a.state(), b.state()], ["MASTER", "BACKUP"]);
  assert.deepEqual([a.held(), b.held()], [["192.0.2.1/24"], []]);
  assert.equal(b.status().why, "backup: 10.0.0.1 advertises priority 150, ours is 100");
  a.cut = true;
  lab.advance(milliseconds(3_700));
  assert.deepEqual(b.held(), ["192.0.2.1/24"]);
  assert.equal(b.status().why, "master since it heard nothing from 10.0.0.1 for 3.609375s");
  a.cut = false;
  lab.advance(seconds(2));
  assert.deepEqual([a.state(), b.state()], ["MASTER", "BACKUP"]);
  assert.deepEqual(b.held(), []);
});

test("F08 E11: a stopped master is followed after the skew time", () => {
  const lab = new Lab();
  const a = lab.node("10.0.0.1");
  const b = lab.node("10.0.0.2");
  a.start(nodeModel([instanceModel({ priority: 150 })]));
  b.start(nodeModel([instanceModel({ priority: 100 })]));
  lab.advance(seconds(10));
  a.feed({ kind: "shutdown" });
  lab.advance(609_374);
  assert.equal(b.state(), "BACKUP");
  lab.advance(1);
  assert.equal(b.state(), "MASTER");
  assert.equal(b.status().why, "master since 10.0.0.1 gave up with priority 0");
});

test("addresses go to the kernel in the order of the file, excluded ones last, tagged as VRRP's", () => {
  const lab = new Lab();
  const node = lab.node();
  const addresses = [virtual("192.0.2.9"), virtual("192.0.2.1")];
  const excludedAddresses = [virtual("192.0.2.5"), virtual("2001:db8::1/64")];
  node.start(nodeModel([instanceModel({ addresses, excludedAddresses })]));
  lab.advance(seconds(4));
  const [added] = node.effects("add-addresses");
  assert.deepEqual(
    added?.addresses.map(({ address, protocol }) => [address, protocol]),
    [
      ["192.0.2.9", 18],
      ["192.0.2.1", 18],
      ["192.0.2.5", 18],
      ["2001:db8::1", 18],
    ],
  );
  // IPv6 is held, but only IPv4 is announced.
  assert.equal(node.effects("send-frame").length, 3 * 5);
});

test("an input with an older instant than the one before it counts as simultaneous", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()]));
  lab.advance(seconds(4));
  const next = node.engine.nextTimeout();
  node.forget();
  assert.deepEqual(node.engine.handleTimeout(instant(0)), []);
  assert.equal(node.engine.nextTimeout(), next);
});
