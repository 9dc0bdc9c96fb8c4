// The two files of the article that the project starts from, with their braces closed, and the
// variations that people make of them first.

import assert from "node:assert/strict";
import { test } from "node:test";
import { present } from "../../src/core/base/assert.ts";
import { modelOf } from "./config-text.ts";

const article = (state: string, priority: number, name = "VI_1", device = "eth0", vrid = 1) => `
vrrp_instance ${name} {
    state ${state}
    interface ${device}
    virtual_router_id ${vrid}
    priority ${priority}
    authentication {
        auth_type PASS
        auth_pass xxxx
    }
    virtual_ipaddress {
        192.168.1.${vrid}/24 brd 192.168.1.255 dev ${device}
    }
}
`;

test("the article's master is understood, with every default", () => {
  const model = modelOf(article("MASTER", 100));
  assert.deepEqual(model, {
    global: { startupDelay: 0, garpInterval: 0, logUnknownVrids: false, dynamicInterfaces: false },
    virtualServers: [],
    virtualServerGroups: [],
    instances: [
      {
        name: "VI_1",
        profile: "compat",
        family: "ipv4",
        version: 2,
        vrid: 1,
        priority: 100,
        initialMaster: true,
        interface: "eth0",
        trackPrimary: true,
        trackInterfaces: [],
        advertInterval: 1_000_000,
        preempt: true,
        preemptDelay: 0,
        downTimerAdverts: 3,
        authentication: { kind: "pass", password: "xxxx" },
        transport: { kind: "multicast", group: "224.0.0.18" },
        checkUnicastSource: false,
        addresses: [
          {
            address: "192.168.1.1",
            prefixLength: 24,
            broadcast: "192.168.1.255",
            interface: "eth0",
            scope: "global",
            flags: [],
            track: true,
          },
        ],
        excludedAddresses: [],
        garp: {
          masterDelay: 5_000_000,
          masterRepeat: 5,
          refresh: 0,
          refreshRepeat: 1,
          lowerPriorityDelay: 5_000_000,
          lowerPriorityRepeat: 5,
        },
        lowerPriorityNoAdvert: false,
        higherPrioritySendAdvert: false,
        ownerIgnoreAdverts: false,
        skipAddressCheck: false,
        checksumWithoutPseudoHeader: false,
        notify: {},
      },
    ],
  });
});

test("the article's backup differs in state and priority alone", () => {
  const master = present(modelOf(article("MASTER", 100)).instances[0], "instance");
  const backup = present(modelOf(article("BACKUP", 50)).instances[0], "instance");
  assert.deepEqual(backup, { ...master, initialMaster: false, priority: 50 });
});

test("VLAN interfaces and several instances on several interfaces", () => {
  const { instances } = modelOf(
    article("MASTER", 100) +
      article("BACKUP", 50, "VI_2", "eth0.2", 2) +
      article("BACKUP", 50, "VI_3", "eth1"),
  );
  assert.deepEqual(
    instances.map(({ name, vrid, ...instance }) => [name, vrid, instance.interface]),
    [
      ["VI_1", 1, "eth0"],
      ["VI_2", 2, "eth0.2"],
      ["VI_3", 1, "eth1"],
    ],
  );
});
