// The daemon as a process among others: reload, pid files, signals and dump files, the guard, what a
// crash leaves for the next start, detaching, namespaces. One router in a namespace is enough.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createLab, type Lab, monotonicMs } from "../../src/host/lab/lab.ts";
import { signal } from "../../src/host/lab/namespaces.ts";
import {
  ownProgram,
  type RouterProcess,
  routerFiles,
  startRouter,
} from "../../src/host/lab/router-process.ts";
import { startWitness, type Witness } from "../../src/host/lab/witness.ts";
import { eventually, found, throughout } from "../lab/eventually.ts";
import { instanceText, virtualAddress } from "../lab/instance-text.ts";
import { skipForStandIn, skipWithoutKeepalived, skipWithoutTcpdump } from "../lab/requirements.ts";

const config = instanceText({ priority: 200 });
const other = "192.168.254.101";

const newLab = (name: string): Lab => createLab(name, { a: { eth0: ["192.168.254.1/24"] } });
const holds = (lab: Lab, address = virtualAddress): boolean =>
  lab.addresses("a").some((each) => each.startsWith(`${address}/`));

function start(lab: Lab, text = config, args: readonly string[] = []): RouterProcess {
  const socket = join(lab.folder, "control.sock");
  return startRouter(lab, "a", {
    program: "understudy",
    config: text,
    args: ["--control-socket", socket, ...args],
  });
}

/** The children of a process that run a file of this name. */
function childrenOf(pid: number, file: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1];
        const words = readFileSync(`/proc/${name}/cmdline`, "utf8");
        return Number(parent) === pid && words.includes(file);
      } catch {
        // It ended while we looked.
        return false;
      }
    })
    .map(Number);
}

const pidOf = ({ child }: RouterProcess): number => child.pid ?? assert.fail("it runs");

describe("reload", { skip: skipForStandIn }, () => {
  let lab: Lab;
  let router: RouterProcess;
  before(async () => {
    lab = newLab("reload");
    router = start(lab);
    await router.reaches("MASTER", 5_000);
    await eventually("the address is there", () => holds(lab));
  });
  after(() => lab?.close());

  test("a file with errors is refused, each error is told, and nothing changes", async () => {
    const from = monotonicMs();
    writeFileSync(router.configFile, config.replace("priority 200", "priority none"));
    router.child.kill("SIGHUP");
    await router.says(/Line 6\).*Priority not valid/, 2_000, from);
    await router.says(/Reload refused/, 2_000, from);
    await throughout("still master", () => router.state() === "MASTER" && holds(lab), 300);
  });

  test("an unchanged file keeps the master and its address", async () => {
    const from = monotonicMs();
    writeFileSync(router.configFile, config);
    router.child.kill("SIGHUP");
    await router.says(/Reload complete/, 2_000, from);
    await throughout("still master", () => router.state() === "MASTER" && holds(lab), 300);
  });

  test("another address comes and the old one goes, and the master stays", async () => {
    writeFileSync(router.configFile, config.replace(virtualAddress, other));
    router.child.kill("SIGHUP");
    await eventually("the new address", () => holds(lab, other) && !holds(lab));
    assert.equal(router.state(), "MASTER");
  });
});

