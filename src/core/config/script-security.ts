// Whether the scripts of a configuration are there, and whether somebody else than root could change
// what root is made to run: every element of the path is looked at, from the root on (keepalived.md
// 2.12). It happens when all has been read, so keepalived names no line.

import type { FileFacts, Machine } from "../ports/machine.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import type { ScriptModel } from "./model-script.ts";
import type { ScriptOwner, ScriptUsers } from "./script-users.ts";
import type { Span } from "./source.ts";

/** One script that would be run. */
export type ScriptUse = {
  readonly script: ScriptModel;
  readonly owner: ScriptOwner;
  readonly span: Span;
  /** What keepalived says of one that is not there, and of one that is insecure, if anything. */
  readonly classicMissing?: string;
  readonly classicInsecure?: string;
};

/** What keepalived says once, and what kind of scripts it says it about. */
const violation = (kind: string, insecure: boolean): string =>
  `SECURITY VIOLATION - ${kind}scripts are being executed but script_security not enabled.${insecure ? " There are insecure scripts." : ""}`;

/**
 * Reports missing and insecure scripts, and once that nothing guards the others. `kind` is
 * keepalived's word for them with a blank after it, such as `check `.
 */
export function checkScripts(
  uses: readonly ScriptUse[],
  { machine, secure }: ScriptUsers,
  sink: DiagnosticSink,
  kind = "",
): void {
  if (machine === undefined) return;
  let first: ScriptUse | undefined;
  let insecure = false;
  for (const use of uses) {
    if (use.owner.kind !== "known") continue;
    const path = pathOf(commandOf(use.script.command), machine);
    if (path === undefined || machine.file(path)?.kind !== "file") {
      reportMissing(use, path ?? commandOf(use.script.command), machine, sink);
      continue;
    }
    first ??= use;
    const weak = use.owner.user.uid === 0 ? weakElement(path, machine) : undefined;
    if (weak === undefined) continue;
    insecure = true;
    reportInsecure(use, weak, secure, sink);
  }
  if (first === undefined || secure) return;
  sink.report("script/security-off", first.span, {
    message: "scripts are run, and nothing guards against others changing them",
    note: "add `enable_script_security` to global_defs",
    classic: violation(kind, insecure),
    unplaced: true,
  });
}

/** The first word; in quotes the command has its arguments with it. */
const commandOf = (command: string): string => command.trim().split(/[ \t]+/)[0] ?? "";

const searched = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** The path of a command; a name without a slash is sought as a shell would. */
function pathOf(command: string, machine: Machine): string | undefined {
  if (command.includes("/")) return command;
  return searched
    .map((folder) => `${folder}/${command}`)
    .find((path) => machine.file(path)?.kind === "file");
}

/** `/`, `/a`, `/a/b` of `/a/b`. */
function elementsOf(path: string): readonly string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return ["/", ...parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`)];
}

function reportMissing(use: ScriptUse, path: string, machine: Machine, sink: DiagnosticSink): void {
  const missing = elementsOf(path).find((each) => machine.file(each) === undefined) ?? path;
  const sought = path.includes("/") ? `there is no \`${missing}\`` : `no folder has \`${path}\``;
  sink.report("script/missing", use.span, {
    message: `${sought}, so this script cannot be run`,
    testExit: use.classicMissing === undefined ? 0 : 5,
    ...(use.classicMissing === undefined ? {} : { classic: use.classicMissing }),
    unplaced: true,
  });
}

type WeakElement = { readonly path: string; readonly facts: FileFacts };

/** The first element that somebody other than root may change; sticky folders pass. */
function weakElement(path: string, machine: Machine): WeakElement | undefined {
  for (const each of elementsOf(path)) {
    const facts = machine.file(each);
    if (facts === undefined) continue;
    const sticky = facts.kind === "folder" && (facts.mode & 0o1000) !== 0;
    if (facts.owner !== 0 || ((facts.mode & 0o022) !== 0 && !sticky)) return { path: each, facts };
  }
  return undefined;
}

function reportInsecure(
  use: ScriptUse,
  { path, facts }: WeakElement,
  secure: boolean,
  sink: DiagnosticSink,
): void {
  const owner = facts.owner === 0 ? "root" : `user ${facts.owner}`;
  const mode = facts.mode.toString(8).padStart(4, "0");
  sink.report("script/insecure", use.span, {
    message: `root would run this, and \`${path}\` belongs to ${owner} with mode ${mode}`,
    note: secure ? "it is not run" : "others than root may change what root runs",
    testExit: secure && use.classicInsecure !== undefined ? 5 : 0,
    ...(secure && use.classicInsecure !== undefined ? { classic: use.classicInsecure } : {}),
    unplaced: true,
  });
}
