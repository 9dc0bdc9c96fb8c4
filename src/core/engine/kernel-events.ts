// What the kernel tells: links that come, go and change, addresses that appear and vanish. The
// tables are brought up to date first, then everybody who looks at what changed. An address of
// ours that went without our asking was taken away by somebody.

import {
  addressKey,
  type InterfaceAddress,
  type KernelSnapshot,
  type Link,
} from "../ports/kernel.ts";
import { kernelAddress } from "./addresses.ts";
import { drive } from "./drive.ts";
import { holdersOf, requestAddresses } from "./holdings.ts";
import type { Instance, Vip } from "./instance.ts";
import { type NodeState, report } from "./state.ts";
import { roleOf, updateInstance, updateUsers } from "./update.ts";

/** The kernel as it is, the first time or again: the difference counts as if it had been told. */
export function applySnapshot(state: NodeState, snapshot: KernelSnapshot): void {
  const held = new Set(snapshot.addresses.map(addressKey));
  state.asked.reconcile(held, unansweredAdditions(state));
  state.links.setAllAddresses(snapshot);
  const present = new Set(snapshot.links.map(({ index }) => index));
  for (const { index } of state.links.all()) {
    if (!present.has(index)) applyLinkRemoved(state, index);
  }
  for (const link of snapshot.links) applyLinkChanged(state, link);
  for (const address of believedInstalled(state)) {
    if (!held.has(addressKey(address))) takeAway(state, address);
  }
  for (const instance of state.instances) updateInstance(state, instance);
}

function unansweredAdditions(state: NodeState): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { virtual, interface: name } of state.requests.flatMap(({ vips }) => vips)) {
    const link = state.links.byName(name);
    if (link !== undefined) keys.add(addressKey(kernelAddress(virtual, link.index)));
  }
  return keys;
}

function believedInstalled(state: NodeState): readonly InterfaceAddress[] {
  return state.instances.flatMap(({ vips }) =>
    vips.flatMap(({ held, virtual, interface: name }) => {
      const link = state.links.byName(name);
      if (link === undefined || (held !== "ours" && held !== "foreign")) return [];
      return [kernelAddress(virtual, link.index)];
    }),
  );
}

export function applyLinkChanged(state: NodeState, link: Link): void {
  const before = state.links.byIndex(link.index);
  if (before !== undefined && before.name !== link.name) {
    applyLinkRenamed(state, before);
  }
  state.links.set(link);
  state.announcer.linkChanged(link);
  const known = before !== undefined && before.name === link.name;
  if (known && before.up === link.up) return;
  if (!known) reportLink(state, link.name, "added");
  if (known || link.up) reportLink(state, link.name, link.up ? "up" : "down");
  if (link.up) state.sockets.linkIsUp(link.index, state.now, state.effects);
  updateUsers(state, link.name);
  if (link.up) installOn(state, link.name);
}

export function applyLinkRemoved(state: NodeState, index: number): void {
  const link = state.links.remove(index);
  if (link === undefined) return;
  state.asked.forget(index);
  state.announcer.linkRemoved(index);
  leaveLink(state, link.name);
}

export function applyAddressAdded(state: NodeState, address: InterfaceAddress): void {
  state.links.setAddress(address);
  state.asked.added(address);
  updateSources(state, address);
}

export function applyAddressRemoved(state: NodeState, address: InterfaceAddress): void {
  state.links.removeAddress(address);
  if (!state.asked.removed(address)) takeAway(state, address);
  updateSources(state, address);
}

/** For those who had the link by its old name, it is gone. */
function applyLinkRenamed(state: NodeState, before: Link): void {
  const addresses = [...state.links.addressesOf(before.index)];
  state.links.remove(before.index);
  leaveLink(state, before.name);
  for (const address of addresses) state.links.setAddress(address);
}

function leaveLink(state: NodeState, name: string): void {
  for (const instance of state.byInterface.get(name) ?? []) {
    for (const vip of instance.vips) {
      if (vip.interface === name) forget(vip);
    }
  }
  reportLink(state, name, "deleted");
  updateUsers(state, name);
}

/** A link appeared under masters that hold addresses on it without tracking it. */
function installOn(state: NodeState, name: string): void {
  for (const instance of state.byInterface.get(name) ?? []) {
    if (instance.router.state !== "master") continue;
    if (instance.vips.some((vip) => vip.interface === name && vip.held === "no")) {
      requestAddresses(state, instance, "addition");
    }
  }
}

/** An address is gone that we did not remove; who held it has lost it. */
export function takeAway(state: NodeState, address: InterfaceAddress): void {
  if (state.asked.isRemovingNeighbour(address)) {
    putBack(state, address);
    return;
  }
  const robbed = new Set<Instance>();
  for (const { instance, vip } of holdersOf(state, address)) {
    // What has come and gone before the answer is known to have come by its event.
    if (vip.held === "requested" && !state.asked.isAdding(address)) vip.held = "lost";
    if (vip.held !== "ours" && vip.held !== "foreign") continue;
    forget(vip);
    robbed.add(instance);
    const { interface: name } = vip;
    report(state, {
      kind: "address-taken-away",
      instance: instance.name,
      address,
      interface: name,
    });
  }
  for (const instance of robbed) drive(state, instance, { kind: "address-taken-away" });
}

/** Linux dropped it because of a removal of ours: nobody's theft, and no reason to step back. */
function putBack(state: NodeState, address: InterfaceAddress): void {
  for (const { instance, vip } of holdersOf(state, address)) {
    if (vip.held !== "ours" && vip.held !== "foreign") continue;
    forget(vip);
    if (instance.router.state === "master") requestAddresses(state, instance, "addition");
  }
}

/** Our own addresses are nobody's source, so that thousands of them cost little. */
function updateSources(state: NodeState, address: InterfaceAddress): void {
  const link = state.links.byIndex(address.link);
  if (link === undefined || roleOf(state, link.name, address) === "ours") return;
  updateUsers(state, link.name);
}

/** Only links that somebody looks at are worth a word. */
function reportLink(
  state: NodeState,
  name: string,
  what: "up" | "down" | "added" | "deleted",
): void {
  if (!state.byInterface.has(name)) return;
  report(state, { kind: "link", interface: name, what });
}

function forget(vip: Vip): void {
  vip.held = "no";
  vip.addedByUs = false;
}
