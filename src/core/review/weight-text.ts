// Weights in words: which failures, which range of priorities, and the table of combinations that
// `check` and `explain` print.

import type { Member } from "./members.ts";
import type { Failure, WeightTable } from "./weights.ts";

/** `eth1 of r1 is down and eth2 of r1 is down`. */
export const failuresText = (failures: readonly Failure[]): string =>
  failures
    .map(({ member, thing }) => `${thing.name} of ${member.router} is ${thing.failure}`)
    .join(" and ");

/** `130 to 150`, or `100`. */
export function rangeText(
  range: { readonly min: number; readonly max: number } | undefined,
): string {
  if (range === undefined) return "no priority";
  return range.min === range.max ? `${range.min}` : `${range.min} to ${range.max}`;
}

/** Lines of a table: what failed, everybody's priority, who is strongest. */
export function weightTableLines(
  members: readonly Member[],
  table: WeightTable,
): readonly string[] {
  const rows = table.rows.map(({ failures, priorities, strongest }) => [
    failures.length === 0
      ? "all works"
      : failures
          .map(({ member, thing }) => `${thing.name} of ${member.router} ${thing.failure}`)
          .join(", "),
    ...priorities.map((priority) => (priority === undefined ? "fault" : `${priority}`)),
    strongest.length === 0
      ? "nobody"
      : strongest.map((place) => members[place]?.router ?? "").join(" = "),
  ]);
  const head = ["combination", ...members.map(({ router }) => router), "strongest"];
  const lines = columns([head, ...rows]);
  const more = table.combinations - table.rows.length;
  return more > 0 ? [...lines, `and ${more} more combinations`] : lines;
}

/** Cells padded to the width of their column, two blanks apart. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
