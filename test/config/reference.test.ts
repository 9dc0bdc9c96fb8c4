// The reference pages say what the tables say. UNDERSTUDY_REWRITE=1 writes them.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { globalKeywords } from "../../src/core/config/schema/global-defs.ts";
import { rootKeywords } from "../../src/core/config/schema/root.ts";
import type { KeywordTable } from "../../src/core/config/schema/spec.ts";
import {
  authenticationKeywords,
  authHmacKeywords,
  vrrpInstanceKeywords,
} from "../../src/core/config/schema/vrrp-instance.ts";
import { sourceFolder } from "./config-text.ts";
import { diagnosticsPage, keywordsPage } from "./reference-pages.ts";

const folder = `${sourceFolder}../../docs/reference/`;

for (const [file, page] of [
  ["keywords.md", keywordsPage()],
  ["diagnostics.md", diagnosticsPage()],
] as const) {
  test(`docs/reference/${file} is up to date`, () => {
    if (process.env["UNDERSTUDY_REWRITE"] === "1") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(folder + file, page);
    }
    assert.equal(readFileSync(folder + file, "utf8"), page);
  });
}

test("the tables hold every keyword of keepalived's blocks", () => {
  // Counted in keepalived 2.4; a keyword that disappears from a table must be missed here.
  assert.equal(Object.keys(globalKeywords).length, 140);
  assert.equal(Object.keys(vrrpInstanceKeywords).length, 70);
  assert.equal(Object.keys(authenticationKeywords).length, 2);
  assert.equal(Object.keys(authHmacKeywords).length, 5);
});

test("every row has a sentence, a default that its own value allows, and successors that exist", () => {
  const tables: readonly KeywordTable[] = [rootKeywords, globalKeywords, vrrpInstanceKeywords];
  for (const table of tables) {
    for (const [keyword, spec] of Object.entries(table)) {
      assert.match(spec.doc, /^[A-Z`0-9µ].*\.$/, keyword);
      const plain = /^[0-9.]+$/.test(spec.default ?? "") ? Number(spec.default) : undefined;
      const { value } = spec;
      if (plain !== undefined && (value.type === "integer" || value.type === "seconds"))
        assert.ok(plain <= value.max, keyword);
      const successor = spec.deprecatedBy;
      if (successor !== undefined && /^[a-z_]+$/.test(successor))
        assert.ok(successor in table || successor in rootKeywords, `${keyword}: ${successor}`);
    }
  }
});
