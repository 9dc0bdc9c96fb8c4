// Every event has a text, and the texts that keepalived has, too, are keepalived's. The expected
// lines were printed by keepalived 2.2.7 in a network namespace; where 2.4 names the sender and 2.2.7
// does not, the expectation is 2.4's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import { microseconds, milliseconds, seconds } from "../../../../src/core/base/time.ts";
import type { NodeEvent } from "../../../../src/core/engine/event.ts";
import type { InterfaceAddress } from "../../../../src/core/ports/kernel.ts";
import type { HeardVerdict } from "../../../../src/core/vrrp/router-contract.ts";
import { type RefusalKind, refusals } from "../../../../src/core/vrrp/vocabulary.ts";
import { logLines } from "../../../../src/host/observe/log-lines.ts";

const from = ip("10.0.0.2");
const instance = "VI_1";
const address: InterfaceAddress = {
  link: 2,
  address: ip("10.0.0.101"),
  prefixLength: 32,
  scope: "global",
};

const heard = (what: HeardVerdict, priority = 50, ours = 100): NodeEvent => ({
  kind: "advert-heard",
  instance,
  from,
  priority,
  ours,
  what,
});
const turn = (
  state: "INIT" | "BACKUP" | "MASTER" | "FAULT",
  to: "BACKUP" | "MASTER" | "FAULT" | "STOP",
): NodeEvent => ({
  kind: "transition",
  instance,
  from: state,
  to,
  reason: "startup",
  priority: 100,
});
const refused = (kind: RefusalKind, received?: string | number, expected?: string | number) =>
  ({
    kind: "advert-refused",
    instance,
    interface: "eth0",
    from,
    refusal: {
      kind,
      ...(received === undefined ? {} : { received }),
      ...(expected === undefined ? {} : { expected }),
    },
  }) as const satisfies NodeEvent;

