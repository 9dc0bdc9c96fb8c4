// Brings one instance in line with the links, addresses and sockets as they are now: source
// address, socket, weight and faults. Called whenever something that it looks at has changed; does
// nothing when nothing has.

import type { IpAddress } from "../base/ip.ts";
import type { InterfaceAddress } from "../ports/kernel.ts";
import { type Fault, faultKey } from "../vrrp/vocabulary.ts";
import { socketSpecOf } from "./compile.ts";
import { drive } from "./drive.ts";
import { faultsOf, weightOf } from "./faults.ts";
import type { Instance } from "./instance.ts";
import type { AddressRole } from "./links.ts";
import { socketKey, socketText } from "./sockets.ts";
import { holderKey, type NodeState } from "./state.ts";

/** The order matters: a master that loses its address still says goodbye from it (rule J02). */
export function updateInstance(state: NodeState, instance: Instance): void {
  const { model } = instance;
  const source = sourceOf(state, instance);
  const wanted = new Map(
    faultsOf(model, instance.vipInterfaces, state.links, source !== undefined),
  );
  raiseFaults(state, instance, wanted);
  if (source !== instance.source) changeSource(state, instance, source);
  refreshSocket(state, instance);
  const socketFault = faultOfSocket(instance);
  if (socketFault !== undefined) {
    wanted.set(faultKey(socketFault), socketFault);
    raiseFaults(state, instance, wanted);
  }
  const weight = weightOf(model, state.links);
  if (weight !== instance.weight) {
    instance.weight = weight;
    drive(state, instance, { kind: "weight-changed", weight });
  }
  for (const [key, fault] of [...instance.faults]) {
    if (wanted.has(key)) continue;
    instance.faults.delete(key);
    drive(state, instance, { kind: "fault-cleared", fault });
  }
}

/** Everything that looks at one of the interfaces. */
export function updateUsers(state: NodeState, interfaceName: string): void {
  for (const instance of state.byInterface.get(interfaceName) ?? []) {
    updateInstance(state, instance);
  }
}

/** Leaves the socket, which closes with its last user. */
export function releaseSocket(state: NodeState, instance: Instance): void {
  if (instance.socket === undefined) return;
  state.sockets.release(instance, instance.socket, state.effects);
  instance.socket = undefined;
  instance.adverts = undefined;
}

/** What an address on a link is to us, as far as it could be the source of packets. */
export function roleOf(state: NodeState, linkName: string, address: InterfaceAddress): AddressRole {
  const holders = state.holders.get(holderKey(linkName, address.address));
  if (holders === undefined) return "other";
  let role: AddressRole = "other";
  for (const { vip } of holders) {
    if (vip.virtual.prefixLength === address.prefixLength) {
      if (vip.held === "ours" || vip.held === "requested") return "ours";
    }
    role = "configured";
  }
  return role;
}

function sourceOf(state: NodeState, { model }: Instance): IpAddress | undefined {
  if (model.source !== undefined) return model.source;
  const name = model.interface;
  if (name === undefined || model.family !== "ipv4") return undefined;
  return state.links.primaryAddress(name, (address) => roleOf(state, name, address));
}

function changeSource(state: NodeState, instance: Instance, source: IpAddress | undefined): void {
  instance.source = source;
  instance.adverts = undefined;
  drive(state, instance, { kind: "source-changed", source });
}

function refreshSocket(state: NodeState, instance: Instance): void {
  const { model } = instance;
  const link = model.interface === undefined ? undefined : state.links.byName(model.interface);
  const spec = socketSpecOf(model, link, instance.source);
  const before = instance.socket;
  if (spec === undefined) {
    releaseSocket(state, instance);
    return;
  }
  if (before !== undefined && before.key === socketKey(spec)) return;
  instance.socket = state.sockets.acquire(instance, spec, state.effects);
  if (before !== undefined) state.sockets.release(instance, before, state.effects);
  instance.adverts = undefined;
}

function faultOfSocket({ socket }: Instance): Fault | undefined {
  if (socket === undefined || socket.state === "open") return undefined;
  return { kind: "socket-refused", detail: socketText(socket.spec) };
}

function raiseFaults(
  state: NodeState,
  instance: Instance,
  wanted: ReadonlyMap<string, Fault>,
): void {
  for (const [key, fault] of wanted) {
    if (instance.faults.has(key)) continue;
    instance.faults.set(key, fault);
    drive(state, instance, { kind: "fault-raised", fault });
  }
}
