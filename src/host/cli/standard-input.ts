// Configuration files of this machine, with `-` for standard input. It is read once, however often
// somebody asks; what it includes is looked for from the current folder.

import { readFileSync } from "node:fs";
import type { Result } from "../../core/base/result.ts";
import { err, ok } from "../../core/base/result.ts";
import type { ConfigFileRefusal, ConfigFiles } from "../../core/ports/config-files.ts";
import { configFiles } from "../daemon/config-files.ts";

let input: Result<string, ConfigFileRefusal> | undefined;

export const filesAndInput: ConfigFiles = {
  read(path) {
    if (path !== "-") return configFiles.read(path);
    input ??= readInput();
    return input;
  },
  glob: (pattern) => configFiles.glob(pattern),
};

function readInput(): Result<string, ConfigFileRefusal> {
  try {
    return ok(readFileSync(0, "utf8"));
  } catch (error) {
    return err({ kind: "unreadable", reason: (error as NodeJS.ErrnoException).code ?? "" });
  }
}
