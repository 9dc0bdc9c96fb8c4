// Routes and routing rules in iproute2's words, as the configuration describes them: part of the typed
// model (model.ts). Nothing of it runs yet.

import type { Family } from "../base/ip.ts";

/** A word of iproute2 with its value; `true` for words that stand alone. */
export type RoutingOption = { readonly word: string; readonly value: string | true };

export type RouteModel = {
  readonly family: Family;
  /** `unicast`, `blackhole` and so on. */
  readonly type: string;
  /** With its length; `0.0.0.0/0` and `::/0` for `default`. */
  readonly destination: string;
  readonly options: readonly RoutingOption[];
  /** Its removal by somebody else is noticed. */
  readonly tracked: boolean;
};

export type RuleModel = {
  readonly family: Family;
  readonly options: readonly RoutingOption[];
  /** Chosen counting down from 16384 where the file says none. */
  readonly preference: number;
  readonly tracked: boolean;
};
