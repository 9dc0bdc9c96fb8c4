// The control thread's side of the guard: starts the process, gives the engine thread our end of its
// socket, and starts another one when it dies before us.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { err, ok, type Result } from "../../core/base/result.ts";
import { type SystemError, systemErrorText } from "../../core/ports/system-error.ts";
import { createSocketPair } from "../linux/socket-pair.ts";

/** Lines for some 10,000 addresses may wait while the guard is not scheduled. */
const socketBuffer = 1024 * 1024;
/** Between the death of a guard and the start of the next, ms. */
const restartDelay = 1_000;
/** How long an orderly end waits for the guard's own, ms. */
const farewell = 500;

export type GuardListener = {
  /** A new guard listens on `fd`, which belongs to the engine thread. */
  readonly replaced: (fd: number) => void;
  readonly problem: (text: string) => void;
};

export class GuardProcess {
  /** Our end of the first guard's socket, for the engine thread to write to and to close. */
  readonly fd: number;
  private theirs: number;
  private child: ChildProcess | undefined;
  private isEnding = false;
  private readonly listener: GuardListener;

  private constructor(ours: number, theirs: number, listener: GuardListener) {
    this.fd = ours;
    this.theirs = theirs;
    this.listener = listener;
  }

  /** Makes the socket. What is written to it waits there until the process runs. */
  static create(listener: GuardListener): Result<GuardProcess, SystemError> {
    const pair = createSocketPair(socketBuffer);
    if (!pair.ok) return err(pair.error);
    return ok(new GuardProcess(pair.value.ours, pair.value.theirs, listener));
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts the process, in a session of its own so that no signal to our group reaches it. */
  start(): void {
    const entry = fileURLToPath(new URL("./guard.js", import.meta.url));
    const child = spawn(process.execPath, ["--max-semi-space-size=1", entry], {
      cwd: "/",
      // Nothing of the daemon's environment is for it: NODE_EXTRA_CA_CERTS alone would cost 70 ms.
      env: {},
      detached: true,
      stdio: [this.theirs, "ignore", "inherit"],
    });
    closeSync(this.theirs);
    child.unref();
    child.on("error", (reason) => this.listener.problem(`the guard does not start: ${reason}`));
    // With code 0 it was told `bye`, which we may hear of later than it does.
    child.on("exit", (code) => code !== 0 && this.gone());
    this.child = child;
  }

  /** After the engine thread said `bye`. */
  end(): Promise<void> {
    this.isEnding = true;
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      child.once("exit", () => resolve());
      setTimeout(resolve, farewell).unref();
      child.ref();
    });
  }

  private gone(): void {
    if (this.isEnding) return;
    this.listener.problem("the guard died; starting another one");
    setTimeout(() => this.restart(), restartDelay).unref();
  }

  private restart(): void {
    if (this.isEnding) return;
    const pair = createSocketPair(socketBuffer);
    if (!pair.ok) {
      this.listener.problem(systemErrorText(pair.error));
      return;
    }
    this.theirs = pair.value.theirs;
    this.listener.replaced(pair.value.ours);
    this.start();
  }
}
