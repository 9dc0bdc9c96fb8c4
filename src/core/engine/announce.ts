// Gratuitous ARPs that wait to be sent, by link. Bursts of addresses go in; frames come out in
// turns between bursts, one for each `vrrp_garp_interval` where that is set, and otherwise in
// slices that are small enough to let adverts pass in between. Rules D02, E08 and J05.

import type { IpAddress } from "../base/ip.ts";
import { limits } from "../base/limits.ts";
import { after, type Instant, type Microseconds, sooner } from "../base/time.ts";
import type { Link } from "../ports/kernel.ts";
import { encodeGratuitousArp, readdressGratuitousArp } from "../wire/arp.ts";
import { parseMac } from "../wire/ethernet.ts";
import type { EngineEffect } from "./effect.ts";
import type { Instance } from "./instance.ts";

type Burst = {
  readonly instance: Instance;
  /** All addresses of the instance on this link, or some that a reload brought. */
  readonly whole: boolean;
  readonly addresses: readonly IpAddress[];
  /** Made when first sent, and sent again in later rounds. */
  frames: (EngineEffect | undefined)[];
  /** Place of the next address. */
  next: number;
  /** Frames still to be sent. */
  left: number;
};

type LinkQueue = {
  readonly link: number;
  mac: string;
  /** A frame with the hardware address, from which the others are made. */
  sample: Uint8Array | undefined;
  bursts: Burst[];
  /** Sum of what is left. */
  waiting: number;
  lastSent: Instant | undefined;
};

export class Announcer {
  private readonly queues = new Map<number, LinkQueue>();
  private readonly active = new Set<LinkQueue>();
  private interval = 0 as Microseconds;

  /** `vrrp_garp_interval`; 0 for no pause between two frames. */
  setInterval(interval: Microseconds): void {
    this.interval = interval;
  }

  /**
   * Lets `repeat` rounds over `addresses` (IPv4) wait on `link`. A burst of the same instance that
   * is still under way there is taken over, and never adds up. Returns the frames that wait now;
   * what exceeds `limits.announceQueueMax` is cut off at the end.
   */
  announce(
    instance: Instance,
    link: Link,
    addresses: readonly IpAddress[],
    repeat: number,
    whole: boolean,
  ): number {
    if (link.noArp || parseMac(link.mac) === undefined) return 0;
    const queue = this.queueOf(link);
    let frames = addresses.length * repeat;
    if (whole) frames = Math.max(frames, dropBursts(queue, instance));
    const left = Math.min(frames, limits.announceQueueMax - queue.waiting);
    if (left <= 0) return 0;
    queue.bursts.push({ instance, whole, addresses, frames: [], next: 0, left });
    queue.waiting += left;
    this.active.add(queue);
    return left;
  }

  /** An instance that is no longer master has nothing more to say. */
  clear(instance: Instance): void {
    for (const queue of [...this.active]) {
      dropBursts(queue, instance);
      if (queue.waiting === 0) this.active.delete(queue);
    }
  }

  clearAll(): void {
    this.queues.clear();
    this.active.clear();
  }

  linkRemoved(index: number): void {
    const queue = this.queues.get(index);
    if (queue === undefined) return;
    this.queues.delete(index);
    this.active.delete(queue);
  }

  /** The hardware address may be another one now. */
  linkChanged(link: Link): void {
    const queue = this.queues.get(link.index);
    if (queue === undefined || queue.mac === link.mac) return;
    queue.mac = link.mac;
    queue.sample = undefined;
    for (const burst of queue.bursts) burst.frames = [];
    if (parseMac(link.mac) === undefined) this.linkRemoved(link.index);
  }

  /** When a frame may go out next; a moment that has passed means now. */
  nextTimeout(): Instant | undefined {
    let soonest: Instant | undefined;
    for (const queue of this.active) soonest = sooner(soonest, this.dueAt(queue));
    return soonest;
  }

  /** Sends what may be sent, at most `budget` frames over all links. */
  send(now: Instant, budget: number, effects: EngineEffect[]): void {
    if (this.active.size === 0) return;
    let left = budget;
    for (const queue of [...this.active]) {
      if (left === 0) break;
      // A queue that had its turn goes behind the others.
      this.active.delete(queue);
      while (left > 0 && queue.waiting > 0 && this.dueAt(queue) <= now) {
        sendOne(queue, effects);
        queue.lastSent = now;
        left--;
      }
      if (queue.waiting > 0) this.active.add(queue);
    }
  }

  private dueAt(queue: LinkQueue): Instant {
    if (this.interval === 0 || queue.lastSent === undefined) return 0 as Instant;
    return after(queue.lastSent, this.interval);
  }

  private queueOf(link: Link): LinkQueue {
    let queue = this.queues.get(link.index);
    if (queue === undefined) {
      queue = {
        link: link.index,
        mac: link.mac,
        sample: undefined,
        bursts: [],
        waiting: 0,
        lastSent: undefined,
      };
      this.queues.set(link.index, queue);
    }
    return queue;
  }
}

function sendOne(queue: LinkQueue, effects: EngineEffect[]): void {
  const { bursts } = queue;
  const burst = bursts[0];
  if (burst === undefined) return;
  const address = burst.addresses[burst.next] as IpAddress;
  let frame = burst.frames[burst.next];
  if (frame === undefined) {
    queue.sample ??= encodeGratuitousArp(queue.mac, address);
    const bytes = readdressGratuitousArp(queue.sample, address);
    frame = { kind: "send-frame", link: queue.link, bytes };
    burst.frames[burst.next] = frame;
  }
  effects.push(frame);
  burst.instance.counters.add("garps-sent");
  burst.next = (burst.next + 1) % burst.addresses.length;
  burst.left--;
  queue.waiting--;
  if (bursts.length === 1 && burst.left > 0) return;
  bursts.shift();
  if (burst.left > 0) bursts.push(burst);
}

/** Returns how many frames the instance's bursts over all addresses had left. */
function dropBursts(queue: LinkQueue, instance: Instance): number {
  let whole = 0;
  queue.bursts = queue.bursts.filter((burst) => {
    if (burst.instance !== instance) return true;
    if (burst.whole) whole = Math.max(whole, burst.left);
    queue.waiting -= burst.left;
    return false;
  });
  return whole;
}
