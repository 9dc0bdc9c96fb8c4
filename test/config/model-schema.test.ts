// docs/reference/model.schema.json is what model.ts declares, and what the reader makes of files is
// valid by it: of the pages' examples and, where it is there, of the corpus.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { diagnosticExamples } from "../../src/core/config/pages/diagnostic-page.ts";
import { instance } from "./cases.ts";
import { loadText, modelOf, sourceFolder } from "./config-text.ts";
import { mismatches, schemaOf } from "./model-schema.ts";

const schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "What a keepalived.conf means, with every default filled in",
  ...schemaOf(resolve(sourceFolder, "../../src/core/config/model.ts"), "NodeModel"),
};
const corpus = resolve(`${sourceFolder}../../../shared/corpus`);

test("docs/reference/model.schema.json is up to date", () => {
  const file = `${sourceFolder}../../docs/reference/model.schema.json`;
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env["UNDERSTUDY_REWRITE"] === "1") writeFileSync(file, text);
  assert.equal(readFileSync(file, "utf8"), text);
});

test("the models of all examples are valid", () => {
  for (const { wrong, right } of Object.values(diagnosticExamples)) {
    for (const text of [wrong, right].flat()) {
      const { model } = loadText(text);
      if (model !== undefined) assert.deepEqual(mismatches(model, schema, schema), [], text);
    }
  }
});

const skip = existsSync(corpus) ? false : "there is no ../shared/corpus";
test("the models of the corpus are valid", { skip }, () => {
  const files = readdirSync(corpus).filter((name) => name.endsWith(".conf"));
  assert.ok(files.length >= 300);
  for (const name of files) {
    const { model } = loadText(readFileSync(`${corpus}/${name}`, "utf8"));
    if (model !== undefined) assert.deepEqual(mismatches(model, schema, schema), [], name);
  }
});

test("what is missing, unknown or of another kind is not valid", () => {
  const model = modelOf(instance());
  const { global: _gone, ...without } = model;
  assert.deepEqual(mismatches(without, schema, schema), ["$.global: missing"]);
  assert.deepEqual(mismatches({ ...model, extra: 1 }, schema, schema), ["$.extra: unknown"]);
  const instances = model.instances.map((each) => ({ ...each, version: 4, vrid: "51" }));
  assert.deepEqual(mismatches({ ...model, instances }, schema, schema), [
    "$.instances[0].version: not one of 2,3",
    "$.instances[0].vrid: no number",
  ]);
});
