// Packets at the door of the engine: real bytes, refused or acted upon, counted and told.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import { after, milliseconds, seconds } from "../../../../src/core/base/time.ts";
import type { InstanceModel } from "../../../../src/core/config/model.ts";
import { advertPacket } from "../../../../src/core/vrrp/outgoing.ts";
import type { RefusalKind } from "../../../../src/core/vrrp/vocabulary.ts";
import { Lab, type LabNode } from "./lab.ts";
import { instanceModel, nodeModel, unicast, virtual } from "./models.ts";

const group = ip("224.0.0.18");

/** An advert of another router that is configured as `model` says. */
function advert(
  model: InstanceModel,
  { priority = 50, source = "10.0.0.2", destination = group as string } = {},
): Uint8Array {
  return advertPacket(model, {
    source: ip(source),
    destination: ip(destination),
    priority,
  });
}

/** The same packet with one byte of the IP header or the message changed. */
function spoilt(packet: Uint8Array, place: number, value: number): Uint8Array {
  const bytes = packet.slice();
  bytes[place] = value;
  return bytes;
}

type Flood = { readonly kind: RefusalKind; readonly packet: Uint8Array };

const v2 = instanceModel({ authentication: { kind: "pass", password: "secret" } });
const v3 = instanceModel({ version: 3 });
const ipHeader = 20;

/** What a stranger on the LAN may send to a version 2 router with a password. */
const floods2: readonly Flood[] = [
  { kind: "truncated", packet: advert(v2).slice(0, ipHeader + 4) },
  { kind: "bad-length", packet: advert(v2).slice(0, -1) },
  { kind: "bad-ttl", packet: spoilt(advert(v2), 8, 64) },
  { kind: "bad-version", packet: advert(v3) },
  { kind: "bad-type", packet: spoilt(advert(v2), ipHeader, 0x22) },
  { kind: "bad-auth-type", packet: spoilt(advert(v2), ipHeader + 4, 9) },
  { kind: "auth-type-mismatch", packet: advert(instanceModel()) },
  {
    kind: "bad-password",
    packet: advert(instanceModel({ authentication: { kind: "pass", password: "secreT" } })),
  },
  {
    kind: "interval-mismatch",
    packet: advert({ ...v2, advertInterval: seconds(2) }),
  },
  { kind: "bad-checksum", packet: spoilt(advert(v2), ipHeader + 6, 0) },
  { kind: "wrong-cast", packet: advert(v2, { destination: "10.0.0.1" }) },
  { kind: "no-addresses", packet: advert({ ...v2, addresses: [] }) },
];

const floods3: readonly Flood[] = [
  { kind: "bad-version", packet: advert(instanceModel({ addresses: [] })) },
  { kind: "zero-interval", packet: advert({ ...v3, advertInterval: milliseconds(0) }) },
  { kind: "bad-checksum", packet: spoilt(advert(v3), ipHeader + 7, 1) },
];

function master(model: InstanceModel): { lab: Lab; node: LabNode } {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([model]));
  lab.advance(seconds(4));
  assert.equal(node.state(), "MASTER");
  node.forget();
  return { lab, node };
}

for (const [model, floods] of [
  [v2, floods2],
  [v3, floods3],
] as const) {
  for (const { kind, packet } of floods) {
    test(`F25 B16 B17: a v${model.version} flood of ${kind} moves nothing and is counted`, () => {
      const { lab, node } = master(model);
      const { timers } = node.status();
      for (let i = 0; i < 40; i++) node.receive(packet, packet, packet);
      assert.equal(node.status().counters[`dropped ${kind}`], 120);
      assert.deepEqual(node.status().timers, timers);
      assert.equal(node.state(), "MASTER");
      assert.deepEqual(
        node.eventsOf("advert-refused").map(({ instance, refusal }) => [instance, refusal.kind]),
        [["VI_1", kind]],
      );
      node.forget();
      lab.advance(seconds(3));
      assert.equal(node.effects("send-packet").length, 3, "adverts go on");
    });
  }
}

test("E20 B16: a backup's down timer runs on through a flood of wrong passwords", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([v2]));
  const wrong = advert(instanceModel({ authentication: { kind: "pass", password: "no" } }));
  for (let i = 0; i < 36; i++) {
    lab.advance(milliseconds(100));
    node.receive(wrong);
  }
  lab.advance(milliseconds(10));
  assert.equal(node.state(), "MASTER");
});

