// What the real keepalived prints, provoked one line after the other on a small network, against what
// our log says about the same events; then our daemon through the same events. Debian's 2.2.7 leaves
// the sender's address out of refusals and has three words other than 2.4, whose texts ours are; those
// differences are `olderText`, all of them.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ip } from "../../src/core/base/ip.ts";
import { seconds } from "../../src/core/base/time.ts";
import type { NodeEvent, ShownState } from "../../src/core/engine/event.ts";
import type { Refusal } from "../../src/core/vrrp/refusal.ts";
import type { HeardVerdict } from "../../src/core/vrrp/router-contract.ts";
import { createLab, type Lab, monotonicMs } from "../../src/host/lab/lab.ts";
import { labObstacle } from "../../src/host/lab/namespaces.ts";
import {
  keepalivedPath,
  type RouterProcess,
  startRouter,
} from "../../src/host/lab/router-process.ts";
import { logLines } from "../../src/host/observe/log-lines.ts";
import {
  type AdvertThrower,
  advertThrower,
  passAdvert,
  passwordBytes,
  type Thrown,
} from "./advert-thrower.ts";

const obstacle =
  labObstacle() ?? (keepalivedPath() === undefined ? "keepalived is not installed" : undefined);
if (obstacle !== undefined) process.stdout.write(`log-texts: not run: ${obstacle}\n`);

const instance = "VI_1";
const other = ip("192.168.254.10");
const password = "secret";
const addresses = [ip("192.168.254.100"), ip("192.168.254.101")];
const config = `global_defs {
    log_unknown_vrids
}
vrrp_instance ${instance} {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority 100
    authentication {
        auth_type PASS
        auth_pass ${password}
    }
    track_interface {
        eth1 weight -20
    }
    virtual_ipaddress {
        ${addresses.join("\n        ")}
    }
}
`;

/** How 2.2.7 words what 2.4 and we say. */
const olderText = (text: string): string =>
  text
    .replace(` from ${other}`, "")
    .replace(` with ${other} mine`, " mine")
    .replace("wrong VRRP version", "wrong version")
    .replace("not present in advert", "not present in MASTER advert")
    .replace(
      "expected 2 VIPs but received 1",
      "received an unexpected ip number count 1, expected 2!",
    );

const turn = (from: ShownState, to: ShownState): NodeEvent => ({
  kind: "transition",
  instance,
  from,
  to,
  reason: "startup",
  priority: 100,
});
const heard = (what: HeardVerdict, priority: number, ours = 100): NodeEvent => ({
  kind: "advert-heard",
  instance,
  from: other,
  priority,
  ours,
  what,
});
const refused = (refusal: Refusal): NodeEvent => ({
  kind: "advert-refused",
  instance,
  interface: "eth0",
  from: other,
  refusal,
});
const link = (name: string, what: "up" | "down"): NodeEvent => ({
  kind: "link",
  interface: name,
  what,
});

/** Damaged adverts, and what a master says about each. */
const refusals: readonly (readonly [Thrown, NodeEvent])[] = [
  [{ authData: passwordBytes("wrong") }, refused({ kind: "bad-password" })],
  [{ authType: 0 }, refused({ kind: "auth-type-mismatch", received: 0, expected: 1 })],
  [{ authType: 2 }, refused({ kind: "auth-type-mismatch", received: 2, expected: 1 })],
  [{ authType: 3 }, refused({ kind: "bad-auth-type", received: 3 })],
  [{ ttl: 254 }, refused({ kind: "bad-ttl", received: 254, expected: 255 })],
  [{ interval: seconds(2) }, refused({ kind: "interval-mismatch", received: 2, expected: 1 })],
  [{ patches: [[6, 0x12]] }, refused({ kind: "bad-checksum", version: 2 })],
  [{ version: 3, authType: 0 }, refused({ kind: "bad-version", received: 3, expected: 2 })],
  [{ patches: [[0, 0x22]] }, refused({ kind: "bad-type", received: 2 })],
  [{ extraBytes: 12 }, refused({ kind: "bad-length", received: 56, expected: 44 })],
  [{ extraBytes: -4 }, refused({ kind: "bad-length", received: 40, expected: 44 })],
  [{ extraBytes: -24 }, refused({ kind: "truncated", received: 20 })],
  [{ vrid: 99 }, refused({ kind: "unknown-vrid", received: 99 })],
  [
    { addresses: addresses.slice(0, 1) },
    {
      kind: "advert-differs",
      instance,
      vrid: 51,
      from: other,
      what: { kind: "address-count", ours: 2, theirs: 1 },
    },
  ],
  [
    { addresses: [ip("192.168.254.100"), ip("192.168.254.7")] },
    {
      kind: "advert-differs",
      instance,
      vrid: 51,
      from: other,
      what: { kind: "address-list", missing: ip("192.168.254.101") },
    },
  ],
];

type Stage = { readonly lab: Lab; readonly router: RouterProcess; readonly thrower: AdvertThrower };

