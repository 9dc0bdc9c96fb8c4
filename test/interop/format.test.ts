// `-t` of the real keepalived on files of the corpus before and after formatting, and on what `init`
// writes: the same status and the same lines, but for the line numbers; and nothing to say about new
// files. It runs in a private network namespace with the interfaces that the new files name.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { formatText } from "../../src/core/config/format.ts";
import { generateGroup } from "../../src/core/config/generate.ts";
import { configFiles } from "../../src/host/daemon/config-files.ts";
import { sourceFolder } from "../config/config-text.ts";
import { skipWithoutKeepalived as skip } from "../lab/requirements.ts";

const folder = mkdtempSync(join(tmpdir(), "understudy-format-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const script = `ip link set lo up; ip link add eth0 type veth peer name eth1
ip link set eth0 up; ip link set eth1 up; ip address add 192.0.2.2/24 dev eth0
for f in "$@"; do timeout 10 keepalived --no-syslog --config-test="$f.log" -f "$f" >/dev/null 2>&1
echo $?; done`;

/** Status and lines for each text; every text has the same path, which the lines repeat. */
function verdicts(texts: readonly string[]): readonly string[] {
  const paths = texts.map((text, i) => {
    const path = join(folder, `${String(i).padStart(4, "0")}.conf`);
    writeFileSync(path, text);
    // keepalived adds to a log that is there.
    rmSync(`${path}.log`, { force: true });
    return path;
  });
  const words = [
    "--mount",
    "--net",
    "--uts",
    "--pid",
    "--fork",
    "sh",
    "-c",
    script,
    "sh",
    ...paths,
  ];
  const { stdout } = spawnSync("unshare", words, { encoding: "utf8", timeout: 120_000 });
  const exits = stdout.trim().split("\n");
  assert.equal(exits.length, texts.length, "keepalived judged every file");
  return paths.map((path, i) => {
    const log = existsSync(`${path}.log`) ? readFileSync(`${path}.log`, "utf8") : "";
    const lines = log
      .replaceAll(path, "FILE")
      .replace(/\((?:[^():\n]*: )?Line \d+\) /g, "")
      .replace(/^.*?: (?=\S)/gm, (stamp) => (/\d\d:\d\d:\d\d/.test(stamp) ? "" : stamp))
      .replace(/[ \t]+/g, " ");
    return `${exits[i]}\n${lines}`;
  });
}

const corpus = `${sourceFolder}../../../shared/corpus`;
const skipCorpus = skip || (existsSync(corpus) ? false : "there is no ../shared/corpus");

test("keepalived says the same of a file before and after", { skip: skipCorpus }, (t) => {
  const before: string[] = [];
  const formatted: string[] = [];
  for (const name of readdirSync(corpus).sort()) {
    const read = name.endsWith(".conf") ? configFiles.read(join(corpus, name)) : undefined;
    if (read?.ok !== true) continue;
    const result = formatText(read.value);
    if (!result.ok || result.value === read.value) continue;
    before.push(read.value);
    formatted.push(result.value);
  }
  // Half of them are enough for one run.
  const some = (texts: readonly string[]) => texts.filter((_, i) => i % 2 === 0);
  t.diagnostic(`${some(before).length} of ${before.length} files`);
  assert.ok(before.length > 200);
  assert.deepEqual(verdicts(some(formatted)), verdicts(some(before)));
});

test("keepalived finds nothing wrong with what init writes", { skip }, () => {
  const common = { interface: "eth0", addresses: ["192.0.2.10/24"], interval: 1 };
  const routers = [
    { name: "r1", source: "192.0.2.2" },
    { name: "r2", source: "192.0.2.3" },
  ];
  const texts = [
    { version: 3, unicast: false, nopreempt: false } as const,
    { version: 3, unicast: true, nopreempt: true } as const,
    { version: 2, unicast: true, nopreempt: false, password: "s3cret" } as const,
  ].flatMap((plan) => {
    const group = generateGroup({ ...common, routers, ...plan });
    assert.ok(group.ok);
    return group.value.files.map(({ text }) => text);
  });
  assert.deepEqual(
    verdicts(texts),
    texts.map(() => "0\n"),
  );
});
