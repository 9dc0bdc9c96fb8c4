// Instants and durations with their units in the type. Core never asks what time it is: an Instant
// comes in as an argument and is microseconds of a monotonic clock whose zero means nothing.
// Wire units (centiseconds, seconds) are converted once, at the codec.

declare const unit: unique symbol;

/** A moment on the monotonic clock, in µs. Exact as a number for 285 years. */
export type Instant = number & { readonly [unit]: "instant-µs" };
/** A length of time in µs. */
export type Microseconds = number & { readonly [unit]: "µs" };
/** VRRPv3's wire unit: 10 ms, 12 bits. */
export type Centiseconds = number & { readonly [unit]: "cs" };

export const instant = (microseconds: number): Instant => microseconds as Instant;
export const microseconds = (count: number): Microseconds => count as Microseconds;
export const milliseconds = (count: number): Microseconds => (count * 1_000) as Microseconds;
export const seconds = (count: number): Microseconds =>
  Math.round(count * 1_000_000) as Microseconds;
export const centiseconds = (count: number): Centiseconds => count as Centiseconds;

export const microsecondsOf = (interval: Centiseconds): Microseconds =>
  (interval * 10_000) as Microseconds;

/** Rounds to the wire unit's 10 ms. */
export const centisecondsOf = (interval: Microseconds): Centiseconds =>
  Math.round(interval / 10_000) as Centiseconds;

export const after = (now: Instant, wait: Microseconds): Instant => (now + wait) as Instant;
export const between = (earlier: Instant, later: Instant): Microseconds =>
  (later - earlier) as Microseconds;

/** The sooner of two moments, where a missing one is never. */
export function sooner(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return a < b ? a : b;
}

/** `3.609375s`: seconds with as many decimals as it takes, at most six. */
export function durationText(duration: Microseconds): string {
  const sign = duration < 0 ? "-" : "";
  const whole = Math.floor(Math.abs(duration) / 1_000_000);
  const fraction = String(Math.abs(duration) % 1_000_000)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}s`;
}
