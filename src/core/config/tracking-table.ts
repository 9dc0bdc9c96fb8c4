// The names that `track_*` lines may use, with the place where each is defined. keepalived reads a
// file once from top to bottom, so that a name counts only below its definition.

import type { Span } from "./source.ts";

export type TrackingKind = "script" | "file" | "process" | "bfd";

export type TrackingDefinition = {
  /** Place among the blocks of the file. */
  readonly at: number;
  readonly span: Span;
  /** False when the block lacks what it cannot do without, so that keepalived drops it. */
  readonly usable: boolean;
  /** Its weight, where one is said; it matters to owners and in groups. */
  readonly amount: number;
};

export class TrackingTable {
  private readonly definitions = new Map<string, TrackingDefinition>();

  /** The first definition of a name counts, unless it was of no use. */
  add(kind: TrackingKind, name: string, definition: TrackingDefinition): void {
    const key = `${kind} ${name}`;
    const known = this.definitions.get(key);
    if (known === undefined || !known.usable) this.definitions.set(key, definition);
  }

  find(kind: TrackingKind, name: string): TrackingDefinition | undefined {
    return this.definitions.get(`${kind} ${name}`);
  }

  names(kind: TrackingKind): readonly string[] {
    const start = `${kind} `;
    return [...this.definitions.keys()]
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length));
  }
}
