// What is said of interfaces outside of instances, against a machine whose interfaces are known.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkConfig, modelOf } from "./config-text.ts";

const interfaces = ["eth0", "eth1"];

test("interface/unknown: a delay, a poll or a limit for an interface that does not exist", () => {
  for (const text of [
    "<|interface_up_down_delays|> {\n<|eth2|> 1\n}",
    "<|linkbeat_interfaces|> {\n<|eth2|>\n}",
    "<|garp_group|> {\ngarp_interval 1\ninterface <|eth2|>\n}",
  ])
    checkConfig(text, ["config/not-implemented", "interface/unknown"], { interfaces });
});

test("the model has groups, delays and limits", () => {
  const { groups } = modelOf(
    "interface_up_down_delays {\neth0 2 1.5\neth1 1\n}\nlinkbeat_interfaces {\neth1 MII\n}\n" +
      "garp_group {\ngarp_interval 0.5\ninterface eth0\n}\n",
    { interfaces },
  );
  assert.deepEqual(groups, {
    garpGroups: [{ interfaces: ["eth0"], garpInterval: 500_000, naInterval: 0 }],
    polledInterfaces: ["eth1"],
    interfaceDelays: [
      { interface: "eth0", down: 2_000_000, up: 1_500_000 },
      { interface: "eth1", down: 1_000_000, up: 0 },
    ],
    trackGroups: [],
    syncGroups: [],
  });
});
