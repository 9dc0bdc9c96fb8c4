// The down time and the skew against the table of exact values, every priority and interval included.

import assert from "node:assert/strict";
import { test } from "node:test";
import { microseconds, milliseconds } from "../../../../src/core/base/time.ts";
import { masterDownTime, skewTime } from "../../../../src/core/vrrp/timers.ts";

/** The table of down intervals and skews of version 3, in µs; fractions of a µs are truncated. */
const table: readonly (readonly [number, number, number, number])[] = [
  // priority, interval in ms, down, skew
  [1, 10, 39_960.9375, 9_960.9375],
  [1, 100, 399_609.375, 99_609.375],
  [1, 1_000, 3_996_093.75, 996_093.75],
  [1, 40_950, 163_640_039.0625, 40_790_039.0625],
  [100, 10, 36_093.75, 6_093.75],
  [100, 100, 360_937.5, 60_937.5],
  [100, 1_000, 3_609_375, 609_375],
  [100, 40_950, 147_803_906.25, 24_953_906.25],
  [150, 10, 34_140.625, 4_140.625],
  [150, 100, 341_406.25, 41_406.25],
  [150, 1_000, 3_414_062.5, 414_062.5],
  [150, 40_950, 139_805_859.375, 16_955_859.375],
  [200, 10, 32_187.5, 2_187.5],
  [200, 100, 321_875, 21_875],
  [200, 1_000, 3_218_750, 218_750],
  [200, 40_950, 131_807_812.5, 8_957_812.5],
  [254, 10, 30_078.125, 78.125],
  [254, 100, 300_781.25, 781.25],
  [254, 1_000, 3_007_812.5, 7_812.5],
  [254, 40_950, 123_169_921.875, 319_921.875],
  [255, 10, 30_039.0625, 39.0625],
  [255, 100, 300_390.625, 390.625],
  [255, 1_000, 3_003_906.25, 3_906.25],
  [255, 40_950, 123_009_960.9375, 159_960.9375],
];

test("C03: version 3 skews by (256 - priority) parts of the master's interval, truncated", () => {
  for (const [priority, interval, , skew] of table) {
    assert.equal(skewTime(3, priority, milliseconds(interval)), Math.trunc(skew));
  }
});

test("C04: a backup waits three of the master's intervals and the skew", () => {
  for (const [priority, interval, down] of table) {
    assert.equal(masterDownTime(3, priority, milliseconds(interval), 3), Math.trunc(down));
  }
});

test("C03: for every priority and interval the skew is what integers give", () => {
  for (let priority = 1; priority <= 255; priority++) {
    for (let centiseconds = 1; centiseconds <= 4095; centiseconds += 7) {
      const exact = (BigInt(256 - priority) * BigInt(centiseconds) * 625n) / 16n;
      assert.equal(skewTime(3, priority, microseconds(centiseconds * 10_000)), Number(exact));
    }
  }
});

test("I15: version 2 skews by parts of one second, whatever the interval", () => {
  assert.equal(skewTime(2, 100, milliseconds(1_000)), 609_375);
  assert.equal(skewTime(2, 100, milliseconds(255_000)), 609_375);
  assert.equal(skewTime(2, 1, milliseconds(5_000)), 996_093);
  assert.equal(skewTime(2, 255, milliseconds(5_000)), 3_906);
});

test("I16: version 2 waits three of its own intervals and the skew", () => {
  assert.equal(masterDownTime(2, 100, milliseconds(1_000), 3), 3_609_375);
  assert.equal(masterDownTime(2, 50, milliseconds(5_000), 3), 15_804_687);
});

test("C04 I16: down_timer_adverts replaces the three", () => {
  assert.equal(masterDownTime(3, 100, milliseconds(1_000), 1), 1_609_375);
  assert.equal(masterDownTime(2, 100, milliseconds(1_000), 100), 100_609_375);
});

test("a priority that no router can have breaks an invariant", () => {
  assert.throws(() => skewTime(3, 0, milliseconds(1_000)), /priority 0/);
  assert.throws(() => skewTime(3, 256, milliseconds(1_000)), /one byte/);
});
