// One simulated machine: an engine, a scripted kernel, sockets, and the loop that drives them as
// the daemon's does. What happens to the machine goes in (packets, cables, signals); packets,
// frames and facts come out of `wake`.

import { assert, assertNever } from "../base/assert.ts";
import type { IpAddress } from "../base/ip.ts";
import { limits } from "../base/limits.ts";
import { type Instant, type Microseconds, seconds } from "../base/time.ts";
import type { EngineEffect } from "../engine/effect.ts";
import type { Engine } from "../engine/engine.ts";
import type { EngineInput } from "../engine/input.ts";
import type { SocketId, SocketSpec } from "../ports/raw-net.ts";
import { decodeArp } from "../wire/arp.ts";
import { decodeEthernet } from "../wire/ethernet.ts";
import { decodeIpv4 } from "../wire/ipv4.ts";
import { peekAdvert } from "../wire/vrrp.ts";
import type { Fact } from "./fact.ts";
import {
  groupAddresses,
  groupName,
  groupOfName,
  linkIndex,
  linkName,
  nodeModelOf,
  ownAddress,
} from "./machine-model.ts";
import type { Scenario } from "./scenario.ts";
import { ScriptedKernel } from "./scripted-kernel.ts";
import { SlowWork } from "./slow-work.ts";

/** Makes the engine of one host; tests put broken ones in. */
export type EngineFactory = () => Engine;

export type HostOutput =
  | { readonly kind: "packet"; readonly to: IpAddress; readonly bytes: Uint8Array }
  | { readonly kind: "fact"; readonly fact: Fact };

type OpenSocket = { readonly spec: SocketSpec; waiting: Uint8Array[] };

/** Packets that a socket buffers while nobody reads; later ones are dropped, as Linux does. */
const socketBufferPackets = 256;

/** Rounds of answers and events in one wake-up; more means that the engine talks to itself. */
const roundsMax = 64;

const unboundedWork = 1_000_000;

export class SimHost {
  readonly index: number;
  private readonly scenario: Scenario;
  private readonly createEngine: EngineFactory;
  private readonly kernel = new ScriptedKernel();
  private readonly sockets = new Map<SocketId, OpenSocket>();
  private readonly slow = new SlowWork();
  private engine: Engine | undefined;
  private commands: EngineInput[] = [];
  private output: HostOutput[] = [];
  private readonly held: string[];
  /** The virtual addresses of each group. */
  private readonly addresses: readonly (readonly IpAddress[])[];
  private readonly priorities: number[];
  private standsStill = false;
  private leaving = false;
  private startsAgain = false;

  constructor(scenario: Scenario, index: number, createEngine: EngineFactory) {
    this.scenario = scenario;
    this.index = index;
    this.createEngine = createEngine;
    const mac = `02:00:00:00:00:${(index + 1).toString(16).padStart(2, "0")}`;
    this.kernel.setLink({ index: linkIndex, name: linkName, mac });
    this.kernel.addAsSomebodyElse(ownAddress(scenario, index));
    this.held = scenario.groups.map(() => "");
    this.addresses = scenario.groups.map((_, group) => groupAddresses(scenario, group));
    this.priorities = scenario.groups.map((group) => group.members[index]?.priority ?? 100);
  }

  get running(): boolean {
    return this.engine !== undefined;
  }

  /** A machine that is still leaving starts once it has left. */
  start(): void {
    this.startsAgain = this.leaving;
    if (this.engine !== undefined) return;
    this.engine = this.createEngine();
    // What the kernel told nobody before is in the snapshot.
    this.kernel.events();
    const model = nodeModelOf(this.scenario, this.index, this.priorities);
    this.commands = [this.snapshotInput(), { kind: "configure", model, leftovers: [] }];
  }

  /** SIGTERM; a machine that stands still hears it when it goes on. */
  stop(): void {
    this.standsStill = false;
    this.startsAgain = false;
    if (this.engine === undefined || this.leaving) return;
    this.leaving = true;
    this.commands.push({ kind: "shutdown" });
  }

  /** SIGKILL: the kernel closes the sockets and keeps the addresses. */
  crash(): void {
    this.engine = undefined;
    this.standsStill = false;
    this.leaving = false;
    this.startsAgain = false;
    this.commands = [];
    this.sockets.clear();
    this.slow.clear();
  }

