// A small network inside this machine: hosts in namespaces of their own, one bridge for each
// interface name, all cables of `eth0` in the first, those of `eth1` in the second, and so on. What
// demo, tests and measurements run on. A lab takes everything down again, also when the process is
// interrupted; what a killed process left behind goes when the next lab is made.

import { type ChildProcess, type SpawnSyncReturns, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
  addNamespace,
  inNamespace,
  ip,
  isAlive,
  labObstacle,
  namespaceName,
  removeNamespace,
  run,
  signal,
  sweepNamespaces,
  toolEnvironment,
} from "./namespaces.ts";

/** Interfaces of one host by name, each with its addresses as `192.0.2.1/24`. */
export type HostPlan = Readonly<Record<string, readonly string[]>>;

/** Hosts by name; a name has no dash and, with its interface's, at most 14 letters. */
export type LabPlan = Readonly<Record<string, HostPlan>>;

export type Lab = {
  /** A folder for the files of this lab; goes with it. */
  readonly folder: string;
  readonly hosts: readonly string[];
  /** The namespace's name, for `ip netns`; `lan` is where the bridges are. */
  namespaceOf(host: string): string;
  /** Runs a command on a host to its end. */
  exec(host: string, argv: readonly string[]): SpawnSyncReturns<string>;
  /** Starts a command on a host, with its output as pipes; the lab ends it at the latest. */
  spawn(
    host: string,
    argv: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): ChildProcess;
  /** Takes the cable out of the switch, so that the host sees no carrier, or puts it back. */
  cable(host: string, what: "out" | "in", interfaceName?: string): void;
  /** IPv4 addresses on a host's interface as `192.0.2.1/24`, in the kernel's order. */
  addresses(host: string, interfaceName?: string): readonly string[];
  /** Ends every process and removes every namespace; a second call does nothing. */
  close(): void;
};

/** Milliseconds of the monotonic clock that all processes of a machine share. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** The host that holds the bridges. */
export const lan = "lan";

const openLabs = new Set<Lab>();

/** Builds the network; throws with the reason when this machine does not allow it. */
export function createLab(name: string, plan: LabPlan): Lab {
  const obstacle = labObstacle();
  if (obstacle !== undefined) throw new Error(obstacle);
  sweepNamespaces();
  sweepFolders();
  const lab = labOf(name, Object.keys(plan));
  openLabs.add(lab);
  watchForTheEnd();
  try {
    layCables(lab, plan);
  } catch (error) {
    lab.close();
    throw error;
  }
  return lab;
}

/** Two or three routers `a`, `b`, `c` and a `client` on one network. */
export function routersAndClient(routers: 2 | 3, network = "192.168.254"): LabPlan {
  const names = ["a", "b", "c"].slice(0, routers);
  return {
    ...Object.fromEntries(names.map((name, i) => [name, { eth0: [`${network}.${i + 1}/24`] }])),
    client: { eth0: [`${network}.10/24`] },
  };
}

function labOf(name: string, hosts: readonly string[]): Lab {
  const folder = mkdtempSync(join(tmpdir(), `${folderPrefix}${name}-${process.pid}-`));
  const children = new Set<ChildProcess>();
  const namespaceOf = (host: string): string => namespaceName(name, host);
  const lab: Lab = {
    folder,
    hosts,
    namespaceOf,
    exec: (host, argv) => run(inNamespace(namespaceOf(host), argv)),
    spawn(host, argv, env) {
      const [program = "", ...args] = inNamespace(namespaceOf(host), argv);
      const child = spawn(program, args, {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...toolEnvironment(), ...env },
      });
      children.add(child);
      child.on("exit", () => children.delete(child));
      return child;
    },
    cable(host, what, interfaceName = "eth0") {
      const state = what === "in" ? "up" : "down";
      ip(["-n", namespaceOf(lan), "link", "set", portOf(host, interfaceName), state]);
    },
    addresses(host, interfaceName = "eth0") {
      const shown = ip(["-n", namespaceOf(host), "-4", "-o", "addr", "show", interfaceName]);
      return [...shown.matchAll(/ inet (\S+)/g)].map((match) => match[1] ?? "");
    },
    close() {
      if (!openLabs.delete(lab)) return;
      for (const child of children) if (child.pid !== undefined) signal(child.pid, "SIGKILL");
      for (const host of [...hosts, lan]) removeNamespace(namespaceOf(host));
      removeFolder(folder);
    },
  };
  return lab;
}

const folderPrefix = "understudy-lab-";

/** Removes the folders of labs whose process is gone. */
function sweepFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^understudy-lab-.*-([0-9]+)-[^-]+$/.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isAlive(pid)) removeFolder(join(tmpdir(), name));
  }
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Somebody else's, who will sweep it.
  }
  removeStateFiles(folder);
}

const stateFolder = "/run/understudy";

/** A daemon names its state file after its pid file, and a killed one leaves it behind. */
function removeStateFiles(folder: string): void {
  if (!existsSync(stateFolder)) return;
  for (const name of readdirSync(stateFolder)) {
    if (name.includes(basename(folder))) rmSync(join(stateFolder, name), { force: true });
  }
}

const portOf = (host: string, interfaceName: string): string => `${host}-${interfaceName}`;

function layCables(lab: Lab, plan: LabPlan): void {
  const switches = lab.namespaceOf(lan);
  addNamespace(switches);
  const names = new Set(Object.values(plan).flatMap((host) => Object.keys(host)));
  for (const name of names) {
    ip(["-n", switches, "link", "add", bridgeOf(name), "type", "bridge", "mcast_snooping", "0"]);
    ip(["-n", switches, "link", "set", bridgeOf(name), "addrgenmode", "none", "up"]);
  }
  for (const [host, interfaces] of Object.entries(plan)) {
    const namespace = lab.namespaceOf(host);
    addNamespace(namespace);
    for (const [name, addresses] of Object.entries(interfaces)) {
      const port = portOf(host, name);
      ip(["-n", switches, "link", "add", port, "type", "veth", "peer", name, "netns", namespace]);
      ip(["-n", switches, "link", "set", port, "master", bridgeOf(name), "addrgenmode", "none"]);
      ip(["-n", switches, "link", "set", port, "up"]);
      ip(["-n", namespace, "link", "set", name, "addrgenmode", "none"]);
      for (const address of addresses) {
        ip(["-n", namespace, "addr", "add", address, "brd", "+", "dev", name]);
      }
      ip(["-n", namespace, "link", "set", name, "up"]);
    }
  }
}

export const bridgeOf = (interfaceName: string): string => `br-${interfaceName}`;

let watching = false;

/** Whatever ends this process, the labs go with it. */
function watchForTheEnd(): void {
  if (watching) return;
  watching = true;
  const closeAll = (): void => {
    for (const lab of openLabs) lab.close();
  };
  process.on("exit", closeAll);
  for (const [name, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.on(name, () => process.exit(code));
  }
}
