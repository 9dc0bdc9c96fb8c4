// A router daemon running on a host of a lab: ours or a real keepalived, told apart by nothing but
// the program, since both take the same flags and print the same lines. Its state is read from the
// log, which is what operators do.

import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Lab, monotonicMs } from "./lab.ts";
import { signal } from "./namespaces.ts";

export type RouterProgram = "understudy" | "keepalived";
export type RouterState = "INIT" | "BACKUP" | "MASTER" | "FAULT" | "STOPPED";

export type LogLine = {
  /** When the line came, as `monotonicMs` reads it. */
  readonly at: number;
  readonly text: string;
};

export type RouterProcess = {
  readonly host: string;
  readonly program: RouterProgram;
  readonly child: ChildProcess;
  readonly configFile: string;
  readonly lines: readonly LogLine[];
  /** The state of an instance, by default of the one that spoke last. */
  state(instance?: string): RouterState;
  /** Waits until the instance is in the state; resolves to when it said so. Rejects with the log. */
  reaches(state: RouterState, timeoutMs: number, instance?: string): Promise<number>;
  /** Waits for a log line; only lines from `since` on count. */
  says(pattern: RegExp, timeoutMs: number, since?: number): Promise<LogLine>;
  /** Asks it to end and waits; resolves to the exit code, null when a signal ended it. */
  stop(name?: NodeJS.Signals): Promise<number | null>;
  /** Kills it where it stands, a keepalived with the child that speaks VRRP. */
  crash(): Promise<void>;
};

export type RouterOptions = {
  readonly program: RouterProgram;
  readonly config: string;
  readonly args?: readonly string[];
  /** Called for each line as it comes. */
  readonly onLine?: (line: LogLine) => void;
};

const dist = fileURLToPath(new URL("../../../", import.meta.url));

/** The command line of our own programs, from where this file was built. */
export const ownProgram = (name: "understudy" | "understudyd"): readonly string[] => [
  process.execPath,
  join(dist, "src", "host", "cli", `${name}.js`),
];

/** Where a router started by `startRouter` keeps its files. */
export function routerFiles(lab: Lab, host: string): RouterFiles {
  const file = (ending: string): string => join(lab.folder, `${host}.${ending}`);
  return {
    config: file("conf"),
    pid: file("pid"),
    vrrpPid: file("vrrp.pid"),
    controlSocket: file("sock"),
  };
}

type RouterFiles = {
  readonly config: string;
  readonly pid: string;
  readonly vrrpPid: string;
  /** Of ours, for \`understudy status --socket\`. */
  readonly controlSocket: string;
};

/** Writes the configuration and starts the daemon in the foreground, with its log on stderr. */
export function startRouter(lab: Lab, host: string, options: RouterOptions): RouterProcess {
  const files = routerFiles(lab, host);
  writeFileSync(files.config, options.config, { mode: 0o644 });
  const child = lab.spawn(host, [
    ...(options.program === "keepalived" ? ["keepalived"] : ownProgram("understudyd")),
    ...["-n", "-l", "-D", "-P"],
    ...["-f", files.config, "-p", files.pid, "-r", files.vrrpPid],
    ...(options.program === "understudy" ? ["--control-socket", files.controlSocket] : []),
    ...(options.args ?? []),
  ]);
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of waiting) check();
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (text) => {
      const line = { at: monotonicMs(), text };
      lines.push(line);
      options.onLine?.(line);
      wake();
    });
  }
  let ended = false;
  const exit = new Promise<number | null>((resolve) => {
    child.on("close", (code) => {
      ended = true;
      wake();
      resolve(code);
    });
    child.on("error", (error) => lines.push({ at: monotonicMs(), text: String(error) }));
  });
  const whenever = <T>(what: string, found: () => T | undefined, timeoutMs: number): Promise<T> =>
    waitFor(waiting, found, timeoutMs, () => {
      const log = lines.map((line) => `  ${line.text}`).join("\n");
      return `${host}: ${what}: not within ${timeoutMs} ms; its log:\n${log}`;
    });
  const stateLine = (instance?: string): LogLine | undefined =>
    lines.findLast((line) => stateIn(line.text, instance) !== undefined);
  const state = (instance?: string): RouterState => {
    if (ended) return "STOPPED";
    const line = stateLine(instance);
    return line === undefined ? "INIT" : (stateIn(line.text, instance) ?? "INIT");
  };
  return {
    host,
    program: options.program,
    child,
    configFile: files.config,
    lines,
    state,
    reaches: (wanted, timeoutMs, instance) =>
      whenever(
        `reaches ${wanted}`,
        () => (state(instance) === wanted ? (stateLine(instance)?.at ?? monotonicMs()) : undefined),
        timeoutMs,
      ),
    says: (pattern, timeoutMs, since = 0) =>
      whenever(
        `says ${pattern}`,
        () => lines.find((line) => line.at >= since && pattern.test(line.text)),
        timeoutMs,
      ),
    stop(name = "SIGTERM") {
      if (!ended) child.kill(name);
      return exit;
    },
    async crash() {
      const speaker = existsSync(files.vrrpPid) ? Number(readFileSync(files.vrrpPid, "utf8")) : 0;
      if (options.program === "keepalived" && speaker > 0) signal(speaker, "SIGKILL");
      child.kill("SIGKILL");
      await exit;
    },
  };
}

/** The state that a log line announces, of one instance or of any. */
function stateIn(text: string, instance?: string): RouterState | undefined {
  const match = /\((\S+?)\):? [Ee]ntering (BACKUP|MASTER|FAULT) (?:STATE|state)/.exec(text);
  if (match === null || (instance !== undefined && match[1] !== instance)) return undefined;
  return match[2] as RouterState;
}

function waitFor<T>(
  waiting: Set<() => void>,
  found: () => T | undefined,
  timeoutMs: number,
  complaint: () => string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      waiting.delete(check);
      clearTimeout(timer);
      act();
    };
    const check = (): void => {
      const value = found();
      if (value !== undefined) settle(() => resolve(value));
    };
    const timer = setTimeout(() => settle(() => reject(new Error(complaint()))), timeoutMs);
    waiting.add(check);
    check();
  });
}

/** Where keepalived is installed; undefined when it is not. */
export function keepalivedPath(): string | undefined {
  return ["/usr/sbin/keepalived", "/usr/local/sbin/keepalived", "/sbin/keepalived"].find((path) =>
    existsSync(path),
  );
}
