// docs/reference and the editor's colours say what the tables of the product say: they are written
// again in memory and compared. A new event, refusal, counter or keyword without its documentation
// fails here. UNDERSTUDY_REWRITE=1 writes them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./source-tree.ts";

const written = [
  ["the pages of docs/reference", "reference.mjs"],
  ["the colours of keepalived.conf in editors/vscode", "vscode-grammar.mjs"],
] as const;

for (const [what, name] of written) {
  test(`${what} are current`, () => {
    const script = join(root, "scripts", name);
    if (process.env["UNDERSTUDY_REWRITE"] === "1") spawnSync(process.execPath, [script]);
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--check"], {
      encoding: "utf8",
    });
    assert.equal(`${stdout}${stderr}`, "");
    assert.equal(status, 0);
  });
}
