// Network namespaces through iproute2's `ip`, without a shell. Every name carries the id of the
// process that made it, so that a later run can tell what an interrupted one left behind and take
// it away. Works as root, and as the root of a user namespace that `enterUserNamespace` makes.

import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync } from "node:fs";

const prefix = "ud";

/** `ud-NAME-PID-HOST`; `ip netns` takes any file name. */
export const namespaceName = (lab: string, host: string): string =>
  `${prefix}-${lab}-${process.pid}-${host}`;

/** Runs `ip` with these arguments; throws with the command and what it said when it fails. */
export function ip(args: readonly string[]): string {
  const done = run(["ip", ...args]);
  if (done.status !== 0) {
    const why = done.error?.message ?? done.stderr.trim();
    throw new Error(`ip ${args.join(" ")} failed: ${why}`);
  }
  return done.stdout;
}

/** Runs to the end and keeps what it prints. */
export function run(argv: readonly string[]): SpawnSyncReturns<string> {
  const [program = "", ...args] = argv;
  return spawnSync(program, args, { encoding: "utf8", env: toolEnvironment() });
}

/** Root's programs are not on everybody's PATH. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
}

/** A command line that runs `argv` in the namespace; its process is the command itself, no wrapper. */
export const inNamespace = (namespace: string, argv: readonly string[]): readonly string[] => [
  "nsenter",
  `--net=/run/netns/${namespace}`,
  "--",
  ...argv,
];

export function addNamespace(namespace: string): void {
  ip(["netns", "add", namespace]);
  ip(["-n", namespace, "link", "set", "lo", "up"]);
}

/** Ends what still runs in the namespace, save for this process, then removes it with its interfaces. */
export function removeNamespace(namespace: string): void {
  const listed = run(["ip", "netns", "pids", namespace]);
  for (const pid of listed.stdout.split("\n").map(Number)) {
    if (pid > 0 && pid !== process.pid) signal(pid, "SIGKILL");
  }
  run(["ip", "netns", "del", namespace]);
}

/** Removes the namespaces of labs whose process is gone. */
export function sweepNamespaces(): void {
  for (const name of namespaces()) {
    const pid = Number(new RegExp(`^${prefix}-.+-([0-9]+)-[^-]+$`).exec(name)?.[1] ?? 0);
    if (pid > 0 && !isAlive(pid)) removeNamespace(name);
  }
}

/** Names of all namespaces that `ip netns` knows. */
export function namespaces(): readonly string[] {
  const listed = run(["ip", "netns", "list"]);
  return listed.stdout.split("\n").flatMap((line) => line.split(" ")[0] || []);
}

/** True when a process with this id exists, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already, which is what was wanted.
  }
}

/** Says that this process is root only inside a user namespace made for it. */
const userNamespaceMark = "UNDERSTUDY_USER_NAMESPACE";

/** Why no namespaces can be made here; undefined when they can. */
export function labObstacle(): string | undefined {
  if (run(["ip", "-V"]).status !== 0) return "the program `ip` (package iproute2) is missing";
  if (process.getuid?.() !== 0) return "needs root, or a kernel that lets users make namespaces";
  prepareRunFolder();
  const probe = namespaceName("probe", "x");
  const added = run(["ip", "netns", "add", probe]);
  run(["ip", "netns", "del", probe]);
  return added.status === 0 ? undefined : `cannot make namespaces: ${added.stderr.trim()}`;
}

/** In a user namespace /run belongs to somebody else; it gets one of its own, once. */
function prepareRunFolder(): void {
  if (process.env[userNamespaceMark] === undefined || isWritable("/run/netns")) return;
  run(["mount", "-t", "tmpfs", "tmpfs", "/run"]);
  mkdirSync("/run/netns", { recursive: true });
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs this very command again as the root of a new user namespace, when it is not root already.
 * Returns its exit code, or undefined when there is nothing to do or the kernel does not allow it.
 */
export function enterUserNamespace(): number | undefined {
  if (process.getuid?.() === 0) return undefined;
  const wrapper = ["--user", "--map-root-user", "--net", "--mount"];
  if (run(["unshare", ...wrapper, "true"]).status !== 0) return undefined;
  // Ctrl-C reaches the inner process by itself; the outer one waits for it to tidy up.
  process.on("SIGINT", () => undefined);
  const inner = spawnSync("unshare", [...wrapper, process.execPath, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [userNamespaceMark]: "1" },
  });
  return inner.status ?? 1;
}
