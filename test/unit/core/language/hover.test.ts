// Hover, outline and quick fixes, and the protocol's way to count lines.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hoverAt } from "../../../../src/core/language/hover.ts";
import { LinePositions } from "../../../../src/core/language/line-positions.ts";
import { quickFixesIn, safeFixesIn } from "../../../../src/core/language/quick-fixes.ts";
import type { DocumentSymbol } from "../../../../src/core/language/symbols.ts";
import { symbolsOf } from "../../../../src/core/language/symbols.ts";
import { mainPath } from "../../../config/config-text.ts";
import { marked, placesOfSpans } from "./marked.ts";

function hovers(
  files: string | Readonly<Record<string, string>>,
  ...expected: readonly RegExp[]
): void {
  const { analysis, cursor, places } = marked(files);
  const hover = hoverAt(analysis, cursor);
  assert.ok(hover !== undefined);
  for (const each of expected) assert.match(hover.markdown, each);
  assert.deepEqual(placesOfSpans([hover.span]), places);
}

describe("hover", () => {
  test("a keyword: range, meaning, default, block", () => {
    hovers(
      "vrrp_instance A {\n  <|prio<|>rity|> 100\n}\n",
      /^\*\*priority\*\* 1 to 255$/m,
      /highest wins/,
      /^- Default: 100/m,
      /Belongs in `vrrp_instance`/,
    );
  });

  test("a keyword on a line for another machine", () => {
    hovers("vrrp_instance A {\n@router-2 <|prio<|>rity|> 100\n}\n", /1 to 255/);
  });

  test("a value shows its keyword", () => {
    hovers("vrrp_instance A {\n  state <|MA<|>STER|>\n}\n", /\*\*state\*\* `MASTER` or `BACKUP`/);
  });

  test("a keyword that does nothing yet says so", () => {
    hovers("vrrp_instance A {\n  <|use_vmac<|>|>\n}\n", /not acted on yet/);
  });

  test("a former name names its successor", () => {
    hovers("global_defs {\n<|vrrp_rlimit<|>_rtime|> 1\n}\n", /use vrrp_rlimit_rttime/);
  });

  test("a word of an address line", () => {
    hovers("vrrp_instance A {\nvirtual_ipaddress {\n192.0.2.1 <|b<|>rd|> +\n}\n}", /Broadcast/);
  });

  test("a tracked script shows the block that introduces it, with its settings", () => {
    hovers(
      'vrrp_script chk {\nscript "/bin/true"\ninterval 2\n}\nvrrp_instance A {\ntrack_script {\n<|ch<|>k|>\n}\n}\n',
      /vrrp_script chk \{\n {4}script \/bin\/true\n {4}interval 2\n\}/,
    );
  });

  test("a definition shows its value, with all its lines", () => {
    hovers("$VIP=192.0.2.1\nx $<|V<|>IP|>\n", /\$VIP=192\.0\.2\.1$/m);
    hovers("$TWO=a \\\n  b\nx $<|T<|>WO|>\n", /\$TWO=a \\\n {2}b$/m);
    hovers("x ${<|_P<|>WD|>}\n", /folder of the file/);
    hovers("x ${<|NO<|>NE|>}\n", /Nothing defines/);
  });

  test("an include lists its files", () => {
    hovers(
      { [mainPath]: "include <|conf.d/*<|>.conf|>\n", "/etc/keepalived/conf.d/a.conf": "" },
      /conf\.d\/a\.conf/,
    );
  });

  test("nothing is known of blanks, comments and unknown words", () => {
    for (const text of [
      "vrrp_instance A {\n <|> \n}\n",
      "# sta<|>te\n",
      "vrrp_instance A {\nfo<|>o\n}",
    ]) {
      const { analysis, cursor } = marked(text);
      assert.equal(hoverAt(analysis, cursor), undefined, text);
    }
  });
});

