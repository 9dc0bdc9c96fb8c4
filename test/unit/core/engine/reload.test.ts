// Reloads: the plan as a pure diff, and its effects on running instances.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import { milliseconds, seconds } from "../../../../src/core/base/time.ts";
import type { InstanceModel } from "../../../../src/core/config/model.ts";
import { planReload } from "../../../../src/core/engine/reload.ts";
import { Lab, type LabNode } from "./lab.ts";
import { instanceModel, nodeModel, unicast, virtual } from "./models.ts";

const plan = (old: readonly InstanceModel[], next: readonly InstanceModel[]) =>
  planReload(nodeModel(old), nodeModel(next)).steps.map((step) => {
    const name = step.kind === "removed" ? step.old.name : step.next.name;
    return "changes" in step ? [step.kind, name, ...step.changes] : [step.kind, name];
  });

test("the plan says what goes, what stays and what is new, in this order", () => {
  const old = [
    instanceModel({ name: "A", vrid: 1 }),
    instanceModel({ name: "B", vrid: 2 }),
    instanceModel({ name: "C", vrid: 3 }),
  ];
  const next = [
    instanceModel({ name: "D", vrid: 4 }),
    instanceModel({ name: "A", vrid: 1 }),
    instanceModel({ name: "B", vrid: 2, priority: 120 }),
  ];
  assert.deepEqual(plan(old, next), [
    ["removed", "C"],
    ["changed", "B", "priority 100 -> 120"],
    ["kept", "A"],
    ["added", "D"],
  ]);
});

test("an instance is the same one by VRID, family, interface and transport, whatever its name", () => {
  const one = instanceModel({ name: "A" });
  assert.deepEqual(plan([one], [instanceModel({ name: "Z" })]), [["changed", "Z", "name A -> Z"]]);
  for (const [other, change] of [
    [{ vrid: 52 }, "virtual_router_id 51 -> 52"],
    [{ interface: "eth1" }, "interface eth0 -> eth1"],
    [{ version: 3 as const }, "version 2 -> 3"],
    [
      { transport: { kind: "multicast" as const, group: ip("224.0.0.19") } },
      "multicast group 224.0.0.18 -> 224.0.0.19",
    ],
  ] as const) {
    assert.deepEqual(plan([one], [instanceModel({ name: "A", ...other })]), [
      ["restarted", "A", change],
    ]);
  }
});

test("unicast instances of one VRID keep their partners by name", () => {
  const a = instanceModel({ name: "A", transport: unicast("10.0.0.2") });
  const b = instanceModel({ name: "B", transport: unicast("10.0.0.3") });
  assert.deepEqual(plan([a, b], [b, a]), [
    ["kept", "B"],
    ["kept", "A"],
  ]);
  const moved = instanceModel({
    name: "A",
    transport: unicast("10.0.0.2"),
    source: ip("10.0.0.9"),
  });
  assert.equal(plan([a], [moved])[0]?.[0], "restarted");
});

test("every change has words, and a password has none", () => {
  const [step] = plan(
    [instanceModel({ authentication: { kind: "pass", password: "first" } })],
    [
      instanceModel({
        authentication: { kind: "pass", password: "second" },
        advertInterval: seconds(2),
        preempt: false,
        addresses: [virtual("192.0.2.2/24"), virtual("192.0.2.3", { interface: "eth1" })],
        trackInterfaces: [{ interface: "eth1", weight: 5, reverse: false }],
        notify: { any: { command: "/bin/true" } },
      }),
    ],
  );
  assert.deepEqual(step, [
    "changed",
    "VI_1",
    "advert_int 1s -> 2s",
    "preempt on -> off",
    "authentication changed",
    "virtual_ipaddress -192.0.2.1/24",
    "virtual_ipaddress +192.0.2.2/24",
    "virtual_ipaddress +192.0.2.3/32 dev eth1",
    "track_interface changed",
    "notify scripts changed",
  ]);
});

function running(...instances: readonly InstanceModel[]): { lab: Lab; node: LabNode } {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel(instances));
  lab.advance(seconds(4));
  node.forget();
  return { lab, node };
}