  /** What the guard does after a crash, unless the router is back already. */
  takeAddressesBack(now: Instant): readonly HostOutput[] {
    if (this.engine === undefined) {
      for (const address of this.addresses.flat()) this.kernel.removeAsSomebodyElse(address);
      this.noteHeld(now);
    }
    return this.takeOutput();
  }

  /** A machine that is leaving leaves. */
  pause(): void {
    this.standsStill = this.engine !== undefined && !this.leaving;
  }

  resume(): void {
    this.standsStill = false;
  }

  reload(group: number, priority: number): void {
    this.priorities[group] = priority;
    if (this.engine === undefined) return;
    const model = nodeModelOf(this.scenario, this.index, this.priorities);
    this.commands.push({ kind: "configure", model });
  }

  setLinkUp(up: boolean): void {
    this.kernel.setLinkUp(linkName, up);
  }

  loseKernelEvents(): void {
    this.kernel.overrun();
  }

  stealAddress(group: number): void {
    const address = this.addresses[group]?.[0];
    if (address !== undefined) this.kernel.removeAsSomebodyElse(address);
  }

  /** A packet arrives at the interface; true when a socket took it. */
  receive(to: IpAddress, bytes: Uint8Array): boolean {
    let taken = false;
    for (const { spec, waiting } of this.sockets.values()) {
      const wanted = spec.kind === "multicast" ? spec.group : spec.source;
      if (wanted !== to || waiting.length >= socketBufferPackets) continue;
      waiting.push(bytes);
      taken = true;
    }
    return taken;
  }

  /** When there is something to do; undefined for never, `now` where it waits already. */
  nextWake(now: Instant): Instant | undefined {
    if (this.engine === undefined || this.standsStill) return undefined;
    if (this.commands.length > 0 || this.slow.isBusy) return now;
    for (const socket of this.sockets.values()) if (socket.waiting.length > 0) return now;
    const next = this.engine.nextTimeout();
    return next !== undefined && next < now ? now : next;
  }

  /** One turn of the loop: commands, kernel events, packets, then deadlines. */
  wake(now: Instant): readonly HostOutput[] {
    if (this.engine === undefined || this.standsStill) return [];
    try {
      this.turn(this.engine, now);
    } catch (error) {
      this.fact({ at: now, kind: "broken", host: this.index, message: String(error) });
      this.crash();
    }
    this.noteHeld(now);
    return this.takeOutput();
  }

  private turn(engine: Engine, now: Instant): void {
    const commands = this.commands;
    this.commands = [];
    for (const command of commands) this.feed(engine, command, now);
    this.feedKernelEvents(engine, now);
    for (const [socket, { waiting }] of [...this.sockets]) {
      const packets = waiting.splice(0, limits.packetsPerWakeUp);
      if (packets.length === 0) continue;
      for (const packet of packets) this.noteHeard(packet, now);
      this.feed(engine, { kind: "packets-received", socket, packets }, now);
    }
    const due = engine.nextTimeout();
    if (due !== undefined && due <= now) this.carryOut(engine.handleTimeout(now), now);
    this.workOff(engine, now);
    this.feedKernelEvents(engine, now);
  }

  /** What the kernel has to tell, our own changes among it, until it is silent. */
  private feedKernelEvents(engine: Engine, now: Instant): void {
    for (let round = 0; round < roundsMax; round++) {
      const events = this.kernel.events();
      if (events.length === 0) return;
      for (const event of events) {
        this.feed(engine, event.kind === "overrun" ? this.snapshotInput() : event, now);
      }
    }
    throw new Error(`kernel events are answered with kernel events ${roundsMax} times`);
  }

  private snapshotInput(): EngineInput {
    const snapshot = this.kernel.snapshot();
    assert(snapshot.ok, "a scripted kernel always tells how it is");
    return { kind: "kernel-snapshot", snapshot: snapshot.value };
  }

  private feed(engine: Engine, input: EngineInput, now: Instant): void {
    // A stopped engine is gone; what waited for it is dropped.
    if (this.engine === undefined) return;
    this.carryOut(engine.handle(input, now), now);
  }

  private carryOut(effects: readonly EngineEffect[], now: Instant): void {
    for (const effect of effects) this.carryOutOne(effect, now);
  }

