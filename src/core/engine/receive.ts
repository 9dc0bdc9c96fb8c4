// Packets on their way in: find the instance, admit or refuse, act. A refusal is counted, reported
// once, and touches neither state nor timers (rules B16, F25). Of the admitted adverts of one VRID
// a wake-up acts upon one; the others wait for the next, one for each sender (rule B27).

import { type IpAddress, ipOf } from "../base/ip.ts";
import { limits } from "../base/limits.ts";
import type { Result } from "../base/result.ts";
import type { SocketId } from "../ports/raw-net.ts";
import {
  type AdmissionContext,
  type AdmittedAdvert,
  admissionPolicy,
  admit,
  openPacket,
  refusalOfState,
  unknownVrid,
} from "../vrrp/admission.ts";
import type { Refusal } from "../vrrp/refusal.ts";
import type { HeardAdvert } from "../vrrp/router-contract.ts";
import { drive } from "./drive.ts";
import type { Instance } from "./instance.ts";
import type { SocketEntry } from "./sockets.ts";
import { type NodeState, report } from "./state.ts";

export function receivePackets(
  state: NodeState,
  socket: SocketId,
  packets: readonly Uint8Array[],
): void {
  const entry = state.sockets.find(socket);
  // A socket that was closed while its packets were on their way here.
  if (entry === undefined) return;
  for (const packet of packets) receivePacket(state, entry, packet);
}

/** Acts on the oldest waiting advert of each instance. */
export function actOnWaiting(state: NodeState): void {
  if (state.waiting.size === 0) return;
  for (const instance of state.waiting) {
    const heard = instance.pending.shift();
    if (instance.pending.length === 0) state.waiting.delete(instance);
    if (heard !== undefined) act(state, instance, heard);
  }
}

function receivePacket(state: NodeState, entry: SocketEntry<Instance>, packet: Uint8Array): void {
  const vrid = vridOf(packet);
  const instance = vrid === undefined ? undefined : instanceFor(entry, vrid, packet);
  if (vrid !== undefined && instance === undefined) {
    refuseUnknown(state, entry, vrid, packet);
    return;
  }
  if (instance !== undefined) {
    // Most of a flood ends here, before anything is decoded.
    const refusal = refusalOfState(instance.router.state, state.holdUntil, state.now);
    if (refusal !== undefined) {
      refuse(state, entry, instance, packet, refusal);
      return;
    }
  }
  if (instance === undefined) {
    const opened = openPacket(packet);
    refuseUnattributed(state, entry, opened.ok ? unknownVrid(opened.value) : opened.error);
    return;
  }
  const admitted = admitAgain(instance, packet) ?? admitNew(instance, packet);
  if (admitted.ok) accept(state, entry, instance, admitted.value);
  else refuse(state, entry, instance, packet, admitted.error);
}

const ipHeaderMin = 20;
const sourceOffset = 12;

/** Read before anything is decoded; undefined where the packet ends before it. */
function vridOf(packet: Uint8Array): number | undefined {
  const headerLength = ((packet[0] ?? 0) & 0x0f) * 4;
  return headerLength < ipHeaderMin ? undefined : packet[headerLength + 1];
}

const sourceText = (packet: Uint8Array): IpAddress => ipOf(packet, sourceOffset, 4);

/** Unicast instances may share a VRID: then the one that has the sender as a peer is meant. */
function instanceFor(
  entry: SocketEntry<Instance>,
  vrid: number,
  packet: Uint8Array,
): Instance | undefined {
  const sharers = entry.byVrid.get(vrid);
  if (sharers === undefined || sharers.length === 1) return sharers?.[0];
  const source = sourceText(packet);
  return sharers.find(
    ({ model: { transport } }) =>
      transport.kind === "unicast" && transport.peers.some(({ address }) => address === source),
  );
}

function admitNew(instance: Instance, packet: Uint8Array): Result<AdmittedAdvert, Refusal> {
  const opened = openPacket(packet);
  if (!opened.ok) return opened;
  const { router } = instance;
  instance.policy ??= admissionPolicy(instance.model);
  const context: AdmissionContext = {
    policy: instance.policy,
    state: router.state,
    effectivePriority: router.effectivePriority,
    source: instance.source,
    master: router.master?.from,
  };
  const admitted = admit(opened.value, context);
  if (admitted.ok) instance.lastAdmitted = { bytes: packet.slice(), context, admitted };
  return admitted;
}

/** A master repeats itself: what was admitted before, under the same conditions, is right again. */
function admitAgain(
  { lastAdmitted, policy, router, source }: Instance,
  packet: Uint8Array,
): Result<AdmittedAdvert, Refusal> | undefined {
  if (lastAdmitted === undefined) return undefined;
  const { bytes, context, admitted } = lastAdmitted;
  const same =
    context.policy === policy &&
    context.state === router.state &&
    context.source === source &&
    context.effectivePriority === router.effectivePriority &&
    context.master === router.master?.from &&
    sayTheSame(bytes, packet);
  return same ? admitted : undefined;
}

