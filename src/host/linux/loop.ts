// The engine thread's loop: waits for fds and for one deadline, by epoll through the FFI, with
// deadlines in µs of the monotonic clock. Handlers run on the caller's stack; nothing here awaits, so
// a thread that runs this loop never returns to Node's own. A flood of packets cannot keep it from
// due deadlines, nor the machine from other work.

import { err, ok, type Result } from "../../core/base/result.ts";
import { between, type Instant, type Microseconds } from "../../core/base/time.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import { monotonicNow } from "./clock.ts";
import { errno } from "./ffi/errno.ts";
import { libc, platformProblem, systemCall } from "./ffi/libc.ts";
import { int32, writeTimespec } from "./ffi/memory.ts";
import { sharpenTimers } from "./realtime.ts";
import { lastError } from "./system-error.ts";

/** Reads what is there, and only that; called again at once while there is more. */
export type FdHandler = (now: Instant) => void;

export interface Loop {
  /**
   * Calls `handler` whenever `fd` is readable. One handler for each fd. With `patience` (µs) the fd
   * may stay unread for so long while deadlines are due: a takeover's own netlink events can wait
   * until its addresses are announced.
   */
  watch(fd: number, handler: FdHandler, patience?: Microseconds): Result<void, SystemError>;
  /** To be called before the fd is closed. */
  unwatch(fd: number): void;
  /**
   * Runs until `until` says so, which is asked once per turn. `onDeadline` is called when
   * `nextDeadline` has come, never before it. Fds are read before deadlines, so that a thread that
   * was kept from running hears what was sent to it meanwhile before it concludes that nothing was.
   */
  run(
    nextDeadline: () => Instant | undefined,
    onDeadline: (now: Instant) => void,
    until: () => boolean,
  ): void;
  /** What the loop went through, for statistics. */
  readonly turns: { readonly total: number; readonly braked: number };
  close(): void;
}

/** Also takes the timer slack from the calling thread, which should be the one that runs the loop. */
export function createLoop(): Result<Loop, SystemError> {
  const problem = platformProblem();
  if (problem !== undefined) return err(problem);
  const fd = libc().epoll_create1(closeOnExec);
  if (fd < 0) return err(lastError("epoll_create1", "loop of the engine thread", "local"));
  sharpenTimers();
  return ok(new EpollLoop(fd));
}

const closeOnExec = 0x80000;
const control = { add: 1, remove: 2 } as const;
const readable = 0x1;

/** struct epoll_event is packed on x64 only. */
const event = process.arch === "x64" ? { size: 12, data: 4 } : ({ size: 16, data: 8 } as const);
const eventsAtOnce = 64;

/** Busy for so long without a wait, the thread takes a short rest: µs. */
const brakeAfter = 2_000;
/** Busy for so long, it rests even when deadlines follow each other without a gap: µs. */
const brakeAnyway = 5_000;
/** The rests of one flood: the first, twice as long each time, up to the last. µs. */
const restMin = 100;
const restMax = 1_000;
/** Reading may delay a due deadline by this, µs; but not when we are late anyway. */
const readingMax = 2_000;
const lateMin = 20_000;

/** The longest wait, µs: an hour, after which everything is looked at again. */
const waitMax = 3_600_000_000;

type Watched = {
  readonly handler: FdHandler;
  readonly patience: number;
  /** Since when the fd was found readable and left unread. */
  unreadSince: Instant | undefined;
};

class EpollLoop implements Loop {
  readonly turns = { total: 0, braked: 0 };
  private readonly fd: number;
  private readonly watched = new Map<number, Watched>();
  private readonly events = new Uint8Array(eventsAtOnce * event.size);
  private readonly eventView = new DataView(this.events.buffer);
  private readonly timespec = new Uint8Array(16);
  /** struct pollfd of the epoll fd, for kernels before 5.11 that have no epoll_pwait2. */
  private readonly self = new Uint8Array(8);
  private precise = true;
  private hadReadable = false;
  private busySince: Instant | undefined;
  private rest = restMin;

  constructor(fd: number) {
    this.fd = fd;
    this.self.set(int32(fd));
    this.self[4] = readable;
  }

  watch(fd: number, handler: FdHandler, patience?: Microseconds): Result<void, SystemError> {
    const entry = new Uint8Array(16);
    entry[0] = readable;
    new DataView(entry.buffer).setInt32(event.data, fd, true);
    if (libc().epoll_ctl(this.fd, control.add, fd, entry) < 0) {
      return err(lastError("epoll_ctl", `fd ${fd}`, "local"));
    }
    this.watched.set(fd, { handler, patience: patience ?? 0, unreadSince: undefined });
    return ok(undefined);
  }

  unwatch(fd: number): void {
    if (!this.watched.delete(fd)) return;
    libc().epoll_ctl(this.fd, control.remove, fd, new Uint8Array(16));
  }

