// What this process may do, asked before it promises anything: a router without CAP_NET_ADMIN would
// announce addresses that it cannot hold. In: /proc/self/status. Out: what is missing, in words.

import { readFileSync } from "node:fs";
import { err, ok, type Result } from "../../core/base/result.ts";
import type { SystemError } from "../../core/ports/system-error.ts";

/** What a virtual router cannot do without, with the bits of linux/capability.h. */
const needed = [
  { name: "CAP_NET_ADMIN", bit: 12n },
  { name: "CAP_NET_RAW", bit: 13n },
] as const;

/** Refuses when a capability is missing that holding and announcing addresses needs. */
export function mayRoute(): Result<void, SystemError> {
  let status: string;
  try {
    status = readFileSync("/proc/self/status", "utf8");
  } catch {
    // Without /proc nobody can know; the kernel will say it call by call.
    return ok(undefined);
  }
  return capabilitiesIn(status);
}

/** The same for the text of any /proc/PID/status. */
export function capabilitiesIn(status: string): Result<void, SystemError> {
  const effective = /^CapEff:\s+([0-9a-f]+)$/m.exec(status)?.[1];
  if (effective === undefined) return ok(undefined);
  const mask = BigInt(`0x${effective}`);
  const missing = needed.filter(({ bit }) => ((mask >> bit) & 1n) === 0n).map(({ name }) => name);
  if (missing.length === 0) return ok(undefined);
  const all = missing.join(" and ");
  const grant = `AmbientCapabilities=${missing.join(" ")}`;
  return err({
    call: "capabilities",
    object: "virtual routers",
    code: "EPERM",
    remedy: `needs ${all}: run with sudo, or grant to the unit (${grant})`,
  });
}
