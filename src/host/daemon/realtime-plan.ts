// How the engine thread is scheduled: real-time by default, because a late advert is the failure that
// people see, at a low priority, because nothing of ours is more urgent than what an operator has made
// real-time. The configuration changes both numbers.

import { type Microseconds, microseconds } from "../../core/base/time.ts";
import type { GlobalModel } from "../../core/config/model.ts";

/** Without `vrrp_rt_priority`. */
const priorityDefault = 2;

/**
 * A real-time thread of ours may run so long without ever waiting. keepalived's 10 ms fit a program
 * whose start takes less; just-in-time compilation and a full collection can take longer.
 */
const limitDefault = microseconds(500_000);
const limitMin = microseconds(200_000);
/** After SIGXCPU the control thread takes the priority away; should it fail, the kernel ends us. */
const graceBeforeKill = 10_000_000;

/** 1 to 99, or 0 for never. */
export const realtimePriority = (global: GlobalModel): number =>
  global.realtimePriority ?? priorityDefault;

/** RLIMIT_RTTIME: SIGXCPU after `soft`, SIGKILL after `hard`. */
export function realtimeLimit(global: GlobalModel): {
  readonly soft: Microseconds;
  readonly hard: Microseconds;
} {
  const soft = Math.max(limitMin, global.realtimeLimit ?? limitDefault);
  return { soft: microseconds(soft), hard: microseconds(soft + graceBeforeKill) };
}
