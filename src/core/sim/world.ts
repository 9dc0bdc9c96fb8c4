// A whole run: hosts and the LAN between them in virtual time, driven by one queue of events. A
// scenario goes in, the facts that could be seen from outside come out; the same scenario always
// gives the same facts.

import { assertNever } from "../base/assert.ts";
import type { IpAddress } from "../base/ip.ts";
import { Prng } from "../base/prng.ts";
import { after, type Instant, instant, type Microseconds } from "../base/time.ts";
import { EventQueue } from "./event-queue.ts";
import type { Fact } from "./fact.ts";
import { type EngineFactory, type HostOutput, SimHost } from "./host.ts";
import { Lan } from "./lan.ts";
import { hostAddress, multicastGroup } from "./machine-model.ts";
import type { HostTrouble, Scenario, Trouble } from "./scenario.ts";

type WorldEvent =
  | { readonly kind: "wake"; readonly host: number; readonly turn: number }
  | {
      readonly kind: "deliver";
      readonly from: number;
      readonly host: number;
      readonly to: IpAddress;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: "trouble"; readonly trouble: Trouble }
  | { readonly kind: "guard"; readonly host: number }
  | { readonly kind: "calm" };

/** The guard takes addresses back within a second of a crash. */
export const guardDelayMax = 1_000_000 as Microseconds;

/** Wake-ups of one host at one instant; more means that time no longer passes. */
const wakesAtOnceMax = 2_000;

/** Runs the scenario to its end. */
export function runScenario(scenario: Scenario, createEngine: EngineFactory): readonly Fact[] {
  return new World(scenario, createEngine).run();
}

class World {
  private readonly scenario: Scenario;
  private readonly prng: Prng;
  private readonly lan: Lan;
  private readonly hosts: readonly SimHost[];
  private readonly queue = new EventQueue<WorldEvent>();
  private readonly facts: Fact[] = [];
  /** The wake-up that each host waits for; `turn` tells a replaced one from it. */
  private readonly wakes: { at: Instant | undefined; turn: number }[];
  private readonly hostOfAddress: ReadonlyMap<IpAddress, number>;
  private readonly others: readonly (readonly number[])[];
  /** How often each host woke up at its last instant. */
  private readonly wokeUp: { at: Instant; times: number }[];

  constructor(scenario: Scenario, createEngine: EngineFactory) {
    this.scenario = scenario;
    this.prng = new Prng(scenario.seed);
    this.lan = new Lan(scenario.hosts, scenario.lan, this.prng);
    const indexes = Array.from({ length: scenario.hosts }, (_, host) => host);
    this.hosts = indexes.map((host) => new SimHost(scenario, host, createEngine));
    this.wakes = indexes.map(() => ({ at: undefined, turn: 0 }));
    this.wokeUp = indexes.map(() => ({ at: instant(-1), times: 0 }));
    this.hostOfAddress = new Map(indexes.map((host) => [hostAddress(scenario, host), host]));
    this.others = indexes.map((host) => indexes.filter((other) => other !== host));
  }

  run(): readonly Fact[] {
    const { scenario } = this;
    for (const trouble of scenario.troubles)
      this.queue.put(trouble.at, { kind: "trouble", trouble });
    this.queue.put(scenario.calmAt, { kind: "calm" });
    for (let next = this.queue.take(); next !== undefined; next = this.queue.take()) {
      if (next.at > scenario.end) break;
      this.happen(next.event, next.at);
    }
    return this.facts;
  }

  private happen(event: WorldEvent, now: Instant): void {
    switch (event.kind) {
      case "wake":
        this.wake(event.host, event.turn, now);
        break;
      case "deliver":
        this.deliver(event, now);
        break;
      case "trouble":
        this.makeTrouble(event.trouble, now);
        break;
      case "guard":
        this.spread(event.host, this.host(event.host).takeAddressesBack(now), now);
        break;
      case "calm":
        this.calmDown(now);
        break;
      default:
        assertNever(event);
    }
  }

  private wake(index: number, turn: number, now: Instant): void {
    const planned = this.wakes[index];
    if (planned === undefined || planned.turn !== turn) return;
    planned.at = undefined;
    const host = this.host(index);
    if (this.isStuck(index, now)) {
      const message = `${wakesAtOnceMax} wake-ups without time passing`;
      this.facts.push({ at: now, kind: "broken", host: index, message });
      host.crash();
      return;
    }
    this.spread(index, host.wake(now), now);
    this.plan(index, now);
  }

