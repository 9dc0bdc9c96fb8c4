// A file is replaced as a whole or not at all: the new text goes into a file beside it that takes
// over mode and owner, is written to the disk, and then takes the name. A link stays a link to the
// file that is replaced. New files are made in the same way. A file that has changed since it was read is left alone.

import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Result } from "../../core/base/result.ts";
import { err, ok } from "../../core/base/result.ts";

/** Puts `after` in place of `before`, which the file is expected to hold; says why it cannot. */
export function rewriteFile(path: string, before: string, after: string): Result<true, string> {
  try {
    const target = realpathSync(path);
    const old = openSync(target, "r");
    try {
      const encoding = encodingOf(readFileSync(old), before);
      if (encoding === undefined) return err("it has changed meanwhile");
      const { mode, uid, gid } = fstatSync(old);
      writeBeside(target, Buffer.from(after, encoding), { mode, uid, gid }, true);
      return ok(true);
    } finally {
      closeSync(old);
    }
  } catch (error) {
    return err((error as NodeJS.ErrnoException).code ?? String(error));
  }
}

/** The reader takes bytes that are no UTF-8 for Latin-1; they go back in the same way. */
function encodingOf(bytes: Buffer, text: string): "utf8" | "latin1" | undefined {
  if (Buffer.from(text, "utf8").equals(bytes)) return "utf8";
  return Buffer.from(text, "latin1").equals(bytes) ? "latin1" : undefined;
}

/** Makes a new file with a mode; without `overwrite` it must not be there. */
export function createFile(
  path: string,
  text: string,
  mode: number,
  overwrite: boolean,
): Result<true, string> {
  try {
    writeBeside(path, Buffer.from(text), { mode }, overwrite);
    return ok(true);
  } catch (error) {
    return err((error as NodeJS.ErrnoException).code ?? String(error));
  }
}

type FileOwner = { readonly mode: number; readonly uid?: number; readonly gid?: number };

function writeBeside(
  target: string,
  bytes: Buffer,
  { mode, uid, gid }: FileOwner,
  overwrite: boolean,
): void {
  const beside = join(dirname(target), `.understudy-${randomBytes(6).toString("hex")}.tmp`);
  // Nobody else may read it before it has the mode of the old one.
  const handle = openSync(beside, "wx", 0o600);
  try {
    try {
      writeFileSync(handle, bytes);
      if (uid !== undefined && gid !== undefined) fchownSync(handle, uid, gid);
      fchmodSync(handle, mode & 0o7777);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (overwrite) renameSync(beside, target);
    else linkSync(beside, target);
  } finally {
    rmSync(beside, { force: true });
  }
}
