// Interfaces and addresses that come and go: what is a fault, what is a weight, and what it takes
// to recover.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import { seconds } from "../../../../src/core/base/time.ts";
import type { SystemError } from "../../../../src/core/ports/system-error.ts";
import { Lab, type LabNode, realAddress } from "./lab.ts";
import { instanceModel, nodeModel, unicast, virtual } from "./models.ts";

const track = (name: string, weight = 0, reverse = false) => ({ interface: name, weight, reverse });

function setUp(node: LabNode, name: string, up: boolean): void {
  node.kernel.setLinkUp(name, up);
  node.kernelEvents();
}

test("J01 J02 A14: the link of a master goes down: priority 0, FAULT, and BACKUP when it returns", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()]));
  lab.advance(seconds(4));
  node.forget();
  setUp(node, "eth0", false);
  assert.equal(node.state(), "FAULT");
  assert.equal(node.status().why, "fault: interface eth0 is down");
  assert.equal(node.effects("send-packet")[0]?.bytes[22], 0);
  assert.deepEqual(node.held(), []);
  assert.deepEqual(
    node.eventsOf("link").map(({ what }) => what),
    ["down"],
  );
  setUp(node, "eth0", true);
  assert.equal(node.state(), "BACKUP");
  lab.advance(3_609_375);
  assert.equal(node.state(), "MASTER");
});

test("J01: two causes need two recoveries", () => {
  const lab = new Lab();
  const node = lab.node();
  node.kernel.setLink({ name: "eth1", index: 2 });
  node.start(nodeModel([instanceModel({ trackInterfaces: [track("eth1")] })]));
  setUp(node, "eth0", false);
  setUp(node, "eth1", false);
  assert.equal(node.status().why, "fault: interface eth0 is down, and interface eth1 is down");
  setUp(node, "eth0", true);
  assert.equal(node.state(), "FAULT");
  assert.equal(node.status().why, "fault: interface eth1 is down");
  setUp(node, "eth1", true);
  assert.equal(node.state(), "BACKUP");
});

test("an instance that starts on a missing interface is in FAULT until the interface is complete", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel({ interface: "eth7" })]));
  assert.equal(node.state(), "FAULT");
  assert.equal(node.status().why, "fault: interface eth7 does not exist");
  assert.deepEqual(node.effects("open-socket"), []);
  node.kernel.setLink({ name: "eth7", index: 7 });
  node.kernelEvents();
  assert.equal(node.status().why, "fault: interface eth7 has no address to send from");
  assert.equal(node.effects("open-socket").length, 1);
  node.kernel.addAsSomebodyElse(realAddress("10.7.0.1", 7));
  node.kernelEvents();
  assert.equal(node.state(), "BACKUP");
  assert.equal(node.status().source, "10.7.0.1");
});

test("A01: the source is the first address that is neither secondary nor a VIP", () => {
  const lab = new Lab();
  const node = lab.node("10.0.0.1");
  node.kernel.addAsSomebodyElse(realAddress("10.0.0.7"));
  const addresses = [virtual("10.0.0.200/24"), virtual("192.0.2.1/24")];
  node.start(nodeModel([instanceModel({ addresses })]));
  lab.advance(seconds(4));
  assert.equal(node.status().source, "10.0.0.1");
  assert.equal(node.held().length, 2);
  node.forget();
  node.kernel.removeAsSomebodyElse(ip("10.0.0.1"));
  node.kernelEvents();
  assert.equal(node.status().source, "10.0.0.7", "another address takes its place");
  lab.advance(seconds(1));
  const packets = node.effects("send-packet");
  assert.deepEqual([...(packets.at(-1)?.bytes.slice(12, 16) ?? [])], [10, 0, 0, 7]);
});

test("a lost source address is a fault that says goodbye, and its return ends it", () => {
  const lab = new Lab();
  const node = lab.node("10.0.0.1");
  node.start(nodeModel([instanceModel()]));
  lab.advance(seconds(4));
  node.forget();
  node.kernel.removeAsSomebodyElse(ip("10.0.0.1"));
  node.kernelEvents();
  assert.equal(node.state(), "FAULT");
  assert.equal(node.effects("send-packet")[0]?.bytes[22], 0);
  assert.deepEqual(node.status().faults, [{ kind: "no-source-address", interface: "eth0" }]);
  assert.equal(node.status().source, undefined);
  node.kernel.addAsSomebodyElse(realAddress("10.0.0.1"));
  node.kernelEvents();
  assert.equal(node.state(), "BACKUP");
});