  private isStuck(host: number, now: Instant): boolean {
    const last = this.wokeUp[host];
    if (last?.at !== now) this.wokeUp[host] = { at: now, times: 1 };
    else last.times++;
    return last !== undefined && last.times > wakesAtOnceMax;
  }

  /** Facts are noted, packets go out on the LAN. */
  private spread(from: number, output: readonly HostOutput[], now: Instant): void {
    for (const item of output) {
      if (item.kind === "fact") {
        this.facts.push(item.fact);
        continue;
      }
      const { to, bytes } = item;
      for (const { host, delay } of this.lan.deliveries(from, this.receiversOf(from, to))) {
        this.queue.put(after(now, delay), { kind: "deliver", from, host, to, bytes });
      }
    }
  }

  private receiversOf(from: number, to: IpAddress): readonly number[] {
    if (to === multicastGroup) return this.others[from] ?? [];
    const host = this.hostOfAddress.get(to);
    return host === undefined || host === from ? [] : [host];
  }

  private deliver(packet: WorldEvent & { kind: "deliver" }, now: Instant): void {
    if (!this.lan.connects(packet.from, packet.host)) return;
    if (this.host(packet.host).receive(packet.to, packet.bytes)) this.plan(packet.host, now);
  }

  /** Sees to it that the host wakes up when it has something to do, give or take its lateness. */
  private plan(index: number, now: Instant): void {
    const planned = this.wakes[index];
    const due = this.host(index).nextWake(now);
    if (planned === undefined || due === undefined) return;
    if (planned.at !== undefined && planned.at <= due) return;
    const at = after(due, this.prng.between(0, this.scenario.latenessMax) as Microseconds);
    if (planned.at !== undefined && planned.at <= at) return;
    planned.at = at;
    planned.turn++;
    this.queue.put(at, { kind: "wake", host: index, turn: planned.turn });
  }

  private makeTrouble(trouble: Trouble, now: Instant): void {
    this.facts.push({ at: now, kind: "trouble", trouble });
    if (trouble.kind === "partition") this.lan.partition(trouble.side);
    else if (trouble.kind === "heal") this.lan.heal();
    else {
      this.troubleHost(this.host(trouble.host), trouble, now);
      this.wakeSoon(trouble.host, now);
    }
  }

  private troubleHost(host: SimHost, trouble: HostTrouble, now: Instant): void {
    switch (trouble.kind) {
      case "pause":
        host.pause();
        break;
      case "resume":
        host.resume();
        break;
      case "link-down":
      case "link-up":
        this.lan.setLinkUp(trouble.host, trouble.kind === "link-up");
        host.setLinkUp(trouble.kind === "link-up");
        break;
      case "stop":
        host.stop();
        break;
      case "crash":
        this.crash(host, now);
        break;
      case "start":
        host.start();
        break;
      case "steal-address":
        host.stealAddress(trouble.group);
        break;
      case "lose-kernel-events":
        host.loseKernelEvents();
        break;
      case "reload":
        host.reload(trouble.group, trouble.priority);
        break;
      default:
        assertNever(trouble);
    }
  }

  private crash(host: SimHost, now: Instant): void {
    if (!host.running) return;
    host.crash();
    const delay = this.prng.between(1, guardDelayMax) as Microseconds;
    this.queue.put(after(now, delay), { kind: "guard", host: host.index });
  }

  /** Kernel events and signals wake a host up as packets do. */
  private wakeSoon(index: number, now: Instant): void {
    const planned = this.wakes[index];
    if (planned === undefined) return;
    const at = after(now, this.prng.between(0, this.scenario.latenessMax) as Microseconds);
    if (planned.at !== undefined && planned.at <= at) return;
    planned.at = at;
    planned.turn++;
    this.queue.put(at, { kind: "wake", host: index, turn: planned.turn });
  }

  /** The LAN is whole, the cables are in, nobody stands still; what was stopped stays stopped. */
  private calmDown(now: Instant): void {
    this.lan.heal();
    this.lan.calmDown();
    for (const host of this.hosts) {
      this.lan.setLinkUp(host.index, true);
      host.setLinkUp(true);
      host.resume();
      this.wakeSoon(host.index, now);
    }
    this.facts.push({ at: now, kind: "calm" });
  }

  private host(index: number): SimHost {
    const host = this.hosts[index];
    if (host === undefined) throw new Error(`invariant broken: the scenario has a host ${index}`);
    return host;
  }
}
