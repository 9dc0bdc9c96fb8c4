// Fixes as edits: which of them are safe, that they do what they say, and that texts which a program
// must not touch stay. The text after the safe fixes is written beside the text before.

import assert from "node:assert/strict";
import { test } from "node:test";
import { applySafeFixes, spellingFix } from "../../src/core/config/fix.ts";
import { unifiedDiff } from "../../src/core/config/unified-diff.ts";
import { loadText, mainPath } from "./config-text.ts";

/** The main file after its safe fixes. */
function fixed(text: string): string {
  const { diagnostics, sources } = loadText(text);
  return applySafeFixes(diagnostics, sources).get(mainPath) ?? text;
}

const instance = (lines: string): string =>
  `vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1\n}\n${lines}\n}\n`;

const made: readonly (readonly [name: string, before: string, after: string])[] = [
  ["one slip in a keyword", instance("pririty 150"), instance("priority 150")],
  ["two slips at once", instance("pririty 150\nnopremt"), instance("priority 150\nnopremt")],
  ["an invisible character", "\ufeffglobal_defs {\n}\n", "global_defs {\n}\n"],
  ["a word in the wrong case", instance("state master"), instance("state MASTER")],
  ["the value that is used anyway", instance("advert_int 1.4"), instance("advert_int 1")],
  [
    "an option of an address",
    "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1 scoep link\n}\n}\n",
    "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1 scope link\n}\n}\n",
  ],
  [
    "each of several places",
    instance("pririty 150\nstate BACKPU"),
    instance("priority 150\nstate BACKUP"),
  ],
];

for (const [name, before, after] of made) {
  test(`a safe fix: ${name}`, () => assert.equal(fixed(before), after));
}

const left: readonly (readonly [name: string, text: string])[] = [
  ["a value outside its range", instance("priority 300")],
  ["a keyword that would override another", instance("priority 100\npririty 150")],
  ["text that a definition made", `$P=pririty\n${instance(`\${P} 150`)}`],
  ["a name that nobody defines", `$VIP1=x\n${instance(`router_id \${VIP2}`)}`],
];

for (const [name, text] of left) {
  test(`no safe fix: ${name}`, () => {
    const { diagnostics, sources } = loadText(text);
    const lines = text.split("\n");
    const after = applySafeFixes(diagnostics, sources).get(mainPath) ?? text;
    assert.equal(after.split("\n").at(-3), lines.at(-3));
  });
}

test("every edit replaces what stands there, or is not offered to a program", () => {
  const { diagnostics } = loadText(instance('priority 300\nstate "BACKPU"\nadvert_int 0'));
  const edits = diagnostics.flatMap(({ edit }) => (edit === undefined ? [] : [edit]));
  assert.deepEqual(
    edits.map(({ replaces, text, safe }) => [replaces, text, safe]),
    [
      ["300", "254", false],
      ["BACKPU", "BACKUP", true],
      ["0", "0.01", false],
    ],
  );
  const quoted = instance('state "BACKPU"');
  assert.equal(fixed(quoted), quoted, "the quotes are not part of the word");
});

test("a word that is as near to several is not corrected without a look", () => {
  const word = { text: "weigt", span: { file: "", start: 0, end: 5 } };
  assert.equal(spellingFix(word, ["weight"]).edit?.safe, true);
  assert.equal(spellingFix(word, ["weight", "weigh"]).edit?.safe, false);
  assert.equal(spellingFix({ ...word, text: "of" }, ["off"]).edit?.safe, false);
  assert.deepEqual(spellingFix(word, ["priority"]), {});
});

test("a repeated line is corrected once", () => {
  const text = instance("~SEQ(i,1,3) pririty 10$i");
  assert.equal(fixed(text), instance("~SEQ(i,1,3) priority 10$i"));
});

test("a unified diff shows three lines around, and joins what is near", () => {
  const lines = Array.from({ length: 20 }, (_, i) => `${i + 1}`);
  const before = `${lines.join("\n")}\n`;
  const after = before
    .replace("\n5\n", "\nfive\n")
    .replace("\n9\n", "\nnine\n")
    .replace("\n20\n", "\n20");
  assert.equal(
    unifiedDiff("f", before, after),
    [
      ...["--- f", "+++ f", "@@ -2,11 +2,11 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"],
      ...[
        "-9",
        "+nine",
        " 10",
        " 11",
        " 12",
        "@@ -17,4 +17,4 @@",
        " 17",
        " 18",
        " 19",
        "-20",
        "+20",
      ],
      ...["\\ No newline at end of file", ""],
    ].join("\n"),
  );
  assert.equal(unifiedDiff("f", before, before), "");
  assert.equal(
    unifiedDiff("f", "a\nb\nc\n", "a\nx\ny\nc\n"),
    "--- f\n+++ f\n@@ -1,3 +1,4 @@\n a\n-b\n+x\n+y\n c\n",
  );
});