describe("outline", () => {
  const shape = ({ name, detail, children }: DocumentSymbol): unknown => [
    `${detail} ${name}`,
    ...children.map(shape),
  ];

  test("blocks with their names, and definitions", () => {
    const text =
      "$N=1\nglobal_defs {\n}\nvrrp_instance A {\nvirtual_ipaddress {\n192.0.2.1\n}\nstate MASTER\n}\n<|>";
    const { analysis, cursor } = marked(text);
    assert.deepEqual(symbolsOf(analysis, cursor.file).map(shape), [
      ["definition $N"],
      ["global_defs global_defs"],
      ["vrrp_instance A", ["virtual_ipaddress virtual_ipaddress"]],
    ]);
  });

  test("a block reaches to its closing brace, an unclosed one to its last word", () => {
    for (const text of [
      "<|>\n<|vrrp_instance A {\n  state MASTER\n}|>\nglobal_defs",
      "<|>\n<|vrrp_instance A {\n  state MASTER|>\n",
    ]) {
      const { analysis, cursor, places } = marked(text);
      const [first] = symbolsOf(analysis, cursor.file);
      assert.deepEqual(first === undefined ? [] : placesOfSpans([first.span]), places);
    }
  });

  test("an included file shows what is its own", () => {
    const { analysis, cursor } = marked({
      [mainPath]: "vrrp_instance A {\ninclude vips.conf\n}\n",
      "/etc/keepalived/vips.conf": "virtual_ipaddress {\n192.0.2.1\n}\n<|>",
    });
    const symbols = symbolsOf(analysis, cursor.file);
    assert.deepEqual(symbols.map(shape), [["virtual_ipaddress virtual_ipaddress"]]);
  });

  test("what is repeated stands in the file once", () => {
    const { analysis, cursor } = marked(
      "$B=~SEQ(N, 1, 3) vrrp_instance V$N { }\n$B\n~SEQ(N, 1, 3) vrrp_instance W$N { }\n<|>",
    );
    const symbols = symbolsOf(analysis, cursor.file);
    assert.equal(symbols.filter(({ detail }) => detail === "vrrp_instance").length, 2);
  });
});

describe("quick fixes", () => {
  test("a misspelt keyword is changed to the one that was meant", () => {
    const { analysis, cursor, places } = marked("vrrp_instance A {\n<|pri<|>rity|> 100\n}\n");
    const range = { file: cursor.file, start: cursor.offset, end: cursor.offset };
    const fixes = quickFixesIn(analysis, range);
    assert.deepEqual(
      fixes.map(({ title }) => title),
      ["Change `pririty` to `priority`"],
    );
    assert.deepEqual(placesOfSpans(fixes.map(({ edit }) => edit.span)), places);
  });

  test("elsewhere there is none", () => {
    const { analysis, cursor } = marked("vrrp_instance A {\npririty 100\n}\n<|>");
    assert.deepEqual(
      quickFixesIn(analysis, { ...cursor, start: cursor.offset, end: cursor.offset }),
      [],
    );
  });

  test("safe ones can be made at once", () => {
    const { analysis, cursor } = marked("vrrp_instance A {\nprirty 100\nstat MASTER\n}\n<|>");
    const texts = safeFixesIn(analysis, cursor.file).map(({ text }) => text);
    assert.deepEqual(texts, ["state"]);
  });
});

describe("lines and characters", () => {
  const text = "one\r\ntwo\rthree\n\n😀x";
  const positions = new LinePositions(text);

  test("every kind of line end ends a line, and a character beyond the BMP counts twice", () => {
    assert.deepEqual(positions.positionOf(text.indexOf("two")), { line: 1, character: 0 });
    assert.deepEqual(positions.positionOf(text.indexOf("three")), { line: 2, character: 0 });
    assert.deepEqual(positions.positionOf(text.indexOf("x")), { line: 4, character: 2 });
  });

  test("places outside mean the nearest inside", () => {
    assert.equal(positions.offsetOf({ line: 0, character: 99 }), 3);
    assert.equal(positions.offsetOf({ line: 99, character: 0 }), text.length);
    assert.deepEqual(positions.positionOf(999), positions.positionOf(text.length));
  });

  test("every offset comes back", () => {
    for (let at = 0; at <= text.length; at++) {
      // Between the two characters of a line end there is no place.
      if (text.slice(at - 1, at + 1) === "\r\n") continue;
      assert.equal(positions.offsetOf(positions.positionOf(at)), at);
    }
  });
});
