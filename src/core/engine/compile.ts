// From the configuration of one instance to what its parts need: the router's rules, the socket,
// the addresses, the interfaces that matter. Pure functions of the model and the links.

import type { IpAddress } from "../base/ip.ts";
import type { InstanceModel } from "../config/model.ts";
import type { Link } from "../ports/kernel.ts";
import type { SocketSpec } from "../ports/raw-net.ts";
import type { RouterConfig } from "../vrrp/router-contract.ts";
import { ipProtocols } from "../wire/ipv4.ts";
import type { Vip } from "./instance.ts";

export const routerConfigOf = (model: InstanceModel): RouterConfig => ({
  version: model.version,
  profile: model.profile,
  priority: model.priority,
  initialMaster: model.initialMaster,
  advertInterval: model.advertInterval,
  preempt: model.preempt,
  preemptDelay: model.preemptDelay,
  downTimerAdverts: model.downTimerAdverts,
  lowerPriorityNoAdvert: model.lowerPriorityNoAdvert,
  higherPrioritySendAdvert: model.higherPrioritySendAdvert,
  garp: model.garp,
});

/** In the order in which they are installed: those of the adverts, then the excluded ones. */
export function vipsOf(model: InstanceModel): readonly Vip[] {
  const vip = (virtual: Vip["virtual"], excluded: boolean): Vip => ({
    virtual,
    interface: virtual.interface ?? model.interface ?? "",
    excluded,
    held: "no",
    addedByUs: false,
    request: undefined,
  });
  return [
    ...model.addresses.map((virtual) => vip(virtual, false)),
    ...model.excludedAddresses.map((virtual) => vip(virtual, true)),
  ];
}

/** The socket that an instance sends and listens on; undefined while the system cannot open it. */
export function socketSpecOf(
  model: InstanceModel,
  link: Link | undefined,
  source: IpAddress | undefined,
): SocketSpec | undefined {
  const { family, transport } = model;
  if (model.interface !== undefined && link === undefined) return undefined;
  if (transport.kind === "multicast") {
    if (link === undefined) return undefined;
    return {
      kind: "multicast",
      family,
      protocol: ipProtocols.vrrp,
      link: link.index,
      linkName: link.name,
      group: transport.group,
    };
  }
  if (source === undefined) return undefined;
  return {
    kind: "unicast",
    family,
    protocol: ipProtocols.vrrp,
    ...(link === undefined ? {} : { link: link.index, linkName: link.name }),
    source,
  };
}

/** Every interface whose state or addresses this instance looks at. */
export function interfacesOf(model: InstanceModel): ReadonlySet<string> {
  const names = new Set<string>();
  if (model.interface !== undefined) names.add(model.interface);
  for (const tracked of model.trackInterfaces) names.add(tracked.interface);
  for (const virtual of [...model.addresses, ...model.excludedAddresses]) {
    if (virtual.interface !== undefined) names.add(virtual.interface);
  }
  return names;
}

/** The interfaces besides its own that an instance needs for its addresses. */
export function trackedVipInterfaces(model: InstanceModel): readonly string[] {
  if (!model.trackPrimary) return [];
  const names = new Set<string>();
  for (const virtual of [...model.addresses, ...model.excludedAddresses]) {
    if (virtual.track && virtual.interface !== undefined) names.add(virtual.interface);
  }
  if (model.interface !== undefined) names.delete(model.interface);
  return [...names];
}
