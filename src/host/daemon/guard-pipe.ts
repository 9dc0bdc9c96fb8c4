// The engine thread's side of the guard: writes lines at once and without ever waiting, so that the
// guard knows an address before the kernel has it. What the socket does not take is kept and written
// at the next chance; a guard that is gone costs nothing but itself.

import { closeSync, writeSync } from "node:fs";
import type { InterfaceAddress } from "../../core/ports/kernel.ts";
import { encodeGuardLine, type GuardLine } from "./guard-line.ts";

export class GuardPipe {
  private fd: number;
  private waiting: Uint8Array[] = [];

  constructor(fd: number) {
    this.fd = fd;
  }

  /** Something could not be written yet: call `flush` soon. */
  get isBehind(): boolean {
    return this.waiting.length > 0;
  }

  hold(addresses: readonly InterfaceAddress[]): void {
    this.say({ hold: addresses });
  }

  release(addresses: readonly InterfaceAddress[]): void {
    this.say({ release: addresses });
  }

  bye(): void {
    this.say({ bye: true });
  }

  /** A new guard on another socket: it hears everything from the beginning. The old one is closed. */
  replace(fd: number, held: readonly InterfaceAddress[]): void {
    closeSync(this.fd);
    this.fd = fd;
    this.waiting = [];
    for (let start = 0; start < held.length; start += 128)
      this.hold(held.slice(start, start + 128));
  }

  flush(): void {
    for (;;) {
      const bytes = this.waiting[0];
      if (bytes === undefined) return;
      const written = this.write(bytes);
      if (written === undefined) return;
      if (written === bytes.length) this.waiting.shift();
      else this.waiting[0] = bytes.subarray(written);
    }
  }

  private say(line: GuardLine): void {
    this.waiting.push(Buffer.from(encodeGuardLine(line), "latin1"));
    this.flush();
  }

  /** Bytes written; undefined when the socket is full. A dead guard takes everything. */
  private write(bytes: Uint8Array): number | undefined {
    try {
      return writeSync(this.fd, bytes);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      return code === "EAGAIN" || code === "EINTR" ? undefined : bytes.length;
    }
  }
}
