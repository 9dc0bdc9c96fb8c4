// Definition, references and rename: from the cursor `<|>` to the places marked `<|...|>`, in order.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { definitionsAt, referencesAt } from "../../../../src/core/language/navigation.ts";
import { renameAt, renamedAt } from "../../../../src/core/language/rename.ts";
import { mainPath } from "../../../config/config-text.ts";
import { marked, placesOfSpans } from "./marked.ts";

type Files = string | Readonly<Record<string, string>>;

function leadsTo(files: Files): void {
  const { analysis, cursor, places } = marked(files);
  assert.deepEqual(placesOfSpans(definitionsAt(analysis, cursor)), places);
}

describe("definition", () => {
  test("of a tracked script", () => {
    leadsTo("vrrp_script <|chk|> {\n}\nvrrp_instance A {\ntrack_script {\nc<|>hk weight 2\n}\n}\n");
  });

  test("of a tracked file, also by its former keyword", () => {
    leadsTo("vrrp_track_file <|load|> {\n}\nvrrp_instance A {\ntrack_file { load<|> }\n}\n");
  });

  test("a script does not lead to a file of the same name", () => {
    leadsTo("track_file chk {\n}\nvrrp_instance A {\ntrack_script {\nchk<|>\n}\n}\n");
  });

  test("of $NAME, at each place that defines it", () => {
    leadsTo("$<|VIP|>=192.0.2.1\n$<|VIP|>=192.0.2.2\nvrrp_instance $V<|>IP {\n}\n");
  });

  test("of ${NAME} in a password", () => {
    leadsTo("$<|P|>=x\nvrrp_instance A {\nauthentication {\nauth_pass a${P<|>}b\n}\n}\n");
  });

  test("of a name that a repetition introduces", () => {
    leadsTo("~SEQ(<|ID|>, 1, 3) vrrp_instance VI_${I<|>D} {\n");
    leadsTo("~LST({<|A|>, B}, {1, 2}) vrrp_instance VI_${A<|>} {\n");
  });

  test("of an include: the files, from their start", () => {
    leadsTo({
      [mainPath]: "include conf.d/*.c<|>onf\n",
      "/etc/keepalived/conf.d/a.conf": "<||>vrrp_instance A {\n}\n",
      "/etc/keepalived/conf.d/b.conf": "<||>",
    });
  });

  test("of what another file introduces", () => {
    leadsTo({
      [mainPath]: "include scripts.conf\nvrrp_instance A {\ntrack_script {\n<|>chk\n}\n}\n",
      "/etc/keepalived/scripts.conf": "vrrp_script <|chk|> {\n}\n",
    });
  });

  test("of a script that is run: its file", () => {
    const { analysis, cursor } = marked(
      'vrrp_instance A {\nnotify_master "/etc/keepalived/<|>up.sh now" root\n}\n',
    );
    assert.deepEqual(definitionsAt(analysis, cursor), [
      { file: "/etc/keepalived/up.sh", start: 0, end: 0 },
    ]);
  });

  test("of a number: nothing", () => {
    leadsTo("vrrp_instance A {\npriority 1<|>00\n}\n");
  });
});

describe("references", () => {
  const text =
    "vrrp_script <|ch<|>k|> {\n}\nvrrp_instance A {\ntrack_script {\n<|chk|>\n}\n}\nvrrp_instance B {\ntrack_script {\n<|chk|> weight -5\n}\n}\n";

  test("with the introduction, and without it", () => {
    const { analysis, cursor, places } = marked(text);
    const all = referencesAt(analysis, cursor, { introductions: true });
    assert.deepEqual(placesOfSpans(all), places);
    const uses = referencesAt(analysis, cursor, { introductions: false });
    assert.deepEqual(placesOfSpans(uses), places.slice(1));
  });

  test("of $NAME, but not in comments", () => {
    const { analysis, cursor, places } = marked(
      "$<|N|>=1\n# $N\nvrrp_instance A$<|<|>N|> {\npriority ${<|N|>} # $N\n}\n",
    );
    const all = referencesAt(analysis, cursor, { introductions: true });
    assert.deepEqual(placesOfSpans(all), places);
  });
});

describe("rename", () => {
  const renames = (files: Files, newName: string): void => {
    const { analysis, cursor, places } = marked(files);
    const renamed = renameAt(analysis, cursor, newName);
    assert.ok(renamed.ok);
    assert.deepEqual(placesOfSpans(renamed.value), places);
  };
  const refuses = (text: string, newName: string, reason: RegExp): void => {
    const { analysis, cursor } = marked(text);
    const renamed = renameAt(analysis, cursor, newName);
    assert.ok(!renamed.ok);
    assert.match(renamed.error.reason, reason);
  };
  const script =
    "vrrp_script <|chk|> {\n}\nvrrp_instance A {\ntrack_script {\n<|c<|>hk|> weight 2\n}\n}\n";

  test("all places of a script", () => {
    renames(script, "check");
  });

  test("a name in quotes keeps its quotes", () => {
    renames(
      'vrrp_script "<|chk|>" {\n}\nvrrp_instance A {\ntrack_script {\n<|c<|>hk|>\n}\n}\n',
      "x",
    );
  });

  test("in lines for other machines, too", () => {
    renames(
      "@router-2 vrrp_script <|c<|>hk|> {\n@router-2 }\n@^router-2 vrrp_script <|chk|> {\n@^router-2 }\n",
      "x",
    );
  });

  test("in included files, too", () => {
    renames(
      {
        "/etc/keepalived/a.conf": "priority $<|<|>N|>\n",
        [mainPath]: "$<|N|>=1\ninclude a.conf\n",
      },
      "M",
    );
  });

  test("what is under the cursor is told before", () => {
    const { analysis, cursor } = marked("$VIP=1\nx $V<|>IP\n");
    const target = renamedAt(analysis, cursor);
    assert.deepEqual(target.ok && target.value.name, "VIP");
  });

  test("not to what is no name, or is taken", () => {
    refuses("vrrp_script a<|> {\n}\n", "two words", /one word/);
    refuses("$A<|>=1\n", "a-b", /letters, digits/);
    refuses("vrrp_script a<|> {\n}\nvrrp_script b {\n}\n", "b", /a `b` already/);
  });

  test("not where lines are for more machines than are looked at", () => {
    const ids = Array.from(
      { length: 20 },
      (_, i) => `@router-${i} vrrp_script chk {\n@router-${i} }\n`,
    );
    refuses(`vrrp_script c<|>hk {\n}\n${ids.join("")}`, "x", /more than 16 machines/);
  });

  test("not what nothing introduces, and not what has no name", () => {
    refuses(
      "vrrp_instance A {\ntrack_script {\nchk<|>\n}\n}\n",
      "x",
      /nothing here introduces `chk`/,
    );
    refuses("vrrp_instance A {\nprio<|>rity 100\n}\n", "x", /nothing here has a name/);
  });

  test("not a name that a definition is part of", () => {
    refuses(
      "$N=1\nvrrp_script chk_${N} {\n}\nvrrp_instance A {\ntrack_script {\nchk_1<|>\n}\n}\n",
      "x",
      /put `chk_1` together/,
    );
  });
});