describe("one daemon for each pid file", { skip: skipForStandIn }, () => {
  let lab: Lab;
  before(() => {
    lab = newLab("pids");
  });
  after(() => lab?.close());

  test("a second one is refused and disturbs nothing; the files go with the daemon", async () => {
    const router = start(lab);
    await router.says(/Startup complete/, 5_000);
    const { pid, vrrpPid } = routerFiles(lab, "a");
    for (const file of [pid, vrrpPid]) {
      assert.equal(readFileSync(file, "utf8"), `${router.child.pid}\n`);
      assert.equal(statSync(file).mode & 0o777, 0o644);
    }
    const flags = ["-n", "-f", router.configFile, "-p", pid, "-r", vrrpPid];
    const second = lab.exec("a", [...ownProgram("understudyd"), ...flags]);
    assert.equal(second.status, 1);
    assert.match(second.stderr, new RegExp(`Another process has pid file ${pid} locked`));
    assert.equal(readFileSync(pid, "utf8"), `${router.child.pid}\n`);
    assert.equal(await router.stop(), 0);
    assert.deepEqual([existsSync(pid), existsSync(vrrpPid)], [false, false]);
  });

  test("a keepalived that runs is not disturbed, though older ones do not lock their file", async (t) => {
    if (skipWithoutKeepalived !== false) return t.skip(skipWithoutKeepalived);
    const router = startRouter(lab, "a", { program: "keepalived", config });
    const { pid, vrrpPid } = routerFiles(lab, "a");
    await eventually("pid files", () => existsSync(pid) && readFileSync(pid, "utf8") !== "");
    const flags = ["-n", "-f", router.configFile, "-p", pid, "-r", vrrpPid];
    const second = lab.exec("a", [...ownProgram("understudyd"), ...flags]);
    assert.equal(second.status, 1);
    assert.match(second.stderr, /already running/);
    assert.equal(Number(readFileSync(pid, "utf8")), router.child.pid);
    await router.stop();
  });

  test("told to end while it starts, it ends in order", async () => {
    const router = start(lab);
    await router.says(/Starting/, 5_000);
    assert.equal(await router.stop(), 0);
    const { pid, vrrpPid } = routerFiles(lab, "a");
    assert.deepEqual([existsSync(pid), existsSync(vrrpPid)], [false, false]);
  });

  test("told to reload while it starts, it reads the file again", async () => {
    const router = start(lab);
    await router.says(/Starting/, 5_000);
    router.child.kill("SIGHUP");
    await router.says(/Startup complete/, 5_000);
    await router.says(/Reload complete/, 2_000);
    assert.equal(await router.stop(), 0);
  });

  test("a file that is refused late ends the daemon, though its engine thread waits already", () => {
    const { pid, vrrpPid } = routerFiles(lab, "a");
    const long = join(lab.folder, "long.conf");
    const broken = config.replace("virtual_router_id 51", "virtual_router_id 300");
    const copy = (_: unknown, i: number): string => broken.replace("VI_1", `VI_${i}`);
    writeFileSync(long, Array.from({ length: 6_000 }, copy).join("\n"));
    const done = lab.exec("a", [
      ...["timeout", "-s", "KILL", "30", ...ownProgram("understudyd")],
      ...["-n", "-l", "-f", long, "-p", pid, "-r", vrrpPid],
    ]);
    assert.equal(done.status, 2);
  });

  test("exit codes: no file 6, a file without meaning 2, a wrong flag 1", () => {
    const { pid, vrrpPid } = routerFiles(lab, "a");
    const broken = join(lab.folder, "broken.conf");
    writeFileSync(broken, config.replace("virtual_router_id 51", ""));
    const ends = [["-f", join(lab.folder, "none")], ["-f", broken], ["-Z"]].map((flags) => {
      const argv = [...ownProgram("understudyd"), "-n", "-p", pid, "-r", vrrpPid, ...flags];
      return lab.exec("a", argv);
    });
    assert.deepEqual(
      ends.map(({ status }) => status),
      [6, 2, 1],
    );
    assert.match(ends[1]?.stderr ?? "", /broken\.conf cannot be used, so this ends: /);
  });

  test("without the right to hold or announce addresses it ends with 4 and promises none", () => {
    const { pid, vrrpPid, config: file } = routerFiles(lab, "a");
    writeFileSync(file, config);
    for (const capability of ["net_admin", "net_raw"]) {
      const without = ["setpriv", "--bounding-set", `-${capability}`];
      const flags = ["-n", "-f", file, "-p", pid, "-r", vrrpPid];
      const argv = [...without, ...ownProgram("understudyd"), ...flags];
      const { status, stderr } = lab.exec("a", argv);
      assert.equal(status, 4, stderr);
      assert.match(stderr, new RegExp(`needs CAP_${capability.toUpperCase()}: run with sudo`));
      assert.doesNotMatch(stderr, /Entering/);
    }
  });

  test("without -n it returns once the daemon runs, and passes on why it does not", async () => {
    const { pid, vrrpPid, config: file } = routerFiles(lab, "a");
    writeFileSync(file, config);
    const flags = ["-G", "-p", pid, "-r", vrrpPid, "--control-socket", join(lab.folder, "c.sock")];
    const command = [...ownProgram("understudyd"), ...flags];
    const vain = lab.exec("a", [...command, "-f", join(lab.folder, "none")]);
    assert.equal(vain.status, 6);
    assert.match(vain.stderr, /^understudyd did not start \(exit code 6\): its log /);
    assert.equal(lab.exec("a", [...command, "-f", file]).status, 0);
    const daemon = Number(readFileSync(pid, "utf8"));
    await eventually("the address is there", () => holds(lab));
    signal(daemon, "SIGTERM");
    await eventually(
      "the address and the pid file are gone",
      () => !holds(lab) && !existsSync(pid),
    );
  });
});

