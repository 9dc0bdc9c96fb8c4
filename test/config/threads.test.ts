// What users of keepalived complained about for years, one test for each complaint: a file like theirs,
// and what we tell them. The numbers are those of keepalived's issues.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { LoadOptions } from "../../src/core/config/load.ts";
import { configTestExit } from "../../src/core/config/load.ts";
import { checkGroup } from "../../src/core/review/check-group.ts";
import { explain } from "../../src/core/review/explain.ts";
import { explanationText } from "../../src/core/review/explain-text.ts";
import { bare, instance } from "./cases.ts";
import { checkConfig, loadText } from "./config-text.ts";
import { loadGroup, routerText } from "./group-text.ts";

/** What is said about one file. */
const said = (text: string, options: LoadOptions = {}): string =>
  loadText(text, options)
    .diagnostics.map(({ code, message, note, fix }) =>
      [code, message, note ?? "", fix ?? ""].join("; "),
    )
    .join("\n");

/** What is said about several as one group. */
const saidOfGroup = (...texts: readonly string[]): string =>
  checkGroup(loadGroup(texts))
    .diagnostics.map(({ code, message, note }) => `${code}: ${message}; ${note ?? ""}`)
    .join("\n");

const explained = (...texts: readonly string[]): string =>
  explanationText(explain(loadGroup(texts)), []);

// Ignored, misplaced, or badly tested
test("a misspelt keyword is not only logged: the right one is named (#245)", () => {
  checkConfig(instance("<|prioirty|> 150"), ["config/unknown-keyword → priority"]);
});

test("a keyword in the wrong block is told where it belongs (#297)", () => {
  checkConfig(`${instance()}<|nopreempt|>`, ["config/misplaced-keyword"]);
  assert.match(said(`${instance()}nopreempt`), /belongs inside `vrrp_instance`/);
});

test("a stray brace does not swallow the rest of the file (#1995)", () => {
  const { model } = checkConfig(
    `${instance()}<|}|>\n${instance("", "B").replace("51", "52").replace(".10", ".11")}`,
    ["config/extra-brace"],
  );
  assert.equal(model?.instances.length, 2);
});

test("a duplicate VRID is found before anything runs, with both names (#389)", () => {
  assert.match(
    said(`${instance()}${instance("", "B")}`),
    /instance\/duplicate-vrid; A and B both use virtual_router_id 51/,
  );
});

test("an empty `state` is a message and no crash (#426)", () => {
  const loaded = loadText(instance("state"));
  assert.match(said(instance("state")), /config\/missing-value; `state` needs a value/);
  assert.equal(configTestExit(loaded), 2);
});

test("a group of one is a warning; -t has keepalived's status, check lets it pass (#1912)", () => {
  const loaded = loadText(`vrrp_sync_group G {\ngroup {\nA\n}\n}\n${instance()}`);
  const found = loaded.diagnostics.find(({ code }) => code === "group/no-members");
  assert.equal(found?.severity, "warning");
  assert.equal(configTestExit(loaded), 5);
});

test("more than 20 addresses fit into an advert, and explain counts its bytes (#2327)", () => {
  const addresses = Array.from({ length: 25 }, (_, i) => `192.0.2.${i + 10}`).join("\n");
  const text = bare(`virtual_ipaddress {\n${addresses}\n}`);
  const { model, diagnostics } = loadText(text);
  assert.deepEqual(diagnostics, []);
  assert.equal(model?.instances[0]?.addresses.length, 25);
  assert.match(explained(text), /25 addresses/);
});

// Preempt and nopreempt
test("nopreempt with state MASTER: it is ignored, and BACKUP on both is the way (#115)", () => {
  assert.match(
    said(instance("state MASTER\npriority 100\nnopreempt")),
    /instance\/preempt-conflict; `nopreempt` does not work.*`state BACKUP` on both routers/,
  );
});

test("nopreempt on one side only (#1290)", () => {
  assert.match(saidOfGroup(routerText(150, "nopreempt"), routerText(100)), /group\/nopreempt/);
});

