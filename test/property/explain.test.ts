// Whatever the group, what `explain` computes is what the engines do in the simulator: the master, and
// who takes over after which time, to the microsecond.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createEngine } from "../../src/core/engine/engine.ts";
import { explain } from "../../src/core/review/explain.ts";
import { explanationJson } from "../../src/core/review/explain-json.ts";
import { explanationText } from "../../src/core/review/explain-text.ts";
import { proofOf } from "../../src/core/sim/proof.ts";
import { loadGroup } from "../config/group-text.ts";

type Router = {
  readonly priority: number;
  readonly state: "MASTER" | "BACKUP" | "";
  readonly interval: number;
  readonly adverts: number;
  readonly nopreempt: boolean;
  readonly preemptDelay: number;
  readonly weight: number;
};

const router = (intervals: readonly number[]): fc.Arbitrary<Router> =>
  fc.record({
    priority: fc.oneof(fc.integer({ min: 1, max: 254 }), fc.constantFrom(255, 100, 254)),
    state: fc.constantFrom("MASTER" as const, "BACKUP" as const, "" as const),
    interval: fc.constantFrom(...intervals),
    adverts: fc.constantFrom(3, 3, 3, 2, 5),
    nopreempt: fc.boolean(),
    preemptDelay: fc.constantFrom(0, 0, 2),
    weight: fc.constantFrom(0, 0, 20, -20),
  });

type Group = { readonly version: 2 | 3; readonly routers: readonly Router[] };

const group: fc.Arbitrary<Group> = fc.oneof(
  ...([2, 3] as const).map((version) =>
    fc.record({
      version: fc.constant(version),
      routers: fc.array(router(version === 2 ? [1] : [1, 0.5, 1.23]), {
        minLength: 2,
        maxLength: 4,
      }),
    }),
  ),
);

const textOf = (
  { priority, state, interval, adverts, nopreempt, preemptDelay, weight }: Router,
  version: number,
): string => `vrrp_instance A {
  ${state === "" ? "" : `state ${state}`}
  version ${version}
  interface eth0
  virtual_router_id 7
  priority ${priority}
  advert_int ${interval}
  down_timer_adverts ${adverts}
  ${nopreempt ? "nopreempt" : ""}
  ${preemptDelay === 0 ? "" : `preempt_delay ${preemptDelay}`}
  track_interface {
    eth1 weight ${weight}
  }
  virtual_ipaddress { 192.0.2.1 }
}
`;

test("C03 C04 I15 I16: the engines take over when the formulas say, in every group", () => {
  let agreed = 0;
  fc.assert(
    fc.property(group, ({ version, routers }) => {
      const explanation = explain(loadGroup(routers.map((each) => textOf(each, version))));
      const [explained] = explanation.virtualRouters;
      assert.ok(explained !== undefined);
      const proof = proofOf(explained, () => createEngine());
      if (proof.kind === "differs") assert.fail(proof.how);
      if (proof.kind === "agrees") agreed++;
      // Whoever shows it must be able to.
      assert.equal(typeof explanationText(explanation, [proof]), "string");
      assert.equal(typeof JSON.stringify(explanationJson(explanation, [proof])), "string");
    }),
    { numRuns: 150 },
  );
  assert.ok(agreed >= 75, `only ${agreed} groups were simulated`);
});

test("no text at all makes explain throw", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 200 }), { maxLength: 3 }), (texts) => {
      const explanation = explain(loadGroup(texts));
      assert.equal(typeof explanationText(explanation, []), "string");
    }),
    { numRuns: 100 },
  );
});