describe("signals and dump files", { skip: skipForStandIn }, () => {
  let lab: Lab;
  let router: RouterProcess;
  let folder: string;
  before(async () => {
    lab = newLab("dumps");
    folder = join(lab.folder, "dumps");
    mkdirSync(folder);
    process.env["TMPDIR"] = folder;
    router = start(lab);
    delete process.env["TMPDIR"];
    await router.reaches("MASTER", 5_000);
  });
  after(() => lab?.close());

  const dumps = [
    { number: 10, file: "keepalived.data", says: /VRRP Instance = VI_1/ },
    { number: 12, file: "keepalived.stats", says: /Became master: 1/ },
    { number: 36, file: "keepalived.json", says: /"iname":"VI_1"/ },
  ];
  for (const { number, file, says } of dumps) {
    test(`signal ${number} writes ${file} for its owner only`, async () => {
      process.kill(pidOf(router), number);
      await eventually(file, () => existsSync(join(folder, file)));
      assert.match(readFileSync(join(folder, file), "utf8"), says);
      assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);
    });
  }

  test("signal 63 writes the statistics and sets them to zero", async () => {
    const stats = (): string => readFileSync(join(folder, "keepalived.stats"), "utf8");
    process.kill(pidOf(router), 63);
    await eventually("counted anew", () => {
      process.kill(pidOf(router), 12);
      return /Became master: 0/.test(stats());
    });
    assert.equal(router.state(), "MASTER");
  });
});

describe("take-over of the kernel's addresses", { skip: skipForStandIn }, () => {
  let lab: Lab;
  before(() => {
    lab = newLab("guard");
  });
  after(() => lab?.close());

  test("SIGTERM gives everything back with exit code 0", async () => {
    const router = start(lab);
    await router.reaches("MASTER", 5_000);
    await eventually("the address is there", () => holds(lab));
    assert.equal(await router.stop(), 0);
    assert.equal(holds(lab), false);
  });

  test("a guard that is killed is replaced by one that knows what is held", async () => {
    const router = start(lab);
    await router.reaches("MASTER", 5_000);
    const guard = await found("guard", () => childrenOf(pidOf(router), "guard.js")[0]);
    signal(guard, "SIGKILL");
    await router.says(/the guard died/, 2_000);
    const next = await found(
      "another guard",
      () => childrenOf(pidOf(router), "guard.js").find((pid) => pid !== guard),
      5_000,
    );
    assert.notEqual(next, guard);
    signal(pidOf(router), "SIGKILL");
    await eventually("the address is gone", () => !holds(lab), 2_000);
  });

  test("-V leaves the address behind at a stop, and the next start knows it as its own", async () => {
    const router = start(lab, config, ["-V"]);
    await router.reaches("MASTER", 5_000);
    await eventually("the address is there", () => holds(lab));
    assert.equal(await router.stop(), 0);
    await throughout("the address stays", () => holds(lab), 300);
    const heir = start(lab, config.replace(virtualAddress, other));
    await heir.says(/Removed 1 address of an earlier run/, 5_000);
    assert.equal(holds(lab), false);
    assert.equal(await heir.stop(), 0);
  });

  test("what guard and daemon left when both were killed goes at the next start", async () => {
    const router = start(lab);
    await router.reaches("MASTER", 5_000);
    await eventually("the address is there", () => holds(lab));
    const guards = childrenOf(pidOf(router), "guard.js");
    // A stopped guard sees nothing before it is killed itself.
    for (const guard of guards) signal(guard, "SIGSTOP");
    signal(pidOf(router), "SIGKILL");
    for (const guard of guards) signal(guard, "SIGKILL");
    await throughout("the address is left", () => holds(lab), 200);
    const heir = start(lab, config.replace(virtualAddress, other));
    await heir.says(/Removed 1 address of an earlier run/, 5_000);
    assert.equal(holds(lab), false);
    assert.equal(await heir.stop(), 0);
  });
});

