// Our own mistakes, and only those. Assertions stay on in production: the daemon answers a broken
// invariant by giving up mastership cleanly and exiting non-zero.

/** Throws when `condition` is false; `invariant` says what should have been true. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`);
}

/** Returns `value`, which the caller knows to be there; `what` names it when it is not. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`invariant broken: no ${what}`);
  return value;
}

/** Closes a switch over a union: a member without a case does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
