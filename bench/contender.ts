// The two daemons under measurement, started alike: in the foreground, in a namespace of the lab, with
// a configuration, pid files and a log of their own.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bench } from "./bench.ts";
import { processTree } from "./processes.ts";

export type ContenderName = "understudy" | "keepalived";
export const contenders: readonly ContenderName[] = ["understudy", "keepalived"];

/** Who goes first changes with every round. */
export const inTurn = (round: number): readonly ContenderName[] =>
  round % 2 === 0 ? contenders : [...contenders].reverse();

export type Running = {
  readonly pid: number;
  /** µs since the epoch, just before the process was started. */
  readonly startedAt: number;
  /** The daemon's processes as they are now. */
  tree(): readonly number[];
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
  /** SIGKILL for all of its processes at once, and waits for the end. */
  kill(): Promise<void>;
};

/** All that a service manager would give them: what a developer's shell sets is not measured. */
const searchPath = `${process.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`;

const understudyd = fileURLToPath(new URL("../../bin/understudyd", import.meta.url));

/** Starts a daemon on a router; `label` names its files. */
export function start(
  bench: Bench,
  name: ContenderName,
  router: string,
  label: string,
  conf: string,
): Running {
  const path = (ending: string) => join(bench.folder, `${label}.${ending}`);
  writeFileSync(path("conf"), conf);
  // Those of a daemon that was killed: its number may be somebody else's by now.
  for (const left of ["pid", "vrrp.pid"]) rmSync(path(left), { force: true });
  const files = ["-f", path("conf"), "-p", path("pid"), "-r", path("vrrp.pid")];
  const ours = [understudyd, "--control-socket", path("sock"), "-n", "-l", ...files];
  const theirs = ["keepalived", "-n", "-l", "-P", ...files];
  const [program = "", ...args] = bench.on(router, name === "understudy" ? ours : theirs);
  const log = openSync(path("log"), "w");
  const startedAt = (performance.timeOrigin + performance.now()) * 1000;
  const child = spawn(program, args, { env: { PATH: searchPath }, stdio: ["ignore", log, log] });
  closeSync(log);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${program} did not start`);
  return {
    pid,
    startedAt,
    tree: () => processTree(pid),
    stop: () => end(child, () => child.kill("SIGTERM")),
    kill: () =>
      end(child, () => {
        // The guard of ours is no part of the failure: it outlives the daemon on purpose.
        for (const member of name === "understudy" ? [pid] : processTree(pid)) {
          process.kill(member, "SIGKILL");
        }
      }),
  };
}

async function end(child: ChildProcess, signal: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  signal();
  await ended;
}

export type InstanceText = {
  readonly name: string;
  readonly vrid: number;
  readonly priority: number;
  readonly interval: number;
  readonly address: string;
  readonly excluded?: readonly string[];
};

/** A version 3 configuration on eth0. */
export function configuration(instances: readonly InstanceText[]): string {
  const blocks = instances.map(
    ({ name, vrid, priority, interval, address, excluded = [] }) => `
vrrp_instance ${name} {
    ${priority === 255 ? "state MASTER" : "state BACKUP"}
    interface eth0
    virtual_router_id ${vrid}
    priority ${priority}
    advert_int ${interval}
    virtual_ipaddress {
        ${address}
    }
    ${excluded.length === 0 ? "" : `virtual_ipaddress_excluded {\n${excluded.join("\n")}\n}`}
}`,
  );
  return `global_defs {\n    vrrp_version 3\n}\n${blocks.join("\n")}\n`;
}
