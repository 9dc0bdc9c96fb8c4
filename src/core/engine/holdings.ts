// The virtual addresses in the kernel: asked for on becoming master, taken back on leaving, and
// watched in between. Only what the kernel took from us is ever removed (requests and answers in,
// add-addresses and remove-addresses out). Rules F19, G05, J10.

import { assert } from "../base/assert.ts";
import { familyOf, type IpAddress } from "../base/ip.ts";
import type { AddressOutcome, InterfaceAddress } from "../ports/kernel.ts";
import type { SystemError } from "../ports/system-error.ts";
import { kernelAddress } from "./addresses.ts";
import type { AddressRequest, Instance, Vip } from "./instance.ts";
import { type Holder, holderKey, type NodeState, report } from "./state.ts";

/**
 * Asks the kernel for every address that is not there yet. False when there was nothing to ask for,
 * so that no answer will come.
 */
export function requestAddresses(
  state: NodeState,
  instance: Instance,
  purpose: AddressRequest["purpose"],
): boolean {
  const vips: Vip[] = [];
  const addresses: InterfaceAddress[] = [];
  for (const vip of instance.vips) {
    if (vip.held !== "no") continue;
    const link = state.links.byName(vip.interface);
    if (link === undefined) {
      reportMissingLink(state, instance, vip);
      continue;
    }
    const address = kernelAddress(vip.virtual, link.index);
    vip.held = "requested";
    vips.push(vip);
    addresses.push(address);
    state.asked.ask("add", address);
  }
  if (vips.length === 0) return false;
  const request: AddressRequest = { instance, name: instance.name, vips, purpose };
  for (const vip of vips) vip.request = request;
  state.requests.push(request);
  state.effects.push({ kind: "add-addresses", instance: instance.name, addresses });
  return true;
}

/** Removes those of `vips` that are ours. What the kernel has not answered yet is removed then. */
export function withdrawAddresses(
  state: NodeState,
  instance: Instance,
  vips: readonly Vip[] = instance.vips,
): void {
  const addresses: InterfaceAddress[] = [];
  if (vips === instance.vips && vips.some(({ held }) => held === "requested")) {
    state.effects.push({ kind: "cancel-additions", instance: instance.name });
  }
  for (const vip of vips) {
    if (vip.held === "ours") {
      const link = state.links.byName(vip.interface);
      if (link !== undefined) addresses.push(kernelAddress(vip.virtual, link.index));
      vip.addedByUs = false;
    }
    vip.held = "no";
  }
  removeFromKernel(state, instance.name, addresses);
}

export function removeFromKernel(
  state: NodeState,
  instance: string,
  addresses: readonly InterfaceAddress[],
): void {
  if (addresses.length === 0) return;
  for (const address of addresses) state.asked.ask("remove", address);
  state.effects.push({ kind: "remove-addresses", instance, addresses });
}

/** A request that was answered. */
export type AnsweredRequest = AddressRequest & {
  /** No newer request asks for the same. */
  readonly isLatest: boolean;
  /** Somebody deleted these before the answer came. */
  readonly lost: readonly InterfaceAddress[];
};

/** The kernel's answer to the instance's oldest request; returns that, when there is one. */
export function noteOutcomes(
  state: NodeState,
  instance: string,
  addresses: readonly InterfaceAddress[],
  outcomes: readonly AddressOutcome[],
): AnsweredRequest | undefined {
  const place = state.requests.findIndex((asked) => asked.name === instance);
  const [request] = place < 0 ? [] : state.requests.splice(place, 1);
  if (request === undefined) return undefined;
  assert(request.vips.length === addresses.length, "the kernel answers what it was asked for");
  const unwanted: InterfaceAddress[] = [];
  const lost: InterfaceAddress[] = [];
  for (const [place, vip] of request.vips.entries()) {
    const outcome = outcomes[place] ?? { kind: "done" };
    const address = addresses[place];
    if (vip.held === "lost" && address !== undefined) lost.push(address);
    if (address !== undefined) noteOutcome(state, request, vip, address, outcome);
    // Leaving master has overtaken the answer.
    if (outcome.kind === "done" && vip.held === "no" && address !== undefined) {
      vip.addedByUs = false;
      unwanted.push(address);
    }
  }
  removeFromKernel(state, request.instance.name, unwanted);
  const isLatest = request.vips.some((vip) => vip.request === request);
  return { ...request, lost, isLatest };
}

