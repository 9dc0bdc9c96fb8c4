// The engine thread's loop: deadlines, fds and the brake. Only what holds on a busy machine too is
// asserted: never early, always before the end, in order. How late it is belongs to bench/.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { present } from "../../../../src/core/base/assert.ts";
import { after, type Instant, microseconds, milliseconds } from "../../../../src/core/base/time.ts";
import { monotonicNow } from "../../../../src/host/linux/clock.ts";
import {
  clearEventFd,
  closeEventFd,
  createEventFd,
  raiseEventFd,
} from "../../../../src/host/linux/eventfd.ts";
import { platformProblem } from "../../../../src/host/linux/ffi/libc.ts";
import { createLoop, type Loop } from "../../../../src/host/linux/loop.ts";

const problem = platformProblem();
const skip = problem === undefined ? false : `${problem.object}: ${problem.remedy}`;

function loopTest(name: string, body: (loop: Loop, fds: () => number) => void): void {
  test(name, { skip }, () => {
    const loop = createLoop();
    assert.ok(loop.ok);
    const fds: number[] = [];
    const fresh = (): number => {
      const fd = createEventFd();
      assert.ok(fd.ok);
      fds.push(fd.value);
      return fd.value;
    };
    try {
      body(loop.value, fresh);
    } finally {
      loop.value.close();
      for (const fd of fds) closeEventFd(fd);
    }
  });
}

loopTest("a deadline is never called before its time, and each one is called", (loop) => {
  const called: { readonly due: Instant; readonly at: Instant }[] = [];
  let due = after(monotonicNow(), microseconds(300));
  loop.run(
    () => due,
    (now) => {
      called.push({ due, at: now });
      due = after(due, microseconds(300));
    },
    () => called.length === 100,
  );
  assert.deepEqual(
    called.filter(({ due: wanted, at }) => at < wanted),
    [],
  );
});

loopTest("a readable fd wakes the loop, and again until it was read", (loop, fresh) => {
  const fd = fresh();
  let calls = 0;
  const watched = loop.watch(fd, () => {
    calls += 1;
    if (calls === 3) clearEventFd(fd);
  });
  assert.ok(watched.ok);
  raiseEventFd(fd);
  const deadline = after(monotonicNow(), milliseconds(20));
  let over = false;
  loop.run(
    () => deadline,
    () => {
      over = true;
    },
    () => over,
  );
  assert.equal(calls, 3);
});

loopTest("another thread wakes the loop by the eventfd's number", (loop, fresh) => {
  const fd = fresh();
  const eventfd = new URL("../../../../src/host/linux/eventfd.js", import.meta.url).href;
  const worker = new Worker(
    `import(${JSON.stringify(eventfd)}).then(({ raiseEventFd }) => raiseEventFd(${fd}));`,
    { eval: true },
  );
  let woken = false;
  loop.watch(fd, () => {
    clearEventFd(fd);
    woken = true;
  });
  const limit = after(monotonicNow(), milliseconds(10_000));
  let late = false;
  loop.run(
    () => limit,
    () => {
      late = true;
    },
    () => woken || late,
  );
  worker.unref();
  assert.ok(woken);
});

loopTest("what waits is read before a deadline that has passed meanwhile", (loop, fresh) => {
  const fd = fresh();
  const order: string[] = [];
  loop.watch(fd, () => {
    clearEventFd(fd);
    order.push("read");
  });
  raiseEventFd(fd);
  const passed = after(monotonicNow(), milliseconds(-3_000));
  loop.run(
    () => (order.includes("deadline") ? undefined : passed),
    () => order.push("deadline"),
    () => order.length === 2,
  );
  assert.deepEqual(order, ["read", "deadline"]);
});