const asKeepalived: readonly (readonly [NodeEvent, string])[] = [
  [turn("INIT", "BACKUP"), "(VI_1) Entering BACKUP STATE (init)"],
  [turn("BACKUP", "MASTER"), "(VI_1) Entering MASTER STATE"],
  [turn("MASTER", "BACKUP"), "(VI_1) Entering BACKUP STATE"],
  [turn("MASTER", "FAULT"), "(VI_1) Entering FAULT STATE"],
  [turn("FAULT", "BACKUP"), "(VI_1) Entering BACKUP STATE"],
  [
    heard("lower-discarded"),
    "(VI_1) received lower priority (50) advert from 10.0.0.2 - discarding",
  ],
  [
    heard("lower-answered"),
    "(VI_1) Received advert from 10.0.0.2 with lower priority 50, ours 100, forcing new election",
  ],
  [
    heard("lower-unanswered"),
    "(VI_1) Received advert from 10.0.0.2 with lower priority 50, ours 100",
  ],
  [
    heard("higher-priority", 150),
    "(VI_1) Master received advert from 10.0.0.2 with higher priority 150, ours 100",
  ],
  [
    heard("same-priority-higher-address", 100),
    "(VI_1) Master received advert from 10.0.0.2 with same priority 100 but higher IP address than ours",
  ],
  [heard("priority-zero-as-backup", 0), "(VI_1) Backup received priority 0 advertisement"],
  [heard("priority-zero-as-master", 0), "(VI_1) Master received priority 0 message"],
  [
    heard("own-address-elsewhere", 100),
    "(VI_1) WARNING - equal priority advert received from remote host with our IP address.",
  ],
  [
    heard("rogue-owner", 255, 255),
    "(VI_1) CONFIGURATION ERROR: local instance and 10.0.0.2 are both configured as address owner, please resolve",
  ],
  [refused("bad-password"), "(VI_1) received an invalid passwd from 10.0.0.2!"],
  [refused("auth-type-mismatch", 0, 1), "(VI_1) received a 0 auth from 10.0.0.2, expecting 1!"],
  [refused("bad-auth-type", 3), "(VI_1) Invalid auth type from 10.0.0.2: 3"],
  [
    refused("bad-ttl", 254, 255),
    "(VI_1) invalid TTL/HL from 10.0.0.2. Received 254 and expect 255",
  ],
  [refused("bad-ttl", 249, "250-255"), "(VI_1) TTL/HL 249 from 10.0.0.2 not in range [250, 255]"],
  [
    refused("interval-mismatch", 2, 1),
    "(VI_1) advertisement interval mismatch with 10.0.0.2 mine=1 sec rcv'd=2 sec",
  ],
  [
    refused("bad-version", 3, 2),
    "(VI_1) wrong VRRP version from 10.0.0.2. Received 3 and expect 2",
  ],
  [refused("bad-type", 2), "(VI_1) Invalid packet type from 10.0.0.2. 2 and expect 1"],
  [
    refused("bad-length", 56, 44),
    "(VI_1) vrrp packet from 10.0.0.2 too long, length 56 and expect 44",
  ],
  [
    refused("bad-length", 40, 44),
    "(VI_1) vrrp packet from 10.0.0.2 too short, length 40 and expect 44",
  ],
  [refused("truncated", 20), "IPv4 VRRP packet too short - 20 bytes"],
  [refused("unknown-vrid", 99), "Unknown VRID(99) received on interface(eth0). ignoring..."],
  [refused("unknown-peer"), "(VI_1) unicast source address 10.0.0.2 not a unicast peer"],
  [
    { ...refused("bad-checksum"), refusal: { kind: "bad-checksum", version: 2 } },
    "(VI_1) Invalid VRRPv2 checksum from 10.0.0.2",
  ],
  [{ kind: "link", interface: "eth0", what: "down" }, "Netlink reports eth0 down"],
  [{ kind: "link", interface: "eth0", what: "up" }, "Netlink reports eth0 up"],
  [{ kind: "link", interface: "dm1", what: "deleted" }, "Interface dm1 deleted"],
  [{ kind: "link", interface: "dm9", what: "added" }, "Interface dm9 added"],
  [{ kind: "receive-timeout", instance }, "(VI_1) Receive advertisement timeout"],
  [{ kind: "priority-zero-sent", instance }, "(VI_1) sent 0 priority"],
  [
    { kind: "priority-changed", instance, from: 100, to: 80 },
    "(VI_1) Changing effective priority from 100 to 80",
  ],
  [
    { kind: "interval-learned", instance, from: milliseconds(500), to: seconds(1) },
    "(VI_1) advertisement interval updated from 500ms to 1000ms by master",
  ],
  [
    { kind: "preempt-delay", instance, what: "started", delay: seconds(3) },
    "(VI_1) start preempt delay (3.000000)",
  ],
  [
    { kind: "preempt-delay", instance, what: "stopped", delay: microseconds(0) },
    "(VI_1) stop preempt delay",
  ],
  [
    { kind: "address-taken-away", instance, address, interface: "eth0" },
    "Netlink reflector reports IP 10.0.0.101 removed from eth0",
  ],
  [{ kind: "startup-delay", delay: seconds(2) }, "Delaying startup for 2 seconds"],
  [
    { kind: "fault-raised", instance, fault: { kind: "interface-down", interface: "eth0" } },
    "(VI_1): entering FAULT state (interface eth0 down)",
  ],
  [
    { kind: "fault-raised", instance, fault: { kind: "no-source-address", interface: "eth0" } },
    "(VI_1) entering FAULT state (no IPv4 address for interface)",
  ],
];

for (const [event, expected] of asKeepalived) {
  test(`the log says: ${expected}`, () => {
    assert.equal(logLines(event)[0]?.text, expected);
  });
}

test("every reason to drop a packet has a text that names its sender or interface", () => {
  for (const kind of Object.keys(refusals) as RefusalKind[]) {
    const text = logLines(refused(kind, 1, 2))[0]?.text ?? "";
    if (kind === "truncated" || kind === "unknown-vrid") continue; // no instance, no sender yet
    assert.match(text, /^\(VI_1\) .*10\.0\.0\.2/, kind);
  }
});

test("what happens every day on a healthy network is shown only with detail", () => {
  const quiet = [turn("BACKUP", "MASTER"), heard("priority-zero-as-backup"), refused("own-packet")];
  const shown = quiet.flatMap(logLines).filter((line) => line.detail !== true);
  assert.deepEqual(
    shown.map((line) => line.text),
    ["(VI_1) Entering MASTER STATE"],
  );
});

test("a list of thousands of addresses is cut", () => {
  const event: NodeEvent = {
    kind: "leftovers-removed",
    addresses: new Array<InterfaceAddress>(5_000).fill(address),
  };
  const text = logLines(event)[0]?.text ?? "";
  assert.match(text, /^Removed 5000 addresses of an earlier run: .*\.\.\.$/);
  assert.ok(text.length < 300);
});
