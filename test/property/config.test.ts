// Whatever the text, reading a configuration ends with a verdict: it never throws, every place it
// names lies in the file, what cannot run has an error that says so, and time grows with the text.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { err, ok } from "../../src/core/base/result.ts";
import type { LoadedConfig } from "../../src/core/config/load.ts";
import { configTestExit, loadConfig } from "../../src/core/config/load.ts";
import { editDistance, nearestWord } from "../../src/core/config/nearest.ts";
import { DiagnosticRenderer } from "../../src/core/config/render-diagnostic.ts";
import { globalKeywords } from "../../src/core/config/schema/global-defs.ts";
import { rootKeywords } from "../../src/core/config/schema/root.ts";
import { vrrpInstanceKeywords } from "../../src/core/config/schema/vrrp-instance.ts";

/** One file that every include finds, too. */
function load(text: string): LoadedConfig {
  const files = {
    read: (path: string) =>
      path === "main" || path.endsWith("self")
        ? ok(text)
        : err({ kind: "missing", reason: "" } as const),
    glob: () => ["self"],
  };
  return loadConfig("main", files, { configId: "id", interfaces: ["eth0"] });
}

function checkVerdict(text: string): void {
  const loaded = load(text);
  const renderer = new DiagnosticRenderer(loaded.sources, false);
  for (const diagnostic of loaded.diagnostics) {
    const { span } = diagnostic;
    assert.ok(loaded.sources.has(span.file), span.file);
    assert.ok(
      span.start >= 0 && span.start <= span.end && span.end <= text.length,
      JSON.stringify(span),
    );
    assert.equal(typeof renderer.render(diagnostic), "string");
  }
  const errors = loaded.diagnostics.some(({ severity }) => severity === "error");
  assert.ok(loaded.model !== undefined || errors, "a refusal says why");
  assert.ok([0, 2, 5, 6].includes(configTestExit(loaded)));
}

test("any text at all", () => {
  fc.assert(fc.property(fc.string({ maxLength: 300, unit: "binary" }), checkVerdict), {
    numRuns: 500,
  });
});

const keywords = [rootKeywords, globalKeywords, vrrpInstanceKeywords].flatMap(Object.keys);
const pieces = fc.oneof(
  fc.constantFrom(...keywords, "auth_type", "auth_pass", "profile"),
  fc.constantFrom(
    "{",
    "}",
    "{ ",
    " }",
    "\n",
    "\n",
    "\n",
    " ",
    "\t",
    "\r\n",
    '"',
    "'",
    "#",
    "!",
    "\\",
    "\u00a0",
  ),
  fc.constantFrom(
    "#understudy ",
    "include self",
    "include *",
    "includea {a,b}",
    "@id ",
    "@^id ",
    "$A=",
    "${A}",
    "$A",
    "~SEQ(A,3) ",
    "~LST(A,b) ",
    "\\\n",
  ),
  fc.constantFrom(
    "192.0.2.1/24",
    "2001:db8::1",
    "eth0",
    "dev",
    "brd",
    "+",
    "scope",
    "weight",
    "300",
    "-1",
    "1.5",
    "MASTER",
    "PASS",
    "on",
  ),
  fc.string({ maxLength: 6 }),
);

test("any heap of the language's own pieces", () => {
  const text = fc
    .array(pieces, { maxLength: 80 })
    .map((parts) => parts.join(parts.length % 2 === 0 ? " " : ""));
  fc.assert(fc.property(text, checkVerdict), { numRuns: 1500 });
});

test("a valid file with one character changed", () => {
  const valid =
    'global_defs {\n router_id r\n}\nvrrp_instance A {\n interface eth0\n virtual_router_id 1\n authentication {\n auth_type PASS\n auth_pass "x"\n }\n virtual_ipaddress {\n 192.0.2.1/24 brd + dev eth0\n }\n}\n';
  assert.deepEqual(load(valid).diagnostics, []);
  const change = fc.tuple(
    fc.nat(valid.length - 1),
    fc.constantFrom("", "{", "}", "\n", '"', "#", "x", "$", "~", "@", "\0"),
  );
  fc.assert(
    fc.property(change, ([at, by]) => checkVerdict(valid.slice(0, at) + by + valid.slice(at + 1))),
    { numRuns: 1000 },
  );
});

test("time grows with the text, not with its square", () => {
  const shapes = [
    "{",
    "}",
    "a {\n",
    '"',
    "vrrp_instance A {\n",
    "${A} ",
    "x ",
    "#\n",
    "virtual_ipaddress {\n1\n}\n",
  ];
  for (const shape of shapes) {
    const time = (count: number): number => {
      const text = shape.repeat(count);
      const started = performance.now();
      load(text);
      return performance.now() - started;
    };
    time(500);
    const small = Math.max(5, Math.min(time(2_500), time(2_500)));
    const large = Math.min(time(20_000), time(20_000));
    assert.ok(
      large < small * 40,
      `${JSON.stringify(shape)}: ${small} ms, then ${large} ms for 8 times as much`,
    );
  }
});

test("the distance of words is that of the definition", () => {
  const word = fc.string({ maxLength: 5, unit: fc.constantFrom("a", "b", "c") });
  fc.assert(
    fc.property(word, word, (a, b) => assert.equal(editDistance(a, b), slowDistance(a, b))),
    { numRuns: 300 },
  );
});

/** The recursive definition (optimal string alignment). */
function slowDistance(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  let best = Math.min(slowDistance(restA, b) + 1, slowDistance(a, restB) + 1);
  best = Math.min(best, slowDistance(restA, restB) + (a[0] === b[0] ? 0 : 1));
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0])
    best = Math.min(best, slowDistance(a.slice(2), b.slice(2)) + 1);
  return best;
}

test("one slip in a keyword is understood", () => {
  const slip = fc
    .constantFrom(...keywords.filter((keyword) => keyword.length > 5))
    .chain((keyword) =>
      fc
        .nat(keyword.length - 2)
        .map((at) => [keyword, keyword.slice(0, at) + keyword.slice(at + 1)] as const),
    );
  fc.assert(
    fc.property(slip, ([keyword, slipped]) => {
      const found = nearestWord(slipped, keywords) ?? "";
      // Where another keyword is as near, or the slip makes one, that one is right as well.
      assert.ok(
        editDistance(found, slipped) <= editDistance(keyword, slipped),
        `${slipped}: ${found}`,
      );
    }),
    { numRuns: 500 },
  );
});
