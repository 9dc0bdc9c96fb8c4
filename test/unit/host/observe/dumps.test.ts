// The dumps against those that keepalived 2.2.7 wrote for the same instances in the same state
// (folder keepalived-2.2.7): the same lines, indents and keys, in the same order. Left out of the
// comparison, by name: file descriptors, times, the unmasked password, and the user of scripts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ip } from "../../../../src/core/base/ip.ts";
import { microseconds, milliseconds, seconds } from "../../../../src/core/base/time.ts";
import type { InstanceModel } from "../../../../src/core/config/model.ts";
import { renderData } from "../../../../src/host/observe/dumps/data.ts";
import { renderJson } from "../../../../src/host/observe/dumps/json.ts";
import { renderStats } from "../../../../src/host/observe/dumps/stats.ts";
import {
  counters,
  globalModel,
  instanceModel,
  instanceStatus,
  nodeStatus,
  virtual,
} from "./node-status.ts";

const recorded = (name: string): string => {
  const folder = "../../../../../test/unit/host/observe/keepalived-2.2.7/";
  return readFileSync(new URL(`${folder}${name}`, import.meta.url), "utf8");
};
const at = new Date(2026, 10, 22, 13, 8, 9).getTime();
const dump = { at, global: globalModel, hostName: "host" };

const passMaster = instanceStatus(instanceModel, "MASTER", {
  timers: { advert: milliseconds(400) },
  counters: counters({ "adverts-sent": 3, "became-master": 1 }),
});

const passFault = instanceStatus(instanceModel, "FAULT", {
  faults: [{ kind: "interface-down", interface: "eth0" }],
  master: { address: ip("10.0.0.3"), priority: 150, interval: seconds(1), heardAgo: seconds(30) },
  counters: counters({
    "adverts-received": 9,
    "adverts-sent": 53,
    "became-master": 3,
    "released-master": 3,
    "dropped bad-length": 2,
    "dropped bad-ttl": 1,
    "dropped bad-type": 1,
    "address-list-errors": 3,
    "dropped bad-auth-type": 1,
    "dropped auth-type-mismatch": 2,
    "dropped bad-password": 1,
    "priority-zero-received": 2,
    "priority-zero-sent": 1,
  }),
});

const unicastModel: InstanceModel = {
  ...instanceModel,
  name: "VI_3",
  version: 3,
  vrid: 53,
  advertInterval: milliseconds(500),
  preemptDelay: seconds(3),
  authentication: { kind: "none" },
  transport: {
    kind: "unicast",
    ttl: 255,
    peers: [{ address: ip("10.0.0.2"), ttlMin: 250, ttlMax: 255 }, { address: ip("10.0.0.3") }],
  },
  source: ip("10.0.0.1"),
  checkUnicastSource: true,
  trackInterfaces: [{ interface: "dm1", weight: -20, reverse: false }],
  addresses: [virtual("10.0.0.110")],
  excludedAddresses: [],
  notify: { master: { command: "/usr/bin/true a b" }, any: { command: "/usr/bin/true" } },
};
const unicastMaster = instanceStatus(unicastModel, "MASTER", {
  masterDownInterval: microseconds(1_804_687),
  counters: counters({ "adverts-sent": 8, "became-master": 1 }),
});

const backupModel: InstanceModel = {
  ...instanceModel,
  name: "B3",
  version: 3,
  vrid: 52,
  priority: 90,
  advertInterval: milliseconds(250),
  preempt: false,
  authentication: { kind: "none" },
  source: ip("10.0.0.1"),
  trackInterfaces: [{ interface: "lo", weight: 10, reverse: true }],
  addresses: [
    { ...virtual("10.0.0.101", 24), scope: "site" },
    { ...virtual("10.0.0.103"), label: "eth0:x", flags: ["nodad"] },
  ],
  excludedAddresses: [],
};
const backup = instanceStatus(backupModel, "BACKUP", {
  effectivePriority: 80,
  masterDownInterval: microseconds(3_687_500),
  master: {
    address: ip("10.0.0.2"),
    priority: 150,
    interval: seconds(1),
    heardAgo: milliseconds(300),
  },
  counters: counters({ "adverts-received": 3 }),
});

/** The lines about one instance, without what is left out of the comparison. */
function instanceSection(data: string, name: string): readonly string[] {
  const lines = data.split("\n");
  const start = lines.indexOf(` VRRP Instance = ${name}`);
  assert.ok(start >= 0, `a section for ${name}`);
  const length = lines.slice(start + 1).findIndex((line) => !line.startsWith("   "));
  return lines
    .slice(start, start + 1 + length)
    .filter((line) => !/^ {3}(fd_in|Last transition|Read timeout|Password)/.test(line))
    .map((line) => line.replace(/, uid:gid 0:0$/, ""));
}

const recordings = [
  { file: "v2-pass", status: passMaster },
  { file: "v2-fault", status: passFault },
  { file: "v3-unicast", status: unicastMaster },
  { file: "v3-backup", status: backup },
];