const reload = (node: LabNode, ...instances: readonly InstanceModel[]) =>
  node.feed({ kind: "configure", model: nodeModel(instances) });

test("J07: a reload without change keeps master, timers and silence", () => {
  const { lab, node } = running(instanceModel());
  const { timers } = node.status();
  reload(node, instanceModel());
  assert.deepEqual(
    node.events().map((event) => event.kind === "reload" && event.what),
    ["kept"],
  );
  assert.deepEqual(node.kinds(), ["report"]);
  assert.deepEqual(node.status().timers, timers);
  lab.advance(seconds(1));
  assert.equal(node.effects("send-packet").length, 1);
});

test("J07: a new priority and password show in the next advert, without a transition", () => {
  const { lab, node } = running(instanceModel());
  reload(
    node,
    instanceModel({ priority: 120, authentication: { kind: "pass", password: "geheim" } }),
  );
  assert.deepEqual(node.eventsOf("transition"), []);
  assert.deepEqual(node.effects("send-packet"), []);
  lab.advance(seconds(1));
  const [packet] = node.effects("send-packet");
  assert.equal(packet?.bytes[22], 120);
  assert.equal(packet?.bytes[24], 1, "authentication type PASS");
});

test("J07: addresses come and go while the master stays; the new ones alone are announced", () => {
  const keep = virtual("192.0.2.1/24");
  const { node } = running(instanceModel({ addresses: [keep, virtual("192.0.2.2/24")] }));
  reload(
    node,
    instanceModel({
      addresses: [keep, virtual("192.0.2.3/24")],
      excludedAddresses: [virtual("192.0.2.4/24")],
    }),
  );
  assert.equal(node.state(), "MASTER");
  assert.deepEqual([...node.held()].sort(), ["192.0.2.1/24", "192.0.2.3/24", "192.0.2.4/24"]);
  assert.deepEqual(
    node.effects("remove-addresses").map(({ addresses }) => addresses.length),
    [1],
  );
  assert.deepEqual(
    node.effects("add-addresses").map(({ addresses }) => addresses.length),
    [2],
  );
  const announced = new Set(node.effects("send-frame").map(({ bytes }) => bytes[41]));
  assert.deepEqual([...announced], [3, 4]);
  assert.deepEqual(node.eventsOf("address-taken-away"), []);
});

test("an address that moves to the excluded ones stays where it is", () => {
  const moved = virtual("192.0.2.2/24");
  const keep = virtual("192.0.2.1/24");
  const { node } = running(instanceModel({ addresses: [keep, moved] }));
  reload(node, instanceModel({ addresses: [keep], excludedAddresses: [moved] }));
  assert.deepEqual(node.kinds(), ["report"]);
  assert.deepEqual(
    node.status().addresses.map(({ excluded, installed }) => [excluded, installed]),
    [
      [false, true],
      [true, true],
    ],
  );
});

test("J10: an instance that vanishes sends priority 0, removes its addresses and is DELETED", () => {
  const other = instanceModel({ name: "B", vrid: 2, addresses: [virtual("192.0.2.9/24")] });
  const { lab, node } = running(instanceModel(), other);
  reload(node, other);
  assert.equal(node.effects("send-packet")[0]?.bytes[22], 0);
  assert.deepEqual(node.held(), ["192.0.2.9/24"]);
  assert.deepEqual(
    node.eventsOf("transition").map(({ instance, to, reason }) => [instance, to, reason]),
    [["VI_1", "DELETED", "reloaded"]],
  );
  assert.deepEqual(
    node.engine.status(lab.now).instances.map(({ name }) => name),
    ["B"],
  );
  lab.advance(seconds(5));
  assert.ok(node.effects("send-packet").every(({ bytes }, i) => i === 0 || bytes[21] === 2));
});

test("an instance that is added starts as a backup of its own", () => {
  const { lab, node } = running(instanceModel());
  const added = instanceModel({ name: "NEW", vrid: 2, addresses: [virtual("192.0.2.9/24")] });
  reload(node, added, instanceModel());
  assert.deepEqual([node.state("VI_1"), node.state("NEW")], ["MASTER", "BACKUP"]);
  assert.deepEqual(
    node.engine.status(lab.now).instances.map(({ name }) => name),
    ["NEW", "VI_1"],
  );
  lab.advance(seconds(4));
  assert.equal(node.state("NEW"), "MASTER");
});

