// The engine's driver on a real machine: inputs go in, effects are carried out through the ports, and
// what becomes of them goes in again. Adverts never wait for slow work: packets leave at once, while
// addresses and announcements stand in a queue that is worked off in chunks, with due deadlines and
// received packets in between. Within that queue everything happens in the engine's order.

import type { IpAddress } from "../../core/base/ip.ts";
import type { Instant } from "../../core/base/time.ts";
import type { EngineEffect } from "../../core/engine/effect.ts";
import type { Engine } from "../../core/engine/engine.ts";
import type { NodeEvent } from "../../core/engine/event.ts";
import type { EngineInput } from "../../core/engine/input.ts";
import type { AddressOutcome, InterfaceAddress, Kernel } from "../../core/ports/kernel.ts";
import type { RawNet, SocketId } from "../../core/ports/raw-net.ts";
import type { SystemError } from "../../core/ports/system-error.ts";
import { HeldAddresses } from "./held-addresses.ts";

/** A refusal within a run, by its place; the others were sent. */
export type RefusedSend = { readonly place: number; readonly error: SystemError };

/** Raw sockets that also send in runs, which saves system calls. */
export interface SendingNet extends RawNet {
  sendAll(
    socket: SocketId,
    packets: readonly { readonly to: IpAddress; readonly bytes: Uint8Array }[],
  ): readonly RefusedSend[];
  sendFrames(
    frames: readonly { readonly link: number; readonly bytes: Uint8Array }[],
  ): readonly RefusedSend[];
}

/** What the driver tells its owner while it works; all of it is called on the driver's stack. */
export interface Outlets {
  socketOpened(socket: SocketId): void;
  /** Called while the socket is still open. */
  socketClosing(socket: SocketId): void;
  /** These are about to be put into the kernel: whoever removes them after a crash must know now. */
  holding(addresses: readonly InterfaceAddress[]): void;
  /** These are gone from the kernel, or never got there. */
  released(addresses: readonly InterfaceAddress[]): void;
  report(event: NodeEvent): void;
  /** Every step of the engine, for recordings; `input` is absent for deadlines. */
  stepped?(input: EngineInput | undefined, effects: readonly EngineEffect[], now: Instant): void;
}

/** Addresses of one chunk, which takes the kernel up to some 5 ms. */
export const chunkMax = 128;
/** Frames of one chunk, which takes the kernel some 2 ms. */
const framesMax = 256;

type AddressWork = {
  readonly kind: "add-addresses" | "remove-addresses";
  readonly instance: string;
  readonly addresses: readonly InterfaceAddress[];
  readonly outcomes: AddressOutcome[];
};
type SlowWork = AddressWork | Extract<EngineEffect, { kind: "send-frame" | "stopped" }>;
type Packet = { readonly to: IpAddress; readonly bytes: Uint8Array };

export class Performer {
  /** True once the engine has given up everything and the kernel has followed. */
  stopped = false;
  private readonly engine: Engine;
  private readonly kernel: Kernel;
  private readonly net: SendingNet;
  private readonly outlets: Outlets;
  private readonly clock: () => Instant;
  private readonly answers: EngineInput[] = [];
  private slow: SlowWork[] = [];
  /** Where the work of `slow` that is not done yet begins. */
  private slowAt = 0;
  private readonly openSockets = new Set<SocketId>();
  private readonly heldAddresses = new HeldAddresses();
  private run: { socket: SocketId; packets: Packet[] } | undefined;
  private performing = false;

  constructor(
    engine: Engine,
    ports: { readonly kernel: Kernel; readonly net: SendingNet },
    outlets: Outlets,
    clock: () => Instant,
  ) {
    this.engine = engine;
    this.kernel = ports.kernel;
    this.net = ports.net;
    this.outlets = outlets;
    this.clock = clock;
  }

  /** What may be in the kernel because of us. */
  get held(): readonly InterfaceAddress[] {
    return this.heldAddresses.list();
  }

  /** Slow work that waits for its turn. */
  get isBusy(): boolean {
    return this.slowAt < this.slow.length;
  }

  /** When `advance` has something to do: at once while slow work waits. */
  nextDeadline(now: Instant): Instant | undefined {
    return this.isBusy ? now : this.engine.nextTimeout();
  }

  /** Gives an input to the engine and carries out what follows, but for slow work. */
  handle(input: EngineInput, now: Instant): void {
    const effects = this.engine.handle(input, now);
    this.outlets.stepped?.(input, effects, now);
    this.perform(effects);
  }

  /** Acts on due deadlines, then does one chunk of slow work. */
  advance(now: Instant): void {
    const deadline = this.engine.nextTimeout();
    if (deadline !== undefined && deadline <= now) {
      const effects = this.engine.handleTimeout(now);
      this.outlets.stepped?.(undefined, effects, now);
      this.perform(effects);
    }
    if (this.isBusy) this.workChunk();
  }

  /**
   * For the end after a broken invariant: withdraws as the engine would if it still can, then removes
   * whatever may be left. Never throws.
   */
  withdraw(): void {
    try {
      this.performing = false;
      this.handle({ kind: "shutdown" }, this.clock());
      while (this.isBusy) this.workChunk();
    } catch {
      // The engine is what broke; the addresses are removed all the same.
    }
    try {
      this.remove(this.held);
    } catch {
      // The guard still has the list.
    }
  }

  private perform(effects: readonly EngineEffect[]): void {
    for (const effect of effects) this.performOne(effect);
    this.flushPackets();
    if (this.performing) return;
    this.performing = true;
    for (;;) {
      const answer = this.answers.shift();
      if (answer === undefined) break;
      this.handle(answer, this.clock());
    }
    this.performing = false;
  }

