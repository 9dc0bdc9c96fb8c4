// The layout that `formatText` gives, by examples, and over the corpus beside the checkout (skipped
// without it): the models and all that is said of them stay the same, comments stay, and a second
// formatting changes nothing.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { ok } from "../../src/core/base/result.ts";
import { formatText } from "../../src/core/config/format.ts";
import { commentsOf } from "../../src/core/config/format-lines.ts";
import { loadConfig } from "../../src/core/config/load.ts";
import type { ConfigFiles } from "../../src/core/ports/config-files.ts";
import { configFiles } from "../../src/host/daemon/config-files.ts";
import { sourceFolder } from "./config-text.ts";

function formatted(text: string): string {
  const result = formatText(text);
  assert.ok(result.ok, result.ok ? "" : result.error.reason);
  assert.deepEqual(formatText(result.value), result, "a second time changes nothing");
  return result.value;
}

const layouts: readonly (readonly [name: string, text: string, expected: string])[] = [
  [
    "levels, blanks between words, braces and blank lines",
    '\n\nvrrp_instance  A\n{\n\n  interface\teth0   # the LAN\n\n\n virtual_ipaddress { 192.0.2.1\n192.0.2.2 }\n\n}\nglobal_defs{router_id "a  b"}\n\n',
    'vrrp_instance A {\n    interface eth0 # the LAN\n\n    virtual_ipaddress {\n        192.0.2.1\n        192.0.2.2\n    }\n}\nglobal_defs {\n    router_id "a  b"\n}\n',
  ],
  [
    "comments stay with what they stand beside or above",
    "# first\n\n  ! second\nvrrp_instance A # third\n{ # fourth\n# fifth\n   } # sixth\n",
    "# first\n\n! second\nvrrp_instance A # third\n{ # fourth\n    # fifth\n} # sixth\n",
  ],
  [
    "a brace is joined past blank lines, and takes the comment along",
    "vrrp_instance A\n\n{ # one\n}\nvrrp_instance B # two\n{\n}\n",
    "vrrp_instance A { # one\n}\nvrrp_instance B { # two\n}\n",
  ],
  [
    "definitions of several lines stay as they are",
    "   $A=  x \\\n   y  \\\n\n  # more\n z\nglobal_defs {\nrouter_id   $A\n}\n",
    "$A=  x \\\n   y  \\\n\n  # more\n z\nglobal_defs {\n    router_id   $A\n}\n",
  ],
  [
    "lines for some machines open one block between them",
    "@r1 vrrp_instance A {\n@^r1 vrrp_instance B {\n @r1   priority 1\npriority 2\n}\n",
    "@r1 vrrp_instance A {\n@^r1 vrrp_instance B {\n    @r1   priority 1\n    priority 2\n}\n",
  ],
  [
    "repetitions and includes stay on one line, and in one piece",
    "virtual_ipaddress {\n~SEQ(i,  1, 3)  192.0.2.$i { }\n include   {a,b}.conf   # both\n}\nx { include y }\n",
    "virtual_ipaddress {\n    ~SEQ(i,  1, 3)  192.0.2.$i { }\n    include   {a,b}.conf   # both\n}\nx { include y }\n",
  ],
  [
    "our own comments stay lines of their own",
    "vrrp_instance A {\n#understudy   profile rfc9568\n}\n",
    "vrrp_instance A {\n    #understudy   profile rfc9568\n}\n",
  ],
  [
    "single quotes and backslashes may hold blanks that a script wants",
    "vrrp_script a {\n script  'a   b'\n  interval   5\n}\n",
    "vrrp_script a {\n    script  'a   b'\n    interval 5\n}\n",
  ],
  [
    "a brace never becomes the pattern of an include",
    "a {\ninclude\n{\n}\ninclude{ }\n}\n",
    "a {\n    include\n    {\n    }\n    include{ }\n}\n",
  ],
  ["CRLF stays CRLF", "a {\r\nb\r\n}\r\n", "a {\r\n    b\r\n}\r\n"],
  ["nothing stays nothing", "\n\n", ""],
];

for (const [name, text, expected] of layouts) {
  test(`formatting: ${name}`, () => assert.equal(formatted(text), expected));
}

test("a text whose braces do not add up is left as it is, and the line is named", () => {
  assert.deepEqual(formatText("a {\nb {\n}\n"), {
    ok: false,
    error: { line: 1, reason: "the block is never closed" },
  });
  assert.deepEqual(formatText("a {\n}\n}\n"), {
    ok: false,
    error: { line: 3, reason: "this `}` closes nothing" },
  });
});

test("a line never becomes so long that keepalived would ignore it", () => {
  const long = `notification_email_from ${"x".repeat(1000)}`;
  const text = `global_defs {\n${long}\n}\n`;
  assert.equal(formatted(text), text);
});

const corpus = `${sourceFolder}../../../shared/corpus`;
const skip = existsSync(corpus) ? false : "there is no ../shared/corpus";

/** The same files, each one formatted where it can be. */
const formattedFiles: ConfigFiles = {
  ...configFiles,
  read(path) {
    const read = configFiles.read(path);
    if (!read.ok) return read;
    const result = formatText(read.value);
    return result.ok ? ok(result.value) : read;
  },
};

const wholeOf = (path: string, files: ConfigFiles, configId: string): unknown => {
  const { model, diagnostics } = loadConfig(path, files, { configId });
  return [model, diagnostics.map(({ code, message }) => [code, message])];
};

test("over the corpus, formatting changes no model and no message", { skip }, (t) => {
  const files = readdirSync(corpus, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".conf"),
  );
  assert.ok(files.length >= 340);
  const left: string[] = [];
  for (const file of files) {
    const path = `${corpus}/${file}`;
    const read = configFiles.read(path);
    if (!read.ok) continue;
    const result = formatText(read.value);
    if (!result.ok) left.push(`${file}:${result.error.line}: ${result.error.reason}`);
    else {
      assert.deepEqual(formatText(result.value), result, file);
      assert.deepEqual(commentsOf(result.value), commentsOf(read.value), file);
    }
    const ids = new Set([...read.value.matchAll(/^\s*@\^?(\S+)/gm)].map((match) => match[1] ?? ""));
    for (const id of ["nobody", ...ids])
      assert.deepEqual(wholeOf(path, formattedFiles, id), wholeOf(path, configFiles, id), file);
  }
  t.diagnostic(`${left.length} of ${files.length} files have braces that do not add up`);
  assert.deepEqual(
    left.filter((each) => !/closes nothing|never closed/.test(each)),
    [],
  );
  assert.ok(left.length <= 10, left.join("\n"));
});

test("the corpus is formatted without the words of any line being lost", { skip }, () => {
  for (const name of ["010.conf", "199.conf"]) {
    const text = readFileSync(`${corpus}/${name}`, "utf8");
    const bare = (each: string) => each.replace(/[ \t\r\n\v\f]+/g, "");
    assert.equal(bare(formatted(text)), bare(text));
  }
});
