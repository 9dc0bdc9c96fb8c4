// What the engine knows at an instant, for `status`, dumps and metrics. Times are durations until
// or since, so that a reader needs no clock of ours. Never a secret in here.

import type { IpAddress } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import type { InstanceModel } from "../config/model.ts";
import type { InterfaceAddress } from "../ports/kernel.ts";
import type { CounterName } from "../vrrp/counters.ts";
import type { Fault, RefusalKind, TransitionReason } from "../vrrp/vocabulary.ts";
import type { ShownState } from "./event.ts";

export type NodeStatus = {
  readonly instances: readonly InstanceStatus[];
  readonly links: readonly {
    readonly name: string;
    readonly index: number;
    readonly up: boolean;
  }[];
  /** Packets that belong to no instance, by interface and VRID. */
  readonly unknownVrids: readonly {
    readonly interface: string;
    readonly vrid: number;
    readonly packets: number;
  }[];
  /** Packets too broken to tell whose they are, by interface and reason. */
  readonly unattributed?: readonly {
    readonly interface: string;
    readonly kind: RefusalKind;
    readonly packets: number;
  }[];
};

export type InstanceStatus = {
  readonly name: string;
  readonly state: ShownState;
  /** What the instance was configured with (passwords replaced by `********`). */
  readonly model: InstanceModel;
  /** One sentence: why it is in this state. */
  readonly why: string;
  readonly faults: readonly Fault[];
  readonly effectivePriority: number;
  /** The address that adverts come from; absent while there is none. */
  readonly source?: IpAddress;
  /** Who is master as far as we know; ourselves as master included. */
  readonly master?: {
    readonly address: IpAddress;
    readonly priority: number;
    readonly interval: Microseconds;
    /** Since its last advert; absent when it is ourselves. */
    readonly heardAgo?: Microseconds;
  };
  /** The running timers by name, and how long each has to go. */
  readonly timers: Readonly<Record<string, Microseconds>>;
  readonly masterDownInterval: Microseconds;
  readonly skew: Microseconds;
  readonly addresses: readonly {
    readonly address: InterfaceAddress;
    readonly excluded: boolean;
    /** In the kernel, as far as we know. */
    readonly installed: boolean;
  }[];
  readonly counters: Readonly<Record<CounterName, number>>;
  readonly lastTransition?: {
    readonly from: ShownState;
    readonly to: ShownState;
    readonly reason: TransitionReason;
    readonly ago: Microseconds;
  };
};
