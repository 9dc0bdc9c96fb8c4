// Virtual servers as keepalived 2.2.7 judges them: several hundred small configurations with its exit
// status and its lines, good and bad for every keyword, and what they become in the model.

import assert from "node:assert/strict";
import { test } from "node:test";
import { classicLines } from "../../src/core/config/classic.ts";
import { configTestExit } from "../../src/core/config/load.ts";
import { checkerKinds } from "../../src/core/config/schema/checkers.ts";
import { root } from "../../src/core/config/schema/root.ts";
import type { BlockSpec } from "../../src/core/config/schema/spec.ts";
import { virtualServer } from "../../src/core/config/schema/virtual-server.ts";
import { virtualServerCases } from "./cases-virtual-server.ts";
import { checkConfig, loadText, modelOf } from "./config-text.ts";
import { recordedCases, textOfCase } from "./recorded-cases.ts";

const recorded = recordedCases();

/** Where ours says more or less than keepalived, and why. */
const exceptions: Readonly<Record<string, string>> = {
  "R TCP_CHECK|weight 1": "one message for a missing brace, on the line of the block",
  "C:HTTP_GET url|path /": "one message for a missing brace, on the line of the block",
  "X SSL|virtual_server_group G {|192.0.2.9 80|}": "one message for a missing brace",
  "X virtual_server_group G|192.0.2.1 80|}": "keepalived ends with 2 after a missing brace",
  "X virtual_server 192.0.2.9 80|lb_algo rr|lb_kind NAT|protocol UDP|real_server 192.0.2.20 80 {|}|}":
    "one message for a missing brace, on the line of the block",
  "C:HTTP_GET url {|path|}": "keepalived ends before it sees the rest",
  "C:FILE_CHECK track_file": "keepalived ends before it sees the rest",
  "G fwmark": "keepalived ends before it sees the rest",
  "X virtual_server 192.0.2.9 80 {|real_server {|weight 1|}|protocol TCP|lb_algo rr|lb_kind NAT|}":
    "keepalived ends before it sees the rest",
  "X virtual_server 192.0.2.9 80 {|lb_algo|}": "keepalived ends before it sees the rest",
  "C:BFD_CHECK name x|alpha foo": "keepalived forgets the check before its alpha",
  "X virtual_server foo 80 {|real_server 192.0.2.20 80 {|weight x|TCP_CHECK {|bar 1|}|}|protocol TCX|lb_algo rrx|lb_kind NAT|}":
    "keepalived does not look into a block that it skips",
  "X virtual_server 192.0.2.9 80 {|real_server foo 80 {|weight x|TCP_CHECK {|bar 1|}|}|real_server 192.0.2.20 80 {|weight 1|}|protocol TCP|lb_algo rr|lb_kind NAT|}":
    "keepalived does not look into a block that it skips",
};

