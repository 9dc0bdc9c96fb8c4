// The files that a configuration consists of, as the pure reader sees them. host/daemon implements
// it on Node's file system; tests hand in a table of texts.

import type { Result } from "../base/result.ts";

/** Why a file gives no text. `reason` is one phrase for people, such as "no such file". */
export type ConfigFileRefusal =
  | { readonly kind: "missing"; readonly reason: string }
  /** Configuration files with an execute bit are refused, as keepalived does. */
  | { readonly kind: "executable"; readonly reason: string }
  | { readonly kind: "unreadable"; readonly reason: string };

export interface ConfigFiles {
  /** The whole text of a regular file. */
  read(path: string): Result<string, ConfigFileRefusal>;
  /** Paths that match a pattern with `*`, `?` and `[...]`, sorted; braces are expanded before. */
  glob(pattern: string): readonly string[];
}
