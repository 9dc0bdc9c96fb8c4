// Configurations for engine tests: every default filled in, so that a test names only what it is
// about.

import { type IpAddress, ip } from "../../../../src/core/base/ip.ts";
import { microseconds, seconds } from "../../../../src/core/base/time.ts";
import type {
  GlobalModel,
  InstanceModel,
  NodeModel,
  VirtualAddress,
} from "../../../../src/core/config/model.ts";

export function instanceModel(overrides: Partial<InstanceModel> = {}): InstanceModel {
  return {
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
    authentication: { kind: "none" },
    transport: { kind: "multicast", group: ip("224.0.0.18") },
    addresses: [virtual("192.0.2.1/24")],
    excludedAddresses: [],
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
    ...overrides,
  };
}

/** `192.0.2.1/24`, with what else the line of the file says. */
export function virtual(text: string, overrides: Partial<VirtualAddress> = {}): VirtualAddress {
  const [address = "", length = address.includes(":") ? "128" : "32"] = text.split("/");
  return {
    address: ip(address),
    prefixLength: Number(length),
    scope: "global",
    flags: [],
    track: true,
    ...overrides,
  };
}

/** `count` addresses from 10.1.0.0 on. */
export const manyVirtual = (count: number): readonly VirtualAddress[] =>
  Array.from({ length: count }, (_, i) => virtual(`10.1.${i >> 8}.${i & 255}/32`));

export function nodeModel(
  instances: readonly InstanceModel[],
  global: Partial<GlobalModel> = {},
): NodeModel {
  return {
    global: {
      startupDelay: microseconds(0),
      garpInterval: microseconds(0),
      logUnknownVrids: false,
      dynamicInterfaces: false,
      ...global,
    },
    instances,
    virtualServers: [],
    virtualServerGroups: [],
  };
}

export const unicast = (
  ...peers: readonly (string | { address: IpAddress; ttlMin?: number; ttlMax?: number })[]
): InstanceModel["transport"] => ({
  kind: "unicast",
  ttl: 255,
  peers: peers.map((peer) => (typeof peer === "string" ? { address: ip(peer) } : peer)),
});
