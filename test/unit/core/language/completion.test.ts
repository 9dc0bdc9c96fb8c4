// Completion: what is offered at the cursor `<|>`, and where it goes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { globalKeywords } from "../../../../src/core/config/schema/global-defs.ts";
import { rootKeywords } from "../../../../src/core/config/schema/root.ts";
import { vrrpInstanceKeywords } from "../../../../src/core/config/schema/vrrp-instance.ts";
import type { Completion } from "../../../../src/core/language/completion.ts";
import { completionsAt } from "../../../../src/core/language/completion.ts";
import { mainPath } from "../../../config/config-text.ts";
import { marked } from "./marked.ts";

function offers(files: string | Readonly<Record<string, string>>): readonly Completion[] {
  const { analysis, cursor } = marked(files);
  return completionsAt(analysis, cursor);
}

const labels = (files: string | Readonly<Record<string, string>>): readonly string[] =>
  offers(files).map(({ label }) => label);

describe("keywords by block", () => {
  const instance = Object.keys(vrrpInstanceKeywords);
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["an empty file", "<|>", Object.keys(rootKeywords)],
    ["outside all braces", "global_defs {\n}\n<|>\n", Object.keys(rootKeywords)],
    ["after a brace on its line", "global_defs { <|>", Object.keys(globalKeywords)],
    ["in a block", "global_defs {\n  <|>\n}\n", Object.keys(globalKeywords)],
    ["a word that was begun", "vrrp_instance A {\n  pri<|>\n}\n", instance],
    ["in the middle of a word", "vrrp_instance A {\n  pri<|>rity 100\n}\n", instance],
    ["an unclosed block at the end", "vrrp_instance A {\n  state MASTER\n  <|>", instance],
    [
      "an unclosed block before another",
      "vrrp_instance A {\n  <|>\nvrrp_instance B {\n}\n",
      instance,
    ],
    [
      "a block in a block",
      "vrrp_instance A {\nauthentication {\n<|>}}",
      ["auth_type", "auth_pass"],
    ],
    [
      "after an unknown block",
      "nonsense {\n x {\n}\n}\nglobal_defs {\n<|>}",
      Object.keys(globalKeywords),
    ],
    ["within an unknown block", "nonsense {\n<|>}", []],
    ["a comment", "vrrp_instance A {\n  # pri<|>\n}\n", []],
    ["a comment after a keyword", "vrrp_instance A {\n  nopreempt ! <|>\n}\n", []],
    ["a comment of ours", "vrrp_instance A {\n  #understudy <|>\n}\n", ["profile"]],
    ["a new name", "vrrp_instance <|>\n", []],
    ["a line for another machine", "vrrp_instance A {\n@router-2 <|>\n}\n", instance],
    ["a line for all others", "vrrp_instance A {\n@^router-1 <|>\n}\n", instance],
    ["a line for this machine", "vrrp_instance A {\n@router-1 <|>\n}\n", instance],
  ];
  for (const [name, text, expected] of cases) {
    test(name, () => {
      assert.deepEqual(labels(text), expected);
    });
  }

  test("an included file completes for the block that includes it", () => {
    const files = {
      [mainPath]: "vrrp_instance A {\n  include common.conf\n}\n",
      "/etc/keepalived/common.conf": "nopreempt\n<|>",
    };
    assert.deepEqual(labels(files), instance);
  });
});

