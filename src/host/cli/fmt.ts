// `understudy fmt [FILE...]`: configurations in one layout, to standard output; `--write` puts them
// into their files, `--check` only names those that would change. Without a file, or with `-`, it
// reads standard input. Exit status: 0 done, 1 a file would change (`--check`) or has to stay as it
// is, 2 unreadable, unwritable or wrong use.

import { formatText } from "../../core/config/format.ts";
import type { CheckOutput } from "./check.ts";
import { rewriteFile } from "./rewrite-file.ts";
import { filesAndInput } from "./standard-input.ts";

export type FmtOptions = { readonly check?: boolean; readonly write?: boolean };

/** Formats every file; the exit status is the worst of theirs. */
export function fmtCommand(
  paths: readonly string[],
  options: FmtOptions,
  output: Pick<CheckOutput, "out" | "error"> = processOutput,
): 0 | 1 | 2 {
  if (options.check === true && options.write === true) {
    output.error("understudy fmt: --check or --write, not both\n");
    return 2;
  }
  let worst: 0 | 1 | 2 = 0;
  for (const path of paths.length === 0 ? ["-"] : paths) {
    const status = formatFile(path, options, output);
    if (status > worst) worst = status;
  }
  return worst;
}

const processOutput = {
  out: (text: string) => void process.stdout.write(text),
  error: (text: string) => void process.stderr.write(text),
};

function formatFile(
  path: string,
  { check = false, write = false }: FmtOptions,
  { out, error }: Pick<CheckOutput, "out" | "error">,
): 0 | 1 | 2 {
  const read = filesAndInput.read(path);
  if (!read.ok) {
    error(`understudy fmt: cannot read ${path}: ${read.error.reason}\n`);
    return 2;
  }
  const toOutput = !check && (!write || path === "-");
  const formatted = formatText(read.value);
  if (!formatted.ok) {
    const { line, reason } = formatted.error;
    error(`${path}${line === undefined ? "" : `:${line}`}: left as it is: ${reason}\n`);
    // In a pipe, the text must not get lost.
    if (toOutput) out(read.value);
    return 1;
  }
  if (toOutput) out(formatted.value);
  else if (formatted.value !== read.value) {
    out(`${path}\n`);
    if (check) return 1;
    const written = rewriteFile(path, read.value, formatted.value);
    if (written.ok) return 0;
    error(`understudy fmt: cannot write ${path}: ${written.error}\n`);
    return 2;
  }
  return 0;
}
