// Whatever the text, formatting it either says why it cannot or gives one that reads the same: the
// same model and diagnostics on every machine that the text tells apart, and the same comments; and
// formatting twice is formatting once.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { err, ok } from "../../src/core/base/result.ts";
import { formatText } from "../../src/core/config/format.ts";
import { commentsOf } from "../../src/core/config/format-lines.ts";
import { loadConfig } from "../../src/core/config/load.ts";

/** All that a machine with this id makes of the text. */
function meaning(text: string, configId: string): unknown {
  const files = {
    read: (path: string) =>
      path === "main" ? ok(text) : err({ kind: "missing", reason: "" } as const),
    glob: () => [],
  };
  const { model, diagnostics } = loadConfig("main", files, { configId });
  return [model, diagnostics.map(({ code, message }) => [code, message])];
}

function checkFormat(text: string): boolean {
  const result = formatText(text);
  if (!result.ok) return false;
  assert.deepEqual(formatText(result.value), result, "a second time changes nothing");
  assert.deepEqual(commentsOf(result.value), commentsOf(text));
  for (const id of ["id", "other", "nobody"])
    assert.deepEqual(meaning(result.value, id), meaning(text, id), result.value);
  return true;
}

test("any text at all", () => {
  const text = fc.string({ maxLength: 200, unit: "binary" });
  fc.assert(
    fc.property(text, (each) => void checkFormat(each)),
    { numRuns: 500 },
  );
});

const word = fc.oneof(
  fc.constantFrom(
    ...[
      "vrrp_instance",
      "A",
      "virtual_ipaddress",
      "192.0.2.1/24",
      "dev",
      "eth0",
      "priority",
      "100",
    ],
    ...["notify", "script", "'a  b'", '"a  b"', 'x"y z"', "\\", "\\#", "\\!", "\u00a0", "\ufeff"],
    ...[
      "$A",
      `\${A}`,
      "$B",
      "include",
      "x.conf",
      "~SEQ(i,1,2)",
      "~LST({A,i},{1,2})",
      "@id",
      "@^id",
    ],
    ...["#understudy profile rfc9568", "# remark", "! remark", '"', "'", "$A=x", "$A=x \\", "}\\"],
  ),
  fc.string({ maxLength: 4 }),
);
const glue = fc.constantFrom(" ", "  ", "\t", "\n", "\n", "\r\n", "\n\n\n", "");
const heap = fc
  .array(fc.tuple(fc.oneof(word, fc.constantFrom("{", "}")), glue), { maxLength: 40 })
  .map((parts) => parts.flat().join(""));

test("any heap of the language's own pieces", () => {
  fc.assert(
    fc.property(heap, (each) => void checkFormat(each)),
    { numRuns: 1500 },
  );
});

/** Blocks in blocks whose braces add up, in every bad layout. */
const { tree } = fc.letrec<{ tree: string; node: string }>((tie) => ({
  tree: fc.array(tie("node"), { maxLength: 5 }).map((nodes) => nodes.join("")),
  node: fc.oneof(
    { maxDepth: 4 },
    fc
      .tuple(glue, fc.array(word, { maxLength: 4 }), fc.constantFrom("\n", "\n\n", "\r\n"))
      .map(([before, words, end]) => before + words.join(" ") + end),
    fc
      .tuple(fc.array(word, { maxLength: 2 }), glue, glue, tie("tree"), glue)
      .map(([words, a, b, inner, c]) => `${words.join(" ")}${a}{${b}${inner}}${c}`),
  ),
}));

test("most texts whose braces add up are formatted", () => {
  let formatted = 0;
  const numRuns = 1500;
  fc.assert(
    fc.property(tree, (each) => {
      if (checkFormat(each)) formatted++;
    }),
    { numRuns },
  );
  assert.ok(formatted > numRuns / 3, `${formatted} of ${numRuns}`);
});
