// The simulated segment and the queue of events: who hears whom, in which order things happen, and
// that both are as the seed says.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Prng } from "../../../../src/core/base/prng.ts";
import { instant, microseconds } from "../../../../src/core/base/time.ts";
import { EventQueue } from "../../../../src/core/sim/event-queue.ts";
import { Lan } from "../../../../src/core/sim/lan.ts";

const whole = {
  delayMin: microseconds(100),
  delayMax: microseconds(300),
  lossPerMille: 0,
  duplicatePerMille: 0,
};

const hosts = (lan: Lan, from: number, to: readonly number[]) =>
  lan.deliveries(from, to).map(({ host }) => host);

test("events come out by instant, and in the order of arrival at the same one", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (instants) => {
      const queue = new EventQueue<number>();
      for (const [i, at] of instants.entries()) queue.put(instant(at), i);
      const taken: { at: number; event: number }[] = [];
      for (let next = queue.take(); next !== undefined; next = queue.take()) {
        taken.push({ at: next.at, event: next.event });
      }
      const sorted = instants.map((at, event) => ({ at, event })).sort((a, b) => a.at - b.at);
      assert.deepEqual(taken, sorted);
    }),
  );
});

test("an event that is put in between comes out in its turn", () => {
  const queue = new EventQueue<string>();
  queue.put(instant(1), "first");
  queue.put(instant(9), "last");
  assert.equal(queue.take()?.event, "first");
  queue.put(instant(5), "between");
  assert.equal(queue.take()?.event, "between");
  assert.equal(queue.take()?.event, "last");
  assert.equal(queue.take(), undefined);
});

test("a packet takes as long as the conditions say", () => {
  const lan = new Lan(2, whole, new Prng(1));
  for (let i = 0; i < 200; i++) {
    for (const { delay } of lan.deliveries(0, [1])) assert.ok(delay >= 100 && delay <= 300);
  }
});

test("the sides of a partition do not hear each other until it heals", () => {
  const lan = new Lan(4, whole, new Prng(1));
  lan.partition([0, 1]);
  assert.deepEqual(hosts(lan, 0, [1, 2, 3]), [1]);
  assert.deepEqual(hosts(lan, 2, [0, 1, 3]), [3]);
  lan.heal();
  assert.deepEqual(hosts(lan, 0, [1, 2, 3]), [1, 2, 3]);
});

test("a host without its cable neither speaks nor hears", () => {
  const lan = new Lan(3, whole, new Prng(1));
  lan.setLinkUp(1, false);
  assert.deepEqual(hosts(lan, 0, [1, 2]), [2]);
  assert.deepEqual(hosts(lan, 1, [0, 2]), []);
  lan.setLinkUp(1, true);
  assert.deepEqual(hosts(lan, 1, [0, 2]), [0, 2]);
});

test("packets are lost and doubled in the given proportion, and never lost in the calm", () => {
  const conditions = { ...whole, lossPerMille: 300, duplicatePerMille: 200 };
  const lan = new Lan(2, conditions, new Prng(1));
  const count = (copies: number) =>
    Array.from({ length: 10_000 }, () => lan.deliveries(0, [1]).length).filter(
      (found) => found === copies,
    ).length;
  assert.ok(Math.abs(count(0) - 3000) < 200, "three of ten are lost");
  assert.ok(Math.abs(count(2) - 1400) < 200, "a fifth of the others come twice");
  lan.calmDown();
  assert.equal(count(0), 0);
});
