// The one shape of every state machine here. Inputs and effects are plain data; effects are ordered
// and are carried out by a driver, and what becomes of them returns as inputs.

import type { Instant } from "./time.ts";

export interface Machine<Input, Effect> {
  /** Takes one input at an instant, which never lies before an earlier one. */
  handle(input: Input, now: Instant): readonly Effect[];
  /** Acts on every deadline that has come by `now`. */
  handleTimeout(now: Instant): readonly Effect[];
  /** When handleTimeout next has something to do; undefined for never. */
  nextTimeout(): Instant | undefined;
}

/** Named deadlines of a machine; absent means not running. */
export type Timers<Name extends string> = { [name in Name]?: Instant };

/** The first deadline of all, or undefined. */
export function earliest(timers: Timers<string>): Instant | undefined {
  let soonest: Instant | undefined;
  for (const name in timers) {
    const at = timers[name];
    if (at !== undefined && (soonest === undefined || at < soonest)) soonest = at;
  }
  return soonest;
}
