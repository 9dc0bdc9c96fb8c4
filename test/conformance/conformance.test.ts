// Plays every scenario file of this folder and compares traces. UNDERSTUDY_REWRITE=1 writes the
// traces of today into the files instead; read the difference and keep only what you can explain.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseScenario, playScenario, renderScenario } from "./scenario.ts";

const folder = fileURLToPath(new URL("../../../test/conformance/", import.meta.url));
const rewrite = process.env["UNDERSTUDY_REWRITE"] === "1";

const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".txt"))
  .sort();

for (const file of files) {
  const text = readFileSync(`${folder}${file}`, "utf8");
  const scenario = parseScenario(text);
  test(`${scenario.rules.join(" ")}: ${file}`, () => {
    const played = renderScenario(playScenario(scenario));
    if (rewrite) writeFileSync(`${folder}${file}`, played);
    else assert.equal(played, text);
  });
}

test("there are scenario files to play", () => {
  assert.ok(files.length > 30, `${files.length} files in ${folder}`);
});
