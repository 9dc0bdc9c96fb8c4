// Everything that the engine remembers between two inputs. The other files of this folder are
// functions over this record, one file for each concern; node.ts is the machine around it.

import type { IpAddress } from "../base/ip.ts";
import type { Instant } from "../base/time.ts";
import type { NodeModel } from "../config/model.ts";
import { Counters, counterNames } from "../vrrp/counters.ts";
import type { RefusalKind } from "../vrrp/vocabulary.ts";
import { AskedChanges } from "./addresses.ts";
import { Announcer } from "./announce.ts";
import { Deadlines } from "./deadlines.ts";
import type { EngineEffect } from "./effect.ts";
import type { NodeEvent } from "./event.ts";
import type { AddressRequest, Instance, Vip } from "./instance.ts";
import { LinkTable } from "./links.ts";
import { SocketTable } from "./sockets.ts";

export type Holder = { readonly instance: Instance; readonly vip: Vip };

export type NodeState = {
  readonly links: LinkTable;
  readonly sockets: SocketTable<Instance>;
  readonly announcer: Announcer;
  /** One slot for each instance. */
  readonly deadlines: Deadlines;
  /** Instances by slot; a slot is used again when its instance is gone. */
  readonly slots: (Instance | undefined)[];
  /** In the order of the file. */
  instances: Instance[];
  readonly byInterface: Map<string, Set<Instance>>;
  /** Who has an address configured, by interface and address. */
  readonly holders: Map<string, Holder[]>;
  /** Addresses that the kernel was asked for and has not answered, oldest first. */
  requests: AddressRequest[];
  readonly asked: AskedChanges;
  /** Instances whose adverts wait for the next wake-up. */
  readonly waiting: Set<Instance>;
  /** Number of the running call of handle or handleTimeout. */
  wakeUp: number;
  model: NodeModel | undefined;
  /** End of `vrrp_startup_delay`. */
  holdUntil: Instant | undefined;
  stage: "waiting" | "running" | "stopping" | "stopped";
  /** Packets of VRIDs that nobody has, by interface: 256 places each. */
  readonly unknownVrids: Map<string, Float64Array>;
  /** Packets without a VRID to read, by interface and reason. */
  readonly unattributed: Map<string, Map<RefusalKind, number>>;
  readonly allocateCounters: (instance: string) => Float64Array;
  /** Of the call that is running. */
  effects: EngineEffect[];
  now: Instant;
};

export function emptyState(
  allocateCounters: (instance: string) => Float64Array = () =>
    new Float64Array(counterNames.length),
): NodeState {
  return {
    links: new LinkTable(),
    sockets: new SocketTable(),
    announcer: new Announcer(),
    deadlines: new Deadlines(),
    slots: [],
    instances: [],
    byInterface: new Map(),
    holders: new Map(),
    requests: [],
    asked: new AskedChanges(),
    waiting: new Set(),
    wakeUp: 0,
    model: undefined,
    holdUntil: undefined,
    stage: "waiting",
    unknownVrids: new Map(),
    unattributed: new Map(),
    allocateCounters,
    effects: [],
    now: 0 as Instant,
  };
}

export function report(state: NodeState, event: NodeEvent): void {
  state.effects.push({ kind: "report", event });
}

export const holderKey = (interfaceName: string, address: IpAddress): string =>
  `${interfaceName} ${address}`;

export const countersFor = (state: NodeState, name: string): Counters =>
  new Counters(state.allocateCounters(name));
