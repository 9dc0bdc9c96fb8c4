// A toy LAN for engine tests: engines with a scripted kernel each, one clock, packets that arrive
// at once. Every effect is carried out as a driver would, kept with its instant, and recorded.

import { assertNever } from "../../../../src/core/base/assert.ts";
import { ip } from "../../../../src/core/base/ip.ts";
import { after, type Instant, instant, type seconds } from "../../../../src/core/base/time.ts";
import type { NodeModel } from "../../../../src/core/config/model.ts";
import type { EngineEffect } from "../../../../src/core/engine/effect.ts";
import { createEngine } from "../../../../src/core/engine/engine.ts";
import type { NodeEvent } from "../../../../src/core/engine/event.ts";
import type { EngineInput } from "../../../../src/core/engine/input.ts";
import { encodeRecord, recordingHeader } from "../../../../src/core/engine/recording.ts";
import type { InstanceStatus } from "../../../../src/core/engine/status.ts";
import type { InterfaceAddress } from "../../../../src/core/ports/kernel.ts";
import type { SocketSpec } from "../../../../src/core/ports/raw-net.ts";
import type { SystemError } from "../../../../src/core/ports/system-error.ts";
import { ScriptedKernel } from "../../../../src/core/sim/scripted-kernel.ts";

export type Seen = { readonly at: Instant; readonly effect: EngineEffect };

export class Lab {
  now = instant(0);
  readonly nodes: LabNode[] = [];

  /** A node with eth0 up and `address`/24 on it. */
  node(address = "10.0.0.1"): LabNode {
    const node = new LabNode(this);
    node.kernel.setLink({ name: "eth0", mac: `02:00:00:00:00:0${this.nodes.length + 1}` });
    node.kernel.addAsSomebodyElse(realAddress(address));
    this.nodes.push(node);
    return node;
  }

  /** Lets `wait` µs pass: every deadline at its own instant, packets delivered in between. */
  advance(wait: number): void {
    const end = after(this.now, wait as ReturnType<typeof seconds>);
    for (;;) {
      const next = this.nodes
        .map((node) => node.engine.nextTimeout())
        .filter((at) => at !== undefined)
        .sort((a, b) => a - b)[0];
      if (next === undefined || next > end) break;
      this.now = instant(Math.max(next, this.now));
      for (const node of this.nodes) {
        const due = node.engine.nextTimeout();
        if (due !== undefined && due <= this.now) node.timeout();
      }
    }
    this.now = end;
  }

  /** Gives a packet to every other node that listens for it. */
  deliver(from: LabNode, socket: number, to: string, bytes: Uint8Array): void {
    if (from.cut) return;
    const group = from.sockets.get(socket)?.kind === "multicast";
    for (const node of this.nodes) {
      if (node === from || node.cut) continue;
      for (const [id, spec] of node.sockets) {
        const listens = spec.kind === "multicast" ? group && spec.group === to : spec.source === to;
        if (listens) node.inbox.push({ socket: id, bytes });
      }
    }
    for (const node of this.nodes) if (node !== from) node.takeInbox();
  }
}

export class LabNode {
  readonly kernel = new ScriptedKernel();
  readonly engine = createEngine();
  readonly sockets = new Map<number, SocketSpec>();
  readonly seen: Seen[] = [];
  readonly recording: string[] = [recordingHeader()];
  readonly inbox: { socket: number; bytes: Uint8Array }[] = [];
  /** The cable is out: nothing comes or goes, and nobody notices. */
  cut = false;
  /** The kernel takes every address at once and tells nothing: for lists of thousands. */
  plainKernel = false;
  /** The kernel's events wait until the test asks for them. */
  deaf = false;
  /** Answers to open-socket; undefined opens it. */
  socketError: SystemError | undefined;
  private busy = false;
  private readonly lab: Lab;

  constructor(lab: Lab) {
    this.lab = lab;
  }

  start(model: NodeModel, leftovers?: readonly InterfaceAddress[]): void {
    const snapshot = this.kernel.snapshot();
    this.kernel.events();
    if (snapshot.ok) this.feed({ kind: "kernel-snapshot", snapshot: snapshot.value });
    this.feed({ kind: "configure", model, ...(leftovers === undefined ? {} : { leftovers }) });
  }

  feed(input: EngineInput): readonly EngineEffect[] {
    const { now } = this.lab;
    this.recording.push(encodeRecord({ at: now, input }));
    const effects = this.engine.handle(input, now);
    this.carryOut(effects);
    return effects;
  }