/**
 * Equal but for the identification and the checksum of the IP header, which change with every
 * packet. A password is in there, so the time does not depend on where the first difference is.
 */
function sayTheSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let different = 0;
  for (let place = 0; place < a.length; place++) {
    if (place === 4 || place === 5 || place === 10 || place === 11) continue;
    different |= (a[place] as number) ^ (b[place] as number);
  }
  return different === 0;
}

function accept(
  state: NodeState,
  entry: SocketEntry<Instance>,
  instance: Instance,
  { advert, differs }: AdmittedAdvert,
): void {
  const { pending } = instance;
  // The sender's newer word takes the place of its older one: after a stall the queue must tell how
  // things are now, not how they were.
  const older = pending.findIndex(({ from }) => from === advert.from);
  if (older >= 0) {
    pending.splice(older, 1);
  } else if (pending.length >= limits.pendingAdvertsPerVrid) {
    const refusal: Refusal = { kind: "surplus", expected: limits.pendingAdvertsPerVrid };
    countRefusal(state, entry, instance, advert.from, refusal);
    return;
  }
  instance.counters.add("adverts-received");
  if (differs.length > 0) reportDifferences(state, instance, advert, differs);
  if (instance.actedIn === state.wakeUp) {
    pending.push(advert);
    state.waiting.add(instance);
  } else {
    act(state, instance, advert);
  }
}

function act(state: NodeState, instance: Instance, advert: HeardAdvert): void {
  instance.actedIn = state.wakeUp;
  if (advert.priority === 0) instance.counters.add("priority-zero-received");
  drive(state, instance, { kind: "advert", advert });
}

function reportDifferences(
  state: NodeState,
  instance: Instance,
  { from }: HeardAdvert,
  differs: AdmittedAdvert["differs"],
): void {
  for (const what of differs) {
    const isInterval = what.kind === "interval";
    instance.counters.add(isInterval ? "interval-differs" : "address-list-errors");
    if (!instance.firstOf(`differs ${what.kind}`)) continue;
    const { name, vrid } = instance.model;
    report(state, { kind: "advert-differs", instance: name, vrid, from, what });
  }
}

function refuse(
  state: NodeState,
  entry: SocketEntry<Instance>,
  instance: Instance,
  packet: Uint8Array,
  refusal: Refusal,
): void {
  const from = packet.length < ipHeaderMin ? undefined : sourceText(packet);
  countRefusal(state, entry, instance, from, refusal);
}

function countRefusal(
  state: NodeState,
  entry: SocketEntry<Instance>,
  instance: Instance,
  from: IpAddress | undefined,
  refusal: Refusal,
): void {
  instance.counters.add(`dropped ${refusal.kind}`);
  if (refusal.kind === "address-list-mismatch") instance.counters.add("address-list-errors");
  if (!instance.firstOf(refusal.kind)) return;
  report(state, {
    kind: "advert-refused",
    instance: instance.name,
    interface: entry.interface,
    ...(from === undefined ? {} : { from }),
    refusal,
  });
}

/** B10, I13. Told once for each VRID, and only where `log_unknown_vrids` asks for it. */
function refuseUnknown(
  state: NodeState,
  entry: SocketEntry<Instance>,
  vrid: number,
  packet: Uint8Array,
): void {
  let counts = state.unknownVrids.get(entry.interface);
  if (counts === undefined) {
    counts = new Float64Array(vridCount);
    state.unknownVrids.set(entry.interface, counts);
  }
  const before = counts[vrid] ?? 0;
  counts[vrid] = before + 1;
  if (before > 0 || state.model?.global.logUnknownVrids !== true) return;
  report(state, {
    kind: "advert-refused",
    interface: entry.interface,
    ...(packet.length < ipHeaderMin ? {} : { from: sourceText(packet) }),
    refusal: { kind: "unknown-vrid", received: vrid },
  });
}

const vridCount = 256;

/** Too short to say whose it is. */
function refuseUnattributed(
  state: NodeState,
  entry: SocketEntry<Instance>,
  refusal: Refusal,
): void {
  let kinds = state.unattributed.get(entry.interface);
  if (kinds === undefined) {
    kinds = new Map();
    state.unattributed.set(entry.interface, kinds);
  }
  const before = kinds.get(refusal.kind) ?? 0;
  kinds.set(refusal.kind, before + 1);
  if (before > 0) return;
  report(state, { kind: "advert-refused", interface: entry.interface, refusal });
}
