// The daemon: composes configuration, engine thread, guard, files, signals and control socket, and
// runs until it is told to end. This is the control thread, which may be slow; the engine thread never
// waits for it. Modules that the first advert does not need are loaded after it; the configuration's
// are loaded while the engine thread starts. Exit codes and the order of start: keepalived(8).

import { closeSync, openSync, writeSync } from "node:fs";
import { limits } from "../../core/base/limits.ts";
import type { LoadedConfig } from "../../core/config/load.ts";
import type { NodeModel } from "../../core/config/model.ts";
import { recordingHeader } from "../../core/engine/recording.ts";
import { systemErrorText } from "../../core/ports/system-error.ts";
import { mayRoute } from "../linux/capabilities.ts";
import { monotonicNow } from "../linux/clock.ts";
import { enterNetworkNamespace } from "../linux/process.ts";
import { limitRealtime, scheduleThread } from "../linux/realtime.ts";
import type { Logger } from "../observe/logger.ts";
import type { StatusAnswer } from "../observe/status-text.ts";
import type { ControlRequest, ControlSocket } from "./control-socket.ts";
import type { DumpKind } from "./dump-files.ts";
import type { EngineReport, TimedEvent } from "./engine-protocol.ts";
import type { SpawnedEngine } from "./engine-spawn.ts";
import { EngineThread } from "./engine-thread.ts";
import { exitCode, exitCodeFor } from "./exit-code.ts";
import { makeFolderOf } from "./files.ts";
import { GuardProcess } from "./guard-process.ts";
import { openLog } from "./logging.ts";
import type { DaemonOptions } from "./options.ts";
import { lockPidFile, type PidFile } from "./pid-file.ts";
import { realtimeLimit } from "./realtime-plan.ts";
import { listenToSignals } from "./signals.ts";
import { currentPlace, StateFile } from "./state-file.ts";
import { tellSystemd } from "./systemd.ts";
import { compatibleWith, version } from "./version.ts";

/** An engine thread that does not withdraw in time is given up; the guard does its work. ms */
const stopPatience = 10_000;

const nameAndVersion = `Keepalived v${compatibleWith} compatible Understudy v${version}`;

/**
 * Runs the daemon in this process, with an engine thread that is loading; resolves to the exit code.
 * `onReady` is called once it runs.
 */
export function runDaemon(
  options: DaemonOptions,
  spawned: SpawnedEngine,
  onReady: () => void,
): Promise<number> {
  return new Daemon(options, spawned, onReady).run();
}

const unusable = ({ configFile }: DaemonOptions): string =>
  `Configuration file ${configFile} cannot be used, so this ends: \`understudy check ${configFile}\` says what to do`;

class Daemon {
  private readonly options: DaemonOptions;
  private readonly spawned: SpawnedEngine;
  private readonly onReady: () => void;
  private readonly log: Logger;
  private readonly startedAt = Date.now();
  private readonly startedMonotonic = monotonicNow();
  private readonly pidFiles: PidFile[] = [];
  private finish: (code: number) => void = () => {};
  private engine: EngineThread | undefined;
  private engineThreadId: number | undefined;
  private guard: GuardProcess | undefined;
  private state: StateFile | undefined;
  private stateIsStale = false;
  private stateProblem: string | undefined;
  private control: ControlSocket | undefined;
  private recordFd: number | undefined;
  private model: NodeModel | undefined;
  private events: TimedEvent[] = [];
  private isRunning = false;
  private isStopping = false;
  /** Asked for while starting, when the file may have been read already. */
  private wantsReload = false;
  /** What an orderly stop ends with. */
  private exitCode: number = exitCode.ok;

  constructor(options: DaemonOptions, spawned: SpawnedEngine, onReady: () => void) {
    this.spawned = spawned;
    this.options = options;
    this.onReady = onReady;
    this.log = openLog(options);
  }

  async run(): Promise<number> {
    const finished = new Promise<number>((resolve) => {
      this.finish = resolve;
    });
    const surprise = (reason: unknown): void => this.surrender(reason);
    process.on("uncaughtException", surprise);
    process.on("unhandledRejection", surprise);
    const refused = await this.start();
    const code = refused ?? (await finished);
    await this.cleanUp(code);
    return code;
  }

