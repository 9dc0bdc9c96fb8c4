// Counters in memory that both threads see: one row of numbers per instance. The engine thread takes
// rows, the control thread reads them and sets them to zero when asked to. A single count that meets
// a reset may be lost, which statistics can bear; adverts never wait for a reader.

import { counterNames } from "../../core/vrrp/counters.ts";

/** Instances with shared counters; the kernel gives memory only for rows that are used. */
export const counterSlots = 4096;

const rowBytes = counterNames.length * Float64Array.BYTES_PER_ELEMENT;

export const counterMemory = (): SharedArrayBuffer =>
  new SharedArrayBuffer(counterSlots * rowBytes);

/** The row of a slot, as numbers in the order of `counterNames`. */
export const counterRow = (memory: SharedArrayBuffer, slot: number): Float64Array =>
  new Float64Array(memory, slot * rowBytes, counterNames.length);

export class CounterRows {
  private readonly memory: SharedArrayBuffer;
  private readonly slots = new Map<string, number>();
  private readonly taken: (instance: string, slot: number) => void;

  /** `taken` hears of each row that is handed out. */
  constructor(memory: SharedArrayBuffer, taken: (instance: string, slot: number) => void) {
    this.memory = memory;
    this.taken = taken;
  }

  /** An instance's row, zeroed; memory of its own when all rows are taken. */
  allocate(instance: string): Float64Array {
    const slot = this.slots.get(instance) ?? this.slots.size;
    if (slot >= counterSlots) return new Float64Array(counterNames.length);
    this.slots.set(instance, slot);
    this.taken(instance, slot);
    return counterRow(this.memory, slot).fill(0);
  }
}
