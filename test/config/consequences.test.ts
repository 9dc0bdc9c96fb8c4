// What keepalived 2.2.7 says after a mistake of structure, line by line, against ours. The expected
// lines are its own, those of its several readings taken together.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadText } from "./config-text.ts";

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "an unknown block outside all braces",
    "foo {\n bar 1\n}\nglobal_defs {\n router_id x\n}\n}\nnox\n{",
    [
      "1 Unknown keyword 'foo'",
      "1 Unexpected '{' - ignoring",
      "2 Unknown keyword 'bar'",
      "3 Unknown keyword '}'",
      "7 Extra '}' found",
      "7 Unknown keyword '}'",
      "8 Unknown keyword 'nox'",
      "9 Unexpected '{' - ignoring",
    ],
  ],
  [
    "an unknown block closes the block around it",
    "vrrp_instance A {\n foo {\n  priority 100\n }\n advert_int 1\n virtual_ipaddress {\n  192.0.2.1\n }\n}",
    [
      "2 Unknown keyword 'foo'",
      "2 Unexpected '{' - ignoring",
      "5 Unknown keyword 'advert_int'",
      "6 Unknown keyword 'virtual_ipaddress'",
      "6 Unexpected '{' - ignoring",
      "7 Unknown keyword '192.0.2.1'",
      "8 Unknown keyword '}'",
      "9 Unknown keyword '}'",
    ],
  ],
  [
    "a block without its brace",
    "vrrp_instance A\n interface eth0\n authentication\n  auth_type PASS\n }\n priority 1\n}",
    [
      "2 Missing '{' at beginning of configuration block",
      "2 Unknown keyword 'interface'",
      "3 Unknown keyword 'authentication'",
      "4 Missing '{' at beginning of configuration block",
      "4 Unknown keyword 'auth_type'",
      "5 Extra '}' found",
      "5 Unknown keyword '}'",
      "6 Unknown keyword 'priority'",
      "7 Extra '}' found",
      "7 Unknown keyword '}'",
    ],
  ],
  [
    "braces of a name that nothing defines",
    `global_defs {\n router_id \${NO}\n vrrp_version 3\n}`,
    [
      "2 Unexpected '{' - ignoring",
      "2 Unknown keyword 'NO'",
      "3 Unknown keyword 'vrrp_version'",
      "4 Unknown keyword '}'",
    ],
  ],
  [
    "a value block that is never closed takes what follows",
    "vrrp_instance A {\n interface eth0\n virtual_ipaddress {\n  192.0.2.1\n\nvrrp_instance B {\n interface eth0\n}",
    [
      "6 VRRP parsed invalid IP vrrp_instance. skipping IP...",
      "6 VRRP parsed invalid IP {. skipping IP...",
      "7 VRRP parsed invalid IP interface. skipping IP...",
    ],
  ],
];

for (const [name, text, expected] of cases) {
  test(`keepalived's words after a mistake of structure: ${name}`, () => {
    const { consequences } = loadText(text);
    const found = consequences.map(
      ({ span, classic }) => `${text.slice(0, span.start).split("\n").length} ${classic}`,
    );
    assert.deepEqual([...found].sort(), [...expected].sort());
  });
}

test("people are told of a mistake of structure once", () => {
  const { diagnostics } = loadText(cases[0]?.[1] ?? "");
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    [
      "config/unknown-keyword",
      "config/extra-brace",
      "config/unknown-keyword",
      "config/missing-brace",
    ],
  );
});