describe("namespaces and announcements", { skip: skipWithoutTcpdump || skipForStandIn }, () => {
  let lab: Lab;
  before(() => {
    lab = newLab("space");
  });
  after(() => lab?.close());

  test("-s runs in another namespace, and the new master announces its address there", async () => {
    const witness = await startWitness(lab, { filter: "arp" });
    assert.ok(witness !== undefined);
    const { pid, vrrpPid, config: file } = routerFiles(lab, "a");
    writeFileSync(file, config);
    const flags = ["-nlG", "-f", file, "-p", pid, "-r", vrrpPid, "-s", lab.namespaceOf("a")];
    const socket = ["--control-socket", join(lab.folder, "s.sock")];
    // From a namespace that has no eth0 at all.
    const child = lab.spawn("a", [
      ...["unshare", "-n"],
      ...[...ownProgram("understudyd"), ...flags, ...socket],
    ]);
    await eventually("the address is there", () => holds(lab), 5_000);
    const announced = new RegExp(`who-has ${virtualAddress} .*tell ${virtualAddress}`);
    await eventually("gratuitous ARP", () =>
      witness.packets.some(({ text }) => announced.test(text)),
    );
    child.kill("SIGTERM");
    await eventually("the address is gone", () => !holds(lab));
    await witness.stop();
  });
});

describe("a stuck control thread", { skip: skipWithoutTcpdump || skipForStandIn }, () => {
  let lab: Lab;
  before(() => {
    lab = newLab("stuck");
  });
  after(() => lab?.close());

  test("does not keep the engine thread from sending adverts", async () => {
    const file = join(lab.folder, "many.conf");
    const instances = Array.from({ length: 254 }, (_, i) =>
      instanceText({
        name: `VI_${i + 1}`,
        vrid: i + 1,
        priority: 255,
        interval: 1,
        addresses: [`10.1.1.${i + 1}`],
      }),
    );
    writeFileSync(file, instances.join("\n"));
    const witness = await startWitness(lab);
    assert.ok(witness !== undefined);
    const { pid, vrrpPid } = routerFiles(lab, "a");
    const socket = join(lab.folder, "stuck.sock");
    const flags = ["-nd", "-f", file, "-p", pid, "-r", vrrpPid, "--control-socket", socket];
    // Some 500 kB of log by -d, which nobody reads: the control thread blocks in a write.
    lab.spawn("a", [...ownProgram("understudyd"), ...flags]);
    await eventually(
      "all speak",
      () => speakers(witness) === 254,
      8_000,
      () => speakers(witness),
    );
    await eventually("the control thread waits in write", () => isStuck(pid), 8_000);
    const from = monotonicMs();
    await eventually("all go on speaking", () => speakers(witness, from) === 254, 3_000);
    assert.ok(isStuck(pid), "the control thread is still stuck");
  });

  const speakers = (witness: Witness, from = 0): number =>
    new Set(witness.adverts().flatMap(({ at, vrid }) => (at >= from ? [vrid] : []))).size;

  /** The main thread sleeps in a write to a pipe or socket, and not in its own event loop. */
  function isStuck(pidFile: string): boolean {
    if (!existsSync(pidFile)) return false;
    const pid = readFileSync(pidFile, "utf8").trim();
    const [call] = readFileSync(`/proc/${pid}/syscall`, "utf8").split(" ");
    return call !== undefined && writeCalls.includes(call);
  }
});

/** poll, write, writev and ppoll on x64; ppoll, write and writev on arm64. */
const writeCalls = process.arch === "arm64" ? ["73", "64", "66"] : ["7", "1", "20", "271"];

test("-t says what is wrong and exits as keepalived does", { skip: skipForStandIn }, () => {
  const [node = "", entry = ""] = ownProgram("understudyd");
  const good = spawnSync(node, [entry, "-t", "-f", "/nonexistent"], { encoding: "utf8" });
  assert.equal(good.status, 6);
  assert.match(good.stderr, /\/nonexistent/);
});
