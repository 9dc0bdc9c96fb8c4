// The lines that the guard is told: JSON, one a line. `hold` comes before addresses are put into the
// kernel, `release` after they are gone, `bye` before an orderly end.

import { addressKey, type InterfaceAddress } from "../../core/ports/kernel.ts";

export type GuardLine =
  | { readonly hold: readonly InterfaceAddress[] }
  | { readonly release: readonly InterfaceAddress[] }
  | { readonly bye: true };

export const encodeGuardLine = (line: GuardLine): string => `${JSON.stringify(line)}\n`;

/** What the daemon holds, as its lines tell; a line that was cut off by its death is ignored. */
export class GuardList {
  private readonly addresses = new Map<string, InterfaceAddress>();
  private rest = "";
  /** The daemon ended in order: nothing is to be done. */
  isOver = false;

  get held(): readonly InterfaceAddress[] {
    return [...this.addresses.values()];
  }

  /** Takes what came over the socket, in pieces of any length. */
  take(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.apply(JSON.parse(line) as GuardLine);
  }

  private apply(line: GuardLine): void {
    if ("bye" in line) {
      this.isOver = true;
    } else if ("hold" in line) {
      for (const address of line.hold) this.addresses.set(addressKey(address), address);
    } else {
      for (const address of line.release) this.addresses.delete(addressKey(address));
    }
  }
}
