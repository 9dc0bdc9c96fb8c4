// What `understudy check` prints for the files of invalid/, and with `understudy explain` for the
// groups of group/, compared with the text beside them. UNDERSTUDY_REWRITE=1 writes the texts anew;
// read the difference before keeping it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { classicLines } from "../../src/core/config/classic.ts";
import { loadConfig } from "../../src/core/config/load.ts";
import { DiagnosticRenderer } from "../../src/core/config/render-diagnostic.ts";
import { createEngine } from "../../src/core/engine/engine.ts";
import { checkGroup } from "../../src/core/review/check-group.ts";
import { explain } from "../../src/core/review/explain.ts";
import { explanationText } from "../../src/core/review/explain-text.ts";
import { proofOf } from "../../src/core/sim/proof.ts";
import { loadText, mainPath, sourceFolder, textFiles } from "./config-text.ts";

const folder = `${sourceFolder}invalid/`;
const rewrite = process.env["UNDERSTUDY_REWRITE"] === "1";

for (const name of readdirSync(folder).filter((each) => each.endsWith(".conf"))) {
  test(`${name} is shown as in the text beside it`, () => {
    const files = textFiles({ [name]: readFileSync(folder + name, "utf8") });
    const { diagnostics, sources } = loadConfig(name, files, {});
    const renderer = new DiagnosticRenderer(sources, false);
    const shown = `${diagnostics.map((each) => renderer.render(each)).join("\n\n")}\n`;
    const expected = `${folder}${name.replace(/conf$/, "txt")}`;
    if (rewrite) writeFileSync(expected, shown);
    assert.equal(shown, readFileSync(expected, "utf8"));
  });
}

test("colours mark the severity and change nothing else", () => {
  const { diagnostics, sources } = loadText("vrrp_instance A {\n  priority 300\n}\n");
  for (const diagnostic of diagnostics) {
    const plain = new DiagnosticRenderer(sources, false).render(diagnostic);
    const coloured = new DiagnosticRenderer(sources, true).render(diagnostic);
    assert.notEqual(coloured, plain);
    assert.ok(
      coloured.startsWith(diagnostic.severity === "error" ? "\u001b[1;31m" : "\u001b[1;33m"),
    );
    assert.equal(
      coloured
        .split("\u001b")
        .map((part, i) => (i === 0 ? part : part.replace(/^\[[0-9;]*m/, "")))
        .join(""),
      plain,
    );
  }
});

test("the place is the file, line and column that an editor would jump to", () => {
  const { diagnostics, sources } = loadText("\n\n  nonsense\r\n");
  const shown = diagnostics.map((each) => new DiagnosticRenderer(sources, false).render(each));
  assert.deepEqual(shown, [
    `warning[config/unknown-keyword]: unknown keyword \`nonsense\`
  ┌─ ${mainPath}:3:3
3 │   nonsense
  │   ^^^^^^^^`,
  ]);
});

test("no secret leaves the file, in no form", () => {
  const secret = "sesame";
  const lines = [
    `auth_pass ${secret}`,
    `auth_pass "${secret}`,
    `auth_pass "a ${secret}" x`,
    `auth_pass ab ${secret}`,
    `auth_pass a!${secret}`,
    `auth_pass ${secret}${secret} # twice`,
    `auth_pas ${secret}`,
    `authpass ${secret}`,
  ];
  for (const line of lines) {
    const text = `vrrp_instance A {\nauthentication {\nauth_type PASS\n${line}\n}\n}\n`;
    const loaded = loadText(text);
    const renderer = new DiagnosticRenderer(loaded.sources, false);
    const shown = loaded.diagnostics.map((each) => renderer.render(each) + JSON.stringify(each));
    assert.ok(!`${shown.join("\n")}${classicLines(loaded).join("\n")}`.includes(secret), line);
  }
});

const groups = `${sourceFolder}group/`;

for (const name of readdirSync(groups).filter((each) => each.endsWith("-1.conf"))) {
  const group = name.slice(0, -"-1.conf".length);
  test(`the group ${group} is shown as in the text beside its files`, () => {
    const paths = readdirSync(groups).filter((each) =>
      new RegExp(`^${group}-[0-9]\\.conf$`).test(each),
    );
    const texts = paths.map((path) => [path, readFileSync(groups + path, "utf8")]);
    const files = textFiles(Object.fromEntries(texts));
    const loaded = paths.map((path) => ({ path, loaded: loadConfig(path, files, {}) }));
    const { diagnostics, sources } = checkGroup(loaded);
    const renderer = new DiagnosticRenderer(sources, false);
    const shown = diagnostics.map((each) => `${renderer.render(each)}\n`).join("\n");
    if (rewrite) writeFileSync(`${groups}${group}.txt`, shown);
    assert.equal(shown, readFileSync(`${groups}${group}.txt`, "utf8"));
    const explanation = explain(loaded);
    const proofs = explanation.virtualRouters.map((each) => proofOf(each, () => createEngine()));
    const explained = explanationText(explanation, proofs);
    if (rewrite) writeFileSync(`${groups}${group}.explained.txt`, explained);
    assert.equal(explained, readFileSync(`${groups}${group}.explained.txt`, "utf8"));
  });
}
