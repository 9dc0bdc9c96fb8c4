// What keywords mean: the model that the engine gets, with keepalived's defaults, inheritance from
// global_defs and adjustments. Rule ids are those of conformance.md.

import assert from "node:assert/strict";
import { test } from "node:test";
import { present } from "../../src/core/base/assert.ts";
import { configTestExit } from "../../src/core/config/load.ts";
import type { InstanceModel } from "../../src/core/config/model.ts";
import { loadText, modelOf } from "./config-text.ts";

const wrap = (more: string, addresses = "192.0.2.10") =>
  `vrrp_instance A {\ninterface eth0\nvirtual_router_id 51\nvirtual_ipaddress {\n${addresses}\n}\n${more}\n}\n`;

/** The only instance of a text, warnings allowed. */
const instanceOf = (more: string, global = "", addresses?: string): InstanceModel => {
  const { model } = loadText(`global_defs {\n${global}\n}\n${wrap(more, addresses)}`);
  return present(model?.instances[0], "instance");
};

const addressesOf = (lines: string) => instanceOf("", "", lines).addresses;

test("A11: a virtual router id outside 1 to 255 refuses the configuration", () => {
  for (const vrid of ["0", "256", "-1", "x"]) {
    const { model, diagnostics } = loadText(wrap("").replace("id 51", `id ${vrid}`));
    assert.equal(model, undefined, vrid);
    assert.equal(diagnostics.length, 1, vrid);
  }
  assert.equal(instanceOf("virtual_router_id 255").vrid, 255);
});

test("A12 A13 I04: the priority is 100 by default, 255 only when configured or with state MASTER alone", () => {
  assert.equal(instanceOf("").priority, 100);
  assert.equal(instanceOf("state BACKUP").priority, 100);
  assert.equal(instanceOf("state MASTER").priority, 255);
  assert.equal(instanceOf("state MASTER\npriority 90").priority, 90);
  assert.equal(instanceOf("priority 255").priority, 255);
  assert.equal(instanceOf("priority 254").priority, 254);
});

test("state MASTER, or 255 without a state, is the wish to begin as master", () => {
  assert.equal(instanceOf("state MASTER\npriority 90").initialMaster, true);
  assert.equal(instanceOf("priority 255").initialMaster, true);
  assert.equal(instanceOf("priority 255\nstate BACKUP").initialMaster, false);
  assert.equal(instanceOf("").initialMaster, false);
});

test("A09: version 2 by default, 3 from global_defs or the instance", () => {
  assert.equal(instanceOf("").version, 2);
  assert.equal(instanceOf("", "vrrp_version 3").version, 3);
  assert.equal(instanceOf("version 2", "vrrp_version 3").version, 2);
});

test("I09: version 2 rounds advert_int to whole seconds, at least 1", () => {
  assert.equal(instanceOf("").advertInterval, 1_000_000);
  assert.equal(instanceOf("advert_int 1.4").advertInterval, 1_000_000);
  assert.equal(instanceOf("advert_int 1.5").advertInterval, 2_000_000);
  assert.equal(instanceOf("advert_int 0.1").advertInterval, 1_000_000);
  assert.equal(instanceOf("advert_int 255").advertInterval, 255_000_000);
});

test("C01: version 3 rounds advert_int to 10 ms, at most 40.95 s", () => {
  assert.equal(instanceOf("version 3\nadvert_int 0.01").advertInterval, 10_000);
  assert.equal(instanceOf("version 3\nadvert_int 1.234").advertInterval, 1_230_000);
  assert.equal(instanceOf("version 3\nadvert_int 50").advertInterval, 40_950_000);
});