  /** Everything up to the configured engine; answers an exit code when that is not to be. */
  private async start(): Promise<number | undefined> {
    const { options, log } = this;
    process.umask(options.umask);
    // First of all: a signal that nobody listens to ends the process where it stands.
    this.listen();
    log.info(`Starting ${nameAndVersion}`);
    log.info(`Running on Node.js ${process.versions.node}, pid ${process.pid}`);
    for (const { flag, reason } of options.ignored) log.info(`--${flag} has no effect: ${reason}`);
    if (options.namespace !== undefined) {
      const entered = enterNetworkNamespace(options.namespace);
      if (!entered.ok) return this.refuse(systemErrorText(entered.error), exitCode.fatal);
    }
    const locked = this.lockPidFiles();
    if (locked !== undefined) return locked;
    const state = new StateFile(options.stateFile, currentPlace());
    this.state = state;
    const leftovers = state.leftovers();
    // Started before the configuration is read: both take their time.
    const started = this.startEngine();
    if (started !== undefined) return started;
    const loaded = await this.load();
    if (loaded === undefined) return exitCode.configUnreadable;
    if (loaded.model === undefined) return this.refuse(unusable(options), exitCode.config);
    // Told to stop, or failed, before it came to that.
    if (this.isStopping) return undefined;
    const permitted = mayRoute();
    if (!permitted.ok && loaded.model.instances.length > 0) {
      return this.refuse(systemErrorText(permitted.error), exitCode.permission);
    }
    this.applyRealtimeLimit(loaded.model);
    this.model = loaded.model;
    this.engine?.configure(loaded.model, leftovers);
    this.guard?.start();
    for (const file of this.pidFiles) file.write();
    return undefined;
  }

  private lockPidFiles(): number | undefined {
    const { pidFile, vrrpPidFile } = this.options;
    for (const path of new Set([pidFile, vrrpPidFile])) {
      const locked = lockPidFile(path);
      if (!locked.ok) {
        this.log.err(locked.error.text);
        return locked.error.code;
      }
      this.pidFiles.push(locked.value);
    }
    return undefined;
  }

  private startEngine(): number | undefined {
    const { options, log } = this;
    const recording = this.openRecording();
    if (recording !== undefined) return recording;
    const guard = GuardProcess.create({
      replaced: (fd) => this.engine?.replaceGuard(fd),
      problem: (text) => log.warning(text),
    });
    if (!guard.ok) return this.refuse(systemErrorText(guard.error), exitCodeFor(guard.error));
    this.guard = guard.value;
    const engine = EngineThread.start({
      spawned: this.spawned,
      guardFd: guard.value.fd,
      record: this.recordFd !== undefined,
      onReport: (report) => this.take(report),
      ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    });
    if (!engine.ok) return this.refuse(systemErrorText(engine.error), exitCodeFor(engine.error));
    this.engine = engine.value;
    return undefined;
  }

  private openRecording(): number | undefined {
    const { recordFile } = this.options;
    if (recordFile === undefined) return undefined;
    try {
      this.recordFd = openSync(recordFile, "w", 0o600);
      writeSync(this.recordFd, `${recordingHeader()}\n`);
      this.log.info(`Recording to ${recordFile}, passwords of the configuration included`);
      return undefined;
    } catch (reason) {
      return this.refuse(`cannot record to ${recordFile}: ${String(reason)}`, exitCode.fatal);
    }
  }

  private refuse(text: string, code: number): number {
    this.log.err(text);
    return code;
  }

  /** Reads the configuration and logs what it finds; undefined when there is none to read. */
  private async load(): Promise<LoadedConfig | undefined> {
    const { options, log } = this;
    const { diagnosticLines, loadForThisMachine } = await import("./load.ts");
    log.info(`Configuration file ${options.configFile}`);
    const loaded = loadForThisMachine(options);
    for (const { severity, text } of diagnosticLines(loaded)) {
      if (severity === "error") log.err(text);
      else log.warning(text);
    }
    if (loaded.refusal !== undefined) {
      log.err(`Configuration file ${options.configFile} cannot be read: ${loaded.refusal.reason}`);
      return undefined;
    }
    return loaded;
  }

