// `understudy init`: writes matching configurations for all routers of a group, from flags or, where
// some are missing and a terminal is there, from answers. Then it shows what `check` says of them.
// Nothing that exists is overwritten without `--force`. Exit status: that of `check`, and 2 for
// wrong use or when a file cannot be written.

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "../../core/base/result.ts";
import { err, ok } from "../../core/base/result.ts";
import type { GeneratedFile, GroupPlan, PlannedRouter } from "../../core/config/generate.ts";
import { generateGroup, passwordOf } from "../../core/config/generate.ts";
import type { CheckOutput } from "./check.ts";
import { checkCommand, processOutput } from "./check.ts";
import { createFile } from "./rewrite-file.ts";

/** The flags as given; what is absent has its default or is asked for. */
export type InitOptions = {
  readonly interface?: string;
  readonly address?: readonly string[];
  readonly router?: readonly string[];
  readonly vrid?: string;
  readonly usedVrids?: string;
  readonly unicast?: boolean;
  readonly version?: string;
  readonly authPass?: string;
  readonly interval?: string;
  readonly nopreempt?: boolean;
  readonly out?: string;
  readonly force?: boolean;
};

/** Completes the flags by asking; undefined when whoever is asked gives up. */
export type Questions = (options: InitOptions) => Promise<InitOptions | undefined>;

/** Writes the files and shows what `check` says; returns the exit status. */
export async function initCommand(
  given: InitOptions,
  output: CheckOutput = processOutput(),
  questions: Questions | undefined = terminalQuestions(),
): Promise<0 | 1 | 2> {
  const fail = (problem: string): 2 => {
    output.error(`understudy init: ${problem}\n`);
    return 2;
  };
  const missing = missingFlags(given);
  if (missing.length > 0 && questions === undefined) return fail(`needs ${missing.join(", ")}`);
  const options = missing.length > 0 ? await questions?.(given) : given;
  if (options === undefined) return fail("nothing is written");
  const plan = planOf(options);
  if (!plan.ok) return fail(plan.error);
  const group = generateGroup(plan.value);
  if (!group.ok) return fail(group.error);
  const folder = options.out ?? ".";
  const files = group.value.files.map((file) => ({ ...file, path: join(folder, `${file.router}.conf`) }));
  const problem = writeAll(folder, files, options.force === true);
  if (problem !== undefined) return fail(problem);
  for (const { path, priority } of files)
    output.out(`wrote ${path}: VRID ${group.value.vrid}, priority ${priority}\n`);
  output.out("each is the /etc/keepalived/keepalived.conf of its router\n\n");
  return checkCommand(
    files.map(({ path }) => path),
    {},
    output,
  );
}

function missingFlags(options: InitOptions): readonly string[] {
  const routers = options.router?.length ?? 0;
  return [
    ...(options.interface === undefined ? ["--interface NAME"] : []),
    ...((options.address?.length ?? 0) === 0 ? ["--address ADDRESS[/LENGTH]"] : []),
    ...(routers < 2 ? [`--router NAME[=ADDRESS] (two or more, here ${routers})`] : []),
  ];
}

/** Asking needs a terminal on both sides, and a package that is loaded only then. */
function terminalQuestions(): Questions | undefined {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) return undefined;
  return async (options) => (await import("./init-questions.ts")).askForPlan(options);
}

function planOf(options: InitOptions): Result<GroupPlan, string> {
  const { vrid, interval = "1", authPass, version } = options;
  // A password says which version is meant.
  const wantsPassword = authPass !== undefined && authPass !== "none";
  const chosen = version ?? (wantsPassword ? "2" : "3");
  if (chosen !== "2" && chosen !== "3") return err("--version is 2 or 3");
  if (vrid !== undefined && !/^[0-9]{1,3}$/.test(vrid)) return err("--vrid is a number");
  if (!/^[0-9]{1,3}(\.[0-9]{1,2})?$/.test(interval)) return err("--interval is a number of seconds");
  const usedVrids = vridsOf(options.usedVrids ?? "");
  if (usedVrids === undefined) return err("--used-vrids are numbers, such as 1,7,50-60");
  const password = passwordFor(authPass ?? (chosen === "2" ? "auto" : "none"));
  return ok({
    interface: options.interface ?? "",
    addresses: options.address ?? [],
    routers: (options.router ?? []).map(routerOf),
    usedVrids,
    unicast: options.unicast === true,
    version: chosen === "2" ? 2 : 3,
    interval: Number(interval),
    nopreempt: options.nopreempt === true,
    ...(vrid === undefined ? {} : { vrid: Number(vrid) }),
    ...(password === undefined ? {} : { password }),
  });
}

/** `NAME` or `NAME=ADDRESS`. */
function routerOf(text: string): PlannedRouter {
  const equals = text.indexOf("=");
  if (equals < 0) return { name: text };
  return { name: text.slice(0, equals), source: text.slice(equals + 1) };
}

/** `1,7,50-60` as numbers; undefined when it is no such list. */
function vridsOf(text: string): readonly number[] | undefined {
  const vrids: number[] = [];
  for (const part of text.split(",").map((each) => each.trim())) {
    if (part === "") continue;
    const match = /^([0-9]{1,3})(?:-([0-9]{1,3}))?$/.exec(part);
    if (match === null) return undefined;
    const first = Number(match[1]);
    for (let vrid = first; vrid <= Number(match[2] ?? first); vrid++) vrids.push(vrid);
  }
  return vrids;
}

function passwordFor(given: string): string | undefined {
  if (given === "none") return undefined;
  return given === "auto" ? passwordOf(randomBytes(8)) : given;
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