for (const { file, status } of recordings) {
  test(`keepalived.data of ${file} is line for line keepalived's`, () => {
    const ours = renderData(nodeStatus(status), dump);
    assert.deepEqual(
      instanceSection(ours, status.name),
      instanceSection(recorded(`${file}.data`), status.name),
    );
  });

  test(`keepalived.stats of ${file} is keepalived's`, () => {
    // This recording was made one advert before that of the JSON file.
    const isEarlier = file === "v3-unicast";
    const theirs = recorded(`${file}.stats`).replace(isEarlier ? "Sent: 7" : "", (sent) =>
      sent === "" ? "" : "Sent: 8",
    );
    const start = theirs.indexOf(`VRRP Instance: ${status.name}\n`);
    const end = theirs.indexOf("VRRP Instance:", start + 1);
    assert.equal(renderStats(nodeStatus(status)), theirs.slice(start, end < 0 ? undefined : end));
  });

  test(`keepalived.json of ${file} has keepalived's keys, order and values`, () => {
    const text = renderJson(nodeStatus(status), { at, version: 1 }) ?? "";
    const ours = JSON.parse(text)[0];
    const theirs = JSON.parse(recorded(`${file}.json`)).find(
      (one: { data: { iname: string } }) => one.data.iname === status.name,
    );
    assert.deepEqual(Object.keys(ours.data), Object.keys(theirs.data));
    assert.deepEqual(Object.keys(ours.stats), Object.keys(theirs.stats));
    const same = { last_transition: 0, auth_data: "" };
    assert.deepEqual({ ...ours.data, ...same }, { ...theirs.data, ...same });
    assert.deepEqual(ours.stats, theirs.stats);
  });
}

test("global lines have keepalived's wording, so far as they are there", () => {
  const theirs = recorded("v3-unicast.data").split("\n");
  const global = {
    ...globalModel,
    startupDelay: seconds(2),
    garpInterval: milliseconds(1),
    logUnknownVrids: true,
  };
  const ours = renderData(nodeStatus(unicastMaster), { ...dump, global }).split("\n");
  const section = ours.slice(0, ours.indexOf("------< VRRP Topology >------"));
  assert.ok(section.length > 5);
  let place = -1;
  for (const line of section) {
    const next = theirs.indexOf(line, place + 1);
    assert.ok(next > place, `${line} comes in keepalived's order`);
    place = next;
  }
});

test("the deadline is the next advert, taking over, or none in FAULT", () => {
  const timeout = (data: string) => /Read timeout = (.*)/.exec(data)?.[1];
  assert.equal(
    timeout(renderData(nodeStatus(passMaster), dump)),
    `${at / 1_000}.400000 (Sun Nov 22 13:08:09.400000 2026)`,
  );
  assert.equal(timeout(renderData(nodeStatus(passFault), dump)), "DISABLED");
});

test("a password is masked in every dump, also when the status still has it", () => {
  const leaky: InstanceModel = {
    ...instanceModel,
    authentication: { kind: "pass", password: "topsecret" },
  };
  const status = nodeStatus(instanceStatus(leaky, "MASTER"));
  for (const text of [
    renderData(status, dump),
    renderStats(status),
    renderJson(status, { at, version: 1 }) ?? "",
    renderJson(status, { at, version: 2 }) ?? "",
  ]) {
    assert.ok(!text.includes("topsecret"));
  }
  assert.match(renderData(status, dump), /^ {3}Password = \*{8}$/m);
});

test("JSON version 2 wraps the same instances, and without instances there is no file", () => {
  const one = renderJson(nodeStatus(passMaster), { at, version: 1 }) ?? "";
  const two = renderJson(nodeStatus(passMaster), { at, version: 2 }) ?? "";
  assert.deepEqual(JSON.parse(two), { vrrp: JSON.parse(one), track_process: [] });
  assert.equal(renderJson(nodeStatus(), { at, version: 2 }), undefined);
});

test("a reader as simple as the Prometheus exporter finds state, interface, VRID and addresses", () => {
  const found = exporterReads(renderData(nodeStatus(passMaster, backup), dump));
  assert.deepEqual(found, [
    {
      iname: "VI_1",
      state: "MASTER",
      wantstate: "MASTER",
      interface: "eth0",
      garpDelay: 5,
      vrid: 51,
      addresses: [
        "10.0.0.100/24 brd 10.0.0.255 dev eth0 scope global label eth0:vip set",
        "10.0.0.101 dev eth0 scope global set",
      ],
    },
    {
      iname: "B3",
      state: "BACKUP",
      wantstate: "BACKUP",
      interface: "eth0",
      garpDelay: 5,
      vrid: 52,
      addresses: [
        "10.0.0.101/24 dev eth0 scope site",
        "10.0.0.103 dev eth0 scope global label eth0:x",
      ],
    },
  ]);
});

/** Line by line, by prefix and indent, as keepalived-exporter goes through the file. */
function exporterReads(data: string) {
  const instances: Record<string, unknown>[] = [];
  let addresses: string[] | undefined;
  let isTopology = false;
  for (const line of data.split("\n")) {
    const field = /^ {3}([^ ][^=]*?) = (.*)$/.exec(line);
    const current = instances.at(-1);
    if (line.startsWith(" VRRP Instance = ")) {
      instances.push({ iname: line.slice(" VRRP Instance = ".length), addresses: [] });
      addresses = undefined;
    } else if (line.startsWith("------<")) {
      isTopology = line.includes("VRRP Topology");
    } else if (current === undefined || !isTopology) {
    } else if (/^ {3}Virtual IP \(\d+\):$/.test(line)) {
      addresses = current["addresses"] as string[];
    } else if (line.startsWith("     ")) {
      addresses?.push(line.trim());
    } else {
      addresses = undefined;
      if (field?.[1] === "State") current["state"] = field[2];
      if (field?.[1] === "Wantstate") current["wantstate"] = field[2];
      if (field?.[1] === "Interface") current["interface"] = field[2];
      if (field?.[1] === "Gratuitous ARP delay") current["garpDelay"] = Number(field[2]);
      if (field?.[1] === "Virtual Router ID") current["vrid"] = Number(field[2]);
    }
  }
  return instances.map(
    ({ iname, state, wantstate, interface: link, garpDelay, vrid, ...rest }) => ({
      iname,
      state,
      wantstate,
      interface: link,
      garpDelay,
      vrid,
      addresses: rest["addresses"],
    }),
  );
}
