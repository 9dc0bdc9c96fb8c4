// Weights over all combinations, compared with a stupid version that tries every combination, and with
// the engine's own sum of weights.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { loadConfig } from "../../src/core/config/load.ts";
import { weightOf } from "../../src/core/engine/faults.ts";
import { LinkTable } from "../../src/core/engine/links.ts";
import { checkGroup } from "../../src/core/review/check-group.ts";
import type { Member } from "../../src/core/review/members.ts";
import { priorityWith, type TrackedThing } from "../../src/core/review/tracked.ts";
import {
  healthyPriorityOf,
  uselessWeights,
  weightedTies,
  weightTable,
} from "../../src/core/review/weights.ts";
import { weightedPriority } from "../../src/core/vrrp/timers.ts";
import { textFiles } from "../config/config-text.ts";

type Router = {
  readonly priority: number;
  readonly nopreempt: boolean;
  readonly tracked: readonly { readonly weight: number; readonly reverse: boolean }[];
};

// Few different numbers, so that sums meet.
const router: fc.Arbitrary<Router> = fc.record({
  priority: fc.constantFrom(1, 90, 100, 110, 120, 254, 255),
  nopreempt: fc.boolean(),
  tracked: fc.array(
    fc.record({
      weight: fc.constantFrom(-253, -30, -20, -10, -1, 0, 1, 10, 20, 253),
      reverse: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
});

const textOf = ({ priority, nopreempt, tracked }: Router): string => `vrrp_instance A {
  state BACKUP
  interface eth0
  virtual_router_id 1
  priority ${priority}
  ${nopreempt ? "nopreempt" : ""}
  virtual_ipaddress { 192.0.2.1 }
  track_interface {
${tracked.map(({ weight, reverse }, i) => `eth${i + 1} weight ${weight}${reverse ? " reverse" : ""}`).join("\n")}
  }
}
`;

function membersOf(routers: readonly Router[]): readonly Member[] {
  const texts = routers.map((each, i) => [`r${i}`, textOf(each)]);
  const files = textFiles(Object.fromEntries(texts));
  const loaded = routers.map((_, i) => ({ path: `r${i}`, loaded: loadConfig(`r${i}`, files, {}) }));
  return checkGroup(loaded).virtualRouters[0]?.members ?? [];
}

/** Every subset of what can change a weight. */
function combinations(member: Member): readonly ReadonlySet<TrackedThing>[] {
  let all: ReadonlySet<TrackedThing>[] = [new Set()];
  for (const thing of member.things) {
    if (thing.working.kind === "fault" || thing.failed.kind === "fault") continue;
    all = all.flatMap((set) => [set, new Set([...set, thing])]);
  }
  return all;
}

const priorityIn = (member: Member, failed: ReadonlySet<TrackedThing>): number =>
  priorityWith(member.model.priority, member.things, (thing) => failed.has(thing)) ??
  weightedPriority(member.model.priority, 0);

/** A failure of `thing` can give mastership to somebody, tried in every combination of two routers. */
function matters(member: Member, thing: TrackedThing, rivals: readonly Member[]): boolean {
  return rivals.some((rival) =>
    combinations(rival).some((there) =>
      combinations(member).some((here) => {
        if (here.has(thing)) return false;
        const theirs = priorityIn(rival, there);
        const before = priorityIn(member, here);
        const after = priorityIn(member, new Set([...here, thing]));
        const loses = before >= theirs && after < theirs && rival.model.preempt;
        const wins = before <= theirs && after > theirs && member.model.preempt;
        return loses || wins;
      }),
    ),
  );
}

test("useless weights are those that trying every combination finds", () => {
  fc.assert(
    fc.property(fc.array(router, { minLength: 2, maxLength: 3 }), (routers) => {
      const members = membersOf(routers);
      const found = uselessWeights(members).map(
        ({ member, thing }) => `${member.router} ${thing.name}`,
      );
      const expected = members.flatMap((member) =>
        member.things
          .filter((thing) => combinations(member).some((set) => set.has(thing)))
          .filter(({ working, failed }) => JSON.stringify(working) !== JSON.stringify(failed))
          .filter(
            (thing) =>
              !matters(
                member,
                thing,
                members.filter((each) => each !== member),
              ),
          )
          .map((thing) => `${member.router} ${thing.name}`),
      );
      assert.deepEqual(found, expected);
    }),
    { numRuns: 300 },
  );
});

test("ties are found where there are any, with the fewest failures", () => {
  fc.assert(
    fc.property(router, router, (first, second) => {
      const [a, b] = membersOf([first, second]);
      assert.ok(a !== undefined && b !== undefined);
      const sizes = combinations(a).flatMap((here) =>
        combinations(b)
          .filter((there) => priorityIn(a, here) === priorityIn(b, there))
          .map((there) => here.size + there.size),
      );
      const differ = healthyPriorityOf(a) !== healthyPriorityOf(b);
      const smallest = differ && sizes.length > 0 ? Math.min(...sizes) : undefined;
      assert.equal(weightedTies([a, b])[0]?.failures.length, smallest);
    }),
    { numRuns: 300 },
  );
});

test("the priority in each combination is the engine's", () => {
  fc.assert(
    fc.property(router, fc.nat(), (one, seed) => {
      const [member] = membersOf([one, { ...one, nopreempt: false }]);
      assert.ok(member !== undefined);
      const all = combinations(member);
      const failed = all[seed % all.length] ?? new Set();
      const links = new LinkTable();
      for (const [i, { name }] of member.things.entries()) {
        const up = ![...failed].some((thing) => thing.name === name);
        const link = { index: i + 1, name, up, multicast: true, noArp: false, mac: "", mtu: 1500 };
        links.set(link);
      }
      const expected = weightedPriority(one.priority, weightOf(member.model, links));
      const ours = priorityWith(member.model.priority, member.things, (each) => failed.has(each));
      if (ours !== undefined) assert.equal(ours, expected);
    }),
    { numRuns: 200 },
  );
});

test("the table has every combination once, as far as it goes", () => {
  fc.assert(
    fc.property(router, router, (first, second) => {
      const members = membersOf([first, second]);
      const { rows, combinations: count } = weightTable(members);
      const keys = rows.map(({ failures }) =>
        failures.map(({ member, thing }) => `${member.router} ${thing.name}`).join(" "),
      );
      assert.equal(new Set(keys).size, keys.length);
      assert.equal(rows.length, Math.min(count, 32));
    }),
    { numRuns: 100 },
  );
});