test("a weight that cannot move a master, since nobody preempts (#512)", () => {
  const tracking = "nopreempt\ntrack_interface {\neth1 weight -60\n}";
  assert.match(
    saidOfGroup(routerText(150, tracking), routerText(100, "nopreempt")),
    /group\/weight-without-effect/,
  );
});

test("who keeps the address is explained (#2257)", () => {
  assert.match(
    explained(routerText(150, "nopreempt"), routerText(100, "nopreempt")),
    /When r1 is back\n +it stays backup while another router serves \(nopreempt\)/,
  );
});

test("preempt_delay of a router that begins as master has no effect (#1652)", () => {
  assert.match(
    said(instance("state MASTER\npriority 100\npreempt_delay 60")),
    /instance\/preempt-conflict; `preempt_delay` does not work with initial state MASTER/,
  );
});

// Weight and fault
test("a tutorial whose weights can never cause a failover (community-content#977)", () => {
  const text = routerText(200, "track_interface {\neth1 weight -50\n}");
  assert.match(saidOfGroup(text, routerText(100)), /group\/weight-without-effect/);
});

test("weights that make two routers equal (#1460)", () => {
  const text = routerText(110, "track_interface {\neth1 weight -10\n}");
  assert.match(saidOfGroup(text, routerText(100)), /group\/weights-tie/);
});

test("without a weight, what is tracked is a fault: explain says so (#484, #2156)", () => {
  const text = routerText(150, "track_interface {\neth1\neth2 weight -60\n}");
  const words = explained(text, routerText(100));
  assert.match(words, /eth1 down +fault: out of the election/);
  assert.match(words, /eth2 down +.*\b90\b/);
});

// Strict mode
test("what strict mode does to pings is said, and where it was turned on (#474, #2046)", () => {
  const words = explained(`global_defs {\nvrrp_strict\n}\n${routerText(150)}`);
  assert.match(words, /Strict mode\n +asked for in r1\.conf:2/);
  assert.match(words, /drops traffic to the addresses unless this router owns them/);
});

test("strict mode without authentication is told where the password stands (#602)", () => {
  checkConfig(
    `global_defs {\n<|vrrp_strict|>\n}\n${instance("<|authentication|> {\nauth_type PASS\nauth_pass x\n}")}`,
    ["config/not-implemented", "instance/strict"],
  );
});

// Authentication
const pass = (word: string) => `authentication {\nauth_type PASS\nauth_pass ${word}\n}`;

test("a password of more than 8 characters is not cut silently (#143, ceph#46907)", () => {
  checkConfig(instance(pass("<|longpassword|>")), ["instance/password-cut"]);
  assert.doesNotMatch(said(instance(pass("longpassword"))), /longpassword/);
});

test("version 3 has no authentication, however long the password (#1512)", () => {
  assert.match(
    said(instance(`version 3\n${pass("secret")}`)),
    /instance\/authentication-ignored; VRRPv3 has no authentication/,
  );
});

test("two passwords that are the same after 8 characters fit together (#1895)", () => {
  const found = saidOfGroup(
    routerText(150, pass("sesame-1one")),
    routerText(100, pass("sesame-1two")),
  );
  assert.doesNotMatch(found, /group\/authentication/);
});

// VRID
test("two virtual routers with one number on one network, in two files (#2022)", () => {
  const other = routerText(100).replace("VI_1", "VI_2").replaceAll("192.0.2.1", "192.0.2.2");
  assert.match(saidOfGroup(routerText(150), other), /group\/vrid-clash/);
});

test("a VRID of more than one byte, as generators make them (cloudstack#1231)", () => {
  for (const vrid of ["0", "256"])
    assert.match(
      said(instance().replace("51", vrid)),
      /virtual_router_id must be between 1 and 255/,
    );
});

// Others
test("half a second in version 2 is rounded, and it is said to what (#1615)", () => {
  assert.match(
    said(instance("advert_int 0.5")),
    /config\/value-rounded; VRRPv2 carries advert_int in whole seconds; 1 s is used/,
  );
  const { model } = loadText(instance("advert_int 0.4"));
  assert.equal(model?.instances[0]?.advertInterval, 1_000_000);
  assert.equal(said(instance("version 3\nadvert_int 0.5")), "");
});
