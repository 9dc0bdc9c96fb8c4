// Equality of plain data, and the path to the first difference: the two must always agree.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { firstDifference, sameData } from "../../../../src/core/base/same-data.ts";

test("fields compare in any order, absent is undefined, bytes compare by content", () => {
  assert.ok(sameData({ a: 1, b: [2, { c: 3 }] }, { b: [2, { c: 3 }], a: 1 }));
  assert.ok(sameData({ a: 1, b: undefined }, { a: 1 }));
  assert.ok(sameData({ a: 1 }, { a: 1, b: undefined }));
  assert.ok(sameData(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
  assert.ok(!sameData({ a: 1 }, { a: 1, b: 2 }));
  assert.ok(!sameData([1, 2], [1]));
  assert.ok(!sameData([], {}));
  assert.ok(!sameData(null, {}));
});

test("the first difference is named by its path", () => {
  const left = { list: [{ name: "A" }, { name: "B" }] };
  const right = { list: [{ name: "A" }, { name: "C" }] };
  assert.equal(firstDifference(left, right), ".list[1].name");
  assert.equal(firstDifference(left, left), undefined);
  assert.equal(firstDifference(1, 2), "");
});

test("equality and first difference agree, also with the copy through JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      assert.equal(sameData(a, b), firstDifference(a, b) === undefined);
      assert.ok(sameData(a, JSON.parse(JSON.stringify(a))) || JSON.stringify(a).includes("-0"));
    }),
  );
});
