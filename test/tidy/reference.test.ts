// docs/reference says what the tables of the product say: the pages are written again in memory and
// compared. A new event, refusal or counter without its documentation fails here.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./source-tree.ts";

test("the pages of docs/reference are current", () => {
  const script = join(root, "scripts", "reference.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--check"], {
    encoding: "utf8",
  });
  assert.equal(`${stdout}${stderr}`, "");
  assert.equal(status, 0);
});
