// Real configurations that other people wrote, with keepalived's own verdict on each (a folder beside
// the checkout; without it these tests are skipped). Every file gets a verdict; where only VRRP is
// configured, `-t` ends as keepalived's does but for the files named here.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { classicLines } from "../../src/core/config/classic.ts";
import type { LoadedConfig } from "../../src/core/config/load.ts";
import { configTestExit, loadConfig } from "../../src/core/config/load.ts";
import { DiagnosticRenderer } from "../../src/core/config/render-diagnostic.ts";
import { configFiles } from "../../src/host/daemon/config-files.ts";
import { sourceFolder } from "./config-text.ts";

const corpus = `${sourceFolder}../../../shared/corpus`;
const skip = existsSync(`${corpus}/REFERENCE.jsonl`) ? false : "there is no ../shared/corpus";

type Verdict = {
  readonly file: string;
  readonly exit: number;
  readonly messages: readonly string[];
};

/** What only a later issue reads. Files with any of it are not compared. */
const laterWords =
  /^\s*(virtual_server|vrrp_script|vrrp_sync_group|vrrp_track_process|track_file|track_script|bfd_instance|static_|garp_group|SSL|interface_up|linkbeat_int|track_group|vrrp_track_file|net_namespace|virtual_r(outes|ules)|smtp_server|script_user|notify|include|use_vmac|enable_script)/m;

/** Files where ours differs from keepalived 2.2.7, and why. */
const exceptions: Readonly<Record<string, string>> = {
  "171.conf": "auth_hmac is newer than 2.2.7",
  "172.conf": "auth_hmac is newer than 2.2.7",
};

/** Of 340 files; the others hold mistakes in blocks that are only skipped so far, or scripts. */
const verdictsSameMin = 245;

/** Of 44 different messages; a change that loses one is looked at, one that wins one raises this. */
const messagesSameMin = 33;

function everyFile(): readonly (Verdict & {
  readonly loaded: LoadedConfig;
  readonly text: string;
})[] {
  const interfaces = readFileSync(`${corpus}/interfaces.txt`, "utf8")
    .split("\n")
    .map((name) => name.trim());
  const lines = readFileSync(`${corpus}/REFERENCE.jsonl`, "utf8").trim().split("\n");
  const before = process.cwd();
  // As in the reference: relative names, seen from the corpus.
  process.chdir(corpus);
  try {
    return lines.map((line) => {
      const verdict: Verdict = JSON.parse(line);
      const options = { configId: "kcorpus", interfaces: [...interfaces, "lo"] };
      const loaded = loadConfig(verdict.file, configFiles, options);
      return { ...verdict, loaded, text: readFileSync(verdict.file, "utf8") };
    });
  } finally {
    process.chdir(before);
  }
}

const files = skip === false ? everyFile() : [];
const vrrpOnly = files.filter(({ text }) => !laterWords.test(text));

test("every file of the corpus gets a verdict that can be shown", { skip }, () => {
  assert.ok(files.length >= 340);
  for (const { loaded, file } of files) {
    const renderer = new DiagnosticRenderer(loaded.sources, false);
    for (const diagnostic of loaded.diagnostics) assert.ok(renderer.render(diagnostic) !== "");
    const errors = loaded.diagnostics.some(({ severity }) => severity === "error");
    assert.ok(loaded.model !== undefined || errors, file);
  }
});

test("what keepalived finds no fault with gives a model, and no complaint of -t", { skip }, () => {
  const faultless = files.filter(
    ({ exit, messages }) =>
      exit === 0 && messages.every((each) => /Config files missing/.test(each)),
  );
  assert.ok(faultless.length > 85);
  const wrong = faultless.filter(
    ({ loaded }) => loaded.model === undefined || configTestExit(loaded) !== 0,
  );
  assert.deepEqual(
    wrong.map(({ file }) => file),
    [],
  );
});

test("-t ends as keepalived's on configurations of VRRP alone", { skip }, (t) => {
  const compared = vrrpOnly.filter(({ file }) => exceptions[file] === undefined);
  const different = compared.filter(({ loaded, exit }) => configTestExit(loaded) !== exit);
  t.diagnostic(`${compared.length - different.length} of ${vrrpOnly.length} files agree`);
  assert.deepEqual(
    different.map(({ file, exit, loaded }) => `${file}: ${exit}, ours ${configTestExit(loaded)}`),
    [],
  );
});

test("over all files, most verdicts agree already", { skip }, (t) => {
  const same = files.filter(({ loaded, exit }) => configTestExit(loaded) === exit).length;
  t.diagnostic(
    `${same} of ${files.length} files agree; blocks that are skipped have no verdict yet`,
  );
  assert.ok(same >= verdictsSameMin, `${same}`);
});

test("keepalived's own messages on them are ours, too", { skip }, (t) => {
  const compared = vrrpOnly.filter(({ file }) => exceptions[file] === undefined);
  const missing: string[] = [];
  let same = 0;
  for (const { loaded, messages } of compared) {
    const ours = new Set(classicLines(loaded).map(bareMessage));
    for (const message of new Set(messages.map(bareMessage))) {
      if (ours.has(message)) same++;
      else missing.push(message);
    }
  }
  t.diagnostic(`${same} of ${same + missing.length} messages are the same`);
  // What is left: consequences of one mistake, which we do not repeat.
  assert.ok(same >= messagesSameMin, missing.join("\n"));
});

/** Without the place: which of its passes reads a line decides how keepalived names the file. */
const bareMessage = (line: string): string => line.replace(/^\(([^()]*: )?Line [0-9]+\) /, "");
