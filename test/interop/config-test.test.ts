// `-t` of the real keepalived on every small mistake of test/config/cases.ts, and on what is right,
// against ours: the same exit status, and keepalived's lines among ours. It runs in a private network
// namespace that has the interfaces of the cases, so that both see the same machine.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { classicLines } from "../../src/core/config/classic.ts";
import { configTestExit, loadConfig } from "../../src/core/config/load.ts";
import { configFiles } from "../../src/host/daemon/config-files.ts";
import { thisMachine } from "../../src/host/daemon/machine.ts";
import { labObstacle } from "../../src/host/lab/namespaces.ts";
import { keepalivedPath } from "../../src/host/lab/router-process.ts";
import { bare, cases, instance } from "../config/cases.ts";

const obstacle =
  labObstacle() ?? (keepalivedPath() === undefined ? "keepalived is not installed" : undefined);
if (obstacle !== undefined) process.stdout.write(`config-test: not run: ${obstacle}\n`);
const skip = obstacle ?? false;

/** Where keepalived gives no verdict to match, or one about scripts, which come later. */
const exceptions: Readonly<Record<string, string>> = {
  "two definitions of each other": "keepalived 2.2 hangs",
  "a definition of itself": "keepalived 2.2 prints what it overran",
  "nothing of that name": "keepalived 2.2 hangs",
};

const valid: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["an instance", instance("state MASTER\npriority 255\nadvert_int 2")],
  [
    "every word of an address",
    bare("virtual_ipaddress {\n192.0.2.1/24 brd + dev eth1 label eth1:1 scope link\n}"),
  ],
  ["version 3", instance("version 3\nadvert_int 0.01\nnopreempt")],
  [
    "unicast",
    instance("unicast_src_ip 192.0.2.1\nunicast_peer {\n192.0.2.2\n192.0.2.3\n}\nunicast_ttl 5"),
  ],
  ["tracking", instance("track_interface {\neth1 weight -20\n}\ndont_track_primary")],
  [
    "what has defaults",
    `global_defs {\nvrrp_version 3\nvrrp_garp_master_delay 1\nrouter_id x\n}\n${instance()}`,
  ],
  [
    "definitions and conditions",
    `$P=100\n@kcorpus $P=101\n${instance("priority ${P}\n@other state MISTER")}`,
  ],
  ["our comments", instance("#understudy profile rfc9568")],
];

const folder = mkdtempSync(join(tmpdir(), "understudy-config-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const all = [
  ...cases.map(([name, marked]) => ({ name, text: marked.replaceAll(/<\||\|>/g, "") })),
  ...valid.map(([name, text]) => ({ name, text })),
].filter(({ name }) => exceptions[name] === undefined);

const machine = thisMachine();

const paths = all.map(({ text }, i) => {
  const path = join(folder, `${i}.conf`);
  writeFileSync(path, text);
  return path;
});

const script = `hostname kcorpus; ip link set lo up; ip link add eth0 type veth peer name eth1
ip link set eth0 up; ip link set eth1 up
for f in "$@"; do timeout 10 keepalived --no-syslog --config-test="$f.log" -f "$f" >/dev/null 2>&1
echo $?; done`;

const exits =
  skip === false
    ? spawnSync(
        "unshare",
        ["--mount", "--net", "--uts", "--pid", "--fork", "sh", "-c", script, "sh", ...paths],
        { encoding: "utf8", timeout: 120_000 },
      ).stdout.split("\n")
    : [];

for (const [i, { name }] of all.entries()) {
  const path = paths[i] ?? "";
  test(`-t says what keepalived says: ${name}`, { skip }, () => {
    const interfaces = ["lo", "eth0", "eth1"];
    const loaded = loadConfig(path, configFiles, { configId: "kcorpus", interfaces, machine });
    assert.equal(String(configTestExit(loaded)), exits[i], readFileSync(`${path}.log`, "utf8"));
  });
}

test("keepalived's first line about a mistake is one of ours", { skip }, () => {
  const missing = all.flatMap(({ name }, i) => {
    const path = paths[i] ?? "";
    const [theirs] = readFileSync(`${path}.log`, "utf8").split("\n").map(withoutPlace);
    const interfaces = ["lo", "eth0", "eth1"];
    const loaded = loadConfig(path, configFiles, { configId: "kcorpus", interfaces, machine });
    const ours = classicLines(loaded).map(withoutPlace);
    return theirs === undefined || theirs === "" || ours.includes(theirs)
      ? []
      : [`${name}: ${theirs}`];
  });
  assert.deepEqual(missing, [
    // An undefined name leaves braces that keepalived takes for a block.
    "an undefined name: invalid number '$'",
    "an undefined name in a value: invalid number '$'",
  ]);
});

/** Its passes name the place in two ways. */
const withoutPlace = (line: string): string => line.replace(/^\(([^()]*: )?Line [0-9]+\) /, "");
