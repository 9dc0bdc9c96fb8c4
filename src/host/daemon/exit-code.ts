// The daemon's exit codes, which are keepalived's: units and scripts look at them.

import type { SystemError } from "../../core/ports/system-error.ts";

export const exitCode = {
  ok: 0,
  fatal: 1,
  config: 2,
  permission: 4,
  configUnreadable: 6,
  /** A broken invariant of ours (EX_SOFTWARE). */
  software: 70,
} as const;

/** What the system's refusal of something vital ends with. */
export const exitCodeFor = (error: SystemError): number =>
  error.code === "EPERM" || error.code === "EACCES" ? exitCode.permission : exitCode.fatal;