  timeout(): readonly EngineEffect[] {
    const { now } = this.lab;
    this.recording.push(encodeRecord({ at: now, timeout: true }));
    const effects = this.engine.handleTimeout(now);
    this.carryOut(effects);
    return effects;
  }

  /** Hands over what the scripted kernel has to tell. */
  kernelEvents(): void {
    for (const event of this.kernel.events()) {
      if (event.kind !== "overrun") this.feed(event);
      else {
        const snapshot = this.kernel.snapshot();
        if (snapshot.ok) this.feed({ kind: "kernel-snapshot", snapshot: snapshot.value });
      }
    }
  }

  /** Packets as one wake-up of the node's only socket. */
  receive(...packets: readonly Uint8Array[]): readonly EngineEffect[] {
    const [socket] = this.sockets.keys();
    return this.feed({ kind: "packets-received", socket: socket ?? 0, packets });
  }

  takeInbox(): void {
    if (this.busy) return;
    for (let next = this.inbox.shift(); next !== undefined; next = this.inbox.shift()) {
      this.feed({ kind: "packets-received", socket: next.socket, packets: [next.bytes] });
    }
  }

  status(name?: string): InstanceStatus {
    const { instances } = this.engine.status(this.lab.now);
    const found = name === undefined ? instances[0] : instances.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no instance ${name ?? ""}`);
    return found;
  }

  state(name?: string): string {
    return this.status(name).state;
  }

  events(): readonly NodeEvent[] {
    return this.effects("report").map(({ event }) => event);
  }

  eventsOf<Kind extends NodeEvent["kind"]>(kind: Kind): Extract<NodeEvent, { kind: Kind }>[] {
    return this.events().filter(
      (event): event is Extract<NodeEvent, { kind: Kind }> => event.kind === kind,
    );
  }

  effects<Kind extends EngineEffect["kind"]>(kind: Kind): Extract<EngineEffect, { kind: Kind }>[] {
    return this.seen
      .map(({ effect }) => effect)
      .filter((effect): effect is Extract<EngineEffect, { kind: Kind }> => effect.kind === kind);
  }

  /** The kinds of all effects, for their order. */
  kinds(): readonly string[] {
    return this.seen.map(({ effect }) => effect.kind);
  }

  forget(): void {
    this.seen.length = 0;
  }

  /** Texts of the virtual addresses in the kernel. */
  held(): readonly string[] {
    return this.kernel
      .held()
      .filter(({ protocol }) => protocol === 18)
      .map(({ address, prefixLength }) => `${address}/${prefixLength}`);
  }

  private carryOut(effects: readonly EngineEffect[]): void {
    const { now } = this.lab;
    if (effects.length > 0) this.recording.push(encodeRecord({ at: now, effects }));
    for (const effect of effects) this.seen.push({ at: now, effect });
    const outer = this.busy;
    this.busy = true;
    const answers = effects.flatMap((effect) => this.answer(effect));
    for (const answer of answers) this.feed(answer);
    if (!this.deaf) this.kernelEvents();
    this.busy = outer;
    if (!outer) this.takeInbox();
  }

  private answer(effect: EngineEffect): readonly EngineInput[] {
    switch (effect.kind) {
      case "open-socket":
        if (this.socketError !== undefined) {
          return [{ kind: "socket-refused", socket: effect.socket, error: this.socketError }];
        }
        this.sockets.set(effect.socket, effect.spec);
        return [];
      case "close-socket":
        this.sockets.delete(effect.socket);
        return [];
      case "send-packet":
        this.lab.deliver(this, effect.socket, effect.to, effect.bytes);
        return [];
      case "add-addresses": {
        const { instance, addresses } = effect;
        const outcomes = this.plainKernel
          ? addresses.map(() => ({ kind: "done" as const }))
          : this.kernel.addAddresses(addresses);
        return [{ kind: "addresses-added", instance, addresses, outcomes }];
      }
      case "remove-addresses":
        this.kernel.removeAddresses(effect.addresses);
        return [];
      case "cancel-additions":
      case "send-frame":
      case "report":
      case "stopped":
        return [];
      default:
        return assertNever(effect);
    }
  }
}

export const realAddress = (address: string, link = 1): InterfaceAddress => ({
  link,
  address: ip(address),
  prefixLength: 24,
  scope: "global",
});
