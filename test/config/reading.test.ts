// From files to lines and words: comments, quotes, braces, line ends, includes, definitions,
// conditions and repetitions, as keepalived reads them (keepalived.md section 1.1).

import assert from "node:assert/strict";
import { test } from "node:test";
import { DiagnosticSink } from "../../src/core/config/diagnostics.ts";
import { LineCursor } from "../../src/core/config/lexer.ts";
import { readLines } from "../../src/core/config/reader.ts";
import { loadText, mainPath, modelOf, textFiles } from "./config-text.ts";

/** The words of every line; braces are words, too. */
function wordsOf(
  text: string,
  others: Readonly<Record<string, string>> = {},
  id = "one",
): string[][] {
  const sink = new DiagnosticSink();
  const { lines } = readLines(mainPath, textFiles({ ...others, [mainPath]: text }), id, sink);
  return lines.map((line) => {
    const cursor = new LineCursor(line, sink);
    const words: string[] = [];
    for (let token = cursor.next(); token !== undefined; token = cursor.next())
      words.push(token.text);
    return words;
  });
}

test("comments begin at # and ! anywhere outside double quotes", () => {
  assert.deepEqual(wordsOf(`a b#c d\n! e\nf "g # h" i!j\nk 'l # m'\nn \\# \\!o\n`), [
    ["a", "b"],
    ["f", "g # h", "i"],
    ["k", "'l"],
    ["n", "#", "!o"],
  ]);
});

test("a quoted word ends at the next quote and does not join its neighbours", () => {
  assert.deepEqual(wordsOf('a"b c"d "" "{ }"'), [["a", "b c", "d", "", "{ }"]]);
});

test("braces split a line wherever they stand", () => {
  assert.deepEqual(wordsOf("a{b}c { d\n}e"), [
    ["a", "{", "b", "}", "c", "{", "d"],
    ["}", "e"],
  ]);
});

test("CRLF is a line end, CR alone is a blank, form feed and tab are blanks", () => {
  assert.deepEqual(wordsOf("a b\r\nc\rd\te\ff\vg"), [
    ["a", "b"],
    ["c", "d", "e", "f", "g"],
  ]);
});

test("includes are relative to the including file, sorted, and may nest", () => {
  const others = {
    "/etc/keepalived/conf.d/2.conf": "two",
    "/etc/keepalived/conf.d/1.conf": "one\ninclude sub/x.conf",
    "/etc/keepalived/conf.d/sub/x.conf": "x",
    "/srv/b.conf": "b",
    "/srv/c.conf": "c",
  };
  assert.deepEqual(wordsOf("include conf.d/*.conf\ninclude /srv/{c,b}.conf\nend", others), [
    ["one"],
    ["x"],
    ["two"],
    ["c"],
    ["b"],
    ["end"],
  ]);
});

test("mistakes in an included file are reported there", () => {
  const { diagnostics, sources } = loadText(
    "include x.conf\n",
    {},
    { "/etc/keepalived/x.conf": "\nbogus 1\n" },
  );
  const [found] = diagnostics;
  assert.equal(found?.span.file, "/etc/keepalived/x.conf");
  assert.equal(
    sources.get("/etc/keepalived/x.conf")?.slice(found?.span.start, found?.span.end),
    "bogus",
  );
});

test("definitions are put in where they are used, the last one counts", () => {
  assert.deepEqual(wordsOf('$A=1\n$B=${A}x\nw ${B} $A,$A) $AB a$A\n$A=2\nw "${A} $A" $A.'), [
    ["w", "1x", "1,1)", "$AB", "a1"],
    ["w", "2 $A", "$A."],
  ]);
});

test("definitions of several lines give several lines", () => {
  assert.deepEqual(wordsOf("$BLOCK= \\\n  a { \\\n  b 1 \\\n  }\n$BLOCK\nc"), [
    ["a", "{"],
    ["b", "1"],
    ["}"],
    ["c"],
  ]);
});

test("predefined names", () => {
  assert.deepEqual(wordsOf("a ${_PWD} ${_INSTANCE} x${_HASH}y ${_BANG}"), [
    ["a", "/etc/keepalived", "one", "x#y", "!"],
  ]);
});

test("@id and @^id decide by the config-id, before and after definitions", () => {
  assert.deepEqual(
    wordsOf("@one a\n@two b\n@^one c\n@^two d\n@ones e\n$X=@two f\n$X\n$Y=@one g\n$Y"),
    [["a"], ["d"], ["g"]],
  );
});

test("~SEQ and ~LST repeat a line, in every combination", () => {
  assert.deepEqual(
    wordsOf(
      "~SEQ(A, 0, 2) x${A}\n~SEQx(A, 8, 4, 0x10) y$A\n~SEQ(A,2) ~LST(B,p,q) z${A}${B}\n~LST({A,B},{1,2},{3,4}) w ${A} ${B}",
    ),
    [
      ["x0"],
      ["x1"],
      ["x2"],
      ["y8"],
      ["yc"],
      ["y10"],
      ["z1p"],
      ["z1q"],
      ["z2p"],
      ["z2q"],
      ["w", "1", "2"],
      ["w", "3", "4"],
    ],
  );
});

test("a repetition within a definition repeats all lines of another one", () => {
  const text = "$IN= \\\na $N { \\\nb \\\n}\n$OUT= \\\n~SEQ(N,1,$LAST) $IN \\\nc\n$LAST=2\n$OUT";
  assert.deepEqual(wordsOf(text), [
    ["a", "1", "{"],
    ["b"],
    ["}"],
    ["a", "2", "{"],
    ["b"],
    ["}"],
    ["c"],
  ]);
});

test("a repetition of itself ends", () => {
  const { diagnostics } = loadText("$A=~SEQ(X,2) $A\n$A\n");
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ["config/expansion-too-long"],
  );
});

test("a value from a definition points at its use", () => {
  const text = "$P=300\nvrrp_instance A {\npriority ${P}\n}\n";
  const { diagnostics } = loadText(text);
  const found = diagnostics.find(({ code }) => code === "config/value-range");
  assert.equal(text.slice(found?.span.start, found?.span.end), "${P}");
});

test("script keywords are read as a shell would", () => {
  const { instances } = modelOf(
    `vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1\n}\nnotify '/a b'"/c d" me\n}`,
  );
  assert.deepEqual(instances[0]?.notify.any, { command: "/a b/c d", user: "me" });
});

test("a no-break space is a character of a word, also in a script", () => {
  assert.deepEqual(wordsOf("a\u00a0b c"), [["a\u00a0b", "c"]]);
  const { diagnostics } = loadText("global_defs {\nstartup_script /a\u00a0b\n}\n");
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ["config/not-implemented"],
  );
});

test("braces may stand anywhere around a block and its lines", () => {
  const { instances } = modelOf(
    "vrrp_instance A\n{ virtual_router_id 1\ninterface eth0\nvirtual_ipaddress{192.0.2.1\n192.0.2.2}}",
  );
  assert.deepEqual(
    instances.map(({ name, vrid, addresses }) => [name, vrid, addresses.length]),
    [["A", 1, 2]],
  );
});
