// What a keyword takes, in a few words: for the reference pages and for the editor.

import type { KeywordSpec, ValueSpec } from "./spec.ts";

/** The value in a few words of Markdown, such as `1 to 255`; empty for a keyword without one. */
export function valueText({ value, optional }: KeywordSpec): string {
  const text = valueKind(value);
  return optional === true ? `[${text}]` : text;
}

function valueKind(value: ValueSpec): string {
  switch (value.type) {
    case "flag":
      return "";
    case "boolean":
      return "[on or off]";
    case "integer":
      return `${value.min} to ${value.max}`;
    case "seconds":
      return `${value.min} to ${value.max} s`;
    case "milliseconds":
      return `${value.min} to ${value.max} ms`;
    case "weight":
      return `-${value.max} to ${value.max} [\`reverse\`]`;
    case "choice":
      return value.of.map((word) => `\`${word}\``).join(" or ");
    case "address":
      return value.multicast === true ? "multicast address" : "address";
    case "block":
      return `${value.header ?? (value.name === "required" ? "NAME" : "")} { keywords }`.trim();
    case "lines":
      return value.name === "required" ? "NAME { lines }" : "{ lines }";
    case "words":
      return value.form ?? "words";
    case "skipped-block":
      return "{ }";
    case "script":
      return '"command" [user [group]]';
    default:
      return value.type;
  }
}