test("A12: an owner's address is its source although it is a VIP", () => {
  const lab = new Lab();
  const node = lab.node("10.0.0.1");
  const model = instanceModel({
    priority: 255,
    initialMaster: true,
    addresses: [virtual("10.0.0.1/24")],
  });
  node.start(nodeModel([model]));
  assert.equal(node.state(), "MASTER");
  assert.equal(node.status().source, "10.0.0.1");
  assert.equal(node.status().why, "master because it owns the addresses (priority 255)");
  assert.equal(node.effects("remove-addresses").length, 0);
  node.feed({ kind: "shutdown" });
  assert.equal(node.kernel.held("eth0").length, 1, "somebody else's address stays");
});

test("a VIP's interface is tracked, unless the address or the instance says not to", () => {
  const cases = [
    { name: "by default", model: {}, state: "FAULT" },
    { name: "no_track", track: false, model: {}, state: "BACKUP" },
    { name: "dont_track_primary", model: { trackPrimary: false }, state: "BACKUP" },
  ];
  for (const { name, model, state, track: tracked = true } of cases) {
    const lab = new Lab();
    const node = lab.node();
    node.kernel.setLink({ name: "eth1", index: 2, up: false });
    const addresses = [virtual("192.0.2.1/24", { interface: "eth1", track: tracked })];
    node.start(nodeModel([instanceModel({ addresses, ...model })]));
    assert.equal(node.state(), state, name);
  }
});

test("dont_track_primary: the own interface may be down, but it must exist", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel({ trackPrimary: false })]));
  setUp(node, "eth0", false);
  assert.equal(node.state(), "BACKUP");
  node.kernel.removeLink("eth0");
  node.kernelEvents();
  assert.equal(node.state(), "FAULT");
});

test("reverse without weight: an interface that is up is the fault", () => {
  const lab = new Lab();
  const node = lab.node();
  node.kernel.setLink({ name: "eth1", index: 2 });
  node.start(nodeModel([instanceModel({ trackInterfaces: [track("eth1", 0, true)] })]));
  assert.equal(node.status().why, "fault: interface eth1 is up, and is tracked in reverse");
  setUp(node, "eth1", false);
  assert.equal(node.state(), "BACKUP");
});

test("J03: weights move the priority, within 1 to 254", () => {
  const rows = [
    { weight: 20, reverse: false, up: 120, down: 100 },
    { weight: -30, reverse: false, up: 100, down: 70 },
    { weight: 20, reverse: true, up: 80, down: 100 },
    { weight: -30, reverse: true, up: 100, down: 130 },
    { weight: 253, reverse: false, up: 254, down: 100 },
    { weight: -253, reverse: false, up: 100, down: 1 },
  ];
  for (const { weight, reverse, up, down } of rows) {
    const lab = new Lab();
    const node = lab.node();
    node.kernel.setLink({ name: "eth1", index: 2 });
    node.start(nodeModel([instanceModel({ trackInterfaces: [track("eth1", weight, reverse)] })]));
    assert.equal(node.status().effectivePriority, up, `${weight} ${reverse} up`);
    setUp(node, "eth1", false);
    assert.equal(node.status().effectivePriority, down, `${weight} ${reverse} down`);
    assert.equal(node.state(), "BACKUP");
    assert.equal(node.eventsOf("priority-changed").length, 1);
  }
});

test("a weight that changes while master shows in the next advert", () => {
  const lab = new Lab();
  const node = lab.node();
  node.kernel.setLink({ name: "eth1", index: 2 });
  node.start(nodeModel([instanceModel({ trackInterfaces: [track("eth1", -30)] })]));
  lab.advance(seconds(4));
  setUp(node, "eth1", false);
  node.forget();
  lab.advance(seconds(1));
  assert.equal(node.effects("send-packet")[0]?.bytes[22], 70);
});

const refused: SystemError = { call: "socket", object: "raw socket", code: "EPERM" };

test("a refused socket is a fault; it is tried again every 5 s and recovers once it has held", () => {
  const lab = new Lab();
  const node = lab.node();
  node.socketError = refused;
  node.start(nodeModel([instanceModel(), instanceModel({ name: "VI_2", vrid: 52 })]));
  assert.deepEqual([node.state("VI_1"), node.state("VI_2")], ["FAULT", "FAULT"]);
  assert.equal(
    node.status().why,
    "fault: the system refused the socket multicast 224.0.0.18 on eth0",
  );
  assert.equal(node.eventsOf("socket-refused").length, 1);
  node.forget();
  lab.advance(seconds(11));
  assert.equal(node.effects("open-socket").length, 2, "after 5 s and after 10 s");
  assert.deepEqual(node.events(), [], "vain attempts are no news");
  node.socketError = undefined;
  lab.advance(4_099_999);
  assert.equal(node.state(), "FAULT");
  lab.advance(1);
  assert.deepEqual([node.state("VI_1"), node.state("VI_2")], ["BACKUP", "BACKUP"]);
});