for (const { name, text, exit, lines } of recorded) {
  if (exceptions[name] !== undefined) continue;
  test(`as keepalived: ${name}`, () => {
    const loaded = loadText(text);
    const ours = classicLines(loaded).flatMap((line) => line.split("\n"));
    const placed = ours.map((line) => line.replace(/^\([^()]*: Line /, "(Line "));
    assert.deepEqual([...new Set(placed)].sort(), [...new Set(lines)].sort());
    assert.equal(configTestExit(loaded), exit);
  });
}

test("every exception is a case", () => {
  const names = new Set(recorded.map(({ name }) => name));
  assert.deepEqual(
    Object.keys(exceptions).filter((name) => !names.has(name)),
    [],
  );
});

test("every keyword of a virtual server is accepted and refused in some case", () => {
  const said = (keyword: string, good: boolean) =>
    recorded.some(({ text, exit }) => {
      const used = new RegExp(`^${keyword.replace(/[-]/g, "\\-")}(\\s|$)`, "m").test(text);
      return used && (exit === 0) === good;
    });
  /** Flags and words that keepalived takes as they come. */
  const neverRefused = new Set(
    "flag-1 flag-2 flag-3 inhibit_on_failure omega misc_dynamic regex regex_no_match regex_options regex_min_offset regex_max_offset regex_stack host require_reply".split(
      " ",
    ),
  );
  const keywords = keywordsOf(virtualServer);
  assert.ok(keywords.size > 80, `${keywords.size}`);
  const all = [...keywords];
  const lacking = [
    ...all.filter((each) => each !== "nb_get_retry" && !said(each, true)),
    ...all.filter((each) => !neverRefused.has(each) && !said(each, false)),
  ];
  assert.deepEqual(lacking, []);
});

function keywordsOf(block: BlockSpec): Set<string> {
  const found = new Set<string>();
  for (const [keyword, { value }] of Object.entries(block.keywords)) {
    found.add(keyword);
    if (value.type === "block") for (const each of keywordsOf(value.block)) found.add(each);
  }
  return found;
}

test("whole numbers are taken at the ends of their range and refused beyond", () => {
  let tried = 0;
  for (const [place, table] of places()) {
    for (const [keyword, { value, deprecatedBy }] of Object.entries(table)) {
      if (value.type !== "integer" || deprecatedBy !== undefined) continue;
      for (const [given, good] of [
        [value.min, true],
        [value.max, true],
        [value.min - 1, false],
        [value.max + 1, false],
      ] as const) {
        const { diagnostics } = loadText(textOfCase(`${place} ${keyword} ${given}`));
        const refused = diagnostics.some(({ code }) => code === "config/value-range");
        assert.equal(refused, !good, `${place} ${keyword} ${given}`);
        tried++;
      }
    }
  }
  assert.ok(tried > 100, `${tried}`);
});

function places(): readonly (readonly [string, BlockSpec["keywords"]])[] {
  const inside = virtualServer.keywords["real_server"]?.value;
  assert.ok(inside?.type === "block");
  const checkers = checkerKinds.map((kind) => {
    const value = inside.block.keywords[kind]?.value;
    assert.ok(value?.type === "block");
    return [`C:${kind}`, value.block.keywords] as const;
  });
  return [["V", virtualServer.keywords], ["R", inside.block.keywords], ...checkers];
}

for (const [name, marked, expected] of virtualServerCases) {
  test(`${expected.join(", ").replace(/ →.*/, "")}: ${name}`, () => {
    const { diagnostics } = checkConfig(marked, expected);
    assert.ok(diagnostics.every(({ span }) => span.end >= span.start));
  });
}

test("config/not-implemented: once in a file, however many virtual servers it has", () => {
  const text = `SSL {\n}\n${textOfCase("V ")}${textOfCase("H fwmark 1").replace("protocol TCP\n", "")}`;
  assert.deepEqual(
    loadText(text).diagnostics.map(({ code }) => code),
    ["config/not-implemented"],
  );
});

test("a virtual server gives its servers, and they their checkers, what these do not say", () => {
  const { virtualServers } = modelOf(
    textOfCase(
      "X virtual_server 192.0.2.9 443 {|delay_loop 10|retry 2|lvs_sched wrr|lvs_method TUN type gue port 6080 csum|protocol tcp|weight 3|persistence_timeout|sorry_server 192.0.2.99|real_server 192.0.2.20 443 {|delay_loop 5|TCP_CHECK {|connect_port 80|retry 7|}|DNS_CHECK {|}|}|}",
    ),
  );
  const tunnel = { kind: "tunnel", type: "gue", port: 6080, checksum: "full" };
  const timing = { warmup: 5_000_000, delayLoop: 5_000_000, alpha: false };
  const connection = { address: "192.0.2.20", timeout: 5_000_000 };
  assert.deepEqual(virtualServers, [
    {
      service: { kind: "address", address: "192.0.2.9", port: 443 },
      family: "ipv4",
      protocol: "TCP",
      scheduler: "wrr",
      schedulerFlags: [],
      onePacket: false,
      forwarding: tunnel,
      persistence: { timeout: 360_000_000 },
      haSuspend: false,
      omega: false,
      quorum: 1,
      hysteresis: 0,
      sorryServer: { address: "192.0.2.99", port: 443, forwarding: tunnel, inhibit: false },
      realServers: [
        {
          address: "192.0.2.20",
          port: 443,
          forwarding: tunnel,
          weight: 3,
          upperThreshold: 0,
          lowerThreshold: 0,
          inhibitOnFailure: false,
          checkers: [
            {
              kind: "tcp",
              connection: { ...connection, port: 80 },
              timing: { ...timing, retry: 7, delayBeforeRetry: 1_000_000 },
            },
            {
              kind: "dns",
              type: "SOA",
              name: ".",
              connection: { ...connection, port: 443 },
              timing: { ...timing, retry: 2, delayBeforeRetry: 5_000_000 },
            },
          ],
        },
      ],
    },
  ]);
});

test("a group's addresses, ranges, networks and marks", () => {
  const { virtualServerGroups } = modelOf(
    "virtual_server_group G {\n192.0.2.1 80\n192.0.2.3-9\n192.0.2.16/30 81\n2001:db8::1-ff 80\nfwmark 7 inet6\n}\n",
  );
  assert.deepEqual(virtualServerGroups, [
    {
      name: "G",
      entries: [
        { kind: "address", address: "192.0.2.1", port: 80 },
        { kind: "range", first: "192.0.2.3", last: "192.0.2.9", port: 0 },
        { kind: "range", first: "192.0.2.16", last: "192.0.2.19", port: 81 },
        { kind: "range", first: "2001:db8::1", last: "2001:db8::ff", port: 80 },
        { kind: "fwmark", mark: 7, family: "ipv6" },
      ],
    },
  ]);
});

test("pages to ask for, with digests, statuses and patterns", () => {
  const digest = "9b3a0c85a887a256d6939da88aabd8cd";
  const { virtualServers } = modelOf(
    textOfCase(
      `U digest ${digest}|status_code 200-299 301|regex "a b"|regex_no_match|virtualhost www.example`,
    ),
  );
  const [check] = virtualServers[0]?.realServers[0]?.checkers ?? [];
  assert.ok(check?.kind === "http");
  assert.deepEqual(check.urls, [
    {
      path: "/",
      digests: [digest],
      statusCodes: [
        [200, 299],
        [301, 301],
      ],
      virtualHost: "www.example",
      pattern: "a b",
      patternMustFail: true,
    },
  ]);
});

test("the root table knows the blocks, and nothing about them is skipped", () => {
  for (const name of ["SSL", "virtual_server", "virtual_server_group"])
    assert.notEqual(root.keywords[name]?.value.type, "skipped-block");
});

test("script/unknown-user: a check that nobody can run is left out", () => {
  const text = textOfCase('C:MISC_CHECK misc_path "/bin/x 1"|user nobody-here');
  const machine = {
    user: () => undefined,
    group: () => undefined,
    file: () => undefined,
    hasNamespace: () => false,
  };
  const { diagnostics, model } = loadText(text, { machine });
  assert.ok(
    diagnostics.some(
      ({ classic }) =>
        classic === "Failed to set uid/gid for misc checker script '/bin/x' '1' - removing",
    ),
  );
  assert.deepEqual(model?.virtualServers[0]?.realServers[0]?.checkers, []);
});