  run(
    nextDeadline: () => Instant | undefined,
    onDeadline: (now: Instant) => void,
    until: () => boolean,
  ): void {
    while (!until()) {
      this.turns.total += 1;
      let deadline = nextDeadline();
      const count = this.wait(deadline);
      const woken = monotonicNow();
      let now = woken;
      if (count > 0) {
        this.dispatch(count, { woken, deadline, nextDeadline, onDeadline });
        deadline = nextDeadline();
        // Read last: "at once" is a deadline too, and must not seem to lie ahead.
        now = monotonicNow();
      }
      if (isDue(deadline, now)) onDeadline(now);
      this.brake(woken, nextDeadline);
    }
  }

  close(): void {
    this.watched.clear();
    libc().close(this.fd);
  }

  /** Calls the handlers of a batch, with due deadlines between them when the batch takes long. */
  private dispatch(count: number, turn: Turn): void {
    const { woken, deadline } = turn;
    const overdue = deadline === undefined ? -1 : between(deadline, woken);
    const isLate = overdue > lateMin;
    let now = woken;
    for (let i = 0; i < count; i++) {
      const fd = this.eventView.getInt32(i * event.size + event.data, true);
      const watched = this.watched.get(fd);
      // A handler of this batch may have taken it out.
      if (watched === undefined) continue;
      if (overdue >= 0 && !isLate && canWait(watched, woken)) continue;
      watched.unreadSince = undefined;
      watched.handler(now);
      now = monotonicNow();
      if (isLate || between(woken, now) < readingMax) continue;
      if (isDue(turn.nextDeadline(), now)) turn.onDeadline(now);
    }
  }

  /**
   * Waits until an fd is readable or the deadline has come; answers how many fds are. After a turn
   * that had something to read it looks first: only so is it known whether the thread ever waits.
   */
  private wait(deadline: Instant | undefined): number {
    const time = deadline === undefined ? waitMax : between(monotonicNow(), deadline);
    if (time <= 0 || this.hadReadable) {
      const count = this.readableNow();
      this.hadReadable = count > 0;
      if (count > 0 || time <= 0) return count;
    }
    this.busySince = undefined;
    this.rest = restMin;
    const count = this.block(Math.min(time, waitMax));
    this.hadReadable = count > 0;
    return count;
  }

  private readableNow(): number {
    return Math.max(0, libc().epoll_wait(this.fd, this.events, eventsAtOnce, 0));
  }

  private block(microseconds: number): number {
    writeTimespec(this.timespec, microseconds);
    if (this.precise) {
      const call = systemCall.epollPwait2;
      const { fd, events, timespec } = this;
      const count = libc().epoll_pwait2(call, fd, events, eventsAtOnce, timespec, null, 8);
      if (count >= 0) return count;
      const reason = libc().errno();
      // Too old a kernel, or a container's filter that does not know the call.
      if (reason === errno.ENOSYS || reason === errno.EPERM) this.precise = false;
      return 0;
    }
    libc().ppoll(this.self, 1, this.timespec, null);
    return this.readableNow();
  }

  /**
   * When packets come faster than they are handled, the thread would never wait: under SCHED_RR it
   * would take the processor and then run into RLIMIT_RTTIME. Then it sleeps, never past a deadline;
   * only when deadlines follow each other without a gap does it rest all the same.
   */
  private brake(woken: Instant, nextDeadline: () => Instant | undefined): void {
    this.busySince ??= woken;
    const now = monotonicNow();
    const busy = between(this.busySince, now);
    if (busy < brakeAfter) return;
    const deadline = nextDeadline();
    const spare = deadline === undefined ? waitMax : between(now, deadline);
    const readable = this.hadReadable && this.readableNow() > 0;
    // A single long turn is no flood: what comes next is a wait.
    if (spare > 0 && !readable) return;
    if (spare <= 0 && busy < brakeAnyway) return;
    this.sleep(spare > 0 ? Math.min(this.rest, spare) : restMin);
    this.rest = Math.min(restMax, this.rest * 2);
    this.turns.braked += 1;
    this.busySince = undefined;
  }

  private sleep(microseconds: number): void {
    writeTimespec(this.timespec, microseconds);
    libc().ppoll(null, 0, this.timespec, null);
  }
}

type Turn = {
  readonly woken: Instant;
  /** As it was before the wait. */
  readonly deadline: Instant | undefined;
  readonly nextDeadline: () => Instant | undefined;
  readonly onDeadline: (now: Instant) => void;
};

function canWait(watched: Watched, now: Instant): boolean {
  watched.unreadSince ??= now;
  return between(watched.unreadSince, now) < watched.patience;
}

const isDue = (deadline: Instant | undefined, now: Instant): boolean =>
  deadline !== undefined && deadline <= now;
