// Entry of the engine thread: the engine, its sockets and netlink in one blocking loop. Commands come
// over a MessagePort after an eventfd was raised; reports go back the same way. Nothing here awaits,
// logs or opens files. A broken invariant ends in an orderly withdrawal and a `failed` report.

import { readlinkSync } from "node:fs";
import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { present } from "../../core/base/assert.ts";
import { limits } from "../../core/base/limits.ts";
import {
  between,
  type Instant,
  instant,
  microseconds,
  milliseconds,
} from "../../core/base/time.ts";
import type { GlobalModel } from "../../core/config/model.ts";
import type { EngineEffect } from "../../core/engine/effect.ts";
import { createEngine, type Engine } from "../../core/engine/engine.ts";
import type { EngineInput } from "../../core/engine/input.ts";
import { encodeRecord } from "../../core/engine/recording.ts";
import type { InterfaceAddress, KernelEvent } from "../../core/ports/kernel.ts";
import type { SocketId } from "../../core/ports/raw-net.ts";
import { type SystemError, systemErrorText } from "../../core/ports/system-error.ts";
import { monotonicNow } from "../linux/clock.ts";
import { clearEventFd } from "../linux/eventfd.ts";
import { type LinuxKernel, linuxKernel } from "../linux/kernel.ts";
import { createLoop, type Loop } from "../linux/loop.ts";
import { enterNetworkNamespace } from "../linux/process.ts";
import { type LinuxRawNet, linuxRawNet } from "../linux/raw-net.ts";
import { scheduleThread } from "../linux/realtime.ts";
import { CounterRows } from "./counter-memory.ts";
import type {
  EngineCommand,
  EngineReport,
  EngineStart,
  HeldAddress,
  TimedEvent,
} from "./engine-protocol.ts";
import { exitCode, exitCodeFor } from "./exit-code.ts";
import { GuardPipe } from "./guard-pipe.ts";
import { Performer } from "./perform.ts";
import { realtimePriority } from "./realtime-plan.ts";

/** So long the echo of our own addresses may wait for their announcement. */
const kernelEventsPatience = milliseconds(200);

/** So long a report of what is held may wait for announcements. */
const heldPatience = milliseconds(200);

type HeldChange = {
  readonly added: readonly InterfaceAddress[];
  readonly removed: readonly InterfaceAddress[];
};

/** How soon a guard that did not keep up is written to again, µs. */
const guardRetry = 5_000;

type Parts = {
  readonly start: EngineStart;
  readonly port: MessagePort;
  readonly loop: Loop;
  readonly kernel: LinuxKernel;
};

class EngineThread {
  private readonly start: EngineStart;
  private readonly port: MessagePort;
  private readonly loop: Loop;
  private readonly kernel: LinuxKernel;
  private readonly net: LinuxRawNet;
  private readonly guard: GuardPipe;
  private readonly engine: Engine;
  private readonly performer: Performer;
  private readonly linkNames = new Map<number, string>();
  private events: TimedEvent[] = [];
  private lines: string[] = [];
  /** In order, until they are reported. */
  private heldChanges: HeldChange[] = [];
  private heldChangedAt: Instant | undefined;
  private scheduled = 0;
  private hasLeft = false;
  private readonly taken: Int32Array;
  private posted = 0;
  private dropped = 0;

  constructor({ start, port, loop, kernel }: Parts) {
    this.start = start;
    this.port = port;
    this.loop = loop;
    this.kernel = kernel;
    this.net = linuxRawNet();
    this.taken = new Int32Array(start.taken);
    this.guard = new GuardPipe(start.guardFd);
    const rows = new CounterRows(start.counters, (instance, slot) =>
      this.post({ kind: "counters", instance, slot }),
    );
    this.engine = createEngine({ allocateCounters: (instance) => rows.allocate(instance) });
    this.performer = new Performer(
      this.engine,
      { kernel, net: this.net },
      {
        socketOpened: (socket) => this.watchSocket(socket),
        socketClosing: (socket) => this.unwatchSocket(socket),
        holding: (addresses) => this.holding(addresses),
        released: (addresses) => this.released(addresses),
        report: (event) => this.events.push({ at: Date.now(), event }),
        ...(start.record ? { stepped: (...step) => this.record(...step) } : {}),
      },
      monotonicNow,
    );
  }

