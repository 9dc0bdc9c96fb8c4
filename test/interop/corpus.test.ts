// A sample of the corpus in the very namespaces in which keepalived gave its verdicts: the corpus's own
// reference.sh runs, with a `keepalived` in PATH that is ours. What the pure checker says of the same
// machine as data must be what the real run ends with. UNDERSTUDY_COUNT=340 takes every file.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { labObstacle } from "../../src/host/lab/namespaces.ts";
import { keepalivedPath } from "../../src/host/lab/router-process.ts";
import { sourceFolder } from "../config/config-text.ts";
import { compareCorpus } from "../config/corpus/compare.ts";

const corpus = resolve(`${sourceFolder}../../../shared/corpus`);
const understudyd = fileURLToPath(new URL("../../src/host/cli/understudyd.js", import.meta.url));

const obstacle =
  labObstacle() ??
  (keepalivedPath() === undefined ? "keepalived is not installed" : undefined) ??
  (existsSync(`${corpus}/reference.sh`) ? undefined : "there is no ../shared/corpus") ??
  // Its namespaces have a /tmp and /run of their own.
  (/^\/(tmp|run)\//.test(understudyd) ? "the checkout is hidden in these namespaces" : undefined);
if (obstacle !== undefined) process.stdout.write(`corpus: not run: ${obstacle}\n`);

const count = Number(process.env["UNDERSTUDY_COUNT"] ?? 12);

test("-t in the reference's own namespaces ends as the checker says", {
  skip: obstacle ?? false,
}, (t) => {
  const folder = mkdtempSync(join(tmpdir(), "understudy-corpus-"));
  try {
    const real = runReference(folder, sample());
    const pure = new Map(
      compareCorpus(corpus).map((each) => [`${each.file} ${each.surroundings}`, each.ours]),
    );
    const different = real.flatMap(({ file, exit, exit_scripts }) => {
      const expected = [pure.get(`${file} full`), pure.get(`${file} scripts`)];
      const same = expected[0] === exit && expected[1] === exit_scripts;
      return same ? [] : [`${file}: really ${exit}, ${exit_scripts}; as data ${expected}`];
    });
    t.diagnostic(`${real.length} files, ${different.length} different`);
    assert.ok(real.length >= Math.min(count, 100));
    assert.deepEqual(different, []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Files spread over the corpus, includes left out. */
function sample(): readonly string[] {
  const files = readFileSync(`${corpus}/REFERENCE.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    // The daemon does not look up names of mail servers, which may take long.
    .filter(({ depends_on = [] }) => !depends_on.includes("dns"))
    .map(({ file }): string => file)
    .filter((file) => !file.includes("/"));
  const step = Math.max(1, Math.floor(files.length / count));
  return files.filter((_, i) => i % step === 0).slice(0, count);
}

type RealVerdict = {
  readonly file: string;
  readonly exit: number;
  readonly exit_scripts: number;
};

function runReference(folder: string, files: readonly string[]): readonly RealVerdict[] {
  for (const list of ["interfaces.txt", "scripts.txt", "namespaces.txt"])
    copyFileSync(join(corpus, list), join(folder, list));
  for (const file of files) copyFileSync(join(corpus, file), join(folder, file));
  // In the root that the namespaces see, which is an overlay of this one.
  const shims = mkdtempSync(join("/var/lib", "understudy-corpus-"));
  try {
    mkdirSync(join(shims, "bin"));
    const shim = join(shims, "bin", "keepalived");
    writeFileSync(shim, `#!/bin/sh\nexec ${process.execPath} ${understudyd} "$@"\n`);
    chmodSync(shim, 0o755);
    const done = spawnSync("bash", [`${corpus}/reference.sh`, folder], {
      env: { PATH: `${join(shims, "bin")}:${process.env["PATH"]}` },
      encoding: "utf8",
      timeout: 220_000,
    });
    assert.equal(done.status, 0, done.stderr);
  } finally {
    rmSync(shims, { recursive: true, force: true });
  }
  const lines = readFileSync(join(folder, "REFERENCE.jsonl"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}
