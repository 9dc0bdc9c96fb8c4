// Who may import whom, as one table; no cycles; and no file that nobody imports. The table is the
// design: a new edge is a decision to be written down in docs/design, not a line to be added here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type SourceFile, sourceFiles } from "./source-tree.ts";

/** What files of a folder may import besides their own folder: folders, or single files. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "core/base": [],
  "core/wire": ["core/base"],
  "core/wire/netlink": ["core/base", "core/ports"],
  "core/ports": ["core/base", "core/wire"],
  "core/vrrp": ["core/base", "core/wire", "core/ports"],
  "core/config": ["core/base", "core/ports"],
  "core/language": ["core/base", "core/ports", "core/config"],
  "core/engine": ["core/base", "core/wire", "core/ports", "core/vrrp", "core/config"],
  "core/review": ["core/base", "core/wire", "core/config", ...elections()],
  "core/sim": ["core"],
  "host/linux/ffi": ["core/base", "koffi"],
  "host/linux": ["core/base", "core/wire", "core/ports", "core/engine", ...vocabulary()],
  "host/observe": ["core/base", "core/wire", "core/ports", "core/engine", ...vocabulary()],
  "host/lab": ["core/base"],
  "host/daemon": ["core", "host/linux", "host/observe"],
  "host/cli": [
    "core",
    "host/daemon",
    "host/observe",
    "host/lab",
    "commander",
    "@clack/prompts",
    "vscode-languageserver",
  ],
};

/** What follows from a configuration alone: time-outs, and what adverts look like. */
function elections(): readonly string[] {
  return ["core/vrrp/timers.ts", "core/vrrp/outgoing.ts"];
}

function vocabulary(): readonly string[] {
  return ["core/vrrp/vocabulary.ts", "core/vrrp/counters.ts", "core/vrrp/refusal.ts"].concat(
    "core/config/model.ts",
    "core/config/model-script.ts",
    "core/config/model-tracking.ts",
    "core/config/model-routing.ts",
    "core/config/model-groups.ts",
    "core/config/model-virtual-server.ts",
  );
}

/** Files that the outside starts: bin/ and worker threads load them, tests are run by their name. */
const entryPoints = [
  /^src\/host\/daemon\/(engine-worker|guard)\.ts$/,
  /^src\/host\/cli\/understudyd?\.ts$/,
  /\.test\.ts$/,
];

const source = sourceFiles("src", [".ts"]);
const everything = [...source, ...sourceFiles("test", [".ts"]), ...sourceFiles("bench", [".ts"])];

test("every import of src/ follows the table", () => {
  const wrong = source.flatMap((file) =>
    file.imports
      .filter((target) => !isAllowed(file.path, target))
      .map((target) => `${file.path} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

function isAllowed(from: string, target: string): boolean {
  const folder = folderOf(from);
  if (folder === undefined) return false;
  if (target.startsWith("node:")) return folder.startsWith("host/");
  const path = target.replace(/^src\//, "");
  // A folder of its own inside another one keeps to its own row.
  if (folderOf(target) === folder) return true;
  const allowed = mayImport[folder] ?? [];
  if (folderOf(target) === `${folder}/ffi`) return true;
  return allowed.some((entry) => path === entry || path.startsWith(`${entry}/`));
}

/** The longest row of the table that holds the file. */
function folderOf(path: string): string | undefined {
  return Object.keys(mayImport)
    .filter((folder) => path.startsWith(`src/${folder}/`))
    .sort((a, b) => b.length - a.length)[0];
}

test("every file of src/ lies in a folder of the table", () => {
  const homeless = source.filter((file) => folderOf(file.path) === undefined);
  assert.deepEqual(
    homeless.map((file) => file.path),
    [],
  );
});

test("no file imports itself in a circle", () => {
  assert.deepEqual(cycles(everything), []);
});

/** Each circle once, as `a -> b -> a`. */
function cycles(files: readonly SourceFile[]): readonly string[] {
  const importsOf = new Map(files.map((file) => [file.path, file.imports]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(" -> "));
    if (at >= 0 || done.has(path)) return;
    for (const next of importsOf.get(path) ?? [])
      if (importsOf.has(next)) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of importsOf.keys()) visit(path, []);
  return found;
}

test("every file is imported by another one", () => {
  const imported = new Set(everything.flatMap((file) => file.imports));
  const scripts = sourceFiles("scripts", [".mjs"]).flatMap((file) => file.imports);
  for (const path of scripts) imported.add(path);
  const orphans = everything
    .map((file) => file.path)
    .filter((path) => !imported.has(path) && !entryPoints.some((entry) => entry.test(path)))
    .filter((path) => !path.startsWith("bench/"));
  assert.deepEqual(orphans, []);
});
