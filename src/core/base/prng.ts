// A seeded generator (SplitMix32): the same seed gives the same run on every machine. Probabilities
// are fractions, so no floating point ever decides.

export class Prng {
  private state: number;

  /** `seed` is any integer; its low 32 bits count. */
  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A uniform 32-bit unsigned integer. */
  next(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** An integer from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + (this.next() % (max - min + 1));
  }

  /** True `numerator` times out of `denominator`. */
  chance(numerator: number, denominator: number): boolean {
    return this.next() % denominator < numerator;
  }

  /** One of a non-empty list. */
  pick<T>(list: readonly T[]): T {
    return list[this.next() % list.length] as T;
  }
}