test("B17: a refusal is told again after a new master was heard", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([v2]));
  const wrong = advert(instanceModel());
  node.receive(wrong);
  node.receive(wrong);
  assert.equal(node.eventsOf("advert-refused").length, 1);
  node.receive(advert(v2, { priority: 150 }));
  node.receive(wrong);
  assert.equal(node.eventsOf("advert-refused").length, 2);
});

test("B10 I13: an unknown VRID is counted by interface, and told once when asked for", () => {
  for (const logUnknownVrids of [false, true]) {
    const lab = new Lab();
    const node = lab.node();
    node.start(nodeModel([v2], { logUnknownVrids }));
    for (let i = 0; i < 3; i++) node.receive(advert({ ...v2, vrid: 7 }));
    node.receive(advert({ ...v2, vrid: 9 }));
    assert.deepEqual(node.engine.status(lab.now).unknownVrids, [
      { interface: "eth0", vrid: 7, packets: 3 },
      { interface: "eth0", vrid: 9, packets: 1 },
    ]);
    const told = node.eventsOf("advert-refused").map(({ refusal }) => refusal.received);
    assert.deepEqual(told, logUnknownVrids ? [7, 9] : []);
  }
});

test("B29: bytes that no VRID can be read from are counted by interface and reason", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([v2]));
  node.receive(new Uint8Array(0), new Uint8Array(3), Uint8Array.of(0x41, 1, 2));
  assert.deepEqual(node.engine.status(lab.now).unattributed, [
    { interface: "eth0", kind: "truncated", packets: 3 },
  ]);
});

test("B24: our own packet that comes back is ignored by a backup", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([v2]));
  const { timers } = node.status();
  node.receive(advert(v2, { priority: 100, source: "10.0.0.1" }));
  assert.equal(node.status().counters["dropped own-packet"], 1);
  assert.deepEqual(node.status().timers, timers);
});

test("F18: a master that hears its own address and priority stays, and says so", () => {
  const { node } = master(v2);
  node.receive(advert(v2, { priority: 100, source: "10.0.0.1" }));
  assert.equal(node.state(), "MASTER");
  assert.deepEqual(
    node.eventsOf("advert-heard").map(({ what }) => what),
    ["own-address-elsewhere"],
  );
});

test("D06: an instance in FAULT hears nothing", () => {
  const { node } = master(v2);
  node.kernel.setLinkUp("eth0", false);
  node.kernelEvents();
  assert.equal(node.state(), "FAULT");
  node.receive(advert(v2, { priority: 200 }));
  assert.equal(node.status().counters["dropped not-listening"], 1);
  assert.equal(node.status().master, undefined);
});

test("D08: until the start-up delay ends nothing is heard, and deadlines count from its end", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([v2], { startupDelay: seconds(10) }));
  assert.deepEqual(
    node.eventsOf("startup-delay").map(({ delay }) => delay),
    [10_000_000],
  );
  assert.equal(node.status().why, "backup: vrrp_startup_delay ends in 10s");
  node.receive(advert(v2, { priority: 200 }));
  assert.equal(node.status().counters["dropped startup-delay"], 1);
  lab.advance(13_609_374);
  assert.equal(node.state(), "BACKUP");
  lab.advance(1);
  assert.equal(node.state(), "MASTER");
});

test("B27 F24: of many senders' losing adverts one is acted upon in each wake-up, the surplus is refused", () => {
  const { lab, node } = master(v2);
  const losing = Array.from({ length: 10 }, (_, i) =>
    advert(v2, { priority: 50, source: `10.0.0.${i + 2}` }),
  );
  node.receive(...losing);
  assert.equal(node.effects("send-packet").length, 1, "one answer");
  assert.equal(node.engine.nextTimeout(), lab.now, "the others wait for the next wake-up");
  assert.equal(node.status().counters["dropped surplus"], 5);
  node.forget();
  node.timeout();
  assert.equal(node.effects("send-packet").length, 1);
  node.timeout();
  node.timeout();
  node.timeout();
  assert.equal(node.effects("send-packet").length, 4);
  assert.equal(node.status().counters["adverts-received"], 5);
  assert.ok((node.engine.nextTimeout() ?? 0) > lab.now, "nothing waits any longer");
});

test("B27 F24: of one sender's many adverts the newest waits, whatever came before it", () => {
  const { lab, node } = master(v2);
  const losing = Array<Uint8Array>(20).fill(advert(v2, { priority: 50 }));
  node.receive(...losing, advert(v2, { priority: 200 }));
  assert.equal(node.effects("send-packet").length, 1, "one answer, to the first");
  assert.equal(node.state(), "MASTER");
  node.timeout();
  assert.equal(node.state(), "BACKUP");
  const { counters } = node.status();
  assert.equal(counters["adverts-received"], 21);
  assert.equal(counters["dropped surplus"], 0);
  assert.ok((node.engine.nextTimeout() ?? 0) > lab.now, "nothing waits any longer");
});

