// Configuration files on this machine's file system. Only regular files without an execute bit are
// read, as keepalived does; patterns know `*`, `?` and `[...]`, and names that start with a dot match
// only where the pattern says so.

import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
} from "node:fs";
import { err, ok } from "../../core/base/result.ts";
import type { ConfigFiles } from "../../core/ports/config-files.ts";

/** Beyond this, a file is no configuration. */
const fileSizeMax = 16 * 1024 * 1024;

export const configFiles: ConfigFiles = {
  read(path) {
    try {
      // Not to wait for the writer of a pipe.
      const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        const stat = fstatSync(handle);
        if (!stat.isFile()) return err({ kind: "unreadable", reason: "not a regular file" });
        if ((stat.mode & 0o111) !== 0) {
          const reason = "it has an execute bit, and keepalived reads no such files";
          return err({ kind: "executable", reason });
        }
        if (stat.size > fileSizeMax) return err({ kind: "unreadable", reason: "over 16 MB" });
        return ok(textOf(readFileSync(handle)));
      } finally {
        closeSync(handle);
      }
    } catch (error) {
      return err(refusalOf(error));
    }
  },

  glob(pattern) {
    const absolute = pattern.startsWith("/");
    let found = [absolute ? "/" : ""];
    for (const part of pattern.split("/").filter((each) => each !== "")) {
      found = found.flatMap((folder) => matchesIn(folder, part));
    }
    return found.filter((path) => path !== "" && path !== "/").sort();
  },
};

/** UTF-8, or where it is none, one character for each byte. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

function refusalOf(error: unknown) {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR")
    return { kind: "missing", reason: "no such file" } as const;
  const reason = code === "EACCES" ? "permission denied" : (code ?? String(error));
  return { kind: "unreadable", reason } as const;
}

function matchesIn(folder: string, part: string): readonly string[] {
  const join = (name: string) =>
    folder === "" || folder.endsWith("/") ? folder + name : `${folder}/${name}`;
  if (!/[*?[]/.test(part)) return exists(join(part)) ? [join(part)] : [];
  const matcher = wildcard(part);
  if (matcher === undefined) return [];
  try {
    return readdirSync(folder === "" ? "." : folder)
      .filter((name) => matcher.test(name) && (!name.startsWith(".") || part.startsWith(".")))
      .map(join);
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

/** A shell pattern for one name; undefined when its brackets make no sense. */
function wildcard(pattern: string): RegExp | undefined {
  const source = pattern.replace(/\[(!?)([^\]]+)\]|[*?]|[.+^${}()|\\[\]]/g, (match, not, set) => {
    if (match === "*") return ".*";
    if (match === "?") return ".";
    if (set !== undefined) return `[${not === "!" ? "^" : ""}${set.replace(/[\\\]^]/g, "\\$&")}]`;
    return `\\${match}`;
  });
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    return undefined;
  }
}