test("C05: nopreempt and preempt_delay are cleared where they cannot work", () => {
  assert.equal(instanceOf("nopreempt").preempt, false);
  assert.equal(instanceOf("nopreempt\nstate MASTER\npriority 90").preempt, true);
  assert.equal(instanceOf("nopreempt\npriority 255\nstate BACKUP").preempt, true);
  assert.equal(instanceOf("preempt_delay 7.5").preemptDelay, 7_500_000);
  assert.equal(instanceOf("preempt_delay 7\nnopreempt").preemptDelay, 0);
  assert.equal(instanceOf("preempt_delay 7\nstate MASTER\npriority 90").preemptDelay, 0);
});

test("passwords are cut to 8 bytes of UTF-8, one character for each byte", () => {
  const passwordOf = (word: string) =>
    instanceOf(`authentication {\nauth_type PASS\nauth_pass ${word}\n}`).authentication;
  assert.deepEqual(passwordOf("12345678"), { kind: "pass", password: "12345678" });
  assert.deepEqual(passwordOf("123456789"), { kind: "pass", password: "12345678" });
  assert.deepEqual(passwordOf("é"), { kind: "pass", password: "Ã©" });
  assert.deepEqual(passwordOf('"a b"'), { kind: "pass", password: "a b" });
  assert.deepEqual(passwordOf("Test123!"), { kind: "pass", password: "Test123" });
  assert.deepEqual(passwordOf("a\\!b"), { kind: "pass", password: "a!b" });
});

test("a password without auth_type, and authentication in version 3, are none", () => {
  assert.deepEqual(instanceOf("authentication {\nauth_pass x\n}").authentication, { kind: "none" });
  const third = "version 3\nauthentication {\nauth_type PASS\nauth_pass x\n}";
  assert.deepEqual(instanceOf(third).authentication, { kind: "none" });
});

test("every word of an address line", () => {
  assert.deepEqual(
    addressesOf(
      "192.0.2.10/24 brd + dev eth1 label eth1:1 scope link noprefixroute no_track preferred_lft 30",
    ),
    [
      {
        address: "192.0.2.10",
        prefixLength: 24,
        scope: "link",
        flags: ["noprefixroute"],
        track: false,
        broadcast: "192.0.2.255",
        interface: "eth1",
        label: "eth1:1",
        preferredLifetime: 30,
      },
    ],
  );
  assert.equal(addressesOf("192.0.2.10/24 brd -")[0]?.broadcast, "192.0.2.0");
  assert.equal(addressesOf("192.0.2.10/25 broadcast 192.0.2.127")[0]?.broadcast, "192.0.2.127");
  assert.equal(addressesOf("192.0.2.10/32 brd +")[0]?.broadcast, undefined);
  assert.equal(addressesOf("192.0.2.10 peer 192.0.2.11")[0]?.peer, "192.0.2.11");
  assert.equal(addressesOf("192.0.2.10/24 peer 192.0.2.11")[0]?.prefixLength, 32);
  assert.equal(addressesOf("192.0.2.10/24 peer none")[0]?.prefixLength, 24);
  for (const word of ["peer", "brd", "scope", "label", "dev"]) {
    assert.equal(addressesOf(`192.0.2.9\n192.0.2.10/24 ${word}`).length, 1, word);
  }
  assert.equal(addressesOf("192.0.2.10 scope 77")[0]?.scope, 77);
  assert.equal(addressesOf("192.0.2.10")[0]?.prefixLength, 32);
});

test("IPv6 addresses may be excluded ones of an IPv4 instance", () => {
  const { excludedAddresses } = instanceOf(
    "virtual_ipaddress_excluded {\n2001:DB8::0:1\nfe80::1/64 -nodad preferred_lft forever\n192.0.2.99\n}",
  );
  assert.deepEqual(
    excludedAddresses.map(({ address, flags, preferredLifetime }) => [
      address,
      flags,
      preferredLifetime,
    ]),
    [
      ["2001:db8::1", ["nodad"], 0],
      ["fe80::1", [], undefined],
      ["192.0.2.99", [], undefined],
    ],
  );
});

