// `understudy init`: writes matching configurations for all routers of a group, from flags or, where
// some are missing and a terminal is there, from answers. Then it shows what `check` and `explain`
// say of them. Nothing that exists is overwritten without `--force`. Exit status: the worse of theirs,
// and 2 for wrong use or when a file cannot be written.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import * as util from "node:util";
import type { GeneratedFile } from "../../core/config/generate.ts";
import { generateGroup } from "../../core/config/generate.ts";
import type { CheckOutput } from "./check.ts";
import { checkCommand, processOutput } from "./check.ts";
import type { InitOptions } from "./init-options.ts";
import { missingFlags, planOf } from "./init-options.ts";
import { createFile } from "./rewrite-file.ts";

/** Completes the flags by asking; undefined when whoever is asked gives up. */
export type Questions = (options: InitOptions) => Promise<InitOptions | undefined>;

/** Writes the files and shows what `check` and `explain` say; returns the exit status. */
export async function initCommand(
  given: InitOptions,
  output: CheckOutput = processOutput(),
  questions: Questions | null = terminalQuestions(),
): Promise<0 | 1 | 2> {
  const fail = (problem: string): 2 => {
    output.error(`understudy init: ${problem}\n`);
    return 2;
  };
  const missing = missingFlags(given);
  if (missing.length > 0 && questions === null) return fail(`needs ${missing.join(", ")}`);
  const options = missing.length > 0 ? await questions?.(given) : given;
  if (options === undefined) return fail("nothing is written");
  const plan = planOf(options);
  if (!plan.ok) return fail(plan.error);
  const group = generateGroup(plan.value);
  if (!group.ok) return fail(group.error);
  const folder = options.out ?? ".";
  const files = group.value.files.map((file) => ({
    ...file,
    path: join(folder, `${file.router}.conf`),
  }));
  const problem = writeAll(folder, files, options.force === true);
  if (problem !== undefined) return fail(problem);
  for (const { path, priority } of files)
    output.out(`wrote ${path}: VRID ${group.value.vrid}, priority ${priority}\n`);
  output.out("each is the /etc/keepalived/keepalived.conf of its router\n\n");
  const paths = files.map(({ path }) => path);
  const status = checkCommand(paths, {}, output);
  output.out("\n");
  return worseOf(status, (await import("./explain.ts")).explainCommand(paths, {}, output));
}

const worseOf = (a: 0 | 1 | 2, b: 0 | 1 | 2): 0 | 1 | 2 => (a > b ? a : b);

/** Asking needs a terminal on both sides, and a package that is loaded only then; else null. */
function terminalQuestions(): Questions | null {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) return null;
  // The package needs what Node has since 20.12.
  if (!("styleText" in util)) return null;
  return async (options) => (await import("./init-questions.ts")).askForPlan(options);
}

/** All files or, when one is there already, none; returns what went wrong. */
function writeAll(
  folder: string,
  files: readonly (GeneratedFile & { readonly path: string })[],
  force: boolean,
): string | undefined {
  const existing = files.filter(({ path }) => existsSync(path));
  if (existing.length > 0 && !force)
    return `${existing.map(({ path }) => path).join(", ")}: there already; --force overwrites`;
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    return `cannot make ${folder}: ${(error as NodeJS.ErrnoException).code}`;
  }
  for (const { path, text, secret } of files) {
    const written = createFile(path, text, secret ? 0o600 : 0o644, force);
    if (!written.ok) return `cannot write ${path}: ${written.error}`;
  }
  return undefined;
}
