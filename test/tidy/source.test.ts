// What no file may contain: clocks and chance in core, casts that silence the compiler, notes without
// an issue, native access outside its folder, traces of the machine it was written on. Biome already
// refuses `any`, default exports, console in core, long files and long functions.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root, sourceFiles, trackedFiles } from "./source-tree.ts";

const source = sourceFiles("src", [".ts"]);
const tests = sourceFiles("test", [".ts"]);
const scripts = [
  ...sourceFiles("scripts", [".mjs"]),
  ...sourceFiles("bench", [".ts", ".mjs"]),
  ...sourceFiles("bin", [""]),
];
const all = [...source, ...tests, ...scripts];

type Ban = {
  readonly name: string;
  readonly pattern: RegExp;
  readonly applies: (path: string) => boolean;
};

const bans: readonly Ban[] = [
  { name: "Date in core", pattern: /\bDate\b/, applies: inCore },
  {
    name: "performance or timers in core",
    pattern: /\b(performance|setTimeout)\b/,
    applies: inCore,
  },
  { name: "Math.random in src", pattern: /\bMath\.random\b/, applies: inSource },
  { name: "await or async in core", pattern: /\b(await|async)\b/, applies: inCore },
  { name: "as unknown as", pattern: /\bas unknown as\b/, applies: () => true },
  { name: "export default in src", pattern: /\bexport default\b/, applies: inSource },
  { name: "any as a type", pattern: /(:|<|\bas) ?any\b/, applies: () => true },
  { name: "only one test runs", pattern: /\b(test|describe|it)\.only\(/, applies: () => true },
];

function inCore(path: string): boolean {
  return path.startsWith("src/core/");
}

function inSource(path: string): boolean {
  return path.startsWith("src/");
}

for (const { name, pattern, applies } of bans) {
  test(`nowhere: ${name}`, () => {
    const found = all
      .filter((file) => applies(file.path))
      .flatMap((file) =>
        file.code
          .split("\n")
          .flatMap((line, i) =>
            pattern.test(line) ? [`${file.path}:${i + 1}: ${line.trim()}`] : [],
          ),
      );
    assert.deepEqual(found, []);
  });
}

test("every TODO names its issue", () => {
  const word = /\b(TODO|FIXME|XXX)\b/;
  const found = all.flatMap((file) =>
    file.lines.flatMap((line, i) =>
      word.test(line) && !/#\d+/.test(line) && !file.path.endsWith("tidy/source.test.ts")
        ? [`${file.path}:${i + 1}`]
        : [],
    ),
  );
  assert.deepEqual(found, []);
});

test("koffi is loaded in src/host/linux/ffi alone", () => {
  const found = all
    .filter((file) => file.imports.includes("koffi"))
    .map((file) => file.path)
    .filter((path) => !path.startsWith("src/host/linux/ffi/"));
  assert.deepEqual(found, []);
});

test("the language server's package is loaded by `understudy lsp` alone", () => {
  const found = source
    .filter((file) => file.imports.some((name) => name.startsWith("vscode-languageserver")))
    .map((file) => file.path)
    .filter((path) => !/^src\/host\/cli\/lsp[^/]*\.ts$/.test(path));
  assert.deepEqual(found, []);
});

test("every file opens with a comment that says what it is", () => {
  const found = all
    .filter((file) => {
      // A script's first lines say what runs it.
      const first = file.lines.find((line) => !/^(#!|":" \/\/;)/.test(line));
      return !/^(\/\/ |\/\*)/.test(first ?? "");
    })
    .map((file) => file.path);
  assert.deepEqual(found, []);
});

test("no tracked file knows the machine it was written on", () => {
  const folders = ["work", "home", join("tmp", "wt")].join("|");
  const place = new RegExp(`(^|[\\s"'\`=:(])/(${folders})/[a-z]`, "m");
  const registry = new RegExp(["registry", "[a-z]+", "org"].join("\\."));
  const found = trackedFiles().filter((path) => {
    const text = readFileSync(join(root, path), "utf8");
    return place.test(text) || registry.test(text) || /"resolved" *:/.test(text);
  });
  assert.deepEqual(found, []);
});