test("an IPv6 instance is left out, the others run", () => {
  const { model } = loadText(wrap("", "2001:db8::1") + wrap("").replace("A", "B"));
  assert.deepEqual(
    model?.instances.map(({ name }) => name),
    ["B"],
  );
});

test("unicast: peers with their TTLs, source and TTL", () => {
  const model = instanceOf(
    "unicast_src_ip 192.0.2.1\nunicast_ttl 64\nunicast_peer {\n192.0.2.2\n192.0.2.3 min_ttl 250 max_ttl 255\n}",
  );
  assert.deepEqual(model.transport, {
    kind: "unicast",
    peers: [{ address: "192.0.2.2" }, { address: "192.0.2.3", ttlMin: 250, ttlMax: 255 }],
    ttl: 64,
  });
  assert.equal(model.source, "192.0.2.1");
  assert.equal(model.checkUnicastSource, true);
  assert.equal(instanceOf("unicast_peer {\n192.0.2.2\n}").checkUnicastSource, false);
  assert.equal(
    instanceOf("check_unicast_src\nunicast_peer {\n192.0.2.2\n}").checkUnicastSource,
    true,
  );
});

test("unicast needs no interface where the source is configured", () => {
  const text = wrap("unicast_src_ip 192.0.2.1\nunicast_peer {\n192.0.2.2\n}").replace(
    "interface eth0\n",
    "",
  );
  assert.equal(modelOf(text).instances[0]?.interface, undefined);
});

test("unicast pairs with other peers may share a number, multicast groups may, too", () => {
  const peer = (name: string, last: number) =>
    wrap(`unicast_src_ip 192.0.2.1\nunicast_peer {\n192.0.2.${last}\n}`).replace("A", name);
  assert.equal(modelOf(peer("A", 2) + peer("B", 3)).instances.length, 2);
  assert.equal(loadText(peer("A", 2) + peer("B", 2)).model, undefined);
  const group = (name: string, last: number) =>
    wrap(`mcast_dst_ip 224.0.0.${last}`).replace("A", name);
  assert.equal(modelOf(group("A", 18) + group("B", 19)).instances.length, 2);
  assert.equal(modelOf(group("A", 18) + peer("B", 3)).instances.length, 2);
});

test("the multicast group comes from the instance or from global_defs", () => {
  assert.deepEqual(instanceOf("").transport, { kind: "multicast", group: "224.0.0.18" });
  const global = "vrrp_mcast_group4 239.1.1.1";
  assert.deepEqual(instanceOf("", global).transport, { kind: "multicast", group: "239.1.1.1" });
  assert.deepEqual(instanceOf("mcast_dst_ip 239.2.2.2", global).transport, {
    kind: "multicast",
    group: "239.2.2.2",
  });
});

test("tracked interfaces with weights; the own one is tracked anyway", () => {
  const model = instanceOf(
    "track_interface {\neth0\neth1\neth2 weight -20\neth3 weight 254 reverse\n}",
  );
  assert.deepEqual(model.trackInterfaces, [
    { interface: "eth1", weight: 0, reverse: false },
    { interface: "eth2", weight: -20, reverse: false },
    { interface: "eth3", weight: 253, reverse: true },
  ]);
  assert.equal(model.trackPrimary, true);
  assert.equal(instanceOf("dont_track_primary").trackPrimary, false);
});

