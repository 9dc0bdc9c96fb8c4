// A wake-up call between threads: an eventfd is a number in the kernel that one side raises and whose
// fd the other side's loop finds readable. The fd number is good in every thread of the process.

import { err, ok, type Result } from "../../core/base/result.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import { libc, platformProblem } from "./ffi/libc.ts";
import { lastError } from "./system-error.ts";

/** EFD_CLOEXEC | EFD_NONBLOCK. */
const flags = 0x80800;

/** A fresh eventfd, closed on exec. */
export function createEventFd(): Result<number, SystemError> {
  const problem = platformProblem();
  if (problem !== undefined) return err(problem);
  const fd = libc().eventfd(0, flags);
  return fd < 0 ? err(lastError("eventfd", "wake-up of the engine thread", "local")) : ok(fd);
}

const one = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);

/** Makes the fd readable. A number that is full is readable already, so nothing can fail. */
export function raiseEventFd(fd: number): void {
  libc().write(fd, one, one.length);
}

const content = new Uint8Array(8);

/** Makes the fd unreadable again: to be called before looking at what the wake-up is about. */
export function clearEventFd(fd: number): void {
  libc().read(fd, content, content.length);
}

export function closeEventFd(fd: number): void {
  libc().close(fd);
}
