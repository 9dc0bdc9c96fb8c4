// The earliest of thousands of deadlines: a binary heap that knows where each of its members
// stands, so that one that moves is moved and never searched for. Members are small integers
// ("slots"); equal deadlines come in the order of their slots, so that every run decides alike.

import type { Instant } from "../base/time.ts";

export class Deadlines {
  /** Slots, heap-ordered by deadline. */
  private readonly heap: number[] = [];
  /** Where in the heap a slot stands; -1 where it does not. */
  private readonly places: number[] = [];
  private readonly instants: number[] = [];

  /** How many slots have a deadline. */
  get size(): number {
    return this.heap.length;
  }

  /** Sets, moves or (undefined) takes away the deadline of `slot`, an integer of 0 or more. */
  set(slot: number, at: Instant | undefined): void {
    const place = this.places[slot] ?? -1;
    if (at === undefined) {
      if (place >= 0) this.remove(slot, place);
      return;
    }
    if (place < 0) {
      while (this.places.length <= slot) {
        this.places.push(-1);
        this.instants.push(0);
      }
      this.instants[slot] = at;
      this.places[slot] = this.heap.length;
      this.heap.push(slot);
      this.rise(this.heap.length - 1);
      return;
    }
    const before = this.instants[slot] as number;
    this.instants[slot] = at;
    if (at < before) this.rise(place);
    else if (at > before) this.sink(place);
  }

  /** The slot with the earliest deadline; undefined when there is none. */
  first(): number | undefined {
    return this.heap[0];
  }

  /** The earliest deadline. */
  firstAt(): Instant | undefined {
    const slot = this.heap[0];
    return slot === undefined ? undefined : (this.instants[slot] as Instant);
  }

  private remove(slot: number, place: number): void {
    this.places[slot] = -1;
    const last = this.heap.pop() as number;
    if (last === slot) return;
    this.heap[place] = last;
    this.places[last] = place;
    this.rise(place);
    this.sink(this.places[last] as number);
  }

  private rise(from: number): void {
    const slot = this.heap[from] as number;
    let place = from;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = this.heap[parentPlace] as number;
      if (!this.isBefore(slot, parent)) break;
      this.heap[place] = parent;
      this.places[parent] = place;
      place = parentPlace;
    }
    this.heap[place] = slot;
    this.places[slot] = place;
  }

  private sink(from: number): void {
    const slot = this.heap[from] as number;
    const size = this.heap.length;
    let place = from;
    for (;;) {
      let childPlace = 2 * place + 1;
      if (childPlace >= size) break;
      const right = childPlace + 1;
      if (
        right < size &&
        this.isBefore(this.heap[right] as number, this.heap[childPlace] as number)
      ) {
        childPlace = right;
      }
      const child = this.heap[childPlace] as number;
      if (!this.isBefore(child, slot)) break;
      this.heap[place] = child;
      this.places[child] = place;
      place = childPlace;
    }
    this.heap[place] = slot;
    this.places[slot] = place;
  }

  private isBefore(a: number, b: number): boolean {
    const left = this.instants[a] as number;
    const right = this.instants[b] as number;
    return left < right || (left === right && a < b);
  }
}