  private carryOutOne(effect: EngineEffect, now: Instant): void {
    switch (effect.kind) {
      case "open-socket":
        this.sockets.set(effect.socket, { spec: effect.spec, waiting: [] });
        break;
      case "close-socket":
        this.sockets.delete(effect.socket);
        break;
      case "send-packet":
        this.send(effect.socket, effect.to, effect.bytes, now);
        break;
      case "send-frame":
      case "add-addresses":
      case "remove-addresses":
      case "stopped":
        this.slow.put(effect);
        break;
      case "cancel-additions":
        this.slow.cancelAdditions(effect.instance);
        break;
      case "report":
        if (effect.event.kind === "transition") {
          const { instance, from, to } = effect.event;
          const group = groupOfName(instance);
          this.fact({ at: now, kind: "state", host: this.index, group, from, to });
        }
        break;
      default:
        assertNever(effect);
    }
  }

  /** One chunk of slow work; the whole of it where the scenario sets no bound. */
  private workOff(engine: Engine, now: Instant): void {
    const { workPerTurn } = this.scenario;
    for (let round = 0; round < roundsMax && this.slow.isBusy; round++) {
      for (const done of this.slow.workChunk(workPerTurn ?? unboundedWork, this.kernel)) {
        if (done.kind === "answer") this.feed(engine, done.input, now);
        else if (done.kind === "frame") this.noteAnnounced(done.bytes, now);
        else this.leave();
      }
      if (workPerTurn !== undefined) return;
    }
  }

  private leave(): void {
    this.engine = undefined;
    this.sockets.clear();
    this.slow.clear();
    this.leaving = false;
    if (this.startsAgain) this.start();
  }

  private send(socket: SocketId, to: IpAddress, bytes: Uint8Array, now: Instant): void {
    if (!this.sockets.has(socket))
      throw new Error(`a packet for socket ${socket}, which is closed`);
    if (this.kernel.linkNamed(linkName)?.up !== true) return;
    const advert = this.readAdvert(bytes);
    if (advert !== undefined) {
      const { group, priority } = advert;
      this.fact({ at: now, kind: "advert-sent", host: this.index, group, priority, to });
    }
    this.output.push({ kind: "packet", to, bytes });
  }

  private noteHeard(packet: Uint8Array, now: Instant): void {
    const advert = this.readAdvert(packet);
    if (advert === undefined) return;
    this.fact({ at: now, kind: "advert-heard", host: this.index, ...advert });
  }

  private readAdvert(packet: Uint8Array) {
    const decoded = decodeIpv4(packet);
    if (!decoded.ok) return undefined;
    const peek = peekAdvert(decoded.value.payload);
    if (peek === undefined) return undefined;
    const group = this.scenario.groups.findIndex(({ vrid }) => vrid === peek.vrid);
    if (group < 0) return undefined;
    const interval = seconds(peek.version === 2 ? peek.interval : peek.interval / 100);
    return {
      group,
      priority: peek.priority,
      interval: interval as Microseconds,
      from: decoded.value.source,
    };
  }

  private noteAnnounced(frame: Uint8Array, now: Instant): void {
    if (this.kernel.linkNamed(linkName)?.up !== true) return;
    const decoded = decodeEthernet(frame);
    if (!decoded.ok) return;
    const arp = decodeArp(decoded.value.payload);
    if (!arp.ok) return;
    const { senderAddress: address } = arp.value;
    this.fact({ at: now, kind: "announced", host: this.index, address });
  }

  /** Tells which virtual addresses the kernel holds, where that changed. */
  private noteHeld(now: Instant): void {
    const all = new Set(this.kernel.held().map(({ address }) => address));
    for (const [group, virtual] of this.addresses.entries()) {
      const addresses = virtual.filter((address) => all.has(address));
      const text = addresses.join(" ");
      if (this.held[group] === text) continue;
      this.held[group] = text;
      this.fact({ at: now, kind: "holds", host: this.index, group, addresses });
    }
  }

  private fact(fact: Fact): void {
    this.output.push({ kind: "fact", fact });
  }

  private takeOutput(): readonly HostOutput[] {
    const { output } = this;
    this.output = [];
    return output;
  }
}

/** What an instance of the scenario is called, for messages. */
export const memberName = (host: number, group: number): string =>
  `${groupName(group)} on host ${host}`;
