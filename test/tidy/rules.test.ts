// Every conformance rule in scope is cited by a test's name (`F15: a losing advert ...`) or by the
// header of a scenario file, every citation names a rule that exists, and every reason to drop a
// packet occurs in a test.

import assert from "node:assert/strict";
import { test } from "node:test";
import { refusals } from "../../src/core/vrrp/vocabulary.ts";
import { rulesInScope, rulesOutOfScope } from "./rules-in-scope.ts";
import { sourceFiles } from "./source-tree.ts";

const tests = sourceFiles("test", [".ts"]).filter((file) => !file.path.startsWith("test/tidy/"));
const scenarios = sourceFiles("test/conformance", [".txt", ".scenario"]);

const id = "[A-J][0-9]{2}";
/** In tests: a string that begins with ids and goes on with a colon, or is nothing but ids. */
const inString = new RegExp(`["'\`]((?:${id}[ ,/]*)+)(?::|["'\`])`, "g");
/** In scenario files: a comment line that begins so. */
const inHeader = new RegExp(`^#+ *((?:${id}[ ,/]*)+)(?::|$)`, "gm");

const cited = new Set([
  ...tests.flatMap((file) => citations(file.text, inString)),
  ...scenarios.flatMap((file) => citations(file.text, inHeader)),
]);

function citations(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match[1]?.match(new RegExp(id, "g")) ?? []);
}

test("every conformance rule in scope is cited by a test", () => {
  assert.equal(rulesInScope.filter((rule) => !cited.has(rule)).join(" "), "");
});

test("no citation of groups A to F and I names a rule that does not exist", () => {
  const known = new Set([...rulesInScope, ...Object.keys(rulesOutOfScope)]);
  assert.deepEqual(
    [...cited].filter((rule) => /^[A-FI]/.test(rule) && !known.has(rule)),
    [],
  );
});

test("every reason to drop a packet occurs in a test", () => {
  const unproven = Object.keys(refusals).filter((kind) => {
    const quoted = new RegExp(`["'\`](dropped )?${kind}["'\` ]`);
    const bare = new RegExp(`\\b${kind}\\b`);
    const inTests = tests.some((file) => quoted.test(file.text));
    return !inTests && !scenarios.some((file) => bare.test(file.text));
  });
  assert.equal(unproven.join(" "), "");
});
