// Pid files that tell running daemons apart from dead ones: the lock counts, not the number. The lock
// belongs to the open file (OFD), as keepalived's does, so each refuses a file that the other holds.

import {
  closeSync,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { err, ok, type Result } from "../../core/base/result.ts";
import { type SystemError, systemErrorText } from "../../core/ports/system-error.ts";
import { lockFile } from "../linux/process.ts";
import { exitCode, exitCodeFor } from "./exit-code.ts";
import { fileError, makeFolderOf, removeFile } from "./files.ts";

export interface PidFile {
  readonly path: string;
  /** Writes the number of this process. */
  write(): void;
  /** Removes the file and gives the lock back. */
  remove(): void;
}

/** A line for the log, and the exit code that goes with it. */
export type PidFileProblem = { readonly text: string; readonly code: number };

/** Opens and locks, without writing yet. */
export function lockPidFile(path: string): Result<PidFile, PidFileProblem> {
  const refused = (error: SystemError) =>
    err({ text: systemErrorText(error), code: exitCodeFor(error) });
  const folder = makeFolderOf(path);
  if (!folder.ok) return refused(folder.error);
  let fd: number;
  try {
    fd = openSync(path, "a+", 0o644);
  } catch (reason) {
    return refused(fileError("open", path, reason));
  }
  const locked = lockFile(fd, path);
  if (!locked.ok || !locked.value) {
    // Where nothing can be locked, as without koffi, nobody else holds the file that we just made.
    if (!locked.ok && fstatSync(fd).size === 0) removeFile(path);
    closeSync(fd);
    if (!locked.ok) return refused(locked.error);
    return err({
      text: `Another process has pid file ${path} locked: daemon is already running`,
      code: exitCode.fatal,
    });
  }
  const other = runningKeepalived(path);
  if (other !== undefined) {
    closeSync(fd);
    return err({
      text: `daemon is already running: keepalived, pid ${other}`,
      code: exitCode.fatal,
    });
  }
  return ok({
    path,
    write() {
      fchmodSync(fd, 0o644);
      ftruncateSync(fd, 0);
      writeSync(fd, `${process.pid}\n`);
    },
    remove() {
      removeFile(path);
      closeSync(fd);
    },
  });
}

/** The keepalived that a pid file names. Those before 2.3 do not lock the file. */
function runningKeepalived(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
    const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    return name.startsWith("keepalived") ? pid : undefined;
  } catch {
    return undefined;
  }
}
