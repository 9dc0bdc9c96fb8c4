// A configuration as an editor has it: a main file, and texts that may not have been saved yet in
// front of those on disk. Everything else in this folder answers questions about a project and a
// place in one of its files; places are offsets, and no text makes any of it throw.

import { ok } from "../base/result.ts";
import type { LoadedConfig } from "../config/load.ts";
import { loadConfig } from "../config/load.ts";
import type { Statement } from "../config/parser.ts";
import type { Sources, Span } from "../config/source.ts";
import type { ConfigFiles } from "../ports/config-files.ts";

export type ConfigProject = {
  /** The file that includes the others. */
  readonly main: string;
  readonly files: ConfigFiles;
  /** Decides `@id` lines. */
  readonly configId: string;
};

/** An offset (UTF-16 units) in a file, which is named as in `Sources`. */
export type Place = { readonly file: string; readonly offset: number };

/** What reading a project gave. */
export type Analysis = LoadedConfig & { readonly project: ConfigProject };

/** Reads a project once; the answers about one state of it share this. */
export const analyse = (project: ConfigProject): Analysis => ({
  ...loadConfig(project.main, project.files, { configId: project.configId }),
  project,
});

/**
 * The project as the machine reads it that the line at a place is for: `@id` lines of other machines
 * are no lines at all in the analysis of this one.
 */
export function asReadAt(analysis: Analysis, { file, offset }: Place): Analysis {
  const { project, sources } = analysis;
  const text = sources.get(file) ?? "";
  const start = text.lastIndexOf("\n", Math.max(0, offset) - 1) + 1;
  const condition = /^[ \t]*@(\^?)(\S+)\s/.exec(text.slice(start, offset));
  if (condition === null) return analysis;
  const [, not, id = ""] = condition;
  if ((id === project.configId) !== (not === "^")) return analysis;
  return analyse({ ...project, configId: not === "^" ? idOfNobody : id });
}

/** An id that no line can name. */
export const idOfNobody = "\0";

/** The files with another text in place of one of them. */
export const withText = (files: ConfigFiles, path: string, text: string): ConfigFiles => ({
  read: (each) => (each === path ? ok(text) : files.read(each)),
  glob: (pattern) => files.glob(pattern),
});

/** True for a place in a span or at one of its ends. */
export const touches = (span: Span, { file, offset }: Place): boolean =>
  span.file === file && span.start <= offset && offset <= span.end;

export const textOf = (sources: Sources, { file, start, end }: Span): string =>
  (sources.get(file) ?? "").slice(start, end);

/** Visits every statement of a tree with those around it, outermost first; true ends the visit. */
export function visitStatements(
  statements: readonly Statement[],
  visit: (statement: Statement, around: readonly Statement[]) => boolean | undefined,
  around: readonly Statement[] = [],
): boolean {
  for (const statement of statements) {
    if (visit(statement, around) === true) return true;
    const { body } = statement;
    if (body !== undefined && visitStatements(body, visit, [...around, statement])) return true;
  }
  return false;
}