test("another version needs a restart: priority 0 by the old, a new election by the new", () => {
  const { lab, node } = running(instanceModel());
  reload(node, instanceModel({ version: 3 }));
  assert.equal(node.effects("send-packet")[0]?.bytes[22], 0);
  assert.equal(node.state(), "BACKUP");
  assert.deepEqual(
    node.eventsOf("reload").map(({ what, changes }) => [what, ...changes]),
    [["restarted", "version 2 -> 3"]],
  );
  lab.advance(seconds(4));
  assert.equal(node.state(), "MASTER");
  assert.deepEqual(node.held(), ["192.0.2.1/24"]);
  assert.equal((node.effects("send-packet").at(-1)?.bytes[20] ?? 0) >> 4, 3);
});

test("C10: a backup's running timer moves with its priority and interval", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel({ priority: 100 })]));
  lab.advance(seconds(1));
  reload(node, instanceModel({ priority: 200 }));
  lab.advance(3_218_749 - 1_000_000);
  assert.equal(node.state(), "BACKUP");
  lab.advance(1);
  assert.equal(node.state(), "MASTER");
});

test("tracked interfaces and peers are exchanged in flight", () => {
  const { lab, node } = running(instanceModel({ transport: unicast("10.0.0.2") }));
  node.kernel.setLink({ name: "eth1", index: 2, up: false });
  node.kernelEvents();
  const tracked = [{ interface: "eth1", weight: -20, reverse: false }];
  reload(node, instanceModel({ transport: unicast("10.0.0.3"), trackInterfaces: tracked }));
  assert.equal(node.state(), "MASTER");
  assert.equal(node.status().effectivePriority, 80);
  node.forget();
  lab.advance(seconds(1));
  assert.deepEqual(
    node.effects("send-packet").map(({ to }) => to),
    ["10.0.0.3"],
  );
  reload(node, instanceModel({ transport: unicast("10.0.0.3") }));
  assert.equal(node.status().effectivePriority, 100);
});

test("a reload during the start-up delay holds new instances as well", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()], { startupDelay: seconds(10) }));
  lab.advance(seconds(1));
  const added = instanceModel({ name: "NEW", vrid: 2, addresses: [virtual("192.0.2.9/24")] });
  reload(node, instanceModel(), added);
  lab.advance(seconds(12));
  assert.deepEqual([node.state("VI_1"), node.state("NEW")], ["BACKUP", "BACKUP"]);
  lab.advance(seconds(1));
  assert.deepEqual([node.state("VI_1"), node.state("NEW")], ["MASTER", "MASTER"]);
});

test("a shorter vrrp_garp_interval counts from the next frame on", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([instanceModel()], { garpInterval: seconds(100) }));
  lab.advance(seconds(4));
  assert.equal(node.effects("send-frame").length, 1);
  reload(node, instanceModel());
  lab.advance(milliseconds(1));
  assert.equal(node.effects("send-frame").length, 5);
});

test("J07: Linux drops secondary addresses with their primary one: they come back without a step back", () => {
  const [first, second] = [virtual("192.0.2.1/24"), virtual("192.0.2.2/24")];
  const { node } = running(instanceModel({ addresses: [first, second] }));
  const secondary = node.kernel.held().find(({ address }) => address === "192.0.2.2");
  const model = nodeModel([instanceModel({ addresses: [second] })]);
  // With promote_secondaries=0 the secondary's removal is told before the primary's.
  node.deaf = true;
  node.feed({ kind: "configure", model });
  if (secondary !== undefined) node.feed({ kind: "address-removed", address: secondary });
  assert.equal(node.state(), "MASTER");
  assert.deepEqual(node.eventsOf("address-taken-away"), []);
  const [again] = node.effects("add-addresses");
  assert.deepEqual(
    again?.addresses.map(({ address }) => address),
    ["192.0.2.2"],
  );
});
