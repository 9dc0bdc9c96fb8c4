// What of the machine a configuration depends on besides its interfaces: the files that scripts are,
// users and groups, named network namespaces. host/daemon implements it on Node's file system; tests
// and the comparison with keepalived's verdicts hand in tables.

/** What stands at a path, symbolic links followed. `owner` and `group` are numbers, `mode` 12 bits. */
export type FileFacts = {
  readonly kind: "file" | "folder" | "other";
  readonly owner: number;
  readonly group: number;
  readonly mode: number;
};

export type UserFacts = { readonly uid: number; readonly gid: number };

export interface Machine {
  /** Undefined when nothing stands at the absolute path, or when it cannot be reached. */
  file(path: string): FileFacts | undefined;
  /** By name or number; undefined for one that nobody has. */
  user(name: string): UserFacts | undefined;
  /** The number of a group, by name or number. */
  group(name: string): number | undefined;
  /** Whether there is a named network namespace (`ip netns`). */
  hasNamespace(name: string): boolean;
  /** Whether a host name has an address. Absent where asking would take time. */
  hasHost?(name: string): boolean;
}
