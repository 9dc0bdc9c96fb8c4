// What changes in a text, as `diff -u` shows it. It serves changes that leave every line in its place;
// where lines come or go, all between the first and the last difference is shown as replaced.

const contextLines = 3;

type Change = {
  readonly start: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
};

/** A unified diff with its two header lines, empty when nothing changes; `show` alters each line. */
export function unifiedDiff(
  name: string,
  before: string,
  after: string,
  show: (line: string) => string = (line) => line,
): string {
  if (before === after) return "";
  const old = linesOf(before);
  const changes = changesOf(old, linesOf(after));
  let shift = 0;
  let text = `--- ${name}\n+++ ${name}\n`;
  for (const group of grouped(changes)) {
    const first = group[0];
    const last = group.at(-1);
    if (first === undefined || last === undefined) continue;
    const from = Math.max(0, first.start - contextLines);
    const to = Math.min(old.length, last.start + last.before.length + contextLines);
    const added = group.reduce((sum, each) => sum + each.after.length - each.before.length, 0);
    text += `@@ -${range(from, to - from)} +${range(from + shift, to - from + added)} @@\n`;
    shift += added;
    let at = from;
    for (const change of group) {
      text += marked(" ", old.slice(at, change.start), show);
      text += marked("-", change.before, show) + marked("+", change.after, show);
      at = change.start + change.before.length;
    }
    text += marked(" ", old.slice(at, to), show);
  }
  return text;
}

/** Lines with their ends, so that a missing last one is a difference. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function changesOf(before: readonly string[], after: readonly string[]): readonly Change[] {
  if (before.length !== after.length) return [wholeChange(before, after)];
  const changes: Change[] = [];
  for (const [start, line] of before.entries()) {
    const other = after[start] ?? "";
    if (line !== other) changes.push({ start, before: [line], after: [other] });
  }
  return changes;
}

function wholeChange(before: readonly string[], after: readonly string[]): Change {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let same = 0;
  const most = Math.min(before.length, after.length) - start;
  while (same < most && before.at(-1 - same) === after.at(-1 - same)) same++;
  return {
    start,
    before: before.slice(start, before.length - same),
    after: after.slice(start, after.length - same),
  };
}

/** Changes whose surroundings touch are shown together. */
function grouped(changes: readonly Change[]): readonly (readonly Change[])[] {
  const groups: Change[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const change of changes) {
    const group = groups.at(-1);
    if (group !== undefined && change.start - end <= 2 * contextLines) group.push(change);
    else groups.push([change]);
    end = change.start + change.before.length;
  }
  return groups;
}

const range = (start: number, count: number): string =>
  `${count === 0 ? start : start + 1},${count}`;

const marked = (mark: string, lines: readonly string[], show: (line: string) => string): string =>
  lines
    .map((line) => {
      const whole = line.endsWith("\n");
      const text = show(whole ? line.slice(0, -1) : line);
      return `${mark}${text}\n${whole ? "" : "\\ No newline at end of file\n"}`;
    })
    .join("");