test("a refused socket is tried at once when its link comes back", () => {
  const lab = new Lab();
  const node = lab.node();
  node.socketError = refused;
  node.start(nodeModel([instanceModel()]));
  setUp(node, "eth0", false);
  node.socketError = undefined;
  node.forget();
  setUp(node, "eth0", true);
  assert.equal(node.effects("open-socket").length, 1);
  lab.advance(100_000);
  assert.equal(node.state(), "BACKUP");
});

test("a packet that the system does not send is told once and is no fault", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()]));
  lab.advance(seconds(4));
  const error = { call: "sendmsg", object: "advert", code: "ENOBUFS" };
  for (let i = 0; i < 3; i++) node.feed({ kind: "socket-refused", socket: 1, error });
  assert.equal(node.eventsOf("socket-refused").length, 1);
  assert.equal(node.state(), "MASTER");
});

test("sockets are shared by what they need, opened before first use and closed after the last", () => {
  const lab = new Lab();
  const node = lab.node();
  const other = { kind: "multicast" as const, group: ip("224.0.0.19") };
  const instances = [
    instanceModel({ name: "A", vrid: 1 }),
    instanceModel({ name: "B", vrid: 2 }),
    instanceModel({ name: "C", vrid: 3, transport: other }),
    instanceModel({ name: "D", vrid: 4, transport: unicast("10.0.0.2") }),
    instanceModel({ name: "E", vrid: 5, transport: unicast("10.0.0.3", "10.0.0.4") }),
  ];
  node.start(nodeModel(instances));
  assert.deepEqual(
    [...node.sockets.values()].map((spec) =>
      spec.kind === "multicast" ? spec.group : spec.source,
    ),
    ["224.0.0.18", "224.0.0.19", "10.0.0.1"],
  );
  node.feed({ kind: "configure", model: nodeModel(instances.slice(1, 3)) });
  assert.equal(node.sockets.size, 2);
});

test("unicast sends one advert to each peer, and moves its socket with its source address", () => {
  const lab = new Lab();
  const node = lab.node("10.0.0.1");
  node.start(nodeModel([instanceModel({ transport: unicast("10.0.0.2", "10.0.0.3") })]));
  lab.advance(seconds(4));
  assert.deepEqual(
    node.effects("send-packet").map(({ to }) => to),
    ["10.0.0.2", "10.0.0.3"],
  );
  assert.equal(node.status().counters["adverts-sent"], 1);
  node.kernel.addAsSomebodyElse(realAddress("10.0.0.8"));
  node.kernel.removeAsSomebodyElse(ip("10.0.0.1"));
  node.kernelEvents();
  assert.deepEqual(
    [...node.sockets.values()].map((spec) => spec.kind === "unicast" && spec.source),
    ["10.0.0.8"],
  );
  assert.equal(node.state(), "MASTER");
});

test("a configured source address that is absent is no fault", () => {
  const lab = new Lab();
  const node = lab.node("10.0.0.1");
  const source = ip("10.9.9.9");
  node.start(nodeModel([instanceModel({ source, transport: unicast("10.0.0.2") })]));
  assert.equal(node.state(), "BACKUP");
  assert.equal(node.status().source, "10.9.9.9");
});

test("a renamed interface is gone for those who know its old name", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel(), instanceModel({ name: "VI_2", interface: "wan0" })]));
  node.kernel.setLink({ name: "wan0", index: 1, mac: "02:00:00:00:00:01" });
  node.kernelEvents();
  assert.deepEqual([node.state("VI_1"), node.state("VI_2")], ["FAULT", "BACKUP"]);
});

test("an interface that is made anew gets a new socket", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()]));
  lab.advance(seconds(4));
  node.kernel.removeLink("eth0");
  node.kernelEvents();
  assert.equal(node.state(), "FAULT");
  assert.equal(node.sockets.size, 0);
  node.kernel.setLink({ name: "eth0", index: 9 });
  node.kernel.addAsSomebodyElse(realAddress("10.0.0.1", 9));
  node.kernelEvents();
  assert.deepEqual(
    [...node.sockets.values()].map(({ link }) => link),
    [9],
  );
  lab.advance(seconds(4));
  assert.equal(node.state(), "MASTER");
  assert.equal(node.kernel.held("eth0").length, 2);
});

test("a unicast router that recovers tells its peers where its own address lives", () => {
  const lab = new Lab();
  const node = lab.node("10.0.0.1");
  node.start(nodeModel([instanceModel({ transport: unicast("10.0.0.2") })]));
  setUp(node, "eth0", false);
  assert.deepEqual(node.effects("send-frame"), []);
  setUp(node, "eth0", true);
  assert.deepEqual(
    node.effects("send-frame").map(({ bytes }) => [...bytes.slice(38, 42)]),
    [[10, 0, 0, 1]],
  );
});
