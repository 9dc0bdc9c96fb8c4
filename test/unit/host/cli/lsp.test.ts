// A conversation of an editor with `understudy lsp`, over stdio and with files on disk: one answer of
// each kind, and what happens to work that has become stale. What the answers hold is tested in
// test/unit/core/language.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type {
  CodeAction,
  CompletionItem,
  DocumentSymbol,
  Hover,
  Location,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { LspClient } from "./lsp-client.ts";

const text = `vrrp_script chk {
}
vrrp_instance A {
  interface eth0
  virtual_router_id 51
  pririty 100
  virtual_ipaddress {
    192.0.2.10
  }
  track_script {
    chk
  }
}
`;

const at = (line: number, character: number) => ({ line, character });
const span = (line: number, from: number, to: number) => ({
  start: at(line, from),
  end: at(line, to),
});

describe("a conversation", () => {
  const folder = mkdtempSync(join(tmpdir(), "understudy-lsp-"));
  const uri = pathToFileURL(join(folder, "keepalived.conf")).href;
  const client = new LspClient();
  const asked = (position: object, more: object = {}) => ({
    textDocument: { uri },
    position,
    ...more,
  });

  before(async () => {
    mkdirSync(join(folder, "conf.d"));
    writeFileSync(join(folder, "keepalived.conf"), "# not what the editor has\n");
    writeFileSync(join(folder, "conf.d", "b.conf"), "vrrp_instance B {\npriority $P\n}\n");
    const { capabilities, serverInfo } = await client.start();
    assert.equal(serverInfo?.name, "understudy");
    assert.equal(capabilities.hoverProvider, true);
    await client.open(uri, text);
  });

  after(async () => {
    assert.equal(await client.stop(), 0);
    rmSync(folder, { recursive: true });
  });

  test("diagnostics come after opening, with place, code and fix", async () => {
    const found = await client.diagnostics(uri);
    const unknown = found.find(({ code }) => code === "config/unknown-keyword");
    assert.deepEqual(unknown?.range, span(5, 2, 9));
    assert.equal(unknown?.source, "understudy");
    assert.match(String(unknown?.message), /unknown keyword `pririty`.*\n.*fix: priority/s);
  });

  test("completion offers the keywords of the block, with snippets", async () => {
    const items = await client.ask<CompletionItem[]>("textDocument/completion", asked(at(5, 5)));
    const addresses = items.find(({ label }) => label === "virtual_ipaddress_excluded");
    assert.equal(addresses?.insertTextFormat, 1, "the line goes on, so the word alone");
    assert.deepEqual(addresses?.textEdit, {
      range: span(5, 2, 9),
      newText: "virtual_ipaddress_excluded",
    });
    assert.ok(!items.some(({ label }) => label === "global_defs"));
  });

  test("hover shows the row of the keyword", async () => {
    const hover = await client.ask<Hover>("textDocument/hover", asked(at(4, 6)));
    assert.match(JSON.stringify(hover.contents), /virtual_router_id.*1 to 255/);
    assert.deepEqual(hover.range, span(4, 2, 19));
  });

  test("definition, references and rename of a script", async () => {
    const place = asked(at(10, 5));
    const definition = await client.ask<Location[]>("textDocument/definition", place);
    assert.deepEqual(definition, [{ uri, range: span(0, 12, 15) }]);
    const references = await client.ask<Location[]>(
      "textDocument/references",
      asked(at(0, 12), { context: { includeDeclaration: true } }),
    );
    assert.deepEqual(
      references.map(({ range }) => range),
      [span(0, 12, 15), span(10, 4, 7)],
    );
    const prepared = await client.ask("textDocument/prepareRename", place);
    assert.deepEqual(prepared, { range: span(10, 4, 7), placeholder: "chk" });
    const renamed = await client.ask<WorkspaceEdit>(
      "textDocument/rename",
      asked(at(10, 5), { newName: "check_http" }),
    );
    assert.equal(renamed.changes?.[uri]?.length, 2);
    await assert.rejects(
      client.ask("textDocument/rename", asked(at(10, 5), { newName: "two words" })),
      /one word/,
    );
  });

  test("a code action corrects the keyword", async () => {
    const actions = await client.ask<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range: span(5, 4, 4),
      context: { diagnostics: [], only: ["quickfix"] },
    });
    assert.deepEqual(
      actions.map(({ title }) => title),
      ["Change `pririty` to `priority`"],
    );
    assert.deepEqual(actions[0]?.edit?.changes?.[uri], [
      { range: span(5, 2, 9), newText: "priority" },
    ]);
  });

  test("the outline nests blocks", async () => {
    const symbols = await client.ask<DocumentSymbol[]>("textDocument/documentSymbol", {
      textDocument: { uri },
    });
    assert.deepEqual(
      symbols.map(({ name, children = [] }) => [name, ...children.map((each) => each.name)]),
      [["chk"], ["A", "virtual_ipaddress", "track_script"]],
    );
  });

  test("formatting replaces the document, and says why when it does not", async () => {
    const options = { tabSize: 4, insertSpaces: true };
    const format = () =>
      client.ask<TextEdit[]>("textDocument/formatting", { textDocument: { uri }, options });
    const [edit] = await format();
    assert.match(edit?.newText ?? "", /^ {4}virtual_router_id 51$/m);
    await client.change(uri, { text: "vrrp_instance A {\n" });
    await assert.rejects(format(), /\S/);
  });

  test("an edit in parts is the text that the editor has", async () => {
    await client.change(uri, { text });
    const version = await client.change(
      uri,
      { range: span(5, 2, 9), text: "priority" },
      { range: span(5, 11, 14), text: "300" },
    );
    const found = await client.diagnostics(uri, version);
    const range = found.find(({ code }) => code === "config/value-range");
    assert.deepEqual(range?.range, span(5, 11, 14));
    assert.ok(!found.some(({ code }) => code === "config/unknown-keyword"));
  });

  test("of versions in quick succession, only the last is diagnosed", async () => {
    let version = 0;
    for (let i = 0; i < 20; i++) version = await client.change(uri, { text: `nonsense${i} 1\n` });
    const [only] = await client.diagnostics(uri, version);
    assert.match(String(only?.message), /nonsense19/);
    assert.deepEqual(client.publishedVersions(uri), []);
  });

  test("a question about a text that changed meanwhile is answered with that", async () => {
    const { error, result } = await client.together(
      "stale",
      { id: "stale", method: "textDocument/hover", params: asked(at(0, 3)) },
      {
        method: "textDocument/didChange",
        params: { textDocument: { uri, version: 1000 }, contentChanges: [{ text }] },
      },
    );
    assert.equal(result, undefined);
    assert.match(error?.message ?? "", /text has changed/);
  });

  test("a question that is taken back is not worked on", async () => {
    const { error } = await client.together(
      "taken-back",
      { id: "taken-back", method: "textDocument/hover", params: asked(at(0, 3)) },
      { method: "$/cancelRequest", params: { id: "taken-back" } },
    );
    assert.equal(error?.code, -32800, "RequestCancelled");
  });

  test("an included file is read as part of the file that includes it, wherever they differ", async () => {
    const included = pathToFileURL(join(folder, "conf.d", "b.conf")).href;
    await client.change(uri, { text: "$P=300\ninclude conf.d/*.conf\n" });
    await client.open(included, "vrrp_instance B {\npriority $P\n}\n");
    const found = await client.diagnostics(included);
    const range = found.find(({ code }) => code === "config/value-range");
    assert.deepEqual(range?.range, span(1, 9, 11));
    const place = { textDocument: { uri: included }, position: at(1, 10) };
    const definition = await client.ask<Location[]>("textDocument/definition", place);
    assert.deepEqual(definition, [{ uri, range: span(0, 1, 2) }]);
    await client.connection.sendNotification("textDocument/didClose", {
      textDocument: { uri: included },
    });
    assert.deepEqual(await client.diagnostics(included), []);
  });

  test("a document without a file, and one that is not open", async () => {
    const untitled = "untitled:Untitled-1";
    await client.open(untitled, "nonsense\n");
    assert.equal((await client.diagnostics(untitled)).length, 1);
    const hover = await client.ask("textDocument/hover", {
      textDocument: { uri: "file:///nowhere.conf" },
      position: at(0, 0),
    });
    assert.equal(hover, null);
  });
});

test("an editor without snippets and nested outlines gets plain ones", async () => {
  const client = new LspClient();
  await client.start({});
  const uri = "untitled:plain";
  await client.open(uri, "vrrp_instance A {\nvirtual_ipaddress {\n}\n\n}\n");
  const items = await client.ask<CompletionItem[]>("textDocument/completion", {
    textDocument: { uri },
    position: at(3, 0),
  });
  const item = items.find(({ label }) => label === "track_script");
  assert.deepEqual(item?.textEdit, { range: span(3, 0, 0), newText: "track_script" });
  const symbols = await client.ask<SymbolInformation[]>("textDocument/documentSymbol", {
    textDocument: { uri },
  });
  assert.deepEqual(
    symbols.map(({ name }) => name),
    ["A", "virtual_ipaddress"],
  );
  assert.equal(await client.stop(), 0);
});

test("a server whose editor has gone ends", async () => {
  const client = new LspClient();
  await client.start();
  client.connection.end();
  assert.equal(typeof (await client.exited), "number");
});