loopTest("a patient fd waits for due deadlines, but not for ever", (loop, fresh) => {
  const [patient, urgent] = [fresh(), fresh()];
  const order: string[] = [];
  const patience = milliseconds(200);
  let patientRead: Instant | undefined;
  loop.watch(
    patient,
    (now) => {
      clearEventFd(patient);
      patientRead = now;
    },
    patience,
  );
  loop.watch(urgent, () => {
    clearEventFd(urgent);
    order.push("urgent");
  });
  raiseEventFd(patient);
  raiseEventFd(urgent);
  const start = monotonicNow();
  loop.run(
    () => monotonicNow(),
    () => order.push("deadline"),
    () => patientRead !== undefined,
  );
  assert.deepEqual(order.slice(0, 3), ["urgent", "deadline", "deadline"]);
  assert.ok(present(patientRead, "reading") - start >= patience);
});

loopTest("a patient fd is read at once when nothing else is due", (loop, fresh) => {
  const fd = fresh();
  let isRead = false;
  const limit = after(monotonicNow(), milliseconds(10_000));
  const handler = (): void => {
    isRead = true;
  };
  loop.watch(fd, handler, milliseconds(60_000));
  raiseEventFd(fd);
  let isOver = false;
  loop.run(
    () => limit,
    () => {
      isOver = true;
    },
    () => isRead || isOver,
  );
  assert.ok(isRead && !isOver);
});

loopTest("an fd that is not watched any more is not called", (loop, fresh) => {
  const [first, second] = [fresh(), fresh()];
  const calls: string[] = [];
  // Both are readable in the same batch; whoever comes first takes the other out.
  loop.watch(first, () => {
    calls.push("first");
    loop.unwatch(second);
    loop.unwatch(first);
  });
  loop.watch(second, () => {
    calls.push("second");
    loop.unwatch(first);
    loop.unwatch(second);
  });
  raiseEventFd(first);
  raiseEventFd(second);
  let turns = 0;
  loop.run(
    () => monotonicNow(),
    () => {},
    () => ++turns > 3,
  );
  assert.equal(calls.length, 1);
});

loopTest("a flood makes the loop rest, and keeps no deadline from being called", (loop, fresh) => {
  const fd = fresh();
  let handled = 0;
  // Never read: readable for ever, as a socket that fills faster than it is emptied.
  loop.watch(fd, () => {
    handled += 1;
  });
  raiseEventFd(fd);
  const interval = milliseconds(10);
  const called: Instant[] = [];
  const start = monotonicNow();
  let due = after(start, interval);
  const cpuBefore = process.cpuUsage();
  loop.run(
    () => due,
    (now) => {
      assert.ok(now >= due, "never early");
      called.push(now);
      due = after(due, interval);
    },
    () => called.length === 20,
  );
  assert.ok(handled > 20, "the flood was handled");
  const used = process.cpuUsage(cpuBefore);
  assertRests(loop, used);
  const wall = present(called.at(-1), "last call") - start;
  const share = (used.user + used.system) / wall;
  assert.ok(share < 0.97, `${Math.round(100 * share)} % of the processor`);
});

loopTest("work without a gap makes the loop rest too, every few milliseconds", (loop) => {
  const end = after(monotonicNow(), milliseconds(100));
  const cpuBefore = process.cpuUsage();
  loop.run(
    () => monotonicNow(),
    () => {},
    () => monotonicNow() >= end,
  );
  assertRests(loop, process.cpuUsage(cpuBefore));
  assert.ok(loop.turns.braked <= 20, `it rested, ${loop.turns.braked} times`);
});

/** At least once in 10 ms of processor time; what others take of a busy machine does not count. */
function assertRests(loop: Loop, used: NodeJS.CpuUsage): void {
  const restsMin = Math.floor((used.user + used.system) / 10_000) - 1;
  const { braked } = loop.turns;
  assert.ok(braked >= Math.max(1, restsMin), `it rested, ${braked} times of ${restsMin}`);
}

loopTest("an fd that is none is refused in words", (loop) => {
  const watched = loop.watch(1_000_000, () => {});
  assert.ok(!watched.ok);
  assert.deepEqual(watched.error, { call: "epoll_ctl", object: "fd 1000000", code: "EBADF" });
});
