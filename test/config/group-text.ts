// Several marked files as one group: `<|...|>` marks what a diagnostic points at, `<:...:>` the
// related place in another file. `checkMarked([r1, r2], ["group/version"])` says which there must be.

import assert from "node:assert/strict";
import type { LoadedConfig } from "../../src/core/config/load.ts";
import { loadConfig } from "../../src/core/config/load.ts";
import type { Span } from "../../src/core/config/source.ts";
import { checkGroup, type GroupReview } from "../../src/core/review/check-group.ts";
import { textFiles } from "./config-text.ts";

/** `r1.conf`, `r2.conf` and so on, loaded. */
export function loadGroup(
  texts: readonly string[],
): readonly { readonly path: string; readonly loaded: LoadedConfig }[] {
  const named = Object.fromEntries(texts.map((text, i) => [`r${i + 1}.conf`, text]));
  const files = textFiles(named);
  return Object.keys(named).map((path) => ({ path, loaded: loadConfig(path, files, {}) }));
}

/** One instance of a router; `more` replaces or adds keywords. */
export const routerText = (priority: number, more = ""): string => `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority ${priority}
  virtual_ipaddress {
    192.0.2.10/24
    192.0.2.11/24
  }
  ${more}
}
`;

/** Reviews marked files and compares codes and all places, in any order of the places. */
export function checkMarked(marked: readonly string[], expected: readonly string[]): GroupReview {
  const texts = marked.map((text) => text.replaceAll(/<\||\|>|<:|:>/g, ""));
  const review = checkGroup(loadGroup(texts));
  assert.deepEqual(
    review.diagnostics.map(({ code }) => code),
    expected,
    review.diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n"),
  );
  const main = review.diagnostics.map(({ span }) => span);
  const related = review.diagnostics.flatMap((each) =>
    (each.related ?? []).map(({ span }) => span),
  );
  const places = (spans: readonly Span[]) =>
    [...new Set(spans.map(({ file, start, end }) => `${file} ${start}-${end}`))].sort();
  assert.deepEqual(places(main), placesMarked(marked, "<|", "|>"), "the places themselves");
  assert.deepEqual(places(related), placesMarked(marked, "<:", ":>"), "the related places");
  return review;
}

function placesMarked(marked: readonly string[], open: string, close: string): readonly string[] {
  const places: string[] = [];
  for (const [i, text] of marked.entries()) {
    let at = 0;
    const openings: number[] = [];
    for (const part of text.split(/(<\||\|>|<:|:>)/)) {
      if (part === open) openings.push(at);
      else if (part === close) places.push(`r${i + 1}.conf ${openings.pop()}-${at}`);
      else if (!/^(<\||\|>|<:|:>)$/.test(part)) at += part.length;
    }
  }
  return places.sort();
}