  private applyRealtimeLimit(model: NodeModel): void {
    const { soft, hard } = realtimeLimit(model.global);
    const limited = limitRealtime(soft, hard);
    if (!limited.ok) this.log.detail(systemErrorText(limited.error));
  }

  private listen(): void {
    const complete = listenToSignals(
      {
        stop: () => this.stop(),
        reload: () => void this.reload(),
        dumpData: () => void this.dump("data"),
        dumpStats: () => void this.dump("stats"),
        dumpJson: () => void this.dump("json"),
        clearStats: () => void this.dump("stats").then(() => this.engine?.clearCounters()),
        realtimeLimit: () => this.leaveRealtime(),
      },
      this.options.ignoreInterrupt,
    );
    if (!complete) this.log.warning("this Node.js hears no real-time signals: no JSON dump by 36");
  }

  private take(report: EngineReport): void {
    switch (report.kind) {
      case "ready":
        this.engineThreadId = report.thread;
        return;
      case "configured":
        void this.configured();
        return;
      case "events":
        this.takeEvents(report.events);
        return;
      case "held":
        this.state?.apply(report.added, report.removed);
        this.saveStateSoon();
        return;
      case "recorded":
        this.writeRecording(report.lines);
        return;
      case "scheduled":
        this.tellScheduling(report.priority, report.problem);
        return;
      case "dropped":
        this.log.warning(`${report.count} events were lost while this thread was stuck`);
        return;
      case "stopped":
        this.finish(this.exitCode);
        return;
      case "failed":
        this.isStopping = true;
        this.log.err(`The engine failed: ${report.text}`);
        this.finish(report.code);
        return;
      default:
    }
  }

  private async configured(): Promise<void> {
    if (this.isRunning) {
      this.log.info("Reload complete");
      tellSystemd("ready");
      return;
    }
    this.isRunning = true;
    this.log.info("Startup complete");
    tellSystemd("ready");
    this.onReady();
    if (this.wantsReload) void this.reload();
    await this.openControl();
    if (this.options.dumpConfig) await this.dumpToLog();
  }

  private async openControl(): Promise<void> {
    const { openControlSocket } = await import("./control-socket.ts");
    const { controlSocket, otherControlSocket } = this.options;
    const answers = ({ command }: ControlRequest) => this.answer(command);
    let opened = await openControlSocket(controlSocket, answers);
    if (!opened.ok && otherControlSocket !== undefined) {
      opened = await openControlSocket(otherControlSocket, answers);
      if (opened.ok) this.log.info(`Control socket ${otherControlSocket}`);
    }
    if (opened.ok) this.control = opened.value;
    else this.log.warning(opened.error);
    if (this.isStopping) this.control?.close();
  }

  private takeEvents(events: readonly TimedEvent[]): void {
    for (const { at, event } of events) this.log.event(event, at);
    this.events = [...this.events, ...events].slice(-limits.eventHistoryMax);
  }

  private saveStateSoon(): void {
    if (this.stateIsStale) return;
    this.stateIsStale = true;
    // The engine thread reports many chunks together, so that writing at once costs one write.
    setImmediate(() => {
      this.stateIsStale = false;
      if (this.state === undefined) return;
      const { stateFile } = this.options;
      const folder = makeFolderOf(stateFile);
      const written = folder.ok ? this.state.write() : folder;
      const problem = written.ok ? undefined : systemErrorText(written.error);
      // Once, and not for every address.
      if (problem !== undefined && problem !== this.stateProblem) {
        this.log.warning(`state file: ${problem}`);
      }
      this.stateProblem = problem;
    });
  }

  private writeRecording(lines: readonly string[]): void {
    if (this.recordFd === undefined) return;
    try {
      writeSync(this.recordFd, `${lines.join("\n")}\n`);
    } catch (reason) {
      this.log.warning(`recording ends: ${String(reason)}`);
      closeSync(this.recordFd);
      this.recordFd = undefined;
    }
  }

