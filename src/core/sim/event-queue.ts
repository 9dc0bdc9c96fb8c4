// What is to happen, in the order of its instants; at the same instant, in the order of arrival. A
// binary heap: put events in with their instant, take the next one out.

import type { Instant } from "../base/time.ts";

type Entry<Event> = { readonly at: Instant; readonly sequence: number; readonly event: Event };

export class EventQueue<Event> {
  private readonly heap: Entry<Event>[] = [];
  private sequence = 0;

  put(at: Instant, event: Event): void {
    const { heap } = this;
    const entry = { at, sequence: this.sequence++, event };
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Entry<Event>)) break;
      heap[place] = heap[parent] as Entry<Event>;
      place = parent;
    }
    heap[place] = entry;
  }

  /** The next event with its instant; undefined when there is none. */
  take(): { readonly at: Instant; readonly event: Event } | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (heap.length > 0) this.sink(last);
    return first;
  }

  private sink(entry: Entry<Event>): void {
    const { heap } = this;
    let place = 0;
    while (true) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as Entry<Event>)) child++;
      if (!isBefore(heap[child] as Entry<Event>, entry)) break;
      heap[place] = heap[child] as Entry<Event>;
      place = child;
    }
    heap[place] = entry;
  }
}

const isBefore = <Event>(a: Entry<Event>, b: Entry<Event>): boolean =>
  a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
