// Files held against each other: every code about a group with its place in both files, which
// instances belong together, and what odd groups (one file twice, empty files, refused files) give.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkGroup } from "../../src/core/review/check-group.ts";
import { routerNames } from "../../src/core/review/members.ts";
import { checkMarked, loadGroup, routerText } from "./group-text.ts";

const r1 = routerText(150);
const r2 = routerText(100);

/** The first file, the second one, and what is found. */
const pairs: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["nothing between two that fit", [r1, r2], []],
  [
    "group/vrid: numbers differ",
    [r1.replace("51", "<:51:>"), r2.replace("51", "<|52|>")],
    ["group/vrid"],
  ],
  [
    "group/version: a default against a word",
    [r1.replace("vrrp_instance VI_1", "<:vrrp_instance VI_1:>"), routerText(100, "version <|3|>")],
    ["group/version"],
  ],
  [
    "group/version: from global_defs",
    [`global_defs {\nvrrp_version <:3:>\n}\n${r1}`, routerText(100, "version <|2|>")],
    ["group/version"],
  ],
  [
    "group/interval: VRRPv2 drops what has another one",
    [routerText(150, "advert_int <:2:>"), routerText(100, "advert_int <|3|>")],
    ["group/interval"],
  ],
  [
    "group/interval-v3: VRRPv3 learns it",
    [
      routerText(150, "version 3\nadvert_int <:0.2:>"),
      routerText(100, "version 3\nadvert_int <|0.3|>"),
    ],
    ["group/interval-v3"],
  ],
  [
    "group/authentication: a password against none",
    [
      routerText(150, "<:authentication:> {\nauth_type PASS\nauth_pass x\n}"),
      r2.replace("vrrp_instance VI_1", "<|vrrp_instance VI_1|>"),
    ],
    ["group/authentication"],
  ],
  [
    "group/authentication: two passwords",
    [
      routerText(150, "authentication {\nauth_type PASS\nauth_pass <:one:>\n}"),
      routerText(100, "authentication {\nauth_type PASS\nauth_pass <|two|>\n}"),
    ],
    ["group/authentication"],
  ],
  [
    "group/checksum: with and without the pseudo header",
    [
      `global_defs {\n<:v3_checksum_as_v2:>\n}\n${routerText(150, "version 3")}`,
      routerText(100, "version 3").replace("vrrp_instance VI_1", "<|vrrp_instance VI_1|>"),
    ],
    ["group/checksum"],
  ],
  [
    "group/transport: unicast against multicast",
    [
      routerText(150, "unicast_src_ip 192.0.2.1\n<:unicast_peer:> {\n192.0.2.2\n}"),
      r2.replace("vrrp_instance VI_1", "<|vrrp_instance VI_1|>"),
    ],
    ["group/transport"],
  ],
  [
    "group/transport: two multicast groups",
    [
      routerText(150, "mcast_dst_ip <:224.0.0.50:>"),
      routerText(100, "mcast_dst_ip <|224.0.0.51|>"),
    ],
    ["group/transport"],
  ],
  [
    "group/unicast-peer, group/unicast-stranger: a peer that is somebody else",
    [
      routerText(150, "unicast_src_ip 192.0.2.1\n<|unicast_peer|> {\n<|192.0.2.3|>\n}"),
      routerText(100, "unicast_src_ip <:192.0.2.2:>\nunicast_peer {\n192.0.2.1\n}"),
    ],
    ["group/unicast-peer", "group/unicast-stranger"],
  ],
  [
    "group/unicast-self: a router that sends to itself",
    [
      routerText(150, "unicast_src_ip <:192.0.2.1:>\nunicast_peer {\n<|192.0.2.1|>\n192.0.2.2\n}"),
      routerText(100, "unicast_src_ip 192.0.2.2\nunicast_peer {\n192.0.2.1\n}"),
    ],
    ["group/unicast-self"],
  ],
  [
    "group/same-source: two routers with one address",
    [routerText(150, "mcast_src_ip <:192.0.2.1:>"), routerText(100, "mcast_src_ip <|192.0.2.1|>")],
    ["group/same-source"],
  ],
  [
    "group/address-missing: on either side",
    [
      r1
        .replace("192.0.2.11/24", "<|192.0.2.11/24|>")
        .replace("virtual_ip", "<:virtual_ip")
        .replace("address {", "address:> {"),
      r2
        .replace("192.0.2.11/24", "<|192.0.2.12/24|>")
        .replace("virtual_ip", "<:virtual_ip")
        .replace("address {", "address:> {"),
    ],
    ["group/address-missing", "group/address-missing"],
  ],
  [
    "group/address-missing: advertised here, excluded there",
    [
      r1.replace("192.0.2.11/24", "<:192.0.2.11/24:>"),
      r2
        .replace("192.0.2.11/24", "")
        .replace("virtual_ip", "virtual_ipaddress_excluded {\n<|192.0.2.11/24|>\n}\nvirtual_ip"),
    ],
    ["group/address-missing"],
  ],
  [
    "group/address-length: one address, two networks",
    [
      r1.replace("192.0.2.10/24", "<:192.0.2.10/24:>"),
      r2.replace("192.0.2.10/24", "<|192.0.2.10|>"),
    ],
    ["group/address-length"],
  ],
  [
    "group/address-order: the same addresses, turned round",
    [
      r1.replace("virtual_ipaddress", "<:virtual_ipaddress:>"),
      r2
        .replace("virtual_ipaddress", "<|virtual_ipaddress|>")
        .replace("192.0.2.10/24", "192.0.2.9/24")
        .replace("192.0.2.11/24", "192.0.2.10/24")
        .replace("192.0.2.9/24", "192.0.2.11/24"),
    ],
    ["group/address-order"],
  ],
  [
    "group/equal-priority: said",
    [r1.replace("150", "<:150:>"), r2.replace("100", "<|150|>")],
    ["group/equal-priority"],
  ],
  [
    "group/equal-priority: by weights that always count",
    [
      routerText(150).replace("150", "<:150:>"),
      routerText(100, "track_interface {\neth1 weight 50\n}").replace("100", "<|100|>"),
    ],
    ["group/equal-priority"],
  ],
  [
    "group/two-owners: `state MASTER` alone is an owner",
    [r1.replace("priority 150", "state <:MASTER:>"), r2.replace("100", "<|255|>")],
    ["group/two-owners"],
  ],
  [
    "group/nopreempt: on the stronger one",
    [routerText(150, "<|nopreempt|>"), r2.replace("vrrp_instance VI_1", "<:vrrp_instance VI_1:>")],
    ["group/nopreempt"],
  ],
  [
    "group/nopreempt: ignored with state MASTER",
    [
      routerText(150, "state MASTER\n<:nopreempt:>"),
      routerText(100, "state BACKUP\n<|nopreempt|>"),
    ],
    ["group/nopreempt"],
  ],
  [
    "group/vrid-clash, group/alone: one number for two virtual routers",
    [
      r1.replace("51", "<:51:>").replace("vrrp_instance VI_1", "<|vrrp_instance VI_1|>"),
      r2
        .replace("51", "<|51|>")
        .replace("vrrp_instance VI_1", "<|vrrp_instance VI_2|>")
        .replaceAll("192.0.2.1", "192.0.2.2"),
    ],
    ["group/alone", "group/alone", "group/vrid-clash"],
  ],
  [
    "group/alone: a name that means something else there",
    [
      r1.replace("vrrp_instance VI_1", "<|<:vrrp_instance VI_1:>|>"),
      r2
        .replace("51", "52")
        .replace("vrrp_instance VI_1", "<|<:vrrp_instance VI_1:>|>")
        .replaceAll("192.0.2.1", "192.0.2.2"),
    ],
    ["group/alone", "group/alone"],
  ],
  [
    "group/weight-without-effect: too light",
    [routerText(150, "track_interface {\n<|eth1|> weight -20\n}"), r2.replace("100", "<:100:>")],
    ["group/weight-without-effect"],
  ],
  [
    "group/weight-without-effect: of an owner",
    [routerText(255, "track_interface {\n<|eth1|> weight -200\n}"), r2.replace("100", "<:100:>")],
    ["group/weight-without-effect"],
  ],
  [
    "group/weight-without-effect: nobody preempts",
    [
      routerText(110, "nopreempt\ntrack_interface {\n<|eth1|> weight -20\n}"),
      routerText(100, "<:nopreempt:>"),
    ],
    ["group/weight-without-effect"],
  ],
  [
    "group/weights-tie, group/weight-without-effect: down to the very same priority",
    [routerText(110, "track_interface {\n<|eth1|> weight -10\n}"), r2.replace("100", "<:100:>")],
    ["group/weight-without-effect", "group/weights-tie"],
  ],
  [
    "group/weights-tie: when two things fail",
    [
      routerText(
        120,
        "track_interface {\n<|eth1|> weight -10\neth2 weight -10\neth3 weight -15\n}",
      ),
      r2.replace("100", "<:100:>"),
    ],
    ["group/weights-tie"],
  ],
];

