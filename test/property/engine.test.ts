// Random lives of two engines on one LAN: cables, links, thefts, reloads, broken packets. Whatever
// happens, addresses are in the kernel of a master and of nobody else, other people's addresses
// stay, counters do not lie, and the recording replays.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assertNever } from "../../src/core/base/assert.ts";
import { ip } from "../../src/core/base/ip.ts";
import { milliseconds } from "../../src/core/base/time.ts";
import type { InstanceModel } from "../../src/core/config/model.ts";
import { replay } from "../../src/core/engine/replay.ts";
import { Lab, type LabNode } from "../unit/core/engine/lab.ts";
import { instanceModel, nodeModel, virtual } from "../unit/core/engine/models.ts";

type Step =
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "cable" | "link"; readonly node: 0 | 1; readonly on: boolean }
  | { readonly kind: "theft" | "overrun" | "noise"; readonly node: 0 | 1; readonly which: number }
  | {
      readonly kind: "reload";
      readonly node: 0 | 1;
      readonly priority: number;
      readonly vips: number;
    };

const node = fc.constantFrom(0 as const, 1 as const);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(5_000) }) },
  fc.record({ kind: fc.constantFrom("cable" as const, "link" as const), node, on: fc.boolean() }),
  fc.record({
    kind: fc.constantFrom("theft" as const, "overrun" as const, "noise" as const),
    node,
    which: fc.nat(2),
  }),
  fc.record({
    kind: fc.constant("reload" as const),
    node,
    priority: fc.integer({ min: 1, max: 255 }),
    vips: fc.integer({ min: 1, max: 3 }),
  }),
);

const vips = ["192.0.2.1/24", "192.0.2.2/24", "192.0.2.3"];

const model = (priority: number, count: number): InstanceModel =>
  instanceModel({ priority, addresses: vips.slice(0, count).map((text) => virtual(text)) });

function perform(lab: Lab, step: Step, current: number[]): void {
  if (step.kind === "wait") {
    lab.advance(milliseconds(step.ms));
    return;
  }
  const target = lab.nodes[step.node] as LabNode;
  switch (step.kind) {
    case "cable":
      target.cut = !step.on;
      break;
    case "link":
      target.kernel.setLinkUp("eth0", step.on);
      break;
    case "theft":
      target.kernel.removeAsSomebodyElse(ip((vips[step.which] ?? "").split("/")[0] ?? ""));
      break;
    case "overrun":
      target.kernel.overrun();
      break;
    case "noise":
      target.receive(new Uint8Array(step.which * 15).fill(0x45));
      break;
    case "reload":
      current[step.node] = step.vips;
      target.feed({
        kind: "configure",
        model: nodeModel([model(step.priority, step.vips)]),
      });
      break;
    default:
      assertNever(step);
  }
  target.kernelEvents();
}

function check(target: LabNode, count: number): void {
  const expected = target.state() === "MASTER" ? vips.slice(0, count) : [];
  const held = [...target.held()].map((text) => text.replace(/\/32$/, "")).sort();
  assert.deepEqual(held, expected, target.status().why);
  assert.ok(
    target.kernel.held().some(({ protocol }) => protocol !== 18),
    "the real address",
  );
}

test("F19 J10: addresses are a master's and nobody else's, and every life replays", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const lab = new Lab();
      const current = [2, 2];
      lab.node("10.0.0.1").start(nodeModel([model(150, 2)]));
      lab.node("10.0.0.2").start(nodeModel([model(100, 2)]));
      for (const one of steps) {
        perform(lab, one, current);
        for (const [place, target] of lab.nodes.entries()) check(target, current[place] ?? 0);
      }
      for (const target of lab.nodes) {
        target.feed({ kind: "shutdown" });
        assert.deepEqual(target.held(), []);
        assert.equal(target.effects("stopped").length, 1);
        assert.equal(replay(target.recording).kind, "same");
      }
    }),
    { numRuns: 60 },
  );
});
