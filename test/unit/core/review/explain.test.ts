// What `explain` makes of a group: who is master and why, the time-outs with their numbers, what has
// no effect, and that no secret and no terminal control leaves a file.

import assert from "node:assert/strict";
import { test } from "node:test";
import { explain } from "../../../../src/core/review/explain.ts";
import { explanationJson } from "../../../../src/core/review/explain-json.ts";
import { explanationText } from "../../../../src/core/review/explain-text.ts";
import { loadGroup, routerText } from "../../../config/group-text.ts";

const explained = (texts: readonly string[]) => explain(loadGroup(texts)).virtualRouters[0];
const textOf = (texts: readonly string[]) => explanationText(explain(loadGroup(texts)), []);

function masterOf(texts: readonly string[]): string {
  const election = explained(texts)?.election;
  if (election?.kind !== "decided") return election?.kind ?? "split";
  return `${election.master.router} ${election.why} ${election.wait.after}`;
}

test("the strongest is master, an owner at once, equals are undecided", () => {
  assert.equal(masterOf([routerText(100), routerText(150)]), "r2 highest-priority 3414062");
  assert.equal(masterOf([routerText(100)]), "r1 alone 3609375");
  assert.equal(masterOf([routerText(100), routerText(255, "state MASTER")]), "r2 owner 0");
  assert.equal(masterOf([routerText(100), routerText(255, "state BACKUP")]), "r2 owner 3003906");
  assert.equal(masterOf([routerText(100), routerText(100)]), "undecided");
  assert.equal(masterOf([routerText(100), routerText(150, "version 3")]), "split");
});

test("weights that count from the start decide with the rest", () => {
  const weighted = routerText(100, "track_interface {\neth1 weight 60\n}");
  assert.equal(masterOf([weighted, routerText(150)]), "r1 highest-priority 3375000");
});

test("a stronger one that is slower and does not preempt comes too late", () => {
  const slow = routerText(200, "version 3\nadvert_int 2\nnopreempt");
  assert.equal(
    masterOf([slow, routerText(100, "version 3")]),
    "r2 first-to-wait-no-longer 3609375",
  );
});

test("C03 C04: version 3 counts with the master's interval, version 2 skews in seconds", () => {
  const three = explained([
    routerText(150, "version 3\nadvert_int 0.5"),
    routerText(100, "version 3\nadvert_int 1"),
  ]);
  assert.equal(three?.hard?.wait.formula, "3 × 0.5 s + (256 − 100) × 0.5 s / 256 = 1.804687 s");
  assert.equal(three?.clean?.wait.after, 304_687);
  const two = explained([routerText(150, "advert_int 2"), routerText(100, "advert_int 2")]);
  assert.equal(two?.hard?.wait.after, 6_609_375);
  assert.equal(two?.clean?.wait.after, 609_375);
});

test("a stronger backup that waits longer follows the first one", () => {
  const { hard } = explained([
    routerText(200),
    routerText(150, "down_timer_adverts 5"),
    routerText(100),
  ]) ?? { hard: undefined };
  assert.deepEqual(
    hard?.routers.map(({ router }) => router),
    ["r3"],
  );
  assert.equal(hard?.followedBy?.router.router, "r2");
  assert.equal(hard?.followedBy?.wait.after, 5_414_062);
});

test("who comes back takes over, waits, or stays", () => {
  const back = (more: string) => explained([routerText(150, more), routerText(100)])?.returns;
  assert.equal(back("")?.kind, "takes-over");
  assert.equal(back("nopreempt")?.kind, "stays-backup");
  const delayed = back("preempt_delay 30");
  assert.equal(delayed?.kind === "takes-over" && delayed.delay, 30_000_000);
});

test("E15 E18: a master with less priority is followed when its adverts are no longer accepted", () => {
  const tracked = "track_interface {\neth1 weight -60\neth2 weight -40\neth3\n}";
  const takeOvers = (other: string) =>
    explained([routerText(150, tracked), routerText(100, other)])?.members[0]?.tracked.map(
      ({ thing, takeOver }) => `${thing.name} ${takeOver?.wait.after}`,
    );
  assert.deepEqual(takeOvers(""), [
    "eth0 3609375",
    "eth1 3609375",
    "eth2 undefined",
    "eth3 609375",
  ]);
  assert.deepEqual(takeOvers("preempt_delay 2")?.slice(1, 3), ["eth1 5609375", "eth2 undefined"]);
  assert.deepEqual(takeOvers("nopreempt")?.slice(1, 3), ["eth1 undefined", "eth2 undefined"]);
});

