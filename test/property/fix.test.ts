// Whatever is broken in a file, its safe fixes come to an end, touch nothing but the words they name,
// and leave no line added or lost; and a keyword with one slip in it becomes the keyword again or is
// left for somebody to decide.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { applySafeFixes } from "../../src/core/config/fix.ts";
import { vrrpInstanceKeywords } from "../../src/core/config/schema/vrrp-instance.ts";
import { loadText, mainPath } from "../config/config-text.ts";

/** The text after one round of safe fixes. */
function fixedOnce(text: string): string {
  const { diagnostics, sources } = loadText(text);
  for (const { edit } of diagnostics)
    assert.ok(edit === undefined || !/[\n\r]/.test(edit.text), "an edit stays in its line");
  return applySafeFixes(diagnostics, sources).get(mainPath) ?? text;
}

const valid = `global_defs {
    router_id r
    vrrp_version 3
}
vrrp_instance A {
    state BACKUP
    interface eth0
    virtual_router_id 1
    priority 100
    advert_int 1
    nopreempt
    track_interface {
        eth1 weight -20
    }
    virtual_ipaddress {
        192.0.2.1/24 brd + dev eth0 scope link
    }
}
`;

const damage = fc.array(
  fc.tuple(
    fc.nat(valid.length - 1),
    fc.integer({ min: 0, max: 2 }),
    fc.constantFrom("", "x", "e", "t", "_", "\n", "{", "}", '"', "#", "$", "9", "\ufeff", "~"),
  ),
  { minLength: 1, maxLength: 6 },
);

const damaged = (changes: readonly (readonly [at: number, removed: number, added: string])[]) =>
  [...changes]
    .sort((a, b) => b[0] - a[0])
    .reduce(
      (text, [at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed),
      valid,
    );

test("safe fixes come to an end, and keep every line", () => {
  let helped = 0;
  fc.assert(
    fc.property(damage, (changes) => {
      const text = damaged(changes);
      let now = text;
      let rounds = 0;
      for (let next = fixedOnce(now); next !== now; next = fixedOnce(now)) {
        now = next;
        assert.ok(++rounds <= 8, text);
      }
      assert.equal(now.split("\n").length, text.split("\n").length);
      if (rounds > 0) helped++;
    }),
    { numRuns: 800 },
  );
  assert.ok(helped > 80, `${helped}`);
});

const keywords = Object.keys(vrrpInstanceKeywords).filter((keyword) => keyword.length > 5);

test("one slip in a keyword is mended to that keyword, or left", () => {
  let mended = 0;
  const slip = fc.constantFrom(...keywords).chain((keyword) =>
    fc.record({
      keyword: fc.constant(keyword),
      at: fc.integer({ min: 1, max: keyword.length - 2 }),
    }),
  );
  fc.assert(
    fc.property(slip, ({ keyword, at }) => {
      const slipped = keyword.slice(0, at) + keyword.slice(at + 1);
      if (keywords.includes(slipped)) return;
      const text = `vrrp_instance A {\n${slipped} 1\n}\n`;
      const after = fixedOnce(text);
      if (after === text) return;
      assert.equal(after, `vrrp_instance A {\n${keyword} 1\n}\n`);
      mended++;
    }),
    { numRuns: 500 },
  );
  assert.ok(mended > 300, `${mended}`);
});
