// The SARIF log: every property that the standard (SARIF 2.1.0, section 3) requires of what we write
// is there and of its kind, and the places and fixes are those of the diagnostics.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sarifLog } from "../../src/core/config/render-sarif.ts";
import { loadText, mainPath } from "./config-text.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The log as a reader of the JSON sees it. */
const logOf = (text: string): Json =>
  JSON.parse(JSON.stringify(sarifLog([loadText(text)], "1.2.3")));

/** What lies at a path of keys and indexes; it has to be there. */
function at(value: Json, ...path: readonly (string | number)[]): Json {
  let found: Json | undefined = value;
  for (const key of path) {
    assert.ok(typeof found === "object" && found !== null, `${path.join(".")}: no ${key}`);
    found = (found as Readonly<Record<string | number, Json>>)[key];
    assert.notEqual(found, undefined, `${path.join(".")}: no ${key}`);
  }
  return found ?? null;
}

const listAt = (value: Json, ...path: readonly (string | number)[]): readonly Json[] => {
  const found = at(value, ...path);
  assert.ok(Array.isArray(found), path.join("."));
  return found;
};

const text =
  "vrrp_instance A {\n  interface eth0\n  virtual_router_id 1\n  pririty 100\n  priority 300\n}\n";

test("a log has all that SARIF 2.1.0 requires", () => {
  const log = logOf(text);
  assert.equal(at(log, "version"), "2.1.0");
  const runs = listAt(log, "runs");
  assert.equal(runs.length, 1);
  const driver = at(log, "runs", 0, "tool", "driver");
  assert.equal(at(driver, "name"), "understudy");
  assert.equal(at(driver, "version"), "1.2.3");
  const rules = listAt(driver, "rules");
  for (const rule of rules) {
    assert.equal(typeof at(rule, "id"), "string");
    assert.notEqual(at(rule, "shortDescription", "text"), "");
  }
  const results = listAt(log, "runs", 0, "results");
  assert.ok(results.length >= 3);
  for (const result of results) {
    assert.notEqual(at(result, "message", "text"), "");
    assert.ok(["error", "warning"].includes(String(at(result, "level"))));
    assert.equal(at(rules[Number(at(result, "ruleIndex"))] ?? null, "id"), at(result, "ruleId"));
    for (const location of listAt(result, "locations")) {
      assert.equal(
        at(location, "physicalLocation", "artifactLocation", "uri"),
        `file://${mainPath}`,
      );
      for (const key of ["startLine", "startColumn", "endLine", "endColumn"])
        assert.ok(Number(at(location, "physicalLocation", "region", key)) >= 1);
    }
  }
});

test("places and fixes are those of the diagnostic", () => {
  const results = listAt(logOf(text), "runs", 0, "results");
  const slip = results.find((each) => at(each, "ruleId") === "config/unknown-keyword") ?? null;
  const region = { startLine: 4, startColumn: 3, endLine: 4, endColumn: 10 };
  assert.deepEqual(at(slip, "locations", 0, "physicalLocation", "region"), region);
  assert.deepEqual(at(slip, "fixes", 0, "artifactChanges", 0), {
    artifactLocation: { uri: `file://${mainPath}` },
    replacements: [{ deletedRegion: region, insertedContent: { text: "priority" } }],
  });
});

test("nothing found is a log without results", () => {
  assert.deepEqual(listAt(logOf(""), "runs", 0, "results"), []);
});