test("packets: lengths, what is excluded, and what an Ethernet frame cannot hold", () => {
  const packet = (texts: readonly string[]) => explained(texts)?.members[0]?.packet;
  // 20 bytes of IP, 8 of VRRP, 4 for each address, 8 of authentication.
  assert.equal(packet([routerText(100)])?.length, 44);
  assert.equal(packet([routerText(100, "version 3")])?.length, 36);
  const many = Array.from({ length: 300 }, (_, i) => `10.0.${i >> 8}.${i & 255}`).join("\n");
  const crowded = packet([routerText(100).replace("192.0.2.10/24", many)]);
  assert.equal(crowded?.addresses.length, 255);
  assert.equal(crowded?.excluded.length, 46);
  assert.equal(crowded?.length, 1056);
  assert.equal(crowded?.fitsEthernet, true);
});

test("every word without effect is told with its line and its reason", () => {
  const { withoutEffect } = explain(
    loadGroup([routerText(100, "state MASTER\nnopreempt\nuse_vmac\nprority 3")]),
  );
  assert.deepEqual(
    withoutEffect.map(({ code, line, text }) => [code, line, text]),
    [
      ["instance/preempt-conflict", 10, "nopreempt"],
      ["config/not-implemented", 11, "use_vmac"],
      ["config/unknown-keyword", 12, "prority 3"],
    ],
  );
  assert.match(withoutEffect[0]?.why ?? "", /initial state MASTER/);
});

test("strict mode is named where it is asked for, and only there", () => {
  const strict = (text: string) => explain(loadGroup([text])).strict;
  assert.deepEqual(strict(`global_defs {\nvrrp_strict\n}\n${routerText(100)}`), [
    { file: "r1.conf", line: 2 },
  ]);
  assert.deepEqual(strict(routerText(100, "strict_mode yes")), [{ file: "r1.conf", line: 9 }]);
  assert.deepEqual(strict(`global_defs {\nvrrp_strict no\n}\n${routerText(100)}`), []);
});

test("no password, no terminal control and no map leaves in text or JSON", () => {
  const texts = [
    routerText(150, "authentication {\nauth_type PASS\nauth_pass s3cr3t-and-more\n}"),
    routerText(100, "authentication {\nauth_type PASS\nauth_pass other99\n}\nbad\u001b[31m x"),
  ];
  const explanation = explain(loadGroup(texts));
  const both = explanationText(explanation, []) + JSON.stringify(explanationJson(explanation, []));
  assert.doesNotMatch(both, /s3cr3t|other99/);
  assert.ok(!both.includes("\u001b"));
  assert.match(both, /bad/);
});

test("odd groups are explained as far as there is something", () => {
  assert.equal(textOf([""]), "There is no virtual router in these files.\n");
  assert.match(textOf(["vrrp_instance A {"]), /^There is no virtual router/);
  assert.match(textOf([routerText(100), ""]), /no other router of this group was given/);
  const [file] = loadGroup([routerText(100)]);
  assert.ok(file !== undefined);
  assert.equal(explain([file, file]).virtualRouters[0]?.members.length, 1);
});

test("the JSON says the same as the text, in µs", () => {
  const json = explanationJson(explain(loadGroup([routerText(150), routerText(100)])), [
    { kind: "agrees" },
  ]);
  const [router] = JSON.parse(JSON.stringify(json)).virtualRouters;
  assert.deepEqual(
    [router.vrid, router.master, router.why, router.hardFailure.routers, router.hardFailure.after],
    [51, "r1", "highest-priority", ["r2"], 3_609_375],
  );
  assert.deepEqual(router.simulation, { kind: "agrees" });
  assert.deepEqual(
    router.members.map(({ router: name, priority }: { router: string; priority: number }) => [
      name,
      priority,
    ]),
    [
      ["r1", 150],
      ["r2", 100],
    ],
  );
});
