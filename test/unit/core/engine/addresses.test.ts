// Virtual addresses in the kernel: ours and other people's, answers that come late, addresses that
// are taken away, leftovers of an earlier run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { present } from "../../../../src/core/base/assert.ts";
import { ip } from "../../../../src/core/base/ip.ts";
import { instant, seconds } from "../../../../src/core/base/time.ts";
import type { EngineEffect } from "../../../../src/core/engine/effect.ts";
import { createEngine } from "../../../../src/core/engine/engine.ts";
import type { AddressOutcome, InterfaceAddress } from "../../../../src/core/ports/kernel.ts";
import { Lab, type LabNode, realAddress } from "./lab.ts";
import { instanceModel, nodeModel, virtual } from "./models.ts";

const two = [virtual("192.0.2.1/24"), virtual("192.0.2.2/24")];

function masterOf(addresses = two): { lab: Lab; node: LabNode } {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel({ addresses })]));
  lab.advance(seconds(4));
  node.forget();
  return { lab, node };
}

const tagged = (address: string): InterfaceAddress => ({ ...realAddress(address), protocol: 18 });

test("an address that somebody deletes comes back within the skew time, and is told", () => {
  const { lab, node } = masterOf();
  node.kernel.removeAsSomebodyElse(ip("192.0.2.1"));
  node.kernelEvents();
  assert.equal(node.state(), "BACKUP");
  assert.deepEqual(
    node
      .eventsOf("address-taken-away")
      .map(({ address, interface: name }) => [address.address, name]),
    [["192.0.2.1", "eth0"]],
  );
  assert.deepEqual(node.held(), [], "the others step back as well");
  assert.equal(
    node.status().why,
    "backup: somebody deleted an address of ours, back as master in 0.609375s",
  );
  lab.advance(609_375);
  assert.equal(node.state(), "MASTER");
  assert.deepEqual(node.held(), ["192.0.2.1/24", "192.0.2.2/24"]);
});

test("our own removals are nobody's theft, also when master and backup alternate quickly", () => {
  const { lab, node } = masterOf();
  for (let round = 0; round < 3; round++) {
    node.kernel.setLinkUp("eth0", false);
    node.kernelEvents();
    node.kernel.setLinkUp("eth0", true);
    node.kernelEvents();
    lab.advance(seconds(4));
    assert.equal(node.state(), "MASTER");
  }
  assert.deepEqual(node.eventsOf("address-taken-away"), []);
});

test("an event for an address that we believe installed keeps the state", () => {
  const { node } = masterOf();
  for (const address of node.kernel.held()) node.feed({ kind: "address-added", address });
  assert.equal(node.state(), "MASTER");
  assert.deepEqual(node.kinds(), []);
});

test("somebody else's address is used and announced, and never removed by us", () => {
  const lab = new Lab();
  const node = lab.node();
  node.kernel.addAsSomebodyElse(realAddress("192.0.2.1"));
  node.start(nodeModel([instanceModel({ addresses: two })]));
  lab.advance(seconds(4));
  assert.equal(node.effects("send-frame").length, 10);
  assert.deepEqual(
    node.status().addresses.map(({ installed }) => installed),
    [true, true],
  );
  node.feed({ kind: "shutdown" });
  assert.deepEqual(
    node.kernel.held().map(({ address }) => address),
    ["10.0.0.1", "192.0.2.1"],
  );
});

test("a refused address is told and not announced; the router stays master", () => {
  const lab = new Lab();
  const node = lab.node();
  node.kernel.refuseAddresses({ call: "RTM_NEWADDR", object: "192.0.2.1", code: "EPERM" });
  node.start(nodeModel([instanceModel()]));
  lab.advance(seconds(4));
  assert.equal(node.state(), "MASTER");
  const [event] = node.eventsOf("address-refused");
  assert.equal(event?.error.code, "EPERM");
  assert.equal(event?.interface, "eth0");
  assert.deepEqual(node.effects("send-frame"), []);
  assert.equal(node.status().addresses[0]?.installed, false);
});

