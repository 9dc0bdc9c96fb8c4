// What an operator may want to know, as data. host/observe turns each into keepalived's log text;
// `status` and monitoring read the fields. Never a secret in here.

import type { IpAddress } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import type { InterfaceAddress } from "../ports/kernel.ts";
import type { SystemError } from "../ports/system-error.ts";
import type { Refusal } from "../vrrp/refusal.ts";
import type { RouterNote } from "../vrrp/router-contract.ts";
import type { TransitionReason } from "../vrrp/vocabulary.ts";

/** The states that people and scripts know. */
export type ShownState = "INIT" | "BACKUP" | "MASTER" | "FAULT" | "STOP" | "DELETED";

export type NodeEvent =
  | {
      readonly kind: "transition";
      readonly instance: string;
      readonly from: ShownState;
      readonly to: ShownState;
      readonly reason: TransitionReason;
      readonly priority: number;
    }
  /** Rate-limited by the engine: once per kind until a state change or a new master. */
  | {
      readonly kind: "advert-refused";
      /** Absent where no instance could be found for the packet. */
      readonly instance?: string;
      readonly interface: string;
      readonly from?: IpAddress;
      readonly refusal: Refusal;
    }
  /** A valid advert that differs from our configuration and was accepted all the same. */
  | {
      readonly kind: "advert-differs";
      readonly instance: string;
      readonly vrid: number;
      readonly from: IpAddress;
      readonly what:
        | { readonly kind: "interval"; readonly ours: Microseconds; readonly theirs: Microseconds }
        | { readonly kind: "address-count"; readonly ours: number; readonly theirs: number }
        | { readonly kind: "address-list"; readonly missing: IpAddress };
    }
  | ({ readonly instance: string } & RouterNote)
  | { readonly kind: "priority-zero-sent"; readonly instance: string }
  | {
      readonly kind: "address-taken-away";
      readonly instance: string;
      readonly address: InterfaceAddress;
      /** Name of the address's link, where it is known. */
      readonly interface?: string;
    }
  | {
      readonly kind: "address-refused";
      readonly instance: string;
      readonly address: InterfaceAddress;
      readonly interface?: string;
      readonly error: SystemError;
    }
  | { readonly kind: "leftovers-removed"; readonly addresses: readonly InterfaceAddress[] }
  | {
      readonly kind: "link";
      readonly interface: string;
      readonly what: "up" | "down" | "added" | "deleted";
    }
  /** A burst of gratuitous ARPs begins. */
  | { readonly kind: "announcing"; readonly instance: string; readonly addresses: number }
  | { readonly kind: "startup-delay"; readonly delay: Microseconds }
  /** What a reload did, one event per instance that was touched. */
  | {
      readonly kind: "reload";
      readonly instance: string;
      readonly what: "kept" | "changed" | "added" | "removed" | "restarted";
      readonly changes: readonly string[];
    }
  | { readonly kind: "socket-refused"; readonly socket: string; readonly error: SystemError };
