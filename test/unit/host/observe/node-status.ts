// Statuses as the engine would give them for the instances whose dumps were recorded from keepalived
// 2.2.7 (folder keepalived-2.2.7): the same configuration, the same state, at the same moment.

import { ip } from "../../../../src/core/base/ip.ts";
import { microseconds, seconds } from "../../../../src/core/base/time.ts";
import type {
  GlobalModel,
  InstanceModel,
  VirtualAddress,
} from "../../../../src/core/config/model.ts";
import type { ShownState } from "../../../../src/core/engine/event.ts";
import type { InstanceStatus, NodeStatus } from "../../../../src/core/engine/status.ts";
import { type CounterName, counterNames } from "../../../../src/core/vrrp/counters.ts";

export const globalModel: GlobalModel = {
  routerId: "obs",
  startupDelay: microseconds(0),
  garpInterval: microseconds(0),
  logUnknownVrids: false,
  dynamicInterfaces: false,
};

export const virtual = (address: string, prefixLength = 32): VirtualAddress => ({
  address: ip(address),
  prefixLength,
  scope: "global",
  flags: [],
  track: true,
});

export const instanceModel: InstanceModel = {
  name: "VI_1",
  profile: "compat",
  family: "ipv4",
  version: 2,
  vrid: 51,
  priority: 100,
  initialMaster: false,
  interface: "eth0",
  trackPrimary: true,
  trackInterfaces: [],
  advertInterval: seconds(1),
  preempt: true,
  preemptDelay: microseconds(0),
  downTimerAdverts: 3,
  authentication: { kind: "pass", password: masked() },
  transport: { kind: "multicast", group: ip("224.0.0.18") },
  addresses: [
    {
      ...virtual("10.0.0.100", 24),
      broadcast: ip("10.0.0.255"),
      interface: "eth0",
      label: "eth0:vip",
    },
    virtual("10.0.0.101"),
  ],
  excludedAddresses: [virtual("10.0.0.102")],
  garp: {
    masterDelay: seconds(5),
    masterRepeat: 5,
    refresh: microseconds(0),
    refreshRepeat: 1,
    lowerPriorityDelay: seconds(5),
    lowerPriorityRepeat: 5,
  },
  lowerPriorityNoAdvert: false,
  higherPrioritySendAdvert: false,
  ownerIgnoreAdverts: false,
  skipAddressCheck: false,
  checkUnicastSource: false,
  checksumWithoutPseudoHeader: false,
  notify: {},
};

/** As the engine hands it out. */
function masked(): string {
  return "********";
}

export const counters = (
  some: Partial<Record<CounterName, number>> = {},
): Readonly<Record<CounterName, number>> =>
  ({
    ...Object.fromEntries(counterNames.map((name) => [name, 0])),
    ...some,
  }) as Record<CounterName, number>;

/** An instance in a state, holding all of its addresses as master and none otherwise. */
export function instanceStatus(
  model: InstanceModel,
  state: ShownState,
  more: Partial<InstanceStatus> = {},
): InstanceStatus {
  const installed = state === "MASTER";
  const held = (excluded: boolean) => (address: VirtualAddress) => ({
    address: {
      link: 2,
      address: address.address,
      prefixLength: address.prefixLength,
      scope: address.scope,
    },
    excluded,
    installed,
  });
  return {
    name: model.name,
    state,
    model,
    why: "the master has not been heard in time",
    faults: [],
    effectivePriority: model.priority,
    source: ip("10.0.0.1"),
    timers: {},
    masterDownInterval: microseconds(3_609_375),
    skew: microseconds(609_375),
    addresses: [...model.addresses.map(held(false)), ...model.excludedAddresses.map(held(true))],
    counters: counters(),
    lastTransition: {
      from: "BACKUP",
      to: state,
      reason: "master-silent",
      ago: microseconds(2_000_000),
    },
    ...more,
  };
}

export const nodeStatus = (...instances: readonly InstanceStatus[]): NodeStatus => ({
  instances,
  links: [
    { name: "lo", index: 1, up: true },
    { name: "eth0", index: 2, up: true },
  ],
  unknownVrids: [],
});