test("B27 E13: a backup hears what waits before its down timer may fire", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([v2]));
  lab.now = after(lab.now, seconds(10));
  const weaker = advert(v2, { priority: 50, source: "10.0.0.2" });
  const stronger = advert(v2, { priority: 200, source: "10.0.0.3" });
  node.receive(weaker, advert(v2, { priority: 40, source: "10.0.0.4" }), stronger);
  node.timeout();
  node.timeout();
  assert.deepEqual(
    node.eventsOf("transition").map(({ to }) => to),
    ["BACKUP"],
  );
  assert.equal(node.status().master?.address, "10.0.0.3");
});

test("B27: what waits is acted upon before new packets and before deadlines", () => {
  const { node } = master(v2);
  const stronger = advert(v2, { priority: 200 });
  node.receive(advert(v2, { priority: 50 }), stronger);
  assert.equal(node.state(), "MASTER");
  node.receive(advert(v2, { priority: 50 }));
  assert.equal(node.state(), "BACKUP");
});

test("B28: the counters of received adverts rise for accepted ones alone", () => {
  const { node } = master(v2);
  node.receive(advert(v2, { priority: 50 }));
  node.receive(spoilt(advert(v2), 8, 1));
  node.receive(advert(v2, { priority: 0 }));
  const { counters } = node.status();
  assert.equal(counters["adverts-received"], 2);
  assert.equal(counters["priority-zero-received"], 1);
  assert.equal(counters["dropped bad-ttl"], 1);
});

test("B19 B20: another interval and another list are told once and accepted", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([v3]));
  const other = {
    ...v3,
    advertInterval: seconds(2),
    addresses: [virtual("192.0.2.7/24")],
  };
  for (let i = 0; i < 3; i++) node.receive(advert(other, { priority: 150 }));
  const told = node.eventsOf("advert-differs").map(({ what }) => what.kind);
  assert.deepEqual([...new Set(told)].sort(), ["address-list", "interval"]);
  const { counters, master: heard } = node.status();
  assert.equal(counters["interval-differs"], 3);
  assert.equal(counters["address-list-errors"], 3);
  assert.equal(heard?.interval, 2_000_000);
});

test("a repeated advert is judged anew when the password changes", () => {
  const lab = new Lab();
  const node = lab.node();
  node.start(nodeModel([v2]));
  const packet = advert(v2, { priority: 150 });
  for (let i = 0; i < 3; i++) node.receive(packet);
  assert.equal(node.status().counters["adverts-received"], 3);
  const model = instanceModel({ authentication: { kind: "pass", password: "other" } });
  node.feed({ kind: "configure", model: nodeModel([model]) });
  node.receive(packet);
  assert.equal(node.status().counters["adverts-received"], 3);
  assert.equal(node.status().counters["dropped bad-password"], 1);
});

test("B26: a packet reaches only instances of the interface that it came in by", () => {
  const lab = new Lab();
  const node = lab.node();
  node.kernel.setLink({ name: "eth1", index: 2 });
  node.kernel.addAsSomebodyElse({
    link: 2,
    address: ip("10.0.1.1"),
    prefixLength: 24,
    scope: "global",
  });
  const second = instanceModel({ name: "VI_2", interface: "eth1" });
  node.start(nodeModel([instanceModel(), second]));
  node.receive(advert(instanceModel(), { priority: 150 }));
  assert.equal(node.status("VI_1").counters["adverts-received"], 1);
  assert.equal(node.status("VI_2").counters["adverts-received"], 0);
});

test("unicast instances of one VRID are told apart by the peer's address", () => {
  const lab = new Lab();
  const node = lab.node();
  const one = instanceModel({ name: "A", transport: unicast("10.0.0.2") });
  const two = instanceModel({ name: "B", transport: unicast("10.0.0.3") });
  node.start(nodeModel([one, two]));
  assert.equal(node.effects("open-socket").length, 1, "they share a socket");
  node.receive(
    advert(two, { priority: 150, source: "10.0.0.3", destination: "10.0.0.1" }),
    advert(one, { priority: 150, source: "10.0.0.9", destination: "10.0.0.1" }),
  );
  assert.equal(node.status("A").counters["adverts-received"], 0);
  assert.equal(node.status("B").counters["adverts-received"], 1);
  assert.equal(node.engine.status(lab.now).unknownVrids[0]?.packets, 1);
});
