// What we hold in the kernel, written down for the next start: after a crash that took the guard as
// well, these addresses are proven ours and are removed. An address does not outlive the boot or the
// network namespace it was put into, so both are written beside it.

import { readFileSync, readlinkSync } from "node:fs";
import { parseIp } from "../../core/base/ip.ts";
import type { Result } from "../../core/base/result.ts";
import { addressKey } from "../../core/ports/kernel.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import type { HeldAddress } from "./engine-protocol.ts";
import { removeFile, replaceFile } from "./files.ts";

type StateText = {
  readonly version: 1;
  readonly boot: string;
  readonly namespace: string;
  readonly held: readonly HeldAddress[];
};

/** Which life of which network the addresses belong to. */
export type Place = { readonly boot: string; readonly namespace: string };

/** Of the calling thread. */
export function currentPlace(): Place {
  return {
    boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    namespace: readlinkSync("/proc/thread-self/ns/net"),
  };
}

export class StateFile {
  private readonly path: string;
  private readonly place: Place;
  private readonly held = new Map<string, HeldAddress>();

  constructor(path: string, place: Place) {
    this.path = path;
    this.place = place;
  }

  /** What an earlier run left; nothing when there is no file, or one that is not ours to believe. */
  leftovers(): readonly HeldAddress[] {
    let parsed: Partial<StateText> | null;
    try {
      parsed = JSON.parse(readFileSync(this.path, "utf8")) as Partial<StateText> | null;
    } catch {
      return [];
    }
    const { version, boot, namespace, held } = parsed ?? {};
    if (version !== 1 || boot !== this.place.boot || namespace !== this.place.namespace) return [];
    return Array.isArray(held) ? held.filter(isHeldAddress) : [];
  }

  apply(added: readonly HeldAddress[], removed: readonly HeldAddress[]): void {
    for (const address of added) this.held.set(addressKey(address), address);
    for (const address of removed) this.held.delete(addressKey(address));
  }

  write(): Result<void, SystemError> {
    const text: StateText = { version: 1, ...this.place, held: [...this.held.values()] };
    return replaceFile(this.path, `${JSON.stringify(text)}\n`);
  }

  remove(): void {
    removeFile(this.path);
  }
}

function isHeldAddress(value: unknown): value is HeldAddress {
  if (typeof value !== "object" || value === null) return false;
  const { link, linkName, address, prefixLength } = value as Partial<HeldAddress>;
  return (
    Number.isInteger(link) &&
    typeof linkName === "string" &&
    typeof address === "string" &&
    parseIp(address) === address &&
    Number.isInteger(prefixLength)
  );
}