  /** Runs until everything is withdrawn after `shutdown`. */
  run(): void {
    this.watch(this.start.wakeFd, () => this.takeCommands());
    this.watch(this.kernel.monitorFd, (now) => this.takeKernelEvents(now), kernelEventsPatience);
    this.takeSnapshot();
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    this.post({ kind: "ready", thread });
    this.takeCommands();
    try {
      this.loop.run(
        () => this.nextDeadline(),
        (now) => this.advance(now),
        () => this.turnOver(),
      );
    } catch (reason) {
      this.performer.withdraw();
      this.flush();
      throw reason;
    }
    this.guard.bye();
    this.net.closeAll();
    this.post({ kind: "stopped" });
  }

  private nextDeadline(): Instant | undefined {
    const now = monotonicNow();
    const next = this.performer.nextDeadline(now);
    if (!this.guard.isBehind) return next;
    const retry = instant(now + guardRetry);
    return next === undefined || retry < next ? retry : next;
  }

  private advance(now: Instant): void {
    this.performer.advance(now);
    if (this.guard.isBehind) this.guard.flush();
  }

  /** Once a turn: what was collected goes out together. Answers whether the loop shall end. */
  private turnOver(): boolean {
    this.flush();
    return this.performer.stopped || this.hasLeft;
  }

  private flush(): void {
    this.reportHeld();
    const { events, lines } = this;
    if (events.length + lines.length === 0) return;
    this.events = [];
    this.lines = [];
    // A control thread that is stuck must not cost memory without end.
    if (this.posted - Atomics.load(this.taken, 0) > limits.reportBacklogMax) {
      this.dropped += events.length + lines.length;
      return;
    }
    if (this.dropped > 0) this.post({ kind: "dropped", count: this.dropped });
    this.dropped = 0;
    if (events.length > 0) this.post({ kind: "events", events });
    if (lines.length > 0) this.post({ kind: "recorded", lines });
  }

  private takeCommands(): void {
    clearEventFd(this.start.wakeFd);
    for (;;) {
      const received = receiveMessageOnPort(this.port);
      if (received === undefined) return;
      this.obey(received.message as EngineCommand);
    }
  }

  private obey(command: EngineCommand): void {
    const now = monotonicNow();
    switch (command.kind) {
      case "configure": {
        const leftovers = (command.leftovers ?? []).filter(
          ({ link, linkName }) => this.linkNames.get(link) === linkName,
        );
        this.handle({ kind: "configure", model: command.model, leftovers }, now);
        this.schedule(command.model.global);
        // What happened on the way is told first.
        this.flush();
        this.post({ kind: "configured" });
        return;
      }
      case "status": {
        const status = this.engine.status(now);
        this.post({ kind: "status", request: command.request, status });
        return;
      }
      case "guard":
        this.guard.replace(command.fd, this.performer.held);
        return;
      case "demoted":
        this.scheduled = 0;
        return;
      case "leave":
        this.hasLeft = true;
        return;
      default:
        this.handle({ kind: "shutdown" }, now);
    }
  }

  private handle(input: EngineInput, now: Instant): void {
    this.performer.handle(input, now);
  }

  private takeKernelEvents(now: Instant): void {
    for (const event of this.kernel.someEvents()) this.applyKernelEvent(event, now);
  }

  private applyKernelEvent(event: KernelEvent, now: Instant): void {
    if (event.kind === "overrun") {
      this.takeSnapshot();
      return;
    }
    if (event.kind === "link-changed") this.linkNames.set(event.link.index, event.link.name);
    // The snapshot after an overrun took its time.
    this.handle(event, instant(Math.max(now, monotonicNow())));
  }

  private takeSnapshot(): void {
    const snapshot = this.kernel.snapshot();
    if (!snapshot.ok) throw new Refused(snapshot.error);
    for (const link of snapshot.value.links) this.linkNames.set(link.index, link.name);
    this.handle({ kind: "kernel-snapshot", snapshot: snapshot.value }, monotonicNow());
  }

