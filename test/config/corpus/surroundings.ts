// The machine that keepalived's verdicts of a corpus were made on, as data: the interfaces, scripts
// and namespaces of its lists, a minimal system, and no user besides those that every system has.
// Files of `multi/NAME/etc-keepalived` are seen as /etc/keepalived, as reference.sh mounts them.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigFiles } from "../../../src/core/ports/config-files.ts";
import type { FileFacts, Machine } from "../../../src/core/ports/machine.ts";
import { configFiles } from "../../../src/host/daemon/config-files.ts";

/** `full`: no script of the list exists. `scripts`: all of them do. */
export type SurroundingsName = "full" | "scripts";

/** The commands that reference.sh leaves alone, because the system itself needs them. */
const systemCommands = new Set(
  (
    "bash sh dash true false test [ sleep ls cat echo date grep sed awk logger kill rm touch mv cp " +
    "mkdir chmod env timeout tee head tail wc pidof"
  ).split(" "),
);

const commandFolders = ["/usr/local/bin", "/usr/bin", "/usr/sbin", "/bin", "/sbin"];

/** The lines of a list, `#` and empty ones left out; nothing where there is no such list. */
export function listOf(folder: string, name: string): readonly string[] {
  const path = join(folder, name);
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

const script: FileFacts = { kind: "file", owner: 0, group: 0, mode: 0o755 };
const folder: FileFacts = { kind: "folder", owner: 0, group: 0, mode: 0o755 };

/** The machine of one of the surroundings; `corpus` holds scripts.txt and namespaces.txt. */
export function machineOf(corpus: string, name: SurroundingsName): Machine {
  const files = new Map<string, FileFacts>([["/", folder]]);
  const add = (path: string, facts: FileFacts) => {
    files.set(path, facts);
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1))
      files.set(path.slice(0, end), folder);
  };
  for (const path of ["/etc/keepalived", "/tmp/c", ...commandFolders]) add(path, folder);
  for (const command of systemCommands)
    for (const each of ["/usr/bin", "/bin"]) add(`${each}/${command}`, script);
  if (name === "scripts") {
    for (const listed of listOf(corpus, "scripts.txt"))
      add(listed.startsWith("/") ? listed : `/usr/bin/${listed}`, script);
  }
  const namespaces = new Set(listOf(corpus, "namespaces.txt"));
  return {
    file: (path) => files.get(path),
    user: (user) => systemUsers.get(user),
    group: (group) => systemUsers.get(group)?.gid,
    // There is no name server, and /etc/hosts has one line.
    hasHost: (host) => ["localhost", "kcorpus"].includes(host),
    hasNamespace: (namespace) => namespaces.has(namespace),
  };
}

/** Of Debian's base system, the users that configurations name. */
const systemUsers = new Map(
  [["root", 0] as const, ["daemon", 1] as const, ["bin", 2] as const, ["nobody", 65534] as const]
    .flatMap(([user, id]) => [[user, id] as const, [String(id), id] as const])
    .map(([user, id]) => [user, { uid: id, gid: id }] as const),
);

/** The files of a corpus, read from its folder (the working directory). */
export function corpusFiles(file: string): ConfigFiles {
  const beside = /^multi\/[^/]+\//.exec(file)?.[0];
  if (beside === undefined || !existsSync(`${beside}etc-keepalived`)) return configFiles;
  const real = (path: string) =>
    path.replace(/^\/etc\/keepalived(?=\/|$)/, `${beside}etc-keepalived`);
  const seen = (path: string) => path.replace(`${beside}etc-keepalived`, "/etc/keepalived");
  return {
    read: (path) => configFiles.read(real(path)),
    glob: (pattern) => configFiles.glob(real(pattern)).map(seen),
  };
}
