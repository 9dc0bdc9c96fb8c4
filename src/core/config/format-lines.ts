// The lines of a file as the formatter sees them, one for each of the text: what may be moved, split
// and joined (`code`), what may only be moved to its level (`kept`), and what stays exactly as it is
// (`raw`: lines that are ignored, and the continuation of definitions). It asks of each line what the
// reader asks, in the same order.

import { limits } from "../base/limits.ts";
import { includeOf } from "./include.ts";
import { repetitionOf } from "./repetition.ts";

export type FormatLine =
  | { readonly kind: "blank" }
  | { readonly kind: "raw" | "comment"; readonly text: string }
  | {
      readonly kind: "kept";
      readonly text: string;
      readonly conditions: readonly Condition[];
      /** Those that open and close blocks. */
      readonly braces: readonly string[];
    }
  | {
      readonly kind: "code";
      readonly pieces: readonly CodePiece[];
      /** With the blank before it, if there is to be one. */
      readonly comment: string;
    };

/** `@id`, or with `not` `@^id`. */
export type Condition = { readonly id: string; readonly not: boolean };

/** Words alone, words before a `{` (perhaps none), or a `}`. */
export type CodePiece = {
  readonly kind: "statement" | "open" | "close";
  readonly text: string;
};

const reference = /\$(?:\{\w+\}|\w+(?=[\s,)]|$))/;
const definitionStart = /^\s*\$\w+=/;
const conditionStart = /^\s*@(\^?)(\S*)(?=\s|$)/;

/** Every line of a text. */
export function formatLines(text: string): readonly FormatLine[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const result: FormatLine[] = [];
  let inDefinition = false;
  for (const each of lines) {
    const line = each.endsWith("\r") ? each.slice(0, -1) : each;
    if (isIgnored(line)) {
      result.push({ kind: "raw", text: line });
      continue;
    }
    const directive = isDirective(line);
    const at = directive ? 0 : commentStart(line);
    const code = line.slice(0, at);
    const empty = !directive && code.trim() === "";
    if (inDefinition) {
      result.push({ kind: "raw", text: line });
      if (!empty) inDefinition = code.trim().endsWith("\\");
    } else if (directive) result.push({ kind: "comment", text: trimmed(line) });
    else if (empty) result.push(emptyLine(line, code));
    else {
      result.push(lineWithCode(line, code));
      inDefinition = definitionStart.test(afterConditions(code)) && code.trim().endsWith("\\");
    }
  }
  return result;
}

/** Every comment in order, without the blanks around it. */
export function commentsOf(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => {
    if (isIgnored(line.replace(/\r$/, ""))) return [];
    const comment = trimmed(line.slice(commentStart(line)));
    return comment === "" ? [] : [comment];
  });
}

const isIgnored = (line: string): boolean =>
  line.length > limits.configLineLengthMax || line.includes("\0");

const isDirective = (line: string): boolean => /^\s*[#!]understudy\s+(?=\S)/.test(line);

/** Where the comment of a line begins, or its end. */
function commentStart(line: string): number {
  if (!/[#!]/.test(line)) return line.length;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at];
    if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === "\\" && (line[at + 1] === "#" || line[at + 1] === "!")) at++;
    else if (char === "#" || char === "!") return at;
  }
  return line.length;
}

/** keepalived knows fewer blanks than JavaScript does; others are part of words. */
const trimmed = (text: string): string =>
  text.replace(/^[ \t\v\f\r]+/, "").replace(/[ \t\v\f\r]+$/, "");

function emptyLine(line: string, code: string): FormatLine {
  if (trimmed(code) !== "") return { kind: "raw", text: line };
  return trimmed(line) === "" ? { kind: "blank" } : { kind: "comment", text: trimmed(line) };
}

function lineWithCode(line: string, code: string): FormatLine {
  const special =
    /[$@~'"\\]|include/.test(code) &&
    (includeOf(code) !== undefined ||
      conditionStart.test(code) ||
      startsSpecially(code) ||
      reference.test(code) ||
      /['\\]/.test(code) ||
      hasOpenQuote(code));
  const pieces = special ? [] : piecesOf(code);
  // A word of odd blanks alone would look like an empty line.
  const invisible = pieces.some(({ text }) => text !== "" && text.trim() === "");
  if (special || invisible || pieces.slice(1).some(({ text }) => startsSpecially(text)))
    return keptLine(line, code);
  const comment = trimmed(line.slice(code.length));
  // A comment that begins within a word is a mistake that has to stay visible.
  const glued = /[^ \t\v\f\r{}]$/.test(code);
  return { kind: "code", pieces, comment: comment === "" || glued ? comment : ` ${comment}` };
}

/** At the beginning of a line, these words are more than words. */
const startsSpecially = (text: string): boolean =>
  /^\s*[$@~]/.test(text) ||
  /^\s*include[rmwba]?(?![^\s{])/.test(text) ||
  repetitionOf(text) !== undefined;

const hasOpenQuote = (code: string): boolean => code.split('"').length % 2 === 0;

function keptLine(line: string, code: string): FormatLine {
  const conditions: Condition[] = [];
  const rest = afterConditions(code, conditions);
  const plain = includeOf(code) === undefined && !definitionStart.test(rest);
  const rightEdge = plain && !hasOpenQuote(code) && !code.includes("\\");
  const text = line.replace(/^[ \t\v\f\r]+/, "");
  return {
    kind: "kept",
    text: rightEdge || includeOf(code) !== undefined ? trimmed(text) : text,
    conditions,
    braces: plain ? bracesIn(rest) : [],
  };
}

function afterConditions(code: string, found: Condition[] = []): string {
  let rest = code;
  for (let match = conditionStart.exec(rest); match !== null; match = conditionStart.exec(rest)) {
    found.push({ id: match[2] ?? "", not: match[1] === "^" });
    rest = rest.slice(match[0].length);
  }
  return rest;
}

/** Braces outside double quotes, but for those of `${NAME}` and `~LST({...})`. */
function bracesIn(code: string): readonly string[] {
  const repetition = repetitionOf(code);
  const rest = repetition === undefined ? code : code.slice(repetition.end);
  const braces: string[] = [];
  for (const match of rest.matchAll(/"[^"]*(?:"|$)|\$\{\w+\}|[{}]/g))
    if (match[0] === "{" || match[0] === "}") braces.push(match[0]);
  return braces;
}

function piecesOf(code: string): readonly CodePiece[] {
  const pieces: CodePiece[] = [];
  for (const [part] of code.matchAll(/[{}]|(?:"[^"]*"|[^{}"])+/g)) {
    const previous = pieces.at(-1);
    if (part === "}") pieces.push({ kind: "close", text: "" });
    else if (part === "{") {
      if (previous?.kind === "statement")
        pieces[pieces.length - 1] = { kind: "open", text: previous.text };
      else pieces.push({ kind: "open", text: "" });
    } else if (trimmed(part) !== "") {
      pieces.push({ kind: "statement", text: withSingleBlanks(trimmed(part)) });
    }
  }
  return pieces;
}

/** Blanks between words become one; those in double quotes stay. */
const withSingleBlanks = (text: string): string =>
  text.replace(/"[^"]*"|[ \t\v\f\r]+/g, (part) => (part.startsWith('"') ? part : " "));
