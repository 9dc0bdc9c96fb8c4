// What the checks of a configuration ask about this machine (ports/machine.ts): files that scripts
// are, users and groups, named network namespaces. Nothing is run, and nothing is opened but
// /etc/passwd and /etc/group, which are read once for each configuration that is loaded.

import { existsSync, readFileSync, statSync } from "node:fs";
import type { FileFacts, Machine, UserFacts } from "../../core/ports/machine.ts";

/** This machine as it is now; users and groups are those of the first question. */
export function thisMachine(): Machine {
  let users: ReadonlyMap<string, UserFacts> | undefined;
  let groups: ReadonlyMap<string, number> | undefined;
  return {
    file: factsOf,
    user(name) {
      users ??= readUsers();
      return users.get(name);
    },
    group(name) {
      groups ??= readGroups();
      return groups.get(name);
    },
    hasNamespace: (name) => !name.includes("/") && existsSync(`/run/netns/${name}`),
  };
}

function factsOf(path: string): FileFacts | undefined {
  try {
    const stat = statSync(path);
    const kind = stat.isDirectory() ? "folder" : stat.isFile() ? "file" : "other";
    return { kind, owner: stat.uid, group: stat.gid, mode: stat.mode & 0o7777 };
  } catch {
    return undefined;
  }
}

function readUsers(): ReadonlyMap<string, UserFacts> {
  const users = new Map<string, UserFacts>();
  for (const [name = "", , uid = "", gid = ""] of entries("/etc/passwd")) {
    const facts = { uid: Number(uid), gid: Number(gid) };
    users.set(name, facts);
    if (!users.has(uid)) users.set(uid, facts);
  }
  return users;
}

function readGroups(): ReadonlyMap<string, number> {
  const groups = new Map<string, number>();
  for (const [name = "", , gid = ""] of entries("/etc/group")) {
    groups.set(name, Number(gid));
    if (!groups.has(gid)) groups.set(gid, Number(gid));
  }
  return groups;
}

/** Lines `NAME:x:ID:...`; a file that cannot be read names nobody. */
function entries(file: string): readonly (readonly string[])[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.filter((line) => line.includes(":")).map((line) => line.split(":"));
  } catch {
    return [];
  }
}
