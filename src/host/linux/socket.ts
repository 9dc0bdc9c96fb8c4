// What all sockets here have in common: opened close-on-exec, options set in a row, closed when a step
// fails. A step's failure becomes a SystemError that names the call and the socket.

import { err, ok, type Result } from "../../core/base/result.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import { libc, platformProblem } from "./ffi/libc.ts";
import { lastError, type SystemArea } from "./system-error.ts";

export const domain = { unix: 1, inet: 2, inet6: 10, netlink: 16, packet: 17 } as const;
export const socketType = { datagram: 2, raw: 3 } as const;
const nonBlocking = 0x800;
const closeOnExec = 0x80000;

export const level = { ip: 0, socket: 1, netlink: 270 } as const;

/** SO_*: the same numbers on x64 and arm64. */
export const socketOption = {
  sendBuffer: 7,
  receiveBuffer: 8,
  priority: 12,
  receiveTimeout: 20,
  bindToDevice: 25,
  attachFilter: 26,
  detachFilter: 27,
  sendBufferForce: 32,
  receiveBufferForce: 33,
} as const;

/** MSG_*. */
export const messageFlags = {
  doNotRoute: 0x4,
  truncate: 0x20,
  doNotWait: 0x40,
  noSignal: 0x4000,
} as const;

/** One thing to do to a fresh socket; `run` answers as C does, negative for failure. */
export type SetupStep = { readonly call: string; readonly run: (fd: number) => number };

/** A socket option as a step. */
export const optionStep = (
  name: string,
  levelNumber: number,
  option: number,
  value: Uint8Array,
): SetupStep => ({
  call: `setsockopt ${name}`,
  run: (fd) => libc().setsockopt(fd, levelNumber, option, value, value.length),
});

export type SocketKind = {
  readonly domain: number;
  readonly type: number;
  readonly protocol: number;
  readonly blocking?: boolean;
};

/** Opens a socket and carries out `steps`; `object` and `area` are for the error. */
export function openSocket(
  kind: SocketKind,
  steps: readonly SetupStep[],
  object: string,
  area: SystemArea,
): Result<number, SystemError> {
  const problem = platformProblem();
  if (problem !== undefined) return err(problem);
  const type = kind.type | closeOnExec | (kind.blocking === true ? 0 : nonBlocking);
  const fd = libc().socket(kind.domain, type, kind.protocol);
  if (fd < 0) return err(lastError("socket", object, area));
  for (const step of steps) {
    if (step.run(fd) < 0) {
      const error = lastError(step.call, object, area);
      libc().close(fd);
      return err(error);
    }
  }
  return ok(fd);
}

/**
 * Asks for a buffer of `bytes`, beyond the machine's limit where permitted (CAP_NET_ADMIN), else up
 * to it. A smaller buffer is no reason to fail, so this never does.
 */
export function growBuffer(fd: number, direction: "send" | "receive", bytes: number): void {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setInt32(0, bytes, true);
  const [force, plain] =
    direction === "send"
      ? [socketOption.sendBufferForce, socketOption.sendBuffer]
      : [socketOption.receiveBufferForce, socketOption.receiveBuffer];
  if (libc().setsockopt(fd, level.socket, force, value, 4) < 0) {
    libc().setsockopt(fd, level.socket, plain, value, 4);
  }
}
