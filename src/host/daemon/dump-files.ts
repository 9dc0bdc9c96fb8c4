// keepalived's dump files: written on a signal into $TMPDIR or /tmp, readable by their owner only,
// replaced in one step so that exporters never read half a file.

import { statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ok, type Result } from "../../core/base/result.ts";
import type { GlobalModel } from "../../core/config/model.ts";
import type { NodeStatus } from "../../core/engine/status.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import { renderData } from "../observe/dumps/data.ts";
import { renderJson } from "../observe/dumps/json.ts";
import { renderStats } from "../observe/dumps/stats.ts";
import { replaceFile } from "./files.ts";

export type DumpKind = "data" | "stats" | "json";

/** Without instances there is nothing to dump as JSON, and no file is written. */
export function writeDump(
  kind: DumpKind,
  status: NodeStatus,
  global: GlobalModel,
): Result<void, SystemError> {
  const text = dumpText(kind, status, global);
  return text === undefined
    ? ok(undefined)
    : replaceFile(join(dumpFolder(), `keepalived.${kind}`), text);
}

export function dumpText(
  kind: DumpKind,
  status: NodeStatus,
  global: GlobalModel,
): string | undefined {
  const at = Date.now();
  if (kind === "data") return renderData(status, { at, global, hostName: hostname() });
  return kind === "stats" ? renderStats(status) : renderJson(status, { at, version: 1 });
}

function dumpFolder(): string {
  const wished = process.env["TMPDIR"] ?? "";
  return wished !== "" && isFolder(wished) ? wished : "/tmp";
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
