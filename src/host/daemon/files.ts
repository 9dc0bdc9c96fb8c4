// Files that other programs read while we write them: replaced in one step, so that a reader sees the
// old or the new text, never half of one. A link that somebody placed in /tmp is not followed.

import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { err, ok, type Result } from "../../core/base/result.ts";
import type { SystemError } from "../../core/ports/system-error.ts";

/** Writes beside the file and renames. `mode` is that of the new file, whatever the umask. */
export function replaceFile(path: string, text: string, mode = 0o600): Result<void, SystemError> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    rmSync(temporary, { force: true });
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
    try {
      writeFileSync(fd, text);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
    return ok(undefined);
  } catch (reason) {
    rmSync(temporary, { force: true });
    return err(fileError("write", path, reason));
  }
}

/** Makes the folder of a file of ours where it is missing. */
export function makeFolderOf(path: string): Result<void, SystemError> {
  // The daemon's umask is made for files: folders would be closed to their owner.
  const before = process.umask(0o022);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    return ok(undefined);
  } catch (reason) {
    return err(fileError("mkdir", dirname(path), reason));
  } finally {
    process.umask(before);
  }
}

/** Removes a file that may be gone already. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A read-only folder: the file stays, and the next start copes with it.
  }
}

/** What Node's file functions throw, as a SystemError. */
export function fileError(call: string, object: string, reason: unknown): SystemError {
  const code =
    reason instanceof Error && "code" in reason && typeof reason.code === "string"
      ? reason.code
      : "EIO";
  const remedy = remedies[code];
  return { call, object, code, ...(remedy === undefined ? {} : { remedy }) };
}

const remedies: Readonly<Record<string, string>> = {
  EACCES: "no permission: run as root, or choose another path",
  EPERM: "no permission: run as root, or choose another path",
  ENOENT: "its folder does not exist",
  EROFS: "the file system is read-only",
  ENOSPC: "the file system is full",
};
