// `understudy check --fix`: makes the safe fixes in the files that are checked and in those they
// include. The changes are shown first; they are written after a yes, or at once with `--yes`.
// Where nobody can be asked, they are only shown.

import { hostname } from "node:os";
import { createInterface } from "node:readline/promises";
import type { Result } from "../../core/base/result.ts";
import { ok } from "../../core/base/result.ts";
import { applySafeFixes } from "../../core/config/fix.ts";
import type { LoadedConfig } from "../../core/config/load.ts";
import { loadConfig } from "../../core/config/load.ts";
import { visible } from "../../core/config/render-diagnostic.ts";
import { withoutSecrets } from "../../core/config/source.ts";
import { unifiedDiff } from "../../core/config/unified-diff.ts";
import type { ConfigFiles } from "../../core/ports/config-files.ts";
import { configFiles } from "../daemon/config-files.ts";
import { rewriteFile } from "./rewrite-file.ts";

export type FixOptions = {
  readonly id?: string;
  readonly configId?: string;
  readonly yes?: boolean;
};

export type FixOutput = {
  /** Where the changes are shown. */
  readonly show: (text: string) => void;
  readonly error: (text: string) => void;
  /** Asks a question that is answered by yes or no; absent where nobody can answer. */
  readonly confirm?: (question: string) => Promise<boolean>;
};

/** A corrected word may show the next mistake; this many times it is looked again. */
const roundsMax = 8;

/** Shows and makes the safe fixes; false when a file could not be written. */
export async function fixFiles(
  paths: readonly string[],
  options: FixOptions,
  output: FixOutput,
): Promise<boolean> {
  const configId = options.id ?? options.configId ?? hostname().split(".")[0] ?? "";
  const changes = plannedChanges(paths, configId);
  if (changes.length === 0) {
    output.show("nothing here can be fixed safely by a program\n\n");
    return true;
  }
  const line = (text: string) => visible(withoutSecrets(text));
  for (const { path, before, after } of changes)
    output.show(unifiedDiff(path, before, after, line));
  output.show("\n");
  const question = `write ${changes.length === 1 ? "this file" : `these ${changes.length} files`}?`;
  const agreed = options.yes === true || (await output.confirm?.(question));
  if (agreed !== true) {
    output.error(
      `understudy check: nothing is written${agreed === undefined ? "; --yes does" : ""}\n`,
    );
    return true;
  }
  return writeAll(changes, output);
}

type FileChange = { readonly path: string; readonly before: string; readonly after: string };

function plannedChanges(paths: readonly string[], configId: string): readonly FileChange[] {
  const originals = new Map<string, string>();
  const texts = new Map<string, string>();
  const files: ConfigFiles = {
    read(path) {
      const changed = texts.get(path);
      return changed === undefined ? configFiles.read(path) : ok(changed);
    },
    glob: (pattern) => configFiles.glob(pattern),
  };
  for (const path of paths) {
    // A pipe cannot be written to.
    if (path === "-") continue;
    const saved = new Map(texts);
    const first = loadConfig(path, files, { configId });
    let loaded = first;
    for (let round = 0; round < roundsMax; round++) {
      const fixed = applySafeFixes(loaded.diagnostics, loaded.sources);
      if (fixed.size === 0) break;
      for (const [file, text] of fixed) {
        if (!originals.has(file)) originals.set(file, loaded.sources.get(file) ?? "");
        texts.set(file, text);
      }
      loaded = loadConfig(path, files, { configId });
    }
    if (errorsIn(loaded) > errorsIn(first)) restore(texts, saved);
  }
  return [...texts]
    .map(([path, after]) => ({ path, before: originals.get(path) ?? "", after }))
    .filter(({ before, after }) => before !== after);
}

const errorsIn = ({ diagnostics }: LoadedConfig): number =>
  diagnostics.filter(({ severity }) => severity === "error").length;

/** A fix that brings more errors to light than it ends needs somebody who looks at it. */
function restore(texts: Map<string, string>, saved: ReadonlyMap<string, string>): void {
  texts.clear();
  for (const [path, text] of saved) texts.set(path, text);
}

function writeAll(changes: readonly FileChange[], { error }: FixOutput): boolean {
  let complete = true;
  for (const { path, before, after } of changes) {
    const written: Result<true, string> = rewriteFile(path, before, after);
    if (written.ok) continue;
    complete = false;
    error(`understudy check: cannot write ${path}: ${written.error}\n`);
  }
  return complete;
}

/** Standard output, and a question where a terminal is on both sides. */
export function terminalOutput(machineReadable: boolean): FixOutput {
  const error = (text: string) => void process.stderr.write(text);
  const show = machineReadable ? error : (text: string) => void process.stdout.write(text);
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return { show, error };
  return { show, error, confirm };
}

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
