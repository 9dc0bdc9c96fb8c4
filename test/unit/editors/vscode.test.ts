// The VS Code extension without VS Code: it runs against stand-ins of the two modules that it loads,
// and its grammar colours lines as the rules of TextMate say.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { root } from "../../../src/core/config/schema/root.ts";
import type { BlockSpec } from "../../../src/core/config/schema/spec.ts";
import { takesBlock } from "../../../src/core/config/schema/spec.ts";

/** This file runs from dist/test/unit/editors. */
const folder = fileURLToPath(new URL("../../../../editors/vscode/", import.meta.url));
const json = (name: string) => JSON.parse(readFileSync(folder + name, "utf8"));

type Rule = {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
};

const rules: readonly Rule[] = json("syntaxes/keepalived.tmLanguage.json").patterns;

/** The colour of each word of a line that has one, as `word scope`. */
function colours(line: string): readonly string[] {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    const next = earliest(line, at);
    if (next === undefined) return found;
    const { rule, match } = next;
    const short = (name: string) => name.replace(/\.keepalived$/, "");
    if (rule.name !== undefined) found.push(`${match[0]} ${short(rule.name)}`);
    for (const [group, { name }] of Object.entries(rule.captures ?? {}))
      if (match[Number(group)] !== undefined) found.push(`${match[Number(group)]} ${short(name)}`);
    at = Math.max(at + 1, match.index + match[0].length);
  }
}

/** Of all rules, the one that matches first; of several at one place, the first of the list. */
function earliest(line: string, at: number) {
  let best: { readonly rule: Rule; readonly match: RegExpExecArray } | undefined;
  for (const rule of rules) {
    const pattern = new RegExp(rule.match ?? `${rule.begin}[^"]*"?`, "g");
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match !== null && (best === undefined || match.index < best.match.index))
      best = { rule, match };
  }
  return best;
}

describe("colours", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      "vrrp_instance VI_1 { # first",
      [
        "vrrp_instance storage.type",
        "VI_1 entity.name.section",
        "{ punctuation.section",
        "# first comment.line",
      ],
    ],
    ["    state MASTER", ["state keyword.other", "MASTER constant.language"]],
    ["priority 100", ["priority keyword.other", "100 constant.numeric"]],
    ["nopreempt", ["nopreempt keyword.other"]],
    ["nonsense 1", ["1 constant.numeric"]],
    [
      "192.0.2.1/24 brd + dev eth0",
      [
        "192.0.2.1/24 constant.numeric.address",
        "brd support.type.property-name",
        "dev support.type.property-name",
      ],
    ],
    ["2001:db8::1/64", ["2001:db8::1/64 constant.numeric.address"]],
    [
      "$VIP=192.0.2.1",
      [
        "$VIP variable.other.definition",
        "= keyword.operator",
        "192.0.2.1 constant.numeric.address",
      ],
    ],
    [
      "@router-1 priority $PRIO",
      ["@router-1 keyword.control.condition", "priority keyword.other", "$PRIO variable.other"],
    ],
    ["include conf.d/*.conf", ["include keyword.control.include", "conf.d/*.conf string.unquoted"]],
    ['notify "/x # y"', ["notify keyword.other", '"/x # y" string.quoted.double']],
    ["#understudy profile rfc", ["#understudy comment.line", "profile keyword.other"]],
  ];
  for (const [line, expected] of cases) {
    test(line, () => {
      assert.deepEqual(colours(line), expected);
    });
  }

  test("every keyword of every block has the colour of its kind", () => {
    const check = (block: BlockSpec, seen: Set<BlockSpec>): void => {
      if (seen.has(block)) return;
      seen.add(block);
      for (const [keyword, spec] of Object.entries(block.keywords)) {
        const [first = ""] = colours(`  ${keyword} `);
        // A word may be a block here and a setting elsewhere.
        assert.match(
          first,
          takesBlock(spec) ? /storage\.type$/ : /(keyword\.other|storage\.type)$/,
          keyword,
        );
        assert.ok(first.startsWith(`${keyword} `), first);
        if (spec.value.type === "block") check(spec.value.block, seen);
      }
    };
    check(root, new Set());
  });
});

describe("the extension", () => {
  const home = mkdtempSync(join(tmpdir(), "understudy-vscode-"));
  after(() => rmSync(home, { recursive: true }));
  const settings: Record<string, unknown> = {};
  const log: string[] = [];
  let changed: (change: object) => Promise<void> = async () => {};

  /** What the stand-ins below hand everything on to. */
  const stage = {
    setting: (key: string, otherwise: unknown) => settings[key] ?? otherwise,
    onChange: (listener: typeof changed) => {
      changed = listener;
      return { dispose() {} };
    },
    made: (server: object, options: { readonly initializationOptions: object }) =>
      log.push(JSON.stringify({ ...server, ...options.initializationOptions })),
    said: (what: string) => log.push(what),
    fails: false,
  };

  function extension() {
    const modules = join(home, "node_modules");
    mkdirSync(join(modules, "vscode"), { recursive: true });
    mkdirSync(join(modules, "vscode-languageclient"), { recursive: true });
    Object.assign(globalThis, { understudyStage: stage });
    writeFileSync(
      join(modules, "vscode", "index.js"),
      `const stage = globalThis.understudyStage;
       exports.workspace = {
         getConfiguration: () => ({ get: stage.setting }),
         onDidChangeConfiguration: stage.onChange,
       };
       exports.window = { showErrorMessage: async (text) => stage.said(text) };`,
    );
    writeFileSync(
      join(modules, "vscode-languageclient", "node.js"),
      `const stage = globalThis.understudyStage;
       exports.LanguageClient = class {
         running = false;
         constructor(id, name, server, options) { stage.made(server, options); }
         async start() {
           if (stage.fails) throw new Error("spawn understudy ENOENT");
           this.running = true;
           stage.said("start");
         }
         isRunning() { return this.running; }
         async stop() { stage.said("stop"); }
       };`,
    );
    copyFileSync(join(folder, "extension.js"), join(home, "extension.js"));
    return createRequire(join(home, "main.js"))("./extension.js");
  }

  test("starts the server, again with other settings, and ends it", async () => {
    const { activate, deactivate } = extension();
    await activate({ subscriptions: [] });
    settings["command"] = ["node", "bin/understudy"];
    settings["configId"] = "router-2";
    await changed({ affectsConfiguration: (section: string) => section === "understudy" });
    await changed({ affectsConfiguration: () => false });
    await deactivate();
    assert.deepEqual(log.splice(0), [
      '{"command":"understudy","args":["lsp"]}',
      "start",
      "stop",
      '{"command":"node","args":["bin/understudy","lsp"],"configId":"router-2"}',
      "start",
      "stop",
    ]);
    stage.fails = true;
    await activate({ subscriptions: [] });
    await deactivate();
    assert.match(log[1] ?? "", /ENOENT.*understudy\.command/);
    assert.equal(log.length, 2);
  });

  test("its manifest names files that exist and a setting for everything it reads", () => {
    const manifest = json("package.json");
    const { languages, grammars, configuration } = manifest.contributes;
    for (const path of [manifest.main, languages[0].configuration, grammars[0].path])
      assert.ok(readFileSync(join(folder, path), "utf8").length > 0, path);
    const read = readFileSync(join(folder, "extension.js"), "utf8").matchAll(
      /settings\.get\("(\w+)"/g,
    );
    assert.deepEqual(
      [...read].map(([, key]) => `understudy.${key}`).sort(),
      Object.keys(configuration.properties).sort(),
    );
  });
});