function noteOutcome(
  state: NodeState,
  request: AddressRequest,
  vip: Vip,
  address: InterfaceAddress,
  outcome: AddressOutcome,
): void {
  const isLatest = vip.request === request;
  if (outcome.kind === "done") {
    vip.addedByUs = true;
    if (!isLatest) return;
    if (vip.held === "requested" || vip.held === "lost") vip.held = "ours";
    return;
  }
  state.asked.withdrawAdd(address);
  if (!isLatest || vip.held !== "requested") return;
  if (outcome.kind === "exists") {
    vip.held = vip.addedByUs ? "ours" : "foreign";
    return;
  }
  vip.held = "no";
  const error = outcome.kind === "refused" ? outcome.error : absentError;
  report(state, {
    kind: "address-refused",
    instance: request.name,
    interface: vip.interface,
    address,
    error,
  });
}

/** Lets gratuitous ARPs for the addresses that the kernel holds wait on their links. */
export function announce(
  state: NodeState,
  instance: Instance,
  repeat: number,
  only?: readonly Vip[],
): void {
  const byInterface = new Map<string, IpAddress[]>();
  let count = 0;
  for (const vip of only ?? instance.vips) {
    if (vip.held !== "ours" && vip.held !== "foreign") continue;
    if (familyOf(vip.virtual.address) !== "ipv4") continue;
    const addresses = byInterface.get(vip.interface);
    if (addresses === undefined) byInterface.set(vip.interface, [vip.virtual.address]);
    else addresses.push(vip.virtual.address);
  }
  for (const [name, addresses] of byInterface) {
    const link = state.links.byName(name);
    if (link === undefined) continue;
    const whole = only === undefined;
    if (state.announcer.announce(instance, link, addresses, repeat, whole) > 0) {
      count += addresses.length;
    }
  }
  if (count > 0) {
    report(state, { kind: "announcing", instance: instance.name, addresses: count });
  }
}

export function addHolders(state: NodeState, instance: Instance, vips: readonly Vip[]): void {
  for (const vip of vips) {
    const key = holderKey(vip.interface, vip.virtual.address);
    const holders = state.holders.get(key);
    if (holders === undefined) state.holders.set(key, [{ instance, vip }]);
    else holders.push({ instance, vip });
  }
}

export function dropHolders(state: NodeState, vips: readonly Vip[]): void {
  for (const vip of vips) {
    const key = holderKey(vip.interface, vip.virtual.address);
    const left = (state.holders.get(key) ?? []).filter((holder) => holder.vip !== vip);
    if (left.length === 0) state.holders.delete(key);
    else state.holders.set(key, left);
  }
}

/** Who has this very address configured, prefix length included. */
export function holdersOf(state: NodeState, address: InterfaceAddress): readonly Holder[] {
  const link = state.links.byIndex(address.link);
  if (link === undefined) return [];
  const holders = state.holders.get(holderKey(link.name, address.address)) ?? [];
  return holders.filter(({ vip }) => vip.virtual.prefixLength === address.prefixLength);
}

function reportMissingLink(state: NodeState, instance: Instance, vip: Vip): void {
  const error: SystemError = {
    call: "RTM_NEWADDR",
    object: `${vip.virtual.address} on ${vip.interface === "" ? "no interface" : vip.interface}`,
    code: "ENODEV",
    remedy: "the address is added when the interface appears",
  };
  report(state, {
    kind: "address-refused",
    instance: instance.name,
    address: kernelAddress(vip.virtual, 0),
    ...(vip.interface === "" ? {} : { interface: vip.interface }),
    error,
  });
}

const absentError: SystemError = {
  call: "RTM_NEWADDR",
  object: "address",
  code: "ENOENT",
};
