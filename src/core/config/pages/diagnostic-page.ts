// The page of a diagnostic: what it means, a wrong example, why, and a right one. `understudy check
// --explain CODE` prints it; docs/reference/diagnostics holds all of them.

import type { DiagnosticCode, DiagnosticSpec } from "../diagnostics.ts";
import { diagnosticCodes } from "../diagnostics.ts";
import { nearestWord } from "../nearest.ts";
import type { DiagnosticExample, DiagnosticExamples, ExampleFiles } from "./example.ts";
import { exampleMachine } from "./example.ts";
import { groupExamples } from "./group-examples.ts";
import { instanceExamples } from "./instance-examples.ts";
import { lineExamples } from "./line-examples.ts";
import { routingExamples } from "./routing-examples.ts";
import { serverExamples } from "./server-examples.ts";

/** By code; every one has its example. */
export const diagnosticExamples: DiagnosticExamples = {
  ...lineExamples,
  ...instanceExamples,
  ...groupExamples,
  ...routingExamples,
  ...serverExamples,
};

export const isDiagnosticCode = (word: string): word is DiagnosticCode =>
  Object.hasOwn(diagnosticCodes, word);

/** The code that was perhaps meant; with its family or without. */
export function nearestCode(word: string): string | undefined {
  const codes = Object.keys(diagnosticCodes);
  return codes.find((code) => code.endsWith(`/${word}`)) ?? nearestWord(word, codes);
}

/** Markdown, with a title. */
export function diagnosticPage(code: DiagnosticCode): string {
  const spec: DiagnosticSpec = diagnosticCodes[code];
  const example = diagnosticExamples[code];
  return [
    `# ${code}`,
    spec.doc,
    severityText(spec),
    ...(example === undefined ? [] : exampleText(example)),
  ].join("\n\n");
}

function severityText({ severity, refuses, testExit }: DiagnosticSpec): string {
  const what = severity === "error" ? "An error" : "A warning";
  const run = refuses === true ? "; nothing of the configuration is run, as in keepalived" : "";
  const exit =
    testExit === 0
      ? "keepalived says nothing about it."
      : `The exit status of keepalived's \`-t\` and of ours is then usually ${testExit}.`;
  return `${what}${run}. ${exit}`;
}

const exampleText = ({ why, wrong, right, beside, machine }: DiagnosticExample): string[] => [
  ...(machine === true ? [`The examples are those of a machine where ${exampleMachine}.`] : []),
  ...Object.entries(beside ?? {}).map(([path]) => `There is a file \`${path}\`.`),
  "## Wrong",
  shown(wrong),
  "## Why",
  why,
  "## Right",
  shown(right),
];

function shown(files: ExampleFiles): string {
  if (typeof files === "string") return fenced(files);
  return files.map((text, i) => `\`r${i + 1}.conf\`:\n\n${fenced(text)}`).join("\n\n");
}

const fenced = (text: string): string =>
  text === ""
    ? "(nothing)"
    : `\`\`\`\n${text
        .replaceAll("\0", "\u2400")
        .replace(/^(.{90}).+$/gm, "$1 ...")
        .trimEnd()}\n\`\`\``;
