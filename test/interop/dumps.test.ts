// The dump files of the real keepalived and of our daemon, written by the same signals on the same
// host with the same configuration in the same state: equal but for times, file descriptors, the user
// of scripts, the masked password and the adverts sent so far.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { createLab, type Lab } from "../../src/host/lab/lab.ts";
import { labObstacle } from "../../src/host/lab/namespaces.ts";
import { keepalivedPath, ownProgram } from "../../src/host/lab/router-process.ts";

const obstacle =
  labObstacle() ?? (keepalivedPath() === undefined ? "keepalived is not installed" : undefined);
if (obstacle !== undefined) process.stdout.write(`dumps: not run: ${obstacle}\n`);

const config = `global_defs {
    router_id dumps
}
vrrp_instance PASS {
    interface eth0
    virtual_router_id 51
    priority 100
    nopreempt
    garp_master_refresh 60
    authentication {
        auth_type PASS
        auth_pass secret
    }
    track_interface {
        eth1 weight -20
    }
    virtual_ipaddress {
        192.168.254.100/24 brd 192.168.254.255 dev eth0 label eth0:vip
        192.168.254.101
    }
    virtual_ipaddress_excluded {
        192.168.254.102
    }
}
vrrp_instance UNICAST {
    version 3
    interface eth0
    virtual_router_id 52
    priority 254
    advert_int 0.5
    preempt_delay 3
    unicast_src_ip 192.168.254.1
    unicast_peer {
        192.168.254.2
        192.168.254.3
    }
    virtual_ipaddress {
        192.168.254.110/32
    }
}
vrrp_instance DOWN {
    interface eth1
    virtual_router_id 53
    dont_track_primary
    track_interface {
        eth2
    }
    virtual_ipaddress {
        10.1.1.100/24
    }
}
`;

const programs = { keepalived: ["keepalived"], understudy: ownProgram("understudyd") };
type Program = keyof typeof programs;
type Dumps = { readonly data: string; readonly stats: string; readonly json: string };

/** Lets one daemon run until both healthy instances are master, takes its dumps, and ends it. */
async function dumpsOf(lab: Lab, program: Program): Promise<Dumps> {
  const folder = join(lab.folder, program);
  mkdirSync(folder);
  const file = (name: string): string => join(folder, name);
  writeFileSync(file("conf"), config);
  const argv = [...programs[program], "-n", "-l", "-P", "-f", file("conf")];
  const files = ["-p", file("pid"), "-r", file("vrrp.pid")];
  const child = lab.spawn("a", [...argv, ...files], { TMPDIR: folder });
  const log = logOf(child);
  await until(() => /\(PASS\) Entering MASTER/.test(log()) && /\(UNICAST\) Entering M/.test(log()));
  // keepalived's parent asks its child, which takes signals one by one.
  const wanted = { data: "SIGUSR1", stats: "SIGUSR2", json: 36 } as const;
  for (const [name, signal] of Object.entries(wanted)) {
    process.kill(Number(readFileSync(file("pid"), "utf8")), signal);
    await until(() => existsSync(file(`keepalived.${name}`)));
    await setTimeout(200);
  }
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGTERM");
  await ended;
  const read = (name: string): string => readFileSync(file(`keepalived.${name}`), "utf8");
  return { data: read("data"), stats: read("stats"), json: read("json") };
}

function logOf(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (piece: Buffer) => {
      text += piece.toString();
    });
  }
  return () => text;
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (condition()) return;
    await setTimeout(50);
  }
  throw new Error("not within ten seconds");
}

/** The instances' part of the data file without what may differ. */
function topology(data: string): readonly string[] {
  const lines = data.split("\n");
  const start = lines.indexOf("------< VRRP Topology >------");
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("------<"));
  return lines
    .slice(start, start + 1 + length)
    .filter((line) => !/^ {3}(fd_in|Last transition|Read timeout|Password)/.test(line));
}

test("data, statistics and JSON are field for field keepalived's", {
  skip: obstacle,
}, async (t) => {
  const lab = createLab("dumps", {
    a: { eth0: ["192.168.254.1/24"], eth1: ["10.1.1.1/24"], eth2: [] },
  });
  after(() => lab.close());
  lab.cable("a", "out", "eth2");
  const theirs = await dumpsOf(lab, "keepalived");
  const ours = await dumpsOf(lab, "understudy");

  const states = (text: string) => text.match(/^ {3}State = .*$/gm)?.slice(0, 3);
  assert.deepEqual(states(theirs.data), [
    "   State = MASTER",
    "   State = MASTER",
    "   State = FAULT",
  ]);
  await t.test("data", () => assert.deepEqual(topology(ours.data), topology(theirs.data)));
  await t.test("statistics", () => {
    const withoutSent = (text: string): string => text.replace(/^( {4}Sent:) \d+$/gm, "$1");
    assert.equal(withoutSent(ours.stats), withoutSent(theirs.stats));
  });
  await t.test("JSON", () => {
    const timeless = (text: string) =>
      JSON.parse(text, (key, value: unknown) =>
        ["last_transition", "auth_data", "advert_sent"].includes(key) ? typeof value : value,
      );
    assert.deepEqual(timeless(ours.json), timeless(theirs.json));
    const keys = (text: string) => text.match(/"[a-z_]+":/g);
    assert.deepEqual(keys(ours.json), keys(theirs.json));
  });
});
