// Two connected stream sockets, one end for us and one for a child: what one writes the other reads,
// and each sees the other's end. Both are closed on exec, so that only the intended child gets one.

import { err, ok, type Result } from "../../core/base/result.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import { libc, platformProblem } from "./ffi/libc.ts";
import { domain, growBuffer } from "./socket.ts";
import { lastError } from "./system-error.ts";

/** SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC. */
const stream = 0x80801;

export type SocketPair = { readonly ours: number; readonly theirs: number };

/** `bytes` is what may wait to be read on either side before a write is refused. */
export function createSocketPair(bytes: number): Result<SocketPair, SystemError> {
  const problem = platformProblem();
  if (problem !== undefined) return err(problem);
  const fds = new Uint8Array(8);
  if (libc().socketpair(domain.unix, stream, 0, fds) < 0) {
    return err(lastError("socketpair", "socket to the guard", "local"));
  }
  const view = new DataView(fds.buffer);
  const pair = { ours: view.getInt32(0, true), theirs: view.getInt32(4, true) };
  growBuffer(pair.ours, "send", bytes);
  return ok(pair);
}
