// The whole router as one machine: many instances, their interfaces and sockets, one earliest
// deadline. This file is the seam that the drivers know.

import type { Machine } from "../base/machine.ts";
import type { Instant } from "../base/time.ts";
import type { EngineEffect } from "./effect.ts";
import type { EngineInput } from "./input.ts";
import { Node } from "./node.ts";
import type { NodeStatus } from "./status.ts";

export interface Engine extends Machine<EngineInput, EngineEffect> {
  status(now: Instant): NodeStatus;
}

export type EngineOptions = {
  /** Where an instance's counters live; by default in memory of its own. */
  readonly allocateCounters?: (instance: string) => Float64Array;
};

/**
 * An engine that knows nothing yet: it expects `kernel-snapshot`, then `configure`. Instants of
 * successive calls never decrease; each call is one wake-up (rule B27).
 */
export const createEngine = (options: EngineOptions = {}): Engine =>
  new Node(options.allocateCounters);
