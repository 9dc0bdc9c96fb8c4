// What can be written at a place, read from the rows of the keyword tables: keywords of the block,
// words that a value knows, names that other blocks introduce, definitions, and files to include.

import { addressOptions } from "../config/address-line.ts";
import { folderOf, resolvePath } from "../config/include.ts";
import type { BlockSpec, KeywordSpec, KeywordTable } from "../config/schema/spec.ts";
import { takesBlock } from "../config/schema/spec.ts";
import { valueText } from "../config/schema/value-text.ts";
import type { Cursor, WordRange } from "./cursor.ts";
import { cursorAt } from "./cursor.ts";
import { keywordText } from "./keyword-text.ts";
import { occurrencesOf } from "./names.ts";
import { predefinedNames } from "./predefined.ts";
import type { Analysis, Place } from "./project.ts";
import { asReadAt, visitStatements } from "./project.ts";

export type Completion = {
  /** What is chosen, and what is typed to find it. */
  readonly label: string;
  readonly kind: "keyword" | "block" | "value" | "name" | "definition" | "file";
  /** Beside the label: what the keyword takes, or what the word is. */
  readonly detail: string;
  /** Markdown. */
  readonly doc?: string;
  readonly deprecated?: true;
  /** Stands in the block already, and once is enough. */
  readonly repeated?: true;
  /** What goes into the file; `$0` is where the cursor ends up, and no other `$` is in it. */
  readonly insert: string;
  /** Where it goes. */
  readonly replace: WordRange;
};

type Offer = Omit<Completion, "replace">;

/** Everything that fits at a place, in the order of the tables; the editor filters and sorts. */
export function completionsAt(here: Analysis, place: Place): readonly Completion[] {
  const analysis = asReadAt(here, place);
  const { cursor, word } = cursorAt(analysis, place);
  const text = analysis.sources.get(place.file) ?? "";
  const newline = text.indexOf("\n", word.end);
  const rest = text.slice(word.end, newline < 0 ? text.length : newline).trim();
  return offersFor(cursor, analysis, place, rest).map((offer) => ({ ...offer, replace: word }));
}

function offersFor(
  cursor: Cursor,
  analysis: Analysis,
  place: Place,
  rest: string,
): readonly Offer[] {
  switch (cursor.kind) {
    case "keyword":
      return keywordOffers(cursor, rest);
    case "value":
      return cursor.spec.introduces === undefined ? valueOffers(cursor, analysis) : [];
    case "line":
      return lineOffers(cursor, analysis);
    case "definition":
      return definitionOffers(analysis, cursor.braced, rest);
    case "include":
      return fileOffers(analysis, place, cursor.prefix);
    default:
      return [];
  }
}

function keywordOffers(
  { block, directive, present }: Extract<Cursor, { kind: "keyword" }>,
  rest: string,
): readonly Offer[] {
  const table: KeywordTable = directive ? (block.directives ?? {}) : block.keywords;
  return Object.entries(table).map(([keyword, spec]) => ({
    ...keywordOffer(keyword, spec, block, rest),
    ...(present.has(keyword) && spec.repeats !== true ? { repeated: true as const } : {}),
  }));
}

function keywordOffer(keyword: string, spec: KeywordSpec, block: BlockSpec, rest: string): Offer {
  const opensBlock = takesBlock(spec);
  return {
    label: keyword,
    kind: opensBlock ? "block" : "keyword",
    detail: valueText(spec).replaceAll("`", ""),
    doc: keywordText(keyword, spec, block),
    ...(spec.deprecatedBy === undefined ? {} : { deprecated: true as const }),
    insert: rest === "" ? keyword + continuation(spec, opensBlock) : keyword,
  };
}

/** What follows a keyword on a line of its own. */
function continuation(spec: KeywordSpec, opensBlock: boolean): string {
  if (!opensBlock) return spec.value.type === "flag" ? "" : " ";
  const named = spec.value.type === "block" && spec.value.name === "required";
  return named || spec.introduces !== undefined ? " $0 {\n}" : " {\n\t$0\n}";
}