test("an untracked address without its interface waits for the interface", () => {
  const lab = new Lab();
  const node = lab.node();
  const addresses = [
    virtual("192.0.2.1/24"),
    virtual("192.0.2.2/24", { interface: "eth1", track: false }),
  ];
  node.start(nodeModel([instanceModel({ addresses })]));
  lab.advance(seconds(4));
  assert.equal(node.eventsOf("address-refused")[0]?.error.code, "ENODEV");
  assert.deepEqual(node.held(), ["192.0.2.1/24"]);
  node.kernel.setLink({ name: "eth1", index: 2 });
  node.kernelEvents();
  assert.deepEqual(node.held(), ["192.0.2.1/24", "192.0.2.2/24"]);
  assert.equal(node.effects("send-frame").filter(({ link }) => link === 2).length, 5);
});

test("leftovers: tagged VIPs and proven addresses go first, everything else stays", () => {
  const lab = new Lab();
  const node = lab.node();
  for (const address of [
    tagged("192.0.2.1"),
    tagged("192.0.2.77"),
    realAddress("192.0.2.88"),
    realAddress("192.0.2.2"),
  ]) {
    node.kernel.addAsSomebodyElse(address);
  }
  const proven = [realAddress("192.0.2.88"), tagged("192.0.2.99")];
  node.start(nodeModel([instanceModel({ addresses: two })]), proven);
  assert.equal(node.kinds()[0], "remove-addresses");
  const [event] = node.eventsOf("leftovers-removed");
  assert.deepEqual(event?.addresses.map(({ address }) => address).sort(), [
    "192.0.2.1",
    "192.0.2.88",
  ]);
  assert.deepEqual(
    node.kernel.held().map(({ address }) => address),
    ["10.0.0.1", "192.0.2.77", "192.0.2.2"],
  );
  assert.equal(node.status().source, "10.0.0.1");
});

test("a snapshot in mid-life counts as the events that were lost", () => {
  const { node } = masterOf();
  node.kernel.removeAsSomebodyElse(ip("192.0.2.2"));
  node.kernel.setLink({ name: "eth5", index: 5 });
  node.kernel.overrun();
  node.kernelEvents();
  assert.equal(node.eventsOf("address-taken-away").length, 1);
  assert.equal(node.state(), "BACKUP");
});

test("a snapshot that shows everything in place changes nothing", () => {
  const { lab, node } = masterOf();
  const { timers } = node.status();
  node.kernel.overrun();
  node.kernelEvents();
  assert.deepEqual(node.kinds(), []);
  assert.deepEqual(node.status().timers, timers);
  lab.advance(seconds(2));
  assert.equal(node.state(), "MASTER");
});

test("a snapshot without a link is the link's end", () => {
  const { node } = masterOf();
  node.feed({ kind: "kernel-snapshot", snapshot: { links: [], addresses: [] } });
  assert.equal(node.state(), "FAULT");
});

/** An engine whose kernel answers when the test says so. */
function slowKernel() {
  const engine = createEngine();
  const link = {
    index: 1,
    name: "eth0",
    up: true,
    multicast: true,
    noArp: false,
    mac: "02:00:00:00:00:01",
    mtu: 1500,
  };
  const snapshot = { links: [link], addresses: [realAddress("10.0.0.1")] };
  engine.handle({ kind: "kernel-snapshot", snapshot }, instant(0));
  engine.handle({ kind: "configure", model: nodeModel([instanceModel()]) }, instant(0));
  const effects = engine.handleTimeout(instant(3_609_375));
  const request = effects.find((effect) => effect.kind === "add-addresses");
  assert.ok(request?.kind === "add-addresses");
  const { addresses } = request;
  const answer = (outcome: AddressOutcome, at: number): readonly EngineEffect[] =>
    engine.handle(
      { kind: "addresses-added", instance: "VI_1", addresses, outcomes: [outcome] },
      instant(at),
    );
  return { engine, link, answer, address: present(addresses[0], "requested address") };
}

