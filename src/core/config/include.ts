// `include PATTERN`: which files it means. Patterns may hold braces and wildcards; names are relative
// to the including file's folder. The strict forms differ in what they refuse, as measured with
// keepalived (keepalived.md section 1.1).

import { limits } from "../base/limits.ts";
import type { ConfigFiles } from "../ports/config-files.ts";

/** What a form of `include` refuses: a missing plain name, an empty wildcard, a bad alternative. */
type Strictness = {
  readonly plain: boolean;
  readonly wildcard: boolean;
  readonly alternative: boolean;
};

export const includeForms = {
  include: { plain: false, wildcard: false, alternative: false },
  includer: { plain: false, wildcard: false, alternative: true },
  includem: { plain: true, wildcard: false, alternative: true },
  includew: { plain: true, wildcard: true, alternative: true },
  includeb: { plain: false, wildcard: false, alternative: true },
  includea: { plain: true, wildcard: true, alternative: true },
} as const satisfies Record<string, Strictness>;

export type IncludeForm = keyof typeof includeForms;

export type IncludeMatch = {
  readonly paths: readonly string[];
  /** Alternatives that name nothing, and whether the form refuses that. */
  readonly missing: readonly { readonly pattern: string; readonly refused: boolean }[];
};

/** The form and pattern of a line, when it is an include. */
export function includeOf(
  text: string,
): { readonly form: IncludeForm; readonly pattern: string; readonly at: number } | undefined {
  const match = /^\s*(include[rmwba]?)\s+(\S.*?)\s*$/.exec(text);
  if (match === null) return undefined;
  const pattern = (match[2] ?? "").replace(/^"(.*)"$/, "$1");
  return { form: match[1] as IncludeForm, pattern, at: text.indexOf(match[2] ?? "") };
}

/** The files that a pattern in a file of `folder` means. Plain names are not looked up here. */
export function includedFiles(
  form: IncludeForm,
  pattern: string,
  folder: string,
  files: ConfigFiles,
): IncludeMatch {
  const strict: Strictness = includeForms[form];
  const alternatives = expandBraces(pattern);
  const paths: string[] = [];
  const missing: { pattern: string; refused: boolean }[] = [];
  for (const each of alternatives) {
    const path = resolvePath(folder, each);
    if (!/[*?[]/.test(each)) {
      paths.push(path);
      continue;
    }
    const found = files.glob(path);
    if (found.length === 0) missing.push({ pattern: each, refused: strict.wildcard });
    paths.push(...found);
  }
  return { paths, missing };
}

/** Whether the form refuses that a plain name, perhaps one of several, cannot be read. */
export function refusesUnreadable(form: IncludeForm, pattern: string): boolean {
  const strict: Strictness = includeForms[form];
  return pattern.includes("{") ? strict.alternative : strict.plain;
}

/** `a{b,c}d` to `abd` and `acd`, nested; as many as limits allow. */
export function expandBraces(pattern: string): readonly string[] {
  const open = pattern.indexOf("{");
  if (open < 0) return [pattern];
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === "{") depth++;
    else if (char === "}") depth--;
    if ((char === "," && depth === 1) || depth === 0) {
      parts.push(pattern.slice(from, at));
      from = at + 1;
    }
    if (depth === 0) break;
  }
  if (depth !== 0) return [pattern];
  const expanded: string[] = [];
  for (const rest of expandBraces(pattern.slice(from))) {
    for (const part of parts) {
      for (const middle of expandBraces(part)) {
        if (expanded.length >= limits.configAlternativesMax) return expanded;
        expanded.push(pattern.slice(0, open) + middle + rest);
      }
    }
  }
  return expanded;
}

/** `name` as seen from `folder`; absolute names stay. */
export const resolvePath = (folder: string, name: string): string =>
  name.startsWith("/") || folder === "" ? name : `${folder === "/" ? "" : folder}/${name}`;

/** The folder part of a path, empty for a bare name. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return "";
  return slash === 0 ? "/" : path.slice(0, slash);
}
