// Datagrams to AF_UNIX sockets, which Node cannot send: lines to /dev/log and state to systemd's
// NOTIFY_SOCKET. Never waits; a reader that is not there or does not keep up costs the datagram, and
// the socket connects again when its reader was restarted.

import { err, ok, type Result } from "../../core/base/result.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import { libc } from "./ffi/libc.ts";
import { unixAddress, unixPathMax } from "./ffi/memory.ts";
import { domain, growBuffer, messageFlags, openSocket, socketType } from "./socket.ts";
import { lastError } from "./system-error.ts";

export interface UnixDatagramSender {
  /** Sends one datagram, or says why it is lost. */
  send(bytes: Uint8Array): Result<void, SystemError>;
  close(): void;
}

/** A sender to `path`, which need not exist yet; `@name` is in the abstract namespace. */
export const unixDatagramSender = (path: string): UnixDatagramSender => new ConnectedSender(path);

const sendBuffer = 256 * 1024;

class ConnectedSender implements UnixDatagramSender {
  private readonly path: string;
  private fd: number | undefined;

  constructor(path: string) {
    this.path = path;
  }

  send(bytes: Uint8Array): Result<void, SystemError> {
    if (Buffer.byteLength(this.path) > unixPathMax) {
      return err({ call: "connect", object: this.path, code: "ENAMETOOLONG" });
    }
    const first = this.sendOnce(bytes);
    if (first.ok || !stale.includes(first.error.code)) return first;
    // The reader was restarted: its new socket has the same name.
    this.close();
    return this.sendOnce(bytes);
  }

  close(): void {
    if (this.fd !== undefined) libc().close(this.fd);
    this.fd = undefined;
  }

  private sendOnce(bytes: Uint8Array): Result<void, SystemError> {
    const fd = this.connected();
    if (!fd.ok) return fd;
    const flags = messageFlags.doNotWait | messageFlags.noSignal;
    if (libc().send(fd.value, bytes, bytes.length, flags) >= 0) return ok(undefined);
    return err(lastError("send", this.path, "local"));
  }

  private connected(): Result<number, SystemError> {
    if (this.fd !== undefined) return ok(this.fd);
    const address = unixAddress(this.path);
    const connect = {
      call: "connect",
      run: (fd: number) => libc().connect(fd, address, address.length),
    };
    const kind = { domain: domain.unix, type: socketType.datagram, protocol: 0 };
    const opened = openSocket(kind, [connect], this.path, "local");
    if (!opened.ok) return opened;
    growBuffer(opened.value, "send", sendBuffer);
    this.fd = opened.value;
    return opened;
  }
}

/** What a socket says whose other end is gone. */
const stale: readonly string[] = ["ECONNREFUSED", "ENOTCONN", "ECONNRESET", "EPIPE"];
