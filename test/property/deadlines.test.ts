// The heap of deadlines against a stupid version of itself: a list that is searched from end to
// end.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Instant, instant } from "../../src/core/base/time.ts";
import { Deadlines } from "../../src/core/engine/deadlines.ts";

type Change = { readonly slot: number; readonly at: number | undefined };

const change: fc.Arbitrary<Change> = fc.record({
  slot: fc.nat(24),
  at: fc.option(fc.nat(50), { nil: undefined }),
});

/** The earliest slot, the lowest of equals. */
function search(all: ReadonlyMap<number, Instant>): number | undefined {
  return [...all].sort(([a, x], [b, y]) => x - y || a - b)[0]?.[0];
}

test("C08: the first of many deadlines is the one that a search finds, after every change", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const deadlines = new Deadlines();
      const all = new Map<number, Instant>();
      for (const { slot, at } of changes) {
        deadlines.set(slot, at === undefined ? undefined : instant(at));
        if (at === undefined) all.delete(slot);
        else all.set(slot, instant(at));
        const first = search(all);
        assert.equal(deadlines.first(), first);
        assert.equal(deadlines.firstAt(), first === undefined ? undefined : all.get(first));
        assert.equal(deadlines.size, all.size);
      }
    }),
  );
});

test("taking the first again and again gives all deadlines in order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { maxLength: 300 }), (instants) => {
      const deadlines = new Deadlines();
      for (const [slot, at] of instants.entries()) deadlines.set(slot, instant(at));
      const taken: number[] = [];
      for (let slot = deadlines.first(); slot !== undefined; slot = deadlines.first()) {
        taken.push(deadlines.firstAt() ?? -1);
        deadlines.set(slot, undefined);
      }
      assert.deepEqual(
        taken,
        [...instants].sort((a, b) => a - b),
      );
    }),
  );
});