/** Waits for the line that our log has for the event; fails with keepalived's log otherwise. */
async function says({ router }: Stage, event: NodeEvent, since: number): Promise<void> {
  const [line] = logLines(event);
  assert.ok(line !== undefined);
  const isRefusal = event.kind === "advert-refused" || event.kind === "advert-differs";
  const isOlder = isRefusal && router.program === "keepalived";
  const whole = `: ${isOlder ? olderText(line.text) : line.text}`;
  // keepalived's form of a line: time, colon, text, nothing else. Ours may add what it computed.
  const end = isRefusal && router.program === "understudy" ? "" : "$";
  const pattern = new RegExp(
    `^\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}${escaped(whole)}${end}`,
  );
  await router.says(pattern, 8_000, since);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Does something, then waits for the lines of these events. */
async function provoke(
  stage: Stage,
  act: () => void,
  ...events: readonly NodeEvent[]
): Promise<void> {
  const since = monotonicMs();
  act();
  for (const event of events) await says(stage, event, since);
}

const kindOf = (event: NodeEvent): string =>
  event.kind === "advert-refused"
    ? event.refusal.kind
    : event.kind === "advert-differs"
      ? event.what.kind
      : event.kind;

/** Our engine reports each kind of refusal once until something changes. */
const refusalsOnce = refusals.filter(
  ([, event], i) => i === refusals.findIndex(([, other]) => kindOf(other) === kindOf(event)),
);

const programs = [
  { program: "keepalived", title: "keepalived prints what our log prints, line by line" },
  { program: "understudy", title: "our daemon prints what keepalived prints" },
] as const;

for (const { program, title } of programs)
  test(title, { skip: obstacle }, async (t) => {
    const lab = createLab(`log${program.slice(0, 4)}`, {
      a: { eth0: ["192.168.254.1/24"], eth1: ["10.1.1.1/24"] },
      client: { eth0: [`${other}/24`] },
    });
    after(() => lab.close());
    const thrower = advertThrower(lab, "client", other, passAdvert(51, 50, password, addresses));
    after(() => thrower.close());
    const router = startRouter(lab, "a", { program, config });
    const stage: Stage = { lab, router, thrower };

    await t.test("start and taking over", async () => {
      await says(stage, turn("INIT", "BACKUP"), 0);
      await says(stage, { kind: "receive-timeout", instance }, 0);
      await says(stage, turn("BACKUP", "MASTER"), 0);
    });
    for (const [packet, event] of program === "keepalived" ? refusals : refusalsOnce) {
      await t.test(`refused: ${logLines(event)[0]?.text}`, () =>
        provoke(stage, () => thrower.throw(packet), event),
      );
    }
    await t.test("a master hears a weaker router, and one that leaves", async () => {
      await provoke(stage, () => thrower.throw({}), heard("lower-answered", 50));
      await provoke(
        stage,
        () => thrower.throw({ priority: 0 }),
        heard("priority-zero-as-master", 0),
      );
    });
    await t.test("a master gives way to a stronger router", () =>
      provoke(
        stage,
        () => thrower.throw({ priority: 150 }),
        heard("higher-priority", 150),
        turn("MASTER", "BACKUP"),
      ),
    );
    await t.test("a backup hears a weaker router, and the master that leaves", async () => {
      await provoke(stage, () => thrower.throw({}), heard("lower-discarded", 50));
      await provoke(
        stage,
        () => thrower.throw({ priority: 0 }),
        heard("priority-zero-as-backup", 0),
        turn("BACKUP", "MASTER"),
      );
    });
    await t.test("a master gives way to an equal one with a higher address", () =>
      provoke(
        stage,
        () => thrower.throw({ priority: 100 }),
        heard("same-priority-higher-address", 100),
        turn("MASTER", "BACKUP"),
      ),
    );
    await t.test("a tracked interface goes down and comes back", async () => {
      const changed = (from: number, to: number): NodeEvent => ({
        kind: "priority-changed",
        instance,
        from,
        to,
      });
      const cable = (what: "out" | "in") => () => lab.cable("a", what, "eth1");
      await provoke(stage, cable("out"), link("eth1", "down"), changed(100, 80));
      await provoke(stage, cable("in"), link("eth1", "up"), changed(80, 100));
    });
    await t.test("the own interface goes down and comes back", async () => {
      await provoke(
        stage,
        () => lab.cable("a", "out"),
        link("eth0", "down"),
        turn("MASTER", "FAULT"),
      );
      await provoke(stage, () => lab.cable("a", "in"), link("eth0", "up"), turn("FAULT", "BACKUP"));
    });
    await t.test("somebody deletes an address of the master", async () => {
      await router.reaches("MASTER", 8_000);
      const address = {
        link: 2,
        address: ip(`${addresses[0]}`),
        prefixLength: 32,
        scope: "global",
      } as const;
      const remove = () =>
        lab.exec("a", ["ip", "addr", "del", `${addresses[0]}/32`, "dev", "eth0"]);
      await provoke(
        stage,
        remove,
        { kind: "address-taken-away", instance, address, interface: "eth0" },
        turn("MASTER", "BACKUP"),
      );
    });
    await t.test("a master that ends announces it", async () => {
      await router.reaches("MASTER", 8_000);
      await provoke(stage, () => void router.stop(), { kind: "priority-zero-sent", instance });
      assert.equal(await router.stop(), 0);
    });
  });