for (const [name, marked, expected] of pairs) {
  test(name, () => {
    checkMarked(marked, expected);
  });
}

test("an enough weight is nobody's business", () => {
  checkMarked([routerText(110, "track_interface {\neth1 weight -20\n}"), r2], []);
  checkMarked([r1, routerText(140, "track_interface {\neth1 weight -20 reverse\n}")], []);
});

test("scripts and files have weights, too, the line's before their own", () => {
  const tracking = (weight: number, line: string) =>
    `vrrp_script chk {\nscript "/bin/true"\nweight ${weight}\n}\nvrrp_track_file load {\nfile /x\nweight -1\n}\n${routerText(110, line)}`;
  const codes = (text: string) =>
    checkGroup(loadGroup([text, r2])).diagnostics.map(({ code, span }) => [
      code,
      text.slice(span.start, span.end),
    ]);
  const script = "track_script {\nchk\n}";
  assert.deepEqual(codes(tracking(-20, script)), []);
  assert.deepEqual(codes(tracking(-10, script)), [
    ["group/weight-without-effect", "chk"],
    ["group/weights-tie", "chk"],
  ]);
  assert.deepEqual(codes(tracking(-10, "track_script {\nchk weight -20\n}")), []);
  assert.deepEqual(codes(tracking(0, script)), []);
  // The number in a file may be any, so that nothing is impossible.
  assert.deepEqual(codes(tracking(0, "track_file {\nload weight -2\n}")), []);
  assert.deepEqual(codes(tracking(0, "track_file {\nload weight -10\n}")), [
    ["group/weights-tie", "load"],
  ]);
});

