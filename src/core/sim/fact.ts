// What could be seen from outside during a run, in order: states as they were reported, adverts and
// announcements on the wire, addresses in the kernels, and what the scenario did. Referees judge
// these facts and nothing else.

import type { IpAddress } from "../base/ip.ts";
import type { Instant, Microseconds } from "../base/time.ts";
import type { ShownState } from "../engine/event.ts";
import type { Trouble } from "./scenario.ts";

export type Fact = { readonly at: Instant } & (
  | { readonly kind: "trouble"; readonly trouble: Trouble }
  | { readonly kind: "calm" }
  | {
      readonly kind: "state";
      readonly host: number;
      readonly group: number;
      readonly from: ShownState;
      readonly to: ShownState;
    }
  /** The group's addresses that the host's kernel now holds. */
  | {
      readonly kind: "holds";
      readonly host: number;
      readonly group: number;
      readonly addresses: readonly IpAddress[];
    }
  | {
      readonly kind: "advert-sent";
      readonly host: number;
      readonly group: number;
      readonly priority: number;
      readonly to: IpAddress;
    }
  /** When the engine took it from its socket. */
  | {
      readonly kind: "advert-heard";
      readonly host: number;
      readonly group: number;
      readonly from: IpAddress;
      readonly priority: number;
      readonly interval: Microseconds;
    }
  /** A gratuitous ARP that left the host. */
  | { readonly kind: "announced"; readonly host: number; readonly address: IpAddress }
  /** The engine broke an invariant of its own, or does not come to rest. */
  | { readonly kind: "broken"; readonly host: number; readonly message: string }
);