describe("what is offered of a keyword", () => {
  const offerOf = (text: string, label: string): Completion => {
    const found = offers(text).find((each) => each.label === label);
    assert.ok(found !== undefined);
    return found;
  };

  test("its value, its documentation with the default, and the text to insert", () => {
    const { detail, doc, insert, kind } = offerOf("vrrp_instance A {\n<|>\n}", "priority");
    assert.equal(detail, "1 to 255");
    assert.match(doc ?? "", /Default: 100/);
    assert.equal(insert, "priority ");
    assert.equal(kind, "keyword");
  });

  test("a block comes with its braces", () => {
    const text = "vrrp_instance A {\n<|>\n}";
    assert.equal(offerOf(text, "virtual_ipaddress").insert, "virtual_ipaddress {\n\t$0\n}");
    assert.equal(offerOf("<|>", "vrrp_instance").insert, "vrrp_instance $0 {\n}");
    assert.equal(offerOf("vrrp_ins<|> A {\n}", "vrrp_instance").insert, "vrrp_instance");
  });

  test("the word under the cursor is replaced, all of it", () => {
    assert.deepEqual(offerOf("vrrp_instance A {\n  pri<|>rity 100\n}", "priority").replace, {
      start: 20,
      end: 27,
    });
  });

  test("a keyword that is there already says so, one that may be repeated does not", () => {
    const text = "vrrp_instance A {\nstate BACKUP\n<|>\n}";
    assert.equal(offerOf(text, "state").repeated, true);
    assert.equal(offerOf(text, "priority").repeated, undefined);
    assert.equal(offerOf("vrrp_instance A {\n}\n<|>", "vrrp_instance").repeated, undefined);
  });

  test("a former name is marked as such", () => {
    assert.equal(offerOf("global_defs {\n<|>\n}", "vrrp_rlimit_rtime").deprecated, true);
  });
});

describe("values", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["a choice", "vrrp_instance A {\nstate <|>\n}", ["MASTER", "BACKUP"]],
    ["a choice that was begun", "vrrp_instance A {\nstate MA<|>\n}", ["MASTER", "BACKUP"]],
    ["on or off", "vrrp_instance A {\nstrict_mode <|>\n}", ["on", "off"]],
    ["a number with a default", "vrrp_instance A {\nadvert_int <|>\n}", ["1"]],
    ["a flag takes none", "vrrp_instance A {\nnopreempt <|>\n}", []],
    ["one word is enough", "vrrp_instance A {\nstate MASTER <|>\n}", []],
    [
      "interfaces that the file names",
      "vrrp_instance A {\ninterface eth0\n}\nvrrp_instance B {\ninterface <|>\n}",
      ["eth0"],
    ],
    [
      "scripts to be tracked",
      "vrrp_script chk_http {\n}\nvrrp_script chk_dns {\n}\nvrrp_instance A {\ntrack_script {\n<|>\n}\n}",
      ["chk_http", "chk_dns"],
    ],
    [
      "words after a tracked script",
      "vrrp_instance A {\ntrack_script {\nchk_http <|>\n}\n}",
      ["weight", "reverse"],
    ],
    ["an address is new", "vrrp_instance A {\nvirtual_ipaddress {\n<|>\n}\n}", []],
    [
      "an interface in an address line",
      "vrrp_instance A {\ninterface eth1\nvirtual_ipaddress {\n192.0.2.1 dev <|>\n}\n}",
      ["eth1"],
    ],
  ];
  for (const [name, text, expected] of cases) {
    test(name, () => {
      assert.deepEqual(labels(text), expected);
    });
  }

  test("words of an address line", () => {
    const found = labels("vrrp_instance A {\nvirtual_ipaddress {\n192.0.2.1/24 <|>\n}\n}");
    assert.ok(found.includes("brd") && found.includes("label"), found.join(" "));
  });
});

describe("definitions and files", () => {
  const definitions = "$VIP=192.0.2.1\n$ROUTER=A\n";

  test("names after a dollar sign", () => {
    const found = labels(`${definitions}vrrp_instance $<|>\n`);
    assert.deepEqual(found.slice(0, 3), ["VIP", "ROUTER", "_PWD"]);
  });

  test("a name in braces gets its closing one", () => {
    const open = offers(`${definitions}vrrp_instance \${V<|>\n`).find(
      ({ label }) => label === "VIP",
    );
    assert.equal(open?.insert, "VIP}");
    const closed = offers(`${definitions}vrrp_instance \${V<|>}\n`);
    assert.equal(closed.find(({ label }) => label === "VIP")?.insert, "VIP");
  });

  test("files beside the including one", () => {
    const files = {
      [mainPath]: "include conf.d/<|>",
      "/etc/keepalived/conf.d/a.conf": "",
      "/etc/keepalived/conf.d/b.conf": "",
    };
    assert.deepEqual(labels(files), ["conf.d/a.conf", "conf.d/b.conf"]);
  });
});
