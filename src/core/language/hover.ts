// What is under the pointer: a keyword with documentation, range and default; a name with the block
// that introduces it; a definition with its value; an include with its files.

import { limits } from "../base/limits.ts";
import { addressOptions } from "../config/address-line.ts";
import type { Statement } from "../config/parser.ts";
import { root } from "../config/schema/root.ts";
import type { BlockSpec } from "../config/schema/spec.ts";
import type { Span } from "../config/source.ts";
import { keywordText } from "./keyword-text.ts";
import type { Occurrence } from "./names.ts";
import { includeAt, occurrenceAt, occurrencesOf, sameName } from "./names.ts";
import { predefinedNames } from "./predefined.ts";
import type { Analysis, Place } from "./project.ts";
import { asReadAt, touches, visitStatements } from "./project.ts";

export type Hover = { readonly span: Span; readonly markdown: string };

/** More names of files than that help nobody. */
const filesShown = 12;

/** What to show at a place; undefined where nothing is known. */
export function hoverAt(analysis: Analysis, place: Place): Hover | undefined {
  const occurrences = occurrencesOf(analysis);
  const occurrence = occurrenceAt(occurrences, place);
  if (occurrence?.kind === "definition") return definitionHover(analysis, occurrences, occurrence);
  if (occurrence?.role === "refers") return nameHover(occurrences, occurrence);
  const include = includeAt(analysis, place);
  if (include !== undefined && touches(include.span, place)) {
    const shown = include.paths.slice(0, filesShown).map((path) => `- \`${path}\``);
    const more = include.paths.length - shown.length;
    const lines = [...shown, ...(more > 0 ? [`- and ${more} more`] : [])];
    return { span: include.span, markdown: lines.length === 0 ? "No file." : lines.join("\n") };
  }
  return statementHover(asReadAt(analysis, place), place);
}

function statementHover({ statements }: Analysis, place: Place): Hover | undefined {
  let hover: Hover | undefined;
  visitStatements(statements, (statement, around) => {
    const word = [statement.keyword, ...statement.words].find(({ span }) => touches(span, place));
    if (word === undefined) return false;
    const markdown = statementText(statement, word.text, around.at(-1));
    if (markdown !== undefined) hover = { span: word.span, markdown };
    return true;
  });
  return hover;
}

function statementText(
  statement: Statement,
  word: string,
  outer: Statement | undefined,
): string | undefined {
  const { keyword, spec } = statement;
  const value = outer?.spec?.value;
  if (value?.type === "lines" && value.lines === "address" && word !== keyword.text) {
    const option = Object.entries(addressOptions).find(([name]) => name === word);
    return option === undefined ? undefined : `**${word}**\n\n${option[1].doc}`;
  }
  if (spec === undefined) return undefined;
  const block: BlockSpec = value?.type === "block" ? value.block : root;
  return keywordText(keyword.text, spec, block);
}

function nameHover(occurrences: readonly Occurrence[], occurrence: Occurrence): Hover | undefined {
  const { span, name } = occurrence;
  const statement = sameName(occurrences, occurrence).find(
    ({ role }) => role === "introduces",
  )?.statement;
  if (statement === undefined) return { span, markdown: `Nothing introduces \`${name}\`.` };
  const doc = statement.spec?.doc ?? "";
  const settings = (statement.body ?? [])
    .filter(({ spec, body }) => spec !== undefined && body === undefined)
    .map(({ keyword, words }) => `    ${[keyword, ...words].map(({ text }) => text).join(" ")}`);
  const code = [`${statement.keyword.text} ${name} {`, ...settings, "}"].join("\n");
  return { span, markdown: `${fenced(code)}\n\n${doc}` };
}

function definitionHover(
  { sources }: Analysis,
  occurrences: readonly Occurrence[],
  occurrence: Occurrence,
): Hover {
  const { name, span } = occurrence;
  const introductions = sameName(occurrences, occurrence).filter(
    ({ role }) => role === "introduces",
  );
  const values = introductions.map(({ span: { file, end } }) =>
    definedText(sources.get(file) ?? "", end),
  );
  const shown = values.flatMap((value) => (value === undefined ? [] : [`$${name}=${value}`]));
  if (shown.length > 0) return { span, markdown: fenced(shown.slice(-filesShown).join("\n")) };
  const predefined = Object.hasOwn(predefinedNames, name) ? predefinedNames[name] : undefined;
  if (predefined !== undefined) return { span, markdown: `**$${name}**: ${predefined}.` };
  const repeated = introductions.length > 0;
  return {
    span,
    markdown: repeated ? `\`$${name}\` takes each value in turn.` : `Nothing defines \`$${name}\`.`,
  };
}

/** The value after `$NAME`, with the lines that a `\` continues; undefined for another introduction. */
function definedText(text: string, nameEnd: number): string | undefined {
  if (text[nameEnd] !== "=") return undefined;
  let end = nameEnd;
  do {
    const newline = text.indexOf("\n", end + 1);
    end = newline < 0 ? text.length : newline;
  } while (
    end < text.length &&
    /\\\s*$/.test(text.slice(Math.max(nameEnd, end - limits.configLineLengthMax), end))
  );
  return text.slice(nameEnd + 1, end).trim();
}

/** As a code block, whatever the text holds. */
function fenced(code: string): string {
  let fence = "```";
  for (const [run] of code.matchAll(/`+/g)) if (run.length >= fence.length) fence = `${run}\``;
  return `${fence}keepalived\n${code}\n${fence}`;
}