const word = (label: string, detail: string): Offer => ({
  label,
  kind: "value",
  detail,
  insert: label,
});

function valueOffers(
  { spec, words }: Extract<Cursor, { kind: "value" }>,
  analysis: Analysis,
): readonly Offer[] {
  if (words.length > 0) return [];
  if (spec.refersTo !== undefined) return nameOffers(spec, analysis);
  const { value } = spec;
  switch (value.type) {
    case "choice":
      return value.of.map((each) => word(each, ""));
    case "boolean":
      return ["on", "off"].map((each) => word(each, ""));
    case "interface":
      return interfaceOffers(analysis);
    case "integer":
    case "seconds":
      return /^[0-9.]+$/.test(spec.default ?? "") ? [word(spec.default ?? "", "default")] : [];
    default:
      return [];
  }
}

function lineOffers(
  { spec, words }: Extract<Cursor, { kind: "line" }>,
  analysis: Analysis,
): readonly Offer[] {
  const { value } = spec;
  const previous = words.at(-1);
  if (value.type !== "lines") return [];
  if (value.lines === "address") {
    if (previous === undefined) return [];
    if (previous === "dev") return interfaceOffers(analysis);
    return Object.entries(addressOptions).map(([label, { doc }]) => ({ ...word(label, ""), doc }));
  }
  if (previous !== undefined) {
    const weighted = value.lines === "tracked-interface" || spec.refersTo !== undefined;
    return weighted && previous !== "weight"
      ? [word("weight", "-253 to 253"), word("reverse", "with the sign turned")]
      : [];
  }
  if (value.lines === "tracked-interface") return interfaceOffers(analysis);
  return nameOffers(spec, analysis);
}

function nameOffers(spec: KeywordSpec, analysis: Analysis): readonly Offer[] {
  const names = new Map<string, string>();
  for (const { kind, name, role, statement } of occurrencesOf(analysis)) {
    if (kind === spec.refersTo && role === "introduces" && !names.has(name))
      names.set(name, statement?.keyword.text ?? "");
  }
  return [...names].map(([label, detail]) => ({ label, kind: "name", detail, insert: label }));
}

/** Interfaces that the project names anywhere; this machine's are perhaps not the routers'. */
function interfaceOffers({ statements }: Analysis): readonly Offer[] {
  const names = new Set<string>();
  visitStatements(statements, ({ spec, words, body = [] }) => {
    const [first] = words;
    if (spec?.value.type === "interface" && first !== undefined) names.add(first.text);
    if (spec?.value.type === "lines" && spec.value.lines === "tracked-interface")
      for (const { keyword } of body) names.add(keyword.text);
    return undefined;
  });
  return [...names].map((name) => word(name, "used here"));
}

function definitionOffers(analysis: Analysis, braced: boolean, rest: string): readonly Offer[] {
  const names = new Map<string, string>();
  for (const { kind, name, role } of occurrencesOf(analysis))
    if (kind === "definition" && role === "introduces") names.set(name, "");
  for (const [name, doc] of Object.entries(predefinedNames)) names.set(name, doc);
  const close = braced && !rest.startsWith("}") ? "}" : "";
  return [...names].map(([label, detail]) => ({
    label,
    kind: "definition",
    detail,
    insert: label + close,
  }));
}

/** Files of the folder that was begun with. */
function fileOffers({ project }: Analysis, place: Place, prefix: string): readonly Offer[] {
  if (/[*?[{]/.test(prefix)) return [];
  const begun = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const folder = folderOf(place.file);
  const found = project.files.glob(resolvePath(folder, `${begun}*`));
  return found.map((path) => {
    const label = begun + path.slice(path.lastIndexOf("/") + 1);
    return { label, kind: "file", detail: "", insert: label };
  });
}
