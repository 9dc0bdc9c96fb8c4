// What a driver does not do at once: addresses and announcements wait in line behind adverts and
// are worked off in chunks, one for each turn of the loop, as the daemon does it. The answers come
// back in the order of the work.

import type { EngineEffect } from "../engine/effect.ts";
import type { EngineInput } from "../engine/input.ts";
import type { AddressOutcome, Kernel } from "../ports/kernel.ts";

type SlowEffect = Extract<
  EngineEffect,
  { kind: "add-addresses" | "remove-addresses" | "send-frame" | "stopped" }
>;

type Work = { readonly effect: SlowEffect; readonly outcomes: AddressOutcome[] };

/** What one chunk led to. */
export type Done =
  | { readonly kind: "answer"; readonly input: EngineInput }
  | { readonly kind: "frame"; readonly bytes: Uint8Array }
  | { readonly kind: "stopped" };

export class SlowWork {
  private queue: Work[] = [];

  get isBusy(): boolean {
    return this.queue.length > 0;
  }

  put(effect: SlowEffect): void {
    this.queue.push({ effect, outcomes: [] });
  }

  clear(): void {
    this.queue = [];
  }

  /** What the kernel has not got yet is answered in its turn, and never gets there. */
  cancelAdditions(instance: string): void {
    for (const { effect, outcomes } of this.queue) {
      if (effect.kind !== "add-addresses" || effect.instance !== instance) continue;
      while (outcomes.length < effect.addresses.length) outcomes.push({ kind: "absent" });
    }
  }

  /** Works off at most `chunk` addresses or frames. */
  workChunk(chunk: number, kernel: Kernel): readonly Done[] {
    const done: Done[] = [];
    for (let room = chunk; room > 0; ) {
      const work = this.queue[0];
      if (work === undefined) break;
      room -= this.workOn(work, room, kernel);
      if (!isFinished(work)) break;
      this.queue.shift();
      done.push(...resultOf(work));
    }
    return done;
  }

  /** Answers how much of the chunk it took. */
  private workOn({ effect, outcomes }: Work, room: number, kernel: Kernel): number {
    if (effect.kind !== "add-addresses" && effect.kind !== "remove-addresses") return 1;
    const part = effect.addresses.slice(outcomes.length, outcomes.length + room);
    const adds = effect.kind === "add-addresses";
    outcomes.push(...(adds ? kernel.addAddresses(part) : kernel.removeAddresses(part)));
    return Math.max(1, part.length);
  }
}

const isFinished = ({ effect, outcomes }: Work): boolean =>
  !("addresses" in effect) || outcomes.length >= effect.addresses.length;

function resultOf({ effect, outcomes }: Work): readonly Done[] {
  switch (effect.kind) {
    case "add-addresses": {
      const { instance, addresses } = effect;
      return [
        { kind: "answer", input: { kind: "addresses-added", instance, addresses, outcomes } },
      ];
    }
    case "send-frame":
      return [{ kind: "frame", bytes: effect.bytes }];
    case "stopped":
      return [{ kind: "stopped" }];
    default:
      return [];
  }
}