test("a password is in no message, label or note", () => {
  const pass = (word: string) => `authentication {\nauth_type PASS\nauth_pass ${word}\n}`;
  const { diagnostics } = checkGroup(
    loadGroup([routerText(150, pass("s3cr3t")), routerText(100, pass("other99"))]),
  );
  assert.equal(diagnostics.length, 1);
  assert.doesNotMatch(JSON.stringify(diagnostics), /s3cr3t|other99/);
});

test("instances are matched by address, or by name and number, not by place in the file", () => {
  const two = (first: string, second: string) => `${first}${second}`;
  const b = (text: string) =>
    text.replace("VI_1", "VI_2").replace("51", "52").replaceAll("192.0.2.1", "198.51.100.1");
  const { virtualRouters, diagnostics } = checkGroup(loadGroup([two(r1, b(r1)), two(b(r2), r2)]));
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    virtualRouters.map(({ members }) =>
      members.map(({ router, model }) => `${router} ${model.name}`),
    ),
    [
      ["r1 VI_1", "r2 VI_1"],
      ["r1 VI_2", "r2 VI_2"],
    ],
  );
});

test("of three routers, each odd one is told once", () => {
  const { diagnostics } = checkGroup(
    loadGroup([r1, routerText(150, "advert_int 2"), routerText(150, "advert_int 2")]),
  );
  assert.deepEqual(
    diagnostics.map(({ code, span }) => `${span.file} ${code}`),
    [
      "r2.conf group/equal-priority",
      "r2.conf group/interval",
      "r3.conf group/equal-priority",
      "r3.conf group/interval",
    ],
  );
});

test("group/same-file: one file twice is one router", () => {
  const [file] = loadGroup([r1]);
  assert.ok(file !== undefined);
  const { diagnostics, virtualRouters } = checkGroup([file, file, file]);
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ["group/same-file"],
  );
  assert.equal(virtualRouters.length, 1);
});

test("group/alone, group/not-compared: empty and refused files are named, and compare as nothing", () => {
  const codes = (texts: readonly string[]) =>
    checkGroup(loadGroup(texts)).diagnostics.map(({ code, span }) => `${span.file} ${code}`);
  assert.deepEqual(codes([r1, ""]), ["r2.conf group/alone"]);
  assert.deepEqual(codes(["", ""]), ["r1.conf group/alone", "r2.conf group/alone"]);
  assert.deepEqual(codes([r1, r2.replace("virtual_router_id 51", "")]), [
    "r2.conf group/not-compared",
  ]);
  assert.deepEqual(codes([r1, r2, "vrrp_instance"]), ["r3.conf group/alone"]);
  assert.deepEqual(codes([]), []);
});

test("routers are called by as much of their paths as tells them apart", () => {
  assert.deepEqual(routerNames(["a/r1.conf", "a/r2.conf"]), ["r1", "r2"]);
  assert.deepEqual(routerNames(["/r1/keepalived.conf", "/r2/keepalived.conf"]), [
    "r1/keepalived",
    "r2/keepalived",
  ]);
  assert.deepEqual(routerNames(["x.conf", "/x.conf"]), ["x", "/x"]);
  assert.deepEqual(routerNames([]), []);
});
