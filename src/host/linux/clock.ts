// The monotonic clock of this machine as an Instant: µs of CLOCK_MONOTONIC, the same in every thread
// and process, never set and never going back.

import { type Instant, instant } from "../../core/base/time.ts";

/** Now, rounded down to whole µs. process.hrtime is CLOCK_MONOTONIC and cheaper than our own call. */
export function monotonicNow(): Instant {
  const [seconds, nanoseconds] = process.hrtime();
  return instant(seconds * 1_000_000 + Math.floor(nanoseconds / 1_000));
}
