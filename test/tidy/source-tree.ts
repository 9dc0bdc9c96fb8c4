// The repository's own text, for the tests of this folder: which files there are, what they hold
// without comments, and what they import. Read from the checkout, never from dist/.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's folder; this file runs from dist/test/tidy. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

export type SourceFile = {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** Comments and the insides of strings are blanked out. */
  readonly code: string;
  /** Paths from the root; packages by their name. */
  readonly imports: readonly string[];
};

/** Every file under `folder` whose name ends with one of `endings`, sorted. */
export function sourceFiles(folder: string, endings: readonly string[]): readonly SourceFile[] {
  return pathsUnder(folder)
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map(sourceFile);
}

/** What git tracks, or would track; everything below the root where there is no git. */
export function trackedFiles(): readonly string[] {
  const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  if (listed.status === 0) return listed.stdout.split("\n").filter((path) => isFile(path));
  return ["bin", "docs", "scripts", "src", "test", "bench"].flatMap(pathsUnder);
}

const isFile = (path: string): boolean => path !== "" && existsSync(join(root, path));

function pathsUnder(folder: string): string[] {
  const here = join(root, folder);
  if (!existsSync(here)) return [];
  return readdirSync(here, { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? pathsUnder(path) : [path];
    })
    .sort();
}

function sourceFile(path: string): SourceFile {
  const text = readFileSync(join(root, path), "utf8");
  const withoutComments = blank(text, "comments");
  return {
    path,
    text,
    lines: text.replace(/\n$/, "").split("\n"),
    code: blank(text, "comments and strings"),
    imports: importsOf(path, withoutComments),
  };
}

/** Static, dynamic and worker imports. */
function importsOf(path: string, code: string): readonly string[] {
  const patterns = [
    /\bfrom\s+"([^"]+)"/g,
    /^import\s+"([^"]+)"/gm,
    /\bimport\(\s*"([^"]+)"/g,
    /\bnew URL\(\s*"(\.[^"]+\.[jt]s)"/g,
  ];
  return patterns.flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => resolveImport(path, match[1] ?? "")),
  );
}

function resolveImport(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return normalize(join(dirname(from), specifier))
    .replace(/^dist\//, "")
    .replace(/\.js$/, ".ts");
}

/** Comments, strings and templates in their order, so that a quote in a comment opens nothing. */
const token =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*(?=[\s.,;)\]])/g;

function blank(text: string, what: "comments" | "comments and strings"): string {
  return text.replace(token, (found) => {
    const isComment = found.startsWith("//") || found.startsWith("/*");
    if (!isComment && what === "comments") return found;
    return isComment ? found.replace(/[^\n]/g, " ") : `""${found.replace(/[^\n]/g, "")}`;
  });
}
