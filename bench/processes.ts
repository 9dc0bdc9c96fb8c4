// What the kernel's books say of a daemon as a whole: its processes with all their children, their
// CPU time and their memory. CPU comes from schedstat, in nanoseconds and per thread.

import { readdirSync, readFileSync } from "node:fs";

/** A process and all its descendants, as they are now. */
export function processTree(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = parentOf(Number(entry));
    if (parent !== undefined)
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const tree = [pid];
  for (const member of tree) tree.push(...(children.get(member) ?? []));
  return tree;
}

/** CPU time of all threads of the processes so far, in µs. */
export function cpuOf(pids: readonly number[]): number {
  let nanoseconds = 0;
  for (const pid of pids) {
    for (const thread of list(`/proc/${pid}/task`)) {
      nanoseconds += Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[0] ?? 0);
    }
  }
  return nanoseconds / 1000;
}

/** Proportional set size of the processes together, in MB. */
export function memoryOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) =>
    Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, part) => sum + part, 0) / 1024;
}

function parentOf(pid: number): number | undefined {
  const afterName = read(`/proc/${pid}/stat`).split(") ").at(-1);
  const parent = afterName?.split(" ")[1];
  return parent === undefined ? undefined : Number(parent);
}

/** Empty for what has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
