// The reference pages say what the tables say. UNDERSTUDY_REWRITE=1 writes them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
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
import { manualPage } from "./manual.ts";
import { referencePages } from "./reference-pages.ts";

const docs = `${sourceFolder}../../docs/`;
const isRewriting = process.env["UNDERSTUDY_REWRITE"] === "1";

for (const [file, page] of [
  ...Object.entries(referencePages()).map(([path, text]) => [`reference/${path}`, text] as const),
  ["man/understudy.conf.5", manualPage()],
] as const) {
  test(`docs/${file} is up to date`, () => {
    if (isRewriting) {
      mkdirSync(dirname(docs + file), { recursive: true });
      writeFileSync(docs + file, page);
    }
    assert.equal(readFileSync(docs + file, "utf8"), page);
  });
}

test("there is no page of a block or a diagnostic that is gone", () => {
  for (const folder of ["keywords", "diagnostics"]) {
    const files = readdirSync(`${docs}reference/${folder}`, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`);
    const gone = files.filter((name) => !(name in referencePages()));
    if (isRewriting) for (const name of gone) rmSync(`${docs}reference/${name}`);
    else assert.deepEqual(gone, []);
  }
});

test("the manual page is roff that man has nothing to say about", (context) => {
  const file = `${docs}man/understudy.conf.5`;
  const environment = { ...process.env, LC_ALL: "C.UTF-8", MANROFFSEQ: "", MANWIDTH: "80" };
  const man = spawnSync("man", ["--warnings", "-E", "UTF-8", "-l", file], {
    encoding: "utf8",
    env: environment,
  });
  if (man.error !== undefined) {
    context.skip("there is no man here (package man-db)");
    return;
  }
  assert.equal(man.stderr, "");
  assert.equal(man.status, 0);
  assert.match(man.stdout, /virtual_router_id 1 to 255/);
});

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
