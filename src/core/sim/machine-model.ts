// The configuration that a scenario's host runs with, as keepalived.conf would have given it: the
// names, addresses and defaults of every simulated router.

import { type IpAddress, ip } from "../base/ip.ts";
import { type Microseconds, microseconds, seconds } from "../base/time.ts";
import type { InstanceModel, NodeModel, TransportModel, VirtualAddress } from "../config/model.ts";
import type { InterfaceAddress } from "../ports/kernel.ts";
import type { Scenario, VirtualRouterGroup } from "./scenario.ts";

export const linkIndex = 2;
export const linkName = "eth0";
export const multicastGroup = ip("224.0.0.18");

/** Groups are `VI_0`, `VI_1`, ...: the names that reports carry. */
export const groupName = (group: number): string => `VI_${group}`;
export const groupOfName = (name: string): number => Number(name.slice("VI_".length));

/** The address that the host itself has: 192.0.2.x with x from the scenario, 1 to 99. */
export const hostAddress = (scenario: Scenario, host: number): IpAddress =>
  ip(`192.0.2.${scenario.addresses[host] ?? 0}`);

/** The virtual addresses of a group: 192.0.2.100 and up, ten for each group. */
export const groupAddresses = (scenario: Scenario, group: number): readonly IpAddress[] =>
  Array.from({ length: scenario.groups[group]?.addresses ?? 0 }, (_, i) =>
    ip(`192.0.2.${100 + group * 10 + i}`),
  );

/** The addresses that a host has of its own before any router runs. */
export const ownAddress = (scenario: Scenario, host: number): InterfaceAddress => ({
  link: linkIndex,
  address: hostAddress(scenario, host),
  prefixLength: 24,
  scope: "global",
});

/** `priorities` are those of the groups after reloads. */
export const nodeModelOf = (
  scenario: Scenario,
  host: number,
  priorities: readonly number[],
): NodeModel => ({
  global: {
    startupDelay: scenario.startupDelay ?? microseconds(0),
    garpInterval: microseconds(0),
    logUnknownVrids: false,
    dynamicInterfaces: false,
  },
  instances: scenario.groups.map((group, i) =>
    instanceModelOf(scenario, host, group, i, priorities[i] ?? 100),
  ),
  virtualServers: [],
  virtualServerGroups: [],
});

function instanceModelOf(
  scenario: Scenario,
  host: number,
  group: VirtualRouterGroup,
  index: number,
  priority: number,
): InstanceModel {
  const member = group.members[host];
  if (member === undefined) throw new Error(`invariant broken: group ${index} has host ${host}`);
  return {
    name: groupName(index),
    profile: group.profile ?? "compat",
    family: "ipv4",
    version: group.version,
    vrid: group.vrid,
    priority,
    initialMaster: member.initialMaster,
    interface: linkName,
    trackPrimary: true,
    trackInterfaces: [],
    advertInterval: member.interval,
    preempt: member.preempt,
    preemptDelay: member.preemptDelay,
    downTimerAdverts: member.downTimerAdverts,
    authentication:
      group.password === undefined ? { kind: "none" } : { kind: "pass", password: group.password },
    transport: transportOf(scenario, host, group),
    ...(group.transport === "unicast" ? { source: hostAddress(scenario, host) } : {}),
    addresses: groupAddresses(scenario, index).map(virtualAddressOf),
    excludedAddresses: [],
    garp: garpDefaults,
    lowerPriorityNoAdvert: member.lowerPriorityNoAdvert,
    higherPrioritySendAdvert: member.higherPrioritySendAdvert ?? false,
    ownerIgnoreAdverts: false,
    skipAddressCheck: false,
    checkUnicastSource: group.transport === "unicast",
    checksumWithoutPseudoHeader: group.checksumWithoutPseudoHeader,
    notify: {},
  };
}

function transportOf(scenario: Scenario, host: number, group: VirtualRouterGroup): TransportModel {
  if (group.transport === "multicast") return { kind: "multicast", group: multicastGroup };
  const peers = scenario.addresses
    .map((_, other) => hostAddress(scenario, other))
    .filter((_, other) => other !== host)
    .map((address) => ({ address }));
  return { kind: "unicast", peers, ttl: 255 };
}

const virtualAddressOf = (address: IpAddress): VirtualAddress => ({
  address,
  prefixLength: 32,
  scope: "global",
  flags: [],
  track: true,
});

const never = 0 as Microseconds;

const garpDefaults = {
  masterDelay: seconds(5),
  masterRepeat: 5,
  refresh: never,
  refreshRepeat: 1,
  lowerPriorityDelay: seconds(5),
  lowerPriorityRepeat: 5,
};
