// Configurations as texts of a test: marked places, and a table of files instead of a disk.
// `checkConfig("priority <|300|>", ["config/value-range"])` says which diagnostics there must be, in
// order, and where. A code may name its fix: `config/unknown-keyword → priority`.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { err, ok } from "../../src/core/base/result.ts";
import type { LoadedConfig, LoadOptions } from "../../src/core/config/load.ts";
import { loadConfig } from "../../src/core/config/load.ts";
import type { NodeModel } from "../../src/core/config/model.ts";
import type { ConfigFiles } from "../../src/core/ports/config-files.ts";

/** Files by path; patterns match names with `*` in one folder. */
export function textFiles(texts: Readonly<Record<string, string>>): ConfigFiles {
  return {
    read(path) {
      const text = texts[path];
      return text === undefined ? err({ kind: "missing", reason: "no such file" }) : ok(text);
    },
    glob(pattern) {
      const parts = pattern.split("*").map((part) => part.replace(/[.+^${}()|[\]\\]/g, "\\$&"));
      const matcher = new RegExp(`^${parts.join("[^/]*")}$`);
      return Object.keys(texts)
        .filter((path) => matcher.test(path))
        .sort();
    },
  };
}

/** This folder in the checkout; the compiled file runs from dist/test/config. */
export const sourceFolder = fileURLToPath(new URL("../../../test/config/", import.meta.url));

export const mainPath = "/etc/keepalived/keepalived.conf";

/** Loads one text as the main file, beside other files. */
export const loadText = (
  text: string,
  options: LoadOptions = {},
  others: Readonly<Record<string, string>> = {},
): LoadedConfig => loadConfig(mainPath, textFiles({ ...others, [mainPath]: text }), options);

/** The model of a text that has no errors. */
export function modelOf(text: string, options: LoadOptions = {}): NodeModel {
  const { model, diagnostics } = loadText(text, options);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors, []);
  assert.ok(model !== undefined);
  return model;
}

/** Loads a marked text and compares what is found, and where, with what is expected. */
export function checkConfig(
  marked: string,
  expected: readonly string[],
  options: LoadOptions = {},
): LoadedConfig {
  const { text, spans } = unmark(marked);
  const loaded = loadText(text, options);
  const found = loaded.diagnostics.map(({ code, fix }, i) =>
    expected[i]?.includes(" → ") === true ? `${code} → ${fix}` : code,
  );
  assert.deepEqual(found, expected);
  const places = loaded.diagnostics.map(({ span }) => text.slice(span.start, span.end));
  assert.deepEqual(
    loaded.diagnostics.map(({ span }) => [span.start, span.end]),
    spans,
    `the places found are: ${places.join(" | ")}`,
  );
  return loaded;
}

/** The text without its marks, and the places between them, sorted. */
export function unmark(marked: string): { text: string; spans: [number, number][] } {
  const spans: [number, number][] = [];
  const openings: number[] = [];
  let text = "";
  for (const part of marked.split(/(<\||\|>)/)) {
    if (part === "<|") openings.push(text.length);
    else if (part === "|>") spans.push([openings.pop() ?? 0, text.length]);
    else text += part;
  }
  return { text, spans: spans.sort((a, b) => a[0] - b[0]) };
}