  private performOne(effect: EngineEffect): void {
    switch (effect.kind) {
      case "send-packet":
        this.addPacket(effect.socket, effect);
        return;
      case "open-socket":
        this.flushPackets();
        this.openSocket(effect);
        return;
      case "close-socket":
        this.flushPackets();
        if (this.openSockets.has(effect.socket)) this.outlets.socketClosing(effect.socket);
        this.net.close(effect.socket);
        this.openSockets.delete(effect.socket);
        return;
      case "report":
        this.outlets.report(effect.event);
        return;
      case "add-addresses":
      case "remove-addresses":
        this.slow.push({ ...effect, outcomes: [] });
        return;
      case "cancel-additions":
        this.cancelAdditions(effect.instance);
        return;
      default:
        this.slow.push(effect);
    }
  }

  private openSocket(effect: Extract<EngineEffect, { kind: "open-socket" }>): void {
    const opened = this.net.open(effect.socket, effect.spec);
    if (!opened.ok) {
      this.refuse(effect.socket, opened.error);
      return;
    }
    this.openSockets.add(effect.socket);
    this.outlets.socketOpened(effect.socket);
  }

  private refuse(socket: SocketId, error: SystemError): void {
    this.answers.push({ kind: "socket-refused", socket, error });
  }

  private addPacket(socket: SocketId, packet: Packet): void {
    // What was refused to open carries nothing; the engine has been told, or is about to be.
    if (!this.openSockets.has(socket)) return;
    if (this.run?.socket !== socket) {
      this.flushPackets();
      this.run = { socket, packets: [] };
    }
    this.run.packets.push(packet);
  }

  private flushPackets(): void {
    const { run } = this;
    if (run === undefined) return;
    this.run = undefined;
    for (const { error } of this.net.sendAll(run.socket, run.packets)) {
      this.refuse(run.socket, error);
    }
  }

  /** One chunk of the queue: neighbours of one kind go to the kernel together. */
  private workChunk(): void {
    const first = this.slow[this.slowAt];
    if (first === undefined) return;
    if (first.kind === "stopped") {
      this.slowAt++;
      this.stopped = true;
    } else if (first.kind === "send-frame") {
      this.sendFrames();
    } else {
      this.workAddresses(first.kind);
    }
    if (!this.isBusy) {
      this.slow = [];
      this.slowAt = 0;
    }
    this.perform([]);
    if (!this.isBusy) this.heldAddresses.settle();
  }

  private sendFrames(): void {
    const frames: { readonly link: number; readonly bytes: Uint8Array }[] = [];
    for (; frames.length < framesMax; this.slowAt++) {
      const work = this.slow[this.slowAt];
      if (work?.kind !== "send-frame") break;
      frames.push(work);
    }
    const refusal = this.net.sendFrames(frames)[0];
    if (refusal === undefined) return;
    const socket = "announcements";
    this.outlets.report({ kind: "socket-refused", socket, error: refusal.error });
  }

  private workAddresses(kind: AddressWork["kind"]): void {
    const parts: { readonly work: AddressWork; readonly addresses: readonly InterfaceAddress[] }[] =
      [];
    let room = chunkMax;
    for (let at = this.slowAt; room > 0; at++) {
      const work = this.slow[at];
      if (work?.kind !== kind) break;
      const start = work.outcomes.length;
      const addresses = work.addresses.slice(start, start + room);
      room -= addresses.length;
      parts.push({ work, addresses });
    }
    const chunk = parts.flatMap(({ addresses }) => addresses);
    const outcomes = kind === "add-addresses" ? this.add(chunk) : this.remove(chunk);
    let place = 0;
    for (const { work, addresses } of parts) {
      work.outcomes.push(...outcomes.slice(place, place + addresses.length));
      place += addresses.length;
      if (work.outcomes.length >= work.addresses.length) this.finish(work);
    }
  }

  /** What the kernel has not got yet is answered in its turn, and never gets there. */
  private cancelAdditions(instance: string): void {
    for (const work of this.slow.slice(this.slowAt)) {
      if (work.kind !== "add-addresses" || work.instance !== instance) continue;
      while (work.outcomes.length < work.addresses.length) work.outcomes.push({ kind: "absent" });
    }
  }

  private finish(work: AddressWork): void {
    this.slowAt++;
    const { kind, instance, addresses, outcomes } = work;
    if (kind === "add-addresses") {
      this.answers.push({ kind: "addresses-added", instance, addresses, outcomes });
    }
  }

  private add(addresses: readonly InterfaceAddress[]): readonly AddressOutcome[] {
    if (addresses.length === 0) return [];
    this.heldAddresses.hold(addresses);
    this.outlets.holding(addresses);
    const outcomes = this.kernel.addAddresses(addresses);
    // What somebody else put there is not ours, and nobody may remove it on our behalf.
    const isForeign = (address: InterfaceAddress, place: number): boolean => {
      const { kind } = outcomes[place] ?? { kind: "refused" };
      return kind !== "done" && !(kind === "exists" && this.heldAddresses.wasHeld(address));
    };
    this.release(addresses.filter(isForeign));
    return outcomes;
  }

  private remove(addresses: readonly InterfaceAddress[]): readonly AddressOutcome[] {
    if (addresses.length === 0) return [];
    const outcomes = this.kernel.removeAddresses(addresses);
    this.release(addresses.filter((_, place) => outcomes[place]?.kind !== "refused"));
    return outcomes;
  }

  private release(addresses: readonly InterfaceAddress[]): void {
    if (addresses.length === 0) return;
    this.heldAddresses.release(addresses);
    this.outlets.released(addresses);
  }
}
