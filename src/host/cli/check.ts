// `understudy check FILE...`: reads configurations and says what is wrong with them, for people or as
// JSON or SARIF. `-` is standard input. Several files are one group of routers and are held against
// each other, too. Exit status: 0 valid (warnings allowed, unless they are denied), 1 invalid, 2
// unreadable or wrong use.

import { hostname } from "node:os";
import type { Diagnostic } from "../../core/config/diagnostics.ts";
import type { LoadedConfig } from "../../core/config/load.ts";
import { loadConfig } from "../../core/config/load.ts";
import { DiagnosticRenderer } from "../../core/config/render-diagnostic.ts";
import { sarifLog } from "../../core/config/render-sarif.ts";
import type { Sources, Span } from "../../core/config/source.ts";
import { checkGroup, type GroupReview } from "../../core/review/check-group.ts";
import { weightTableLines } from "../../core/review/weight-text.ts";
import { weightTable } from "../../core/review/weights.ts";
import { version } from "../daemon/version.ts";
import { filesAndInput } from "./standard-input.ts";

export type CheckOptions = {
  readonly json?: boolean;
  /** A SARIF 2.1.0 log. */
  readonly sarif?: boolean;
  /** `--config-id`, or shorter `--id`; default: the host name up to the first dot. */
  readonly configId?: string;
  readonly id?: string;
  /** Warnings are no longer allowed. */
  readonly deny?: "warnings";
};

/** Where the result goes, so that a test can read it. */
export type CheckOutput = {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly colour: boolean;
};

/** What can be shown: a file's diagnostics, or those of a group. */
type Findings = { readonly diagnostics: readonly Diagnostic[]; readonly sources: Sources };

/** Checks every file by itself, then as one group; returns the exit status. */
export function checkCommand(
  paths: readonly string[],
  options: CheckOptions = {},
  output: CheckOutput = processOutput(),
): 0 | 1 | 2 {
  if (paths.length === 0) {
    output.error("understudy check: name at least one file\n");
    return 2;
  }
  const configId = options.id ?? options.configId ?? hostname().split(".")[0] ?? "";
  const checked = paths.map((path) => loadConfig(path, filesAndInput, { configId }));
  const group =
    paths.length < 2
      ? undefined
      : checkGroup(checked.map((loaded, i) => ({ path: paths[i] ?? "", loaded })));
  const all: readonly Findings[] = group === undefined ? checked : [...checked, group];
  if (options.json === true) output.out(`${JSON.stringify(jsonReport(all))}\n`);
  else if (options.sarif === true) output.out(`${JSON.stringify(sarifLog(all, version))}\n`);
  else {
    for (const [i, loaded] of checked.entries()) printReport(paths[i] ?? "", loaded, output);
    if (group !== undefined) printGroup(group, output);
  }
  if (checked.some(({ refusal }) => refusal !== undefined)) return 2;
  const denied = options.deny === "warnings" && all.some(hasFindings);
  return all.every(isValid) && !denied ? 0 : 1;
}

const hasFindings = ({ diagnostics }: Findings): boolean => diagnostics.length > 0;

const isValid = ({ diagnostics }: Findings): boolean =>
  diagnostics.every(({ severity }) => severity !== "error");

/** Colour only for a terminal, and not where NO_COLOR (no-color.org) is set. */
export const processOutput = (): CheckOutput => ({
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  colour: process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "",
});

function printReport(path: string, loaded: LoadedConfig, output: CheckOutput): void {
  if (loaded.refusal !== undefined) {
    output.error(`understudy check: cannot read ${path}: ${loaded.refusal.reason}\n`);
    return;
  }
  printFindings(loaded, output);
  output.out(`${path}: ${verdict(loaded)}\n`);
}

/** With a table of combinations where a weight does not do what it seems to be for. */
function printGroup(group: GroupReview, output: CheckOutput): void {
  output.out("\n");
  printFindings(group, output);
  const doubtful = new Set(
    group.diagnostics
      .filter(({ code }) => code.startsWith("group/weight"))
      .map(({ span }) => span.file),
  );
  for (const { members } of group.virtualRouters) {
    const [first] = members;
    if (first === undefined || !members.some((each) => doubtful.has(each.places.span.file)))
      continue;
    const table = weightTableLines(members, weightTable(members));
    output.out(`${first.model.name}:\n${table.map((line) => `  ${line}\n`).join("")}\n`);
  }
  output.out(`as one group of routers: ${verdict(group)}\n`);
}

function printFindings({ diagnostics, sources }: Findings, output: CheckOutput): void {
  const renderer = new DiagnosticRenderer(sources, output.colour);
  for (const diagnostic of diagnostics) output.out(`${renderer.render(diagnostic)}\n\n`);
}

function verdict(found: Findings): string {
  const errors = found.diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = found.diagnostics.length - errors;
  const counts = [counted(errors, "error"), counted(warnings, "warning")].filter(Boolean);
  return [isValid(found) ? "valid" : "invalid", ...counts].join(", ");
}

const counted = (count: number, what: string): string =>
  count === 0 ? "" : `${count} ${what}${count === 1 ? "" : "s"}`;

type JsonPlace = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
};

type JsonDiagnostic = JsonPlace & {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly note: string | null;
  readonly fix: string | null;
  /** The fix for a program: what to put in place of the text there. */
  readonly edit: (JsonPlace & { readonly text: string; readonly safe: boolean }) | null;
  readonly related: readonly (JsonPlace & { readonly label: string })[];
};

function jsonReport(checked: readonly Findings[]): {
  readonly valid: boolean;
  readonly diagnostics: readonly JsonDiagnostic[];
} {
  return { valid: checked.every(isValid), diagnostics: checked.flatMap(jsonDiagnostics) };
}

function jsonDiagnostics({ diagnostics, sources }: Findings): readonly JsonDiagnostic[] {
  const renderer = new DiagnosticRenderer(sources, false);
  return diagnostics.map((diagnostic) => jsonDiagnostic(diagnostic, renderer));
}

const jsonDiagnostic = (
  { severity, code, message, span, note, fix, edit, related = [] }: Diagnostic,
  renderer: DiagnosticRenderer,
): JsonDiagnostic => ({
  severity,
  code,
  message,
  ...jsonPlace(span, renderer),
  note: note ?? null,
  fix: fix ?? null,
  edit:
    edit === undefined
      ? null
      : { ...jsonPlace(edit.span, renderer), text: edit.text, safe: edit.safe },
  related: related.map((each) => ({ label: each.label, ...jsonPlace(each.span, renderer) })),
});

function jsonPlace(span: Span, renderer: DiagnosticRenderer): JsonPlace {
  const index = renderer.indexOf(span.file);
  const start = index.positionOf(span.start);
  const end = index.positionOf(span.end);
  return {
    file: span.file,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}