test("an address that is deleted before the kernel's answer arrives is taken away all the same", () => {
  const { engine, answer, address } = slowKernel();
  engine.handle({ kind: "address-added", address }, instant(3_700_000));
  engine.handle({ kind: "address-removed", address }, instant(3_700_001));
  const kinds = answer({ kind: "done" }, 3_700_002).map((effect) =>
    effect.kind === "report" ? effect.event.kind : effect.kind,
  );
  assert.ok(kinds.includes("address-taken-away"), kinds.join(" "));
  assert.equal(engine.status(instant(3_700_003)).instances[0]?.state, "BACKUP");
});

test("somebody else's removal before our own addition is no theft", () => {
  const { engine, answer, address } = slowKernel();
  engine.handle({ kind: "address-removed", address }, instant(3_700_000));
  engine.handle({ kind: "address-added", address }, instant(3_700_001));
  answer({ kind: "done" }, 3_700_002);
  assert.equal(engine.status(instant(3_700_003)).instances[0]?.state, "MASTER");
});

test("F19: leaving master calls off what the kernel has not got yet", () => {
  const { engine, link, answer } = slowKernel();
  const down = { ...link, up: false };
  const effects = engine.handle({ kind: "link-changed", link: down }, instant(4_000_000));
  assert.ok(effects.some(({ kind }) => kind === "cancel-additions"));
  engine.handle({ kind: "link-changed", link }, instant(4_000_001));
  const again = engine.handleTimeout(instant(8_000_000));
  assert.ok(again.some(({ kind }) => kind === "add-addresses"));
  assert.deepEqual(answer({ kind: "absent" }, 8_000_001), [], "the newer request is still open");
  const frames = answer({ kind: "done" }, 8_000_002).filter(({ kind }) => kind === "send-frame");
  assert.equal(frames.length, 5);
});

test("an address that an older request brought is ours, though the newer finds it there", () => {
  const { engine, link, answer } = slowKernel();
  engine.handle({ kind: "link-changed", link: { ...link, up: false } }, instant(4_000_000));
  engine.handle({ kind: "link-changed", link }, instant(4_000_001));
  engine.handleTimeout(instant(8_000_000));
  assert.deepEqual(answer({ kind: "done" }, 8_000_001), []);
  answer({ kind: "exists" }, 8_000_002);
  const last = engine.handle({ kind: "shutdown" }, instant(9_000_000)).map(({ kind }) => kind);
  assert.ok(last.includes("remove-addresses"), last.join(" "));
});

test("J10: a stop that overtakes the kernel's answer still takes the address back", () => {
  const { engine, answer } = slowKernel();
  const effects = engine.handle({ kind: "shutdown" }, instant(4_000_000));
  assert.ok(!effects.some(({ kind }) => kind === "stopped" || kind === "remove-addresses"));
  const last = answer({ kind: "done" }, 4_000_001);
  assert.deepEqual(
    last.map(({ kind }) => kind),
    ["remove-addresses", "stopped"],
  );
});

test("an answer that comes after the link went down does not leave somebody else's address", () => {
  const { engine, link, answer } = slowKernel();
  engine.handle({ kind: "link-changed", link: { ...link, up: false } }, instant(4_000_000));
  assert.deepEqual(answer({ kind: "exists" }, 4_000_001), []);
});

test("G05: nothing is announced before the kernel holds the addresses", () => {
  const { engine, answer } = slowKernel();
  const later = engine.handleTimeout(instant(4_609_375));
  assert.ok(!later.some(({ kind }) => kind === "send-frame"));
  assert.equal(
    answer({ kind: "done" }, 4_700_000).filter((e) => e.kind === "send-frame").length,
    5,
  );
});

test("an instance without addresses becomes master without asking the kernel", () => {
  const { node } = masterOf([]);
  assert.equal(node.state(), "MASTER");
  assert.deepEqual(node.effects("add-addresses"), []);
});
