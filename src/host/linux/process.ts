// What the calling process or thread asks of the kernel about itself: its network namespace, the
// signal it gets when its parent dies, and the lock on its pid file. Namespaces are those of
// `ip netns` (/run/netns/NAME); changing one concerns the calling thread alone.

import { closeSync, openSync } from "node:fs";
import { err, ok, type Result } from "../../core/base/result.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import { errno } from "./ffi/errno.ts";
import { libc, platformProblem } from "./ffi/libc.ts";
import { lastError, type SystemArea } from "./system-error.ts";

/** CLONE_NEWNET. */
const networkNamespace = 0x4000_0000;

/** Moves the calling thread into the network namespace `name`, a file in /run/netns or a path. */
export function enterNetworkNamespace(name: string): Result<void, SystemError> {
  const path = name.includes("/") ? name : `/run/netns/${name}`;
  const problem = platformProblem();
  if (problem !== undefined) return err(problem);
  const opened = openFile(path, "r", "namespace");
  if (!opened.ok) return opened;
  const entered = libc().setns(opened.value, networkNamespace);
  const error = entered < 0 ? lastError("setns", path, "namespace") : undefined;
  closeSync(opened.value);
  return error === undefined ? ok(undefined) : err(error);
}

/** Moves the calling thread into a fresh network namespace that goes when nobody uses it any more. */
export function leaveNetworkNamespace(): Result<void, SystemError> {
  const problem = platformProblem();
  if (problem !== undefined) return err(problem);
  if (libc().unshare(networkNamespace) >= 0) return ok(undefined);
  return err(lastError("unshare", "network namespace", "namespace"));
}

/** PR_SET_PDEATHSIG. */
const setParentDeathSignal = 1;

/**
 * Has the kernel send `signal` to this process when the thread that started it ends. The caller must
 * look afterwards whether its parent is already another one.
 */
export function signalOnParentDeath(signal: number): Result<void, SystemError> {
  const problem = platformProblem();
  if (problem !== undefined) return err(problem);
  if (libc().prctl(setParentDeathSignal, signal, 0, 0, 0) >= 0) return ok(undefined);
  return err(lastError("prctl PR_SET_PDEATHSIG", `signal ${signal}`, "local"));
}

/**
 * Ends the process at once. Node's own exit first waits for every thread, and the engine thread may
 * be waiting in the kernel, for an hour: a daemon that refuses its start would never end.
 */
export function exitNow(code: number): never {
  if (platformProblem() === undefined) libc()._exit(code);
  process.exit(code);
}

/**
 * Runs this program again in this very process, with `nodeOptions` before the script: pid, standard
 * files and environment stay. For options that V8 takes only before it starts, such as
 * `--single-threaded-gc`: without it the garbage collector of a real-time thread waits for helper
 * threads that are not real-time. Does nothing when they are given already; returns only then, or
 * when refused. To be called before anything else was started.
 */
export function restartWith(nodeOptions: readonly string[]): Result<void, SystemError> {
  if (nodeOptions.every((option) => process.execArgv.includes(option))) return ok(undefined);
  const problem = platformProblem();
  if (problem !== undefined) return err(problem);
  const missing = nodeOptions.filter((option) => !process.execArgv.includes(option));
  const words = [process.execPath, ...missing, ...process.execArgv, ...process.argv.slice(1)];
  const texts = words.map((word) => Buffer.from(`${word}\0`));
  const pointers = new BigUint64Array([...texts.map((text) => libc().address(text)), 0n]);
  // Node marks all that it inherited as closed on exec.
  for (const fd of [0, 1, 2]) libc().fcntl(fd, setFdFlags, null);
  libc().execv(process.execPath, new Uint8Array(pointers.buffer));
  return err(lastError("execv", process.execPath, "local"));
}

const setFdFlags = 2;

/** F_OFD_SETLK: a lock of the open file, which keepalived uses too, gone with its last fd. */
const setLock = 37;
const writeLock = 1;

/**
 * Locks an open file for writing, all of it, without waiting. False when somebody else has the lock;
 * it is held until the fd is closed or the process ends.
 */
export function lockFile(fd: number, path: string): Result<boolean, SystemError> {
  const problem = platformProblem();
  if (problem !== undefined) return err(problem);
  // struct flock: type, whence (0: from the start), start and length (0: to the end).
  const lock = new Uint8Array(32);
  lock[0] = writeLock;
  if (libc().fcntl(fd, setLock, lock) >= 0) return ok(true);
  const reason = libc().errno();
  if (reason === errno.EAGAIN || reason === errno.EACCES) return ok(false);
  return err(lastError("fcntl F_OFD_SETLK", path, "local"));
}

function openFile(path: string, flags: string, area: SystemArea): Result<number, SystemError> {
  try {
    return ok(openSync(path, flags));
  } catch (reason) {
    const code = reason instanceof Error && "code" in reason ? String(reason.code) : "EIO";
    const remedy =
      area === "namespace" && code === "ENOENT"
        ? { remedy: "there is no such namespace; compare with `ip netns list`" }
        : {};
    return err({ call: "open", object: path, code, ...remedy });
  }
}
