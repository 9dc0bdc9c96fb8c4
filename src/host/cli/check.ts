// `understudy check FILE...`: reads configurations and says what is wrong with them, for people or as
// JSON. Exit status: 0 valid (warnings allowed), 1 invalid, 2 unreadable or wrong use.

import { hostname } from "node:os";
import type { Diagnostic } from "../../core/config/diagnostics.ts";
import type { LoadedConfig } from "../../core/config/load.ts";
import { loadConfig } from "../../core/config/load.ts";
import { DiagnosticRenderer } from "../../core/config/render-diagnostic.ts";
import type { Span } from "../../core/config/source.ts";
import { configFiles } from "../daemon/config-files.ts";

export type CheckOptions = {
  readonly json?: boolean;
  /** `--config-id`; default: the host name up to the first dot. */
  readonly configId?: string;
};

/** Where the result goes, so that a test can read it. */
export type CheckOutput = {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly colour: boolean;
};

/** Checks every file by itself; returns the exit status. */
export function checkCommand(
  paths: readonly string[],
  options: CheckOptions = {},
  output: CheckOutput = processOutput(),
): 0 | 1 | 2 {
  if (paths.length === 0) {
    output.error("understudy check: name at least one file\n");
    return 2;
  }
  const configId = options.configId ?? hostname().split(".")[0] ?? "";
  const checked = paths.map((path) => loadConfig(path, configFiles, { configId }));
  if (options.json === true) output.out(`${JSON.stringify(jsonReport(checked))}\n`);
  else for (const [i, loaded] of checked.entries()) printReport(paths[i] ?? "", loaded, output);
  if (checked.some(({ refusal }) => refusal !== undefined)) return 2;
  return checked.every(isValid) ? 0 : 1;
}

const isValid = ({ diagnostics }: LoadedConfig): boolean =>
  diagnostics.every(({ severity }) => severity !== "error");

/** Colour only for a terminal, and not where NO_COLOR (no-color.org) is set. */
const processOutput = (): CheckOutput => ({
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  colour: process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "",
});

function printReport(path: string, loaded: LoadedConfig, output: CheckOutput): void {
  if (loaded.refusal !== undefined) {
    output.error(`understudy check: cannot read ${path}: ${loaded.refusal.reason}\n`);
    return;
  }
  const renderer = new DiagnosticRenderer(loaded.sources, output.colour);
  for (const diagnostic of loaded.diagnostics) output.out(`${renderer.render(diagnostic)}\n\n`);
  output.out(`${path}: ${verdict(loaded)}\n`);
}

function verdict(loaded: LoadedConfig): string {
  const errors = loaded.diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = loaded.diagnostics.length - errors;
  const counts = [counted(errors, "error"), counted(warnings, "warning")].filter(Boolean);
  return [isValid(loaded) ? "valid" : "invalid", ...counts].join(", ");
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
  readonly related: readonly (JsonPlace & { readonly label: string })[];
};

function jsonReport(checked: readonly LoadedConfig[]): {
  readonly valid: boolean;
  readonly diagnostics: readonly JsonDiagnostic[];
} {
  return { valid: checked.every(isValid), diagnostics: checked.flatMap(jsonDiagnostics) };
}

function jsonDiagnostics(loaded: LoadedConfig): readonly JsonDiagnostic[] {
  const renderer = new DiagnosticRenderer(loaded.sources, false);
  return loaded.diagnostics.map((diagnostic) => jsonDiagnostic(diagnostic, renderer));
}

const jsonDiagnostic = (
  { severity, code, message, span, note, fix, related = [] }: Diagnostic,
  renderer: DiagnosticRenderer,
): JsonDiagnostic => ({
  severity,
  code,
  message,
  ...jsonPlace(span, renderer),
  note: note ?? null,
  fix: fix ?? null,
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
