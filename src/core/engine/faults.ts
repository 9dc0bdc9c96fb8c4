// What keeps an instance out of the election, and what its tracked interfaces are worth, judged
// from the links as they are. Each cause is one fault by its own key, so that two causes need two
// recoveries. Rule J01 and J03.

import type { InstanceModel } from "../config/model.ts";
import { type Fault, faultKey } from "../vrrp/vocabulary.ts";
import type { LinkTable } from "./links.ts";

/**
 * Faults by key. `vipInterfaces` are those of `trackedVipInterfaces`; `hasSource` says whether
 * there is an address that adverts can come from.
 */
export function faultsOf(
  model: InstanceModel,
  vipInterfaces: readonly string[],
  links: LinkTable,
  hasSource: boolean,
): ReadonlyMap<string, Fault> {
  const faults = new Map<string, Fault>();
  const raise = (fault: Fault | undefined) => {
    if (fault !== undefined) faults.set(faultKey(fault), fault);
  };
  if (model.interface !== undefined) {
    const fault = downFault(model.interface, links);
    const present = links.byName(model.interface) !== undefined;
    if (model.trackPrimary || !present) raise(fault);
    if (present && !hasSource) raise({ kind: "no-source-address", interface: model.interface });
  }
  for (const tracked of model.trackInterfaces) {
    if (tracked.weight !== 0) continue;
    const fault = downFault(tracked.interface, links);
    if (!tracked.reverse) raise(fault);
    else if (fault === undefined) raise({ kind: "interface-up", interface: tracked.interface });
  }
  for (const name of vipInterfaces) raise(downFault(name, links));
  return faults;
}

/**
 * The sum of what weighted interfaces add: a positive weight counts while up, a negative one while
 * down, and `reverse` turns the sign round.
 */
export function weightOf(model: InstanceModel, links: LinkTable): number {
  let sum = 0;
  for (const { interface: name, weight, reverse } of model.trackInterfaces) {
    const up = links.byName(name)?.up === true;
    if (weight === 0 || up !== weight > 0) continue;
    sum += reverse ? -weight : weight;
  }
  return sum;
}

function downFault(name: string, links: LinkTable): Fault | undefined {
  const link = links.byName(name);
  if (link === undefined) return { kind: "interface-missing", interface: name };
  return link.up ? undefined : { kind: "interface-down", interface: name };
}
