// The life of instances: the first configuration starts them, a reload carries out its plan, a
// shutdown ends them all. Leftovers of an earlier run go first. Rules D08, J07 and J10.

import { assertNever, present } from "../base/assert.ts";
import { sameData } from "../base/same-data.ts";
import { after } from "../base/time.ts";
import type { InstanceModel, NodeModel } from "../config/model.ts";
import { addressKey, type InterfaceAddress, vrrpProtocolTag } from "../ports/kernel.ts";
import { createRouter } from "../vrrp/router.ts";
import { interfacesOf, routerConfigOf, trackedVipInterfaces, vipsOf } from "./compile.ts";
import { drive } from "./drive.ts";
import {
  addHolders,
  dropHolders,
  removeFromKernel,
  requestAddresses,
  withdrawAddresses,
} from "./holdings.ts";
import { Instance, type Vip } from "./instance.ts";
import { planReload, type ReloadStep, virtualKey } from "./reload.ts";
import { countersFor, type NodeState, report } from "./state.ts";
import { releaseSocket, updateInstance } from "./update.ts";

export function configure(
  state: NodeState,
  model: NodeModel,
  leftovers: readonly InterfaceAddress[],
): void {
  if (state.stage === "stopping" || state.stage === "stopped") return;
  state.announcer.setInterval(model.global.garpInterval);
  if (state.stage === "waiting") start(state, model, leftovers);
  else reload(state, present(state.model, "configuration"), model);
  state.model = model;
}

/** Gives up mastership everywhere and closes the sockets. */
export function shutDown(state: NodeState): void {
  if (state.stage === "stopping" || state.stage === "stopped") return;
  state.stage = "stopping";
  state.announcer.clearAll();
  // All the goodbyes first: other routers wait for them.
  for (const instance of state.instances) drive(state, instance, { kind: "shutdown" });
  for (const instance of state.instances) {
    releaseSocket(state, instance);
    state.deadlines.set(instance.slot, undefined);
  }
  state.waiting.clear();
}

function start(state: NodeState, model: NodeModel, leftovers: readonly InterfaceAddress[]): void {
  state.stage = "running";
  // All are known before the first looks for its source: a VIP of another one is none.
  const added = model.instances.map((instance) => addInstance(state, instance));
  removeLeftovers(state, leftovers);
  const { startupDelay } = model.global;
  if (startupDelay > 0) {
    state.holdUntil = after(state.now, startupDelay);
    report(state, { kind: "startup-delay", delay: startupDelay });
  }
  for (const instance of added) startInstance(state, instance);
}

/** Removes what the state file or the protocol tag proves ours, and nothing else. */
function removeLeftovers(state: NodeState, proven: readonly InterfaceAddress[]): void {
  const found = new Map<string, InterfaceAddress>();
  for (const address of proven) {
    const held = state.links.addressOf(address);
    if (held !== undefined) found.set(addressKey(held), held);
  }
  for (const { vips } of state.instances) {
    for (const vip of vips) {
      const held = taggedAddress(state, vip);
      if (held !== undefined) found.set(addressKey(held), held);
    }
  }
  if (found.size === 0) return;
  const addresses = [...found.values()];
  removeFromKernel(state, "", addresses);
  for (const address of addresses) state.links.removeAddress(address);
  report(state, { kind: "leftovers-removed", addresses });
}

function taggedAddress(state: NodeState, vip: Vip): InterfaceAddress | undefined {
  const link = state.links.byName(vip.interface);
  if (link === undefined) return undefined;
  const { address, prefixLength } = vip.virtual;
  const held = state.links.addressOf({ link: link.index, address, prefixLength, scope: "global" });
  return held?.protocol === vrrpProtocolTag ? held : undefined;
}

function addInstance(state: NodeState, model: InstanceModel): Instance {
  let slot = state.slots.indexOf(undefined);
  if (slot < 0) slot = state.slots.length;
  const router = createRouter(routerConfigOf(model), model.name);
  const counters = countersFor(state, model.name);
  const instance = new Instance(slot, model, router, counters, vipsOf(model));
  instance.vipInterfaces = trackedVipInterfaces(model);
  state.slots[slot] = instance;
  state.instances.push(instance);
  watchInterfaces(state, instance);
  addHolders(state, instance, instance.vips);
  return instance;
}

