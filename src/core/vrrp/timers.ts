// The two durations that VRRP's elections hang on, in exact microseconds: how long a backup waits for
// a silent master, and the part of it by which stronger backups wake first. RFC 9568 section 6.1 for
// version 3, RFC 3768 section 6.1 for version 2.

import { assert } from "../base/assert.ts";
import type { Microseconds } from "../base/time.ts";

/** The priority of a router that owns its addresses. */
export const ownerPriority = 255;

/** Base and the sum of all weights, held within 1 to 254 (J03); an owner's 255 does not move. */
export const weightedPriority = (base: number, weight: number): number =>
  base === ownerPriority ? ownerPriority : Math.min(Math.max(base + weight, 1), ownerPriority - 1);

/**
 * Skew_Time, truncated to whole µs: (256 - priority) / 256 of the master's interval in version 3
 * (C03), of one second in version 2 (I15). `priority` is 1 to 255, and 255 for an owner even while
 * it has lowered itself to 254.
 */
export function skewTime(
  version: 2 | 3,
  priority: number,
  masterInterval: Microseconds,
): Microseconds {
  assert(priority >= 1, "priority 0 is an announcement of leaving, never a configuration");
  assert(priority <= ownerPriority, "priority is one byte on the wire");
  const whole = version === 3 ? masterInterval : 1_000_000;
  // The product stays far below 2^53 and 256 is a power of two, so only the truncation loses anything.
  return Math.floor(((256 - priority) * whole) / 256) as Microseconds;
}

/**
 * Master_Down_Interval (C04, I16): `adverts` missed intervals (`down_timer_adverts`, 3 in the RFCs)
 * and the skew. Version 2 passes its own interval as `masterInterval`.
 */
export const masterDownTime = (
  version: 2 | 3,
  priority: number,
  masterInterval: Microseconds,
  adverts: number,
): Microseconds =>
  (adverts * masterInterval + skewTime(version, priority, masterInterval)) as Microseconds;