test("instances inherit from global_defs, and from themselves after a losing advert", () => {
  const global = `vrrp_garp_master_delay 2
    vrrp_garp_master_repeat 3
    vrrp_garp_master_refresh 60
    vrrp_garp_master_refresh_repeat 2
    vrrp_garp_lower_prio_repeat 0
    vrrp_lower_prio_no_advert
    vrrp_higher_prio_send_advert yes
    vrrp_owner_ignore_adverts on
    vrrp_skip_check_adv_addr true
    vrrp_check_unicast_src
    vrrp_down_timer_adverts 5
    v3_checksum_as_v2`;
  const inherited = instanceOf("", global);
  assert.deepEqual(inherited.garp, {
    masterDelay: 2_000_000,
    masterRepeat: 3,
    refresh: 60_000_000,
    refreshRepeat: 2,
    lowerPriorityDelay: 2_000_000,
    lowerPriorityRepeat: 0,
  });
  assert.equal(inherited.lowerPriorityNoAdvert, true);
  assert.equal(inherited.higherPrioritySendAdvert, true);
  assert.equal(inherited.ownerIgnoreAdverts, true);
  assert.equal(inherited.skipAddressCheck, true);
  assert.equal(inherited.checkUnicastSource, true);
  assert.equal(inherited.downTimerAdverts, 5);
  assert.equal(inherited.checksumWithoutPseudoHeader, true);
  const own = instanceOf(
    "lower_prio_no_advert off\ndown_timer_adverts 1\ngarp_master_delay 1",
    global,
  );
  assert.equal(own.lowerPriorityNoAdvert, false);
  assert.equal(own.downTimerAdverts, 1);
  assert.equal(own.garp.lowerPriorityDelay, 1_000_000);
});

test("vrrp_min_garp changes what nothing else was said about", () => {
  assert.deepEqual(instanceOf("", "vrrp_min_garp\nvrrp_garp_master_repeat 4").garp, {
    masterDelay: 0,
    masterRepeat: 4,
    refresh: 0,
    refreshRepeat: 0,
    lowerPriorityDelay: 0,
    lowerPriorityRepeat: 4,
  });
});

test("global settings", () => {
  const { global } = modelOf(`global_defs {
    router_id router-1
    vrrp_startup_delay 2.5
    vrrp_garp_interval 0.001
    vrrp_rt_priority 20
    vrrp_rlimit_rttime 5000
    dynamic_interfaces allow_if_changes
    log_unknown_vrids
  }`);
  assert.deepEqual(global, {
    routerId: "router-1",
    startupDelay: 2_500_000,
    garpInterval: 1_000,
    logUnknownVrids: true,
    dynamicInterfaces: true,
    realtimePriority: 20,
    realtimeLimit: 5_000,
  });
});

test("what keepalived does not know stands in comments: #understudy", () => {
  assert.equal(instanceOf("").profile, "compat");
  assert.equal(instanceOf("#understudy profile rfc9568").profile, "rfc9568");
  assert.equal(instanceOf("  !understudy profile rfc9568").profile, "rfc9568");
  const { model } = loadText("global_defs {\n#understudy vrrp_rt_priority 0\n}");
  assert.equal(model?.global.realtimePriority, 0);
  assert.equal(loadText("global_defs {\nvrrp_rt_priority 0\n}").model?.global.realtimePriority, 0);
});

test("a wrong #understudy comment is a warning of ours, and changes no block", () => {
  const wrong = [
    "#understudy profil rfc9568",
    "#understudy profile rfc",
    "#understudy profile",
    "#understudy } {",
    "#understudy profile rfc9568 }",
  ];
  for (const comment of wrong) {
    const loaded = loadText(wrap(comment));
    assert.equal(loaded.diagnostics.length, 1, comment);
    assert.equal(configTestExit(loaded), 0, comment);
    assert.equal(loaded.model?.instances.length, 1, comment);
  }
  const inside = loadText(wrap("", "192.0.2.10\n#understudy profile rfc9568"));
  assert.equal(inside.diagnostics.length, 1);
  assert.equal(inside.model?.instances[0]?.addresses.length, 1);
});

test("scripts are held for later, the first of each kind", () => {
  const { notify } = instanceOf(`notify_master "/etc/a.sh master 'x y'" user :group
    notify_master "/etc/b.sh"
    notify /etc/c.sh`);
  assert.deepEqual(notify, {
    master: { command: "/etc/a.sh master 'x y'", user: "user", group: "group" },
    any: { command: "/etc/c.sh" },
  });
});
