// What an instance counts. The numbers live in one Float64Array, so that the host can put them into
// memory that both of its threads see; the names are this one table.

import { type RefusalKind, refusals } from "./vocabulary.ts";

const eventCounters = {
  "adverts-received": "Adverts that passed all checks",
  "adverts-sent": "Adverts sent; one to all unicast peers counts once",
  "became-master": "Transitions to master",
  "released-master": "Transitions away from master",
  "priority-zero-received": "Adverts that announced leaving",
  "priority-zero-sent": "Adverts that announced our leaving",
  "address-list-errors": "Adverts whose addresses are not ours, accepted or not",
  "interval-differs": "v3 adverts with another interval, accepted",
  "garps-sent": "Gratuitous ARPs sent",
} as const satisfies Record<string, string>;

export type CounterName = keyof typeof eventCounters | `dropped ${RefusalKind}`;

/** Every counter's name and meaning, in the order of their places in the array. */
export const counterDocs: Readonly<Record<CounterName, string>> = {
  ...eventCounters,
  ...(Object.fromEntries(
    Object.entries(refusals).map(([kind, { doc }]) => [`dropped ${kind}`, doc]),
  ) as Record<`dropped ${RefusalKind}`, string>),
};

export const counterNames = Object.keys(counterDocs) as readonly CounterName[];

const placeOf = new Map(counterNames.map((name, place) => [name, place]));

export class Counters {
  private readonly values: Float64Array;

  /** `values` has at least `counterNames.length` places. */
  constructor(values: Float64Array = new Float64Array(counterNames.length)) {
    this.values = values;
  }

  add(name: CounterName, count = 1): void {
    const place = placeOf.get(name) as number;
    this.values[place] = (this.values[place] as number) + count;
  }

  read(name: CounterName): number {
    return this.values[placeOf.get(name) as number] as number;
  }

  /** All of them, by name. */
  all(): Readonly<Record<CounterName, number>> {
    return Object.fromEntries(counterNames.map((name) => [name, this.read(name)])) as Record<
      CounterName,
      number
    >;
  }
}