  private tellScheduling(priority: number, problem: string | undefined): void {
    if (problem !== undefined) {
      this.log.warning(`Adverts may be late on a busy machine, without real-time: ${problem}`);
    } else if (priority > 0) {
      this.log.info(`Set realtime priority ${priority}`);
    } else {
      this.log.info("Real-time scheduling is off");
    }
  }

  /** SIGXCPU: a real-time thread that never waits would take the machine. */
  private leaveRealtime(): void {
    if (this.engineThreadId === undefined) return;
    const done = scheduleThread(0, this.engineThreadId);
    if (done.ok) this.engine?.demoted();
    this.log.warning(
      done.ok
        ? "The engine ran into vrrp_rlimit_rttime; it goes on without real-time scheduling until a reload"
        : systemErrorText(done.error),
    );
  }

  /** Answers why not, if not. */
  private async reload(): Promise<string | undefined> {
    const { log } = this;
    if (this.isStopping) return "stopping";
    if (!this.isRunning) {
      this.wantsReload = true;
      return "starting";
    }
    log.info("Reloading ...");
    tellSystemd("reloading");
    const loaded = await this.load();
    const { hasErrors } = await import("./load.ts");
    if (loaded?.model === undefined || hasErrors(loaded)) {
      const problem = "Reload refused: the configuration has errors; the running one goes on";
      log.err(problem);
      tellSystemd("ready");
      return problem;
    }
    this.applyRealtimeLimit(loaded.model);
    this.model = loaded.model;
    this.engine?.configure(loaded.model);
    return undefined;
  }

  private stop(): void {
    if (this.isStopping) return;
    this.isStopping = true;
    this.log.info("Stopping");
    tellSystemd("stopping");
    if (this.engine === undefined) {
      this.finish(this.exitCode);
      return;
    }
    if (this.options.keepsAddresses && this.exitCode === exitCode.ok) this.engine.leave();
    else this.engine.shutdown();
    setTimeout(() => {
      this.log.err(`The engine did not withdraw within ${stopPatience / 1_000} s`);
      this.finish(exitCode.fatal);
    }, stopPatience).unref();
  }

  /** A mistake of ours on this thread: the engine is well, so it can withdraw in order. */
  private surrender(reason: unknown): void {
    const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    this.log.err(`The control thread failed: ${text}`);
    this.exitCode = exitCode.software;
    this.stop();
  }

  private async dump(kind: DumpKind): Promise<void> {
    const status = await this.engine?.status();
    if (status === undefined || this.model === undefined) return;
    const { writeDump } = await import("./dump-files.ts");
    const written = writeDump(kind, status, this.model.global);
    if (!written.ok) this.log.err(systemErrorText(written.error));
  }

  private async dumpToLog(): Promise<void> {
    const status = await this.engine?.status();
    if (status === undefined || this.model === undefined) return;
    const { dumpText } = await import("./dump-files.ts");
    for (const line of (dumpText("data", status, this.model.global) ?? "").split("\n")) {
      if (line !== "") this.log.info(line);
    }
  }

  private async answer(command: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    if (command === "status") return this.statusAnswer();
    if (command !== "reload") return undefined;
    const problem = await this.reload();
    if (problem !== undefined) throw new Error(problem);
    return {};
  }

  private async statusAnswer(): Promise<StatusAnswer> {
    const status = await this.engine?.status();
    if (status === undefined) throw new Error("the engine does not answer");
    const node = {
      pid: process.pid,
      startedAt: this.startedAt,
      version,
      configFile: this.options.configFile,
      uptimeUs: monotonicNow() - this.startedMonotonic,
    };
    return { schema: 1, status, node, events: this.events };
  }

  private async cleanUp(code: number): Promise<void> {
    this.control?.close();
    if (code === exitCode.ok) {
      await this.guard?.end();
      this.stateIsStale = true;
      // Addresses that stay are the next start's leftovers.
      if (this.options.keepsAddresses) this.state?.write();
      else this.state?.remove();
    }
    for (const file of this.pidFiles) file.remove();
    if (this.recordFd !== undefined) closeSync(this.recordFd);
    this.log.info(`Stopped ${nameAndVersion}`);
    this.log.close();
  }
}