  /** As the configuration wishes, where the machine permits it. */
  private schedule(global: GlobalModel): void {
    const wished = realtimePriority(global);
    if (wished === this.scheduled) return;
    const done = scheduleThread(wished);
    if (done.ok) this.scheduled = wished;
    const problem = done.ok ? {} : { problem: systemErrorText(done.error) };
    this.post({ kind: "scheduled", priority: this.scheduled, ...problem });
  }

  private watchSocket(socket: SocketId): void {
    const fd = present(this.net.fd(socket), "fd of an open socket");
    this.watch(fd, (now) => {
      const packets = this.net.receive(socket);
      if (packets.length > 0) this.handle({ kind: "packets-received", socket, packets }, now);
    });
  }

  private unwatchSocket(socket: SocketId): void {
    const fd = this.net.fd(socket);
    if (fd !== undefined) this.loop.unwatch(fd);
  }

  private watch(fd: number, handler: (now: Instant) => void, patience = microseconds(0)): void {
    const watched = this.loop.watch(fd, handler, patience);
    if (!watched.ok) throw new Refused(watched.error);
  }

  private holding(addresses: readonly InterfaceAddress[]): void {
    this.guard.hold(addresses);
    this.noteHeld({ added: addresses, removed: [] });
  }

  private released(addresses: readonly InterfaceAddress[]): void {
    this.guard.release(addresses);
    this.noteHeld({ added: [], removed: addresses });
  }

  private noteHeld(change: HeldChange): void {
    this.heldChanges.push(change);
    this.heldChangedAt ??= monotonicNow();
  }

  /** For the state file, which matters when even the guard is killed; so it waits for slow work. */
  private reportHeld(): void {
    const { heldChangedAt } = this;
    if (heldChangedAt === undefined) return;
    const waited = between(heldChangedAt, monotonicNow());
    if (this.performer.isBusy && waited < heldPatience) return;
    for (const { added, removed } of this.heldChanges) {
      const named = (each: InterfaceAddress) => this.named(each);
      this.post({ kind: "held", added: added.map(named), removed: removed.map(named) });
    }
    this.heldChanges = [];
    this.heldChangedAt = undefined;
  }

  private named(address: InterfaceAddress): HeldAddress {
    return { ...address, linkName: this.linkNames.get(address.link) ?? "" };
  }

  private record(
    input: EngineInput | undefined,
    effects: readonly EngineEffect[],
    at: Instant,
  ): void {
    this.lines.push(encodeRecord(input === undefined ? { at, timeout: true } : { at, input }));
    if (effects.length > 0) this.lines.push(encodeRecord({ at, effects }));
  }

  private post(report: EngineReport): void {
    this.posted++;
    this.port.postMessage(report);
  }
}

/** The system refused what the thread cannot live without. */
class Refused extends Error {
  readonly error: SystemError;

  constructor(error: SystemError) {
    super(systemErrorText(error));
    this.error = error;
  }
}

function main(start: EngineStart, port: MessagePort): void {
  const fail = (text: string, code: number): void => {
    port.postMessage({ kind: "failed", text, code } satisfies EngineReport);
  };
  try {
    if (start.namespace !== undefined) {
      const entered = enterNetworkNamespace(start.namespace);
      if (!entered.ok) throw new Refused(entered.error);
    }
    const loop = createLoop();
    if (!loop.ok) throw new Refused(loop.error);
    const kernel = linuxKernel();
    if (!kernel.ok) throw new Refused(kernel.error);
    new EngineThread({ start, port, loop: loop.value, kernel: kernel.value }).run();
  } catch (reason) {
    if (reason instanceof Refused) fail(reason.message, exitCodeFor(reason.error));
    else
      fail(
        reason instanceof Error ? (reason.stack ?? reason.message) : String(reason),
        exitCode.software,
      );
  }
  port.close();
}

/** Until the control thread knows what to start, there is no loop to block in. */
const reports = workerData as MessagePort;
reports.once("message", (start: EngineStart) => main(start, reports));
