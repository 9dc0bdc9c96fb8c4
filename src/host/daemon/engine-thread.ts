// The control thread's handle of the engine thread: starts it, passes commands, hands out what it
// reports. Commands are posted and then an eventfd is raised, because the thread sits in a blocking
// wait of its own.

import { type MessagePort, receiveMessageOnPort, type Worker } from "node:worker_threads";
import { err, ok, type Result } from "../../core/base/result.ts";
import type { NodeModel } from "../../core/config/model.ts";
import type { NodeStatus } from "../../core/engine/status.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import { createEventFd, raiseEventFd } from "../linux/eventfd.ts";
import { counterMemory, counterRow } from "./counter-memory.ts";
import type { EngineCommand, EngineReport, EngineStart, HeldAddress } from "./engine-protocol.ts";
import type { SpawnedEngine } from "./engine-spawn.ts";
import { exitCode } from "./exit-code.ts";

/** A question to the thread that is not answered by then is given up, ms. */
const statusPatience = 3_000;

export type EngineThreadOptions = {
  readonly spawned: SpawnedEngine;
  readonly guardFd: number;
  readonly namespace?: string;
  readonly record: boolean;
  /** Everything but answers; called in the order of reporting. */
  readonly onReport: (report: EngineReport) => void;
};

export class EngineThread {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly wakeFd: number;
  private readonly counters: SharedArrayBuffer;
  private readonly taken = new Int32Array(new SharedArrayBuffer(4));
  private readonly onReport: (report: EngineReport) => void;
  private readonly questions = new Map<number, (status: NodeStatus) => void>();
  private readonly slots = new Set<number>();
  private nextRequest = 1;
  private isOver = false;

  private constructor(wakeFd: number, options: EngineThreadOptions) {
    this.wakeFd = wakeFd;
    this.counters = counterMemory();
    this.onReport = options.onReport;
    const { worker, port } = options.spawned;
    this.worker = worker;
    this.port = port;
    port.on("message", (report: EngineReport) => this.take(report));
    this.worker.on("error", (reason) => this.lost(describe(reason)));
    this.worker.on("exit", (code) => this.lost(`the engine thread ended with code ${code}`));
    port.postMessage({
      wakeFd,
      guardFd: options.guardFd,
      counters: this.counters,
      taken: this.taken.buffer,
      record: options.record,
      ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    } satisfies EngineStart);
  }

  static start(options: EngineThreadOptions): Result<EngineThread, SystemError> {
    const wakeFd = createEventFd();
    return wakeFd.ok ? ok(new EngineThread(wakeFd.value, options)) : err(wakeFd.error);
  }

  /** The first starts the instances, later ones are reloads. `configured` is reported when done. */
  configure(model: NodeModel, leftovers: readonly HeldAddress[] = []): void {
    this.send({ kind: "configure", model, leftovers });
  }

  /** What the engine knows now; undefined when it does not answer in time. */
  status(): Promise<NodeStatus | undefined> {
    const request = this.nextRequest++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.questions.delete(request);
        resolve(undefined);
      }, statusPatience);
      this.questions.set(request, (status) => {
        clearTimeout(timer);
        resolve(status);
      });
      this.send({ kind: "status", request });
    });
  }

  replaceGuard(fd: number): void {
    this.send({ kind: "guard", fd });
  }

  /** Tells the thread that it was put back under the normal policy. */
  demoted(): void {
    this.send({ kind: "demoted" });
  }

  /** Sets every instance's counters to zero. */
  clearCounters(): void {
    for (const slot of this.slots) counterRow(this.counters, slot).fill(0);
  }

  /** Gives up mastership and withdraws everything; `stopped` is reported when done. */
  shutdown(): void {
    this.send({ kind: "shutdown" });
  }

  /** Ends as it is: the addresses stay and nobody is told. `stopped` is reported when done. */
  leave(): void {
    this.send({ kind: "leave" });
  }

  private send(command: EngineCommand): void {
    if (this.isOver) return;
    this.port.postMessage(command);
    raiseEventFd(this.wakeFd);
  }

  private take(report: EngineReport): void {
    Atomics.add(this.taken, 0, 1);
    if (report.kind === "status") {
      this.questions.get(report.request)?.(report.status);
      this.questions.delete(report.request);
      return;
    }
    if (report.kind === "counters") {
      this.slots.add(report.slot);
      return;
    }
    if (report.kind === "stopped" || report.kind === "failed") this.isOver = true;
    this.onReport(report);
  }

  /** The thread is gone; a last word of it may still wait. */
  private lost(text: string): void {
    for (;;) {
      const waiting = receiveMessageOnPort(this.port);
      if (waiting === undefined) break;
      this.take(waiting.message as EngineReport);
    }
    if (this.isOver) return;
    this.isOver = true;
    this.onReport({ kind: "failed", text, code: exitCode.software });
  }
}

const describe = (reason: unknown): string =>
  reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
