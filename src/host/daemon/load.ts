// The configuration of this machine: read with what the machine has, and diagnostics as lines of
// keepalived's form, `(FILE: Line N) text`.

import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { configTestExit as exitOf, type LoadedConfig, loadConfig } from "../../core/config/load.ts";
import { LineIndex } from "../../core/config/source.ts";
import { configFiles } from "./config-files.ts";
import { thisMachine } from "./machine.ts";
import type { DaemonOptions } from "./options.ts";

export function loadForThisMachine(
  options: Pick<DaemonOptions, "configFile" | "configId">,
): LoadedConfig {
  const configId = options.configId ?? hostname().split(".")[0] ?? "";
  return loadConfig(options.configFile, configFiles, {
    configId,
    interfaces: interfaceNames(),
    machine: thisMachine(),
  });
}

/** Interfaces of the calling thread's network namespace, those that are down included. */
function interfaceNames(): readonly string[] {
  const lines = readFileSync("/proc/thread-self/net/dev", "utf8").split("\n").slice(2);
  return lines.map((line) => line.split(":")[0]?.trim() ?? "").filter((name) => name !== "");
}

/** keepalived's exit code of `-t`. */
export const configTestExit = (loaded: LoadedConfig): number => exitOf(loaded);

export type DiagnosticLine = { readonly severity: "error" | "warning"; readonly text: string };

export function diagnosticLines({ diagnostics, sources }: LoadedConfig): readonly DiagnosticLine[] {
  const indexes = new Map<string, LineIndex>();
  return diagnostics.map(({ severity, span, message, classic, note }) => {
    const index = indexes.get(span.file) ?? new LineIndex(sources.get(span.file) ?? "");
    indexes.set(span.file, index);
    const { line } = index.positionOf(span.start);
    const why = note === undefined ? "" : ` - ${note}`;
    return { severity, text: `(${span.file}: Line ${line}) ${classic ?? `${message}${why}`}` };
  });
}

/** What `-t` says: every diagnostic, then what keepalived says besides after a broken structure. */
export function configTestLines(loaded: LoadedConfig): readonly string[] {
  const lines = diagnosticLines(loaded).map(({ text }) => text);
  const said = new Set(lines);
  const indexes = new Map<string, LineIndex>();
  for (const { span, classic } of loaded.consequences) {
    const index = indexes.get(span.file) ?? new LineIndex(loaded.sources.get(span.file) ?? "");
    indexes.set(span.file, index);
    const line = `(${span.file}: Line ${index.positionOf(span.start).line}) ${classic}`;
    if (!said.has(line)) lines.push(line);
  }
  return lines;
}

/** An error that would make the file mean something else than its author wrote. */
export const hasErrors = (loaded: LoadedConfig): boolean =>
  loaded.model === undefined || loaded.diagnostics.some(({ severity }) => severity === "error");
