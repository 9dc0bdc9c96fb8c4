// Real-time scheduling of the calling thread: SCHED_RR, so that a busy machine cannot delay adverts,
// and RLIMIT_RTTIME, so that a mistake of ours cannot take the machine. Children start without it.

import { err, ok, type Result } from "../../core/base/result.ts";
import type { Microseconds } from "../../core/base/time.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import { libc, platformProblem, systemCall } from "./ffi/libc.ts";
import { int32 } from "./ffi/memory.ts";
import { lastError } from "./system-error.ts";

const policy = { other: 0, roundRobin: 2, resetOnFork: 0x4000_0000 } as const;
/** RLIMIT_RTTIME. */
const realtimeTime = 15;
/** PR_SET_TIMERSLACK. */
const setTimerSlack = 29;

/**
 * Puts a thread under SCHED_RR with `priority` (1 to 99, where more is more urgent), or back under
 * the normal policy for 0. `thread` is the kernel's number, 0 for the calling thread. Refused with
 * EPERM without CAP_SYS_NICE or RLIMIT_RTPRIO.
 */
export function scheduleThread(priority: number, thread = 0): Result<void, SystemError> {
  const problem = platformProblem();
  if (problem !== undefined) return err(problem);
  const chosen = priority === 0 ? policy.other : policy.roundRobin | policy.resetOnFork;
  const { schedSetscheduler } = systemCall;
  if (libc().sched_setscheduler(schedSetscheduler, thread, chosen, int32(priority)) >= 0) {
    return ok(undefined);
  }
  return err(lastError("sched_setscheduler", `SCHED_RR priority ${priority}`, "realtime"));
}

/**
 * Limits the time that a real-time thread of this process may run without ever waiting: after `soft`
 * the kernel sends SIGXCPU every second, after `hard` SIGKILL. SIGXCPU ends a Node process that does
 * not listen to it.
 */
export function limitRealtime(soft: Microseconds, hard: Microseconds): Result<void, SystemError> {
  const problem = platformProblem();
  if (problem !== undefined) return err(problem);
  const pair = BigInt64Array.of(BigInt(soft), BigInt(hard));
  if (libc().setrlimit(realtimeTime, pair) >= 0) return ok(undefined);
  return err(lastError("setrlimit", `RLIMIT_RTTIME ${soft} to ${hard} µs`, "realtime"));
}

/** Lets the calling thread's waits end when they are due, and not up to 50 µs later. */
export function sharpenTimers(): void {
  libc().prctl(setTimerSlack, 1, 0, 0, 0);
}
