// The lines that the guard is told: `+ 3 192.0.2.1/24` (link, address, prefix length, and the other end
// where there is one) before an address is put into the kernel, `- ...` after it is gone, `bye` before
// an orderly end. Thousands are written between a master's first advert and its announcements, so they
// are short, and hold no more than removing an address needs.

import type { IpAddress } from "../../core/base/ip.ts";
import { addressKey, type InterfaceAddress } from "../../core/ports/kernel.ts";

export type GuardLine =
  | { readonly hold: readonly InterfaceAddress[] }
  | { readonly release: readonly InterfaceAddress[] }
  | { readonly bye: true };

export function encodeGuardLine(line: GuardLine): string {
  if ("bye" in line) return "bye\n";
  return "hold" in line ? lines("+", line.hold) : lines("-", line.release);
}

function lines(sign: "+" | "-", addresses: readonly InterfaceAddress[]): string {
  let text = "";
  for (const address of addresses) {
    text += `${sign} ${addressKey(address)}${address.peer === undefined ? "" : ` ${address.peer}`}\n`;
  }
  return text;
}

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
    for (const line of lines) this.apply(line);
  }

  private apply(line: string): void {
    if (line === "bye") {
      this.isOver = true;
      return;
    }
    const [sign, link = "", place = "", peer] = line.split(" ");
    const [address = "", prefixLength = ""] = place.split("/");
    const named = {
      link: Number(link),
      address: address as IpAddress,
      prefixLength: Number(prefixLength),
      scope: "global",
      ...(peer === undefined ? {} : { peer: peer as IpAddress }),
    } as const;
    if (sign === "+") this.addresses.set(addressKey(named), named);
    else this.addresses.delete(addressKey(named));
  }
}