function startInstance(state: NodeState, instance: Instance): void {
  updateInstance(state, instance);
  const { holdUntil } = state;
  const held = holdUntil !== undefined && holdUntil > state.now;
  drive(state, instance, held ? { kind: "start", holdUntil } : { kind: "start" });
}

function removeInstance(state: NodeState, instance: Instance): void {
  instance.leaving = true;
  drive(state, instance, { kind: "shutdown" });
  releaseSocket(state, instance);
  state.announcer.clear(instance);
  state.waiting.delete(instance);
  unwatchInterfaces(state, instance);
  dropHolders(state, instance.vips);
  state.instances = state.instances.filter((other) => other !== instance);
  state.deadlines.set(instance.slot, undefined);
  state.slots[instance.slot] = undefined;
}

function reload(state: NodeState, old: NodeModel, next: NodeModel): void {
  const running = new Map(state.instances.map((instance) => [instance.model, instance]));
  const runningAs = (model: InstanceModel) => present(running.get(model), `instance ${model.name}`);
  const added: Instance[] = [];
  for (const step of planReload(old, next).steps) {
    switch (step.kind) {
      case "removed":
        removeInstance(state, runningAs(step.old));
        break;
      case "restarted":
        removeInstance(state, runningAs(step.old));
        added.push(addInstance(state, step.next));
        break;
      case "changed":
      case "kept":
        changeInstance(state, runningAs(step.old), step.next);
        break;
      case "added":
        added.push(addInstance(state, step.next));
        break;
      default:
        assertNever(step);
    }
    reportStep(state, step);
  }
  for (const instance of added) startInstance(state, instance);
  // VIPs that came or went may have changed who has a source address.
  for (const instance of state.instances) updateInstance(state, instance);
  const places = new Map(next.instances.map((model, place) => [model, place]));
  state.instances.sort((a, b) => (places.get(a.model) ?? 0) - (places.get(b.model) ?? 0));
}

function reportStep(state: NodeState, step: ReloadStep): void {
  const instance = step.kind === "removed" ? step.old.name : step.next.name;
  const changes = step.kind === "changed" || step.kind === "restarted" ? step.changes : [];
  report(state, { kind: "reload", instance, what: step.kind, changes });
}

/** State and timers stay; what changed is applied without dropping what did not (rule J07). */
function changeInstance(state: NodeState, instance: Instance, next: InstanceModel): void {
  const old = instance.model;
  instance.model = next;
  if (sameData(old, next)) return;
  instance.adverts = undefined;
  instance.policy = undefined;
  instance.vipInterfaces = trackedVipInterfaces(next);
  unwatchInterfaces(state, instance, old);
  watchInterfaces(state, instance);
  const config = routerConfigOf(next);
  if (!sameData(routerConfigOf(old), config)) {
    drive(state, instance, { kind: "reconfigured", config });
  }
  changeAddresses(state, instance);
  updateInstance(state, instance);
}

function changeAddresses(state: NodeState, instance: Instance): void {
  const before = new Map(instance.vips.map((vip) => [vipKey(vip), vip]));
  const vips = vipsOf(instance.model).map((fresh) => {
    const key = vipKey(fresh);
    const kept = before.get(key);
    if (kept === undefined) return fresh;
    before.delete(key);
    kept.excluded = fresh.excluded;
    return kept;
  });
  const gone = [...before.values()];
  const known = new Set(instance.vips);
  withdrawAddresses(state, instance, gone);
  dropHolders(state, gone);
  instance.vips = vips;
  addHolders(
    state,
    instance,
    vips.filter((vip) => !known.has(vip)),
  );
  if (instance.router.state === "master") requestAddresses(state, instance, "addition");
}

const vipKey = (vip: Vip): string => virtualKey(vip.virtual, vip.interface);

function watchInterfaces(state: NodeState, instance: Instance): void {
  for (const name of interfacesOf(instance.model)) {
    const users = state.byInterface.get(name);
    if (users === undefined) state.byInterface.set(name, new Set([instance]));
    else users.add(instance);
  }
}

function unwatchInterfaces(state: NodeState, instance: Instance, model = instance.model): void {
  for (const name of interfacesOf(model)) {
    const users = state.byInterface.get(name);
    users?.delete(instance);
    if (users?.size === 0) state.byInterface.delete(name);
  }
}
