// What a keepalived.conf means, with every default filled in: the typed model that the engine is
// configured with. It is plain data; comparing two models is how a reload is planned. Blocks that are
// read and not run yet have their members here too.

import type { Family, IpAddress } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import type { AddressFlag, AddressScope } from "../ports/kernel.ts";
import type { GroupsModel } from "./model-groups.ts";
import type { RouteModel, RuleModel } from "./model-routing.ts";
import type { ScriptModel } from "./model-script.ts";
import type { TrackedModel, TrackingModel } from "./model-tracking.ts";
import type {
  SslModel,
  VirtualServerGroupModel,
  VirtualServerModel,
} from "./model-virtual-server.ts";

export type NodeModel = {
  readonly global: GlobalModel;
  readonly instances: readonly InstanceModel[];
  /** Instances that cannot be run yet, each with the reason. */
  readonly notRun?: readonly NotRunInstance[];
  /** What instances can track; absent where nothing is. */
  readonly tracking?: TrackingModel;
  /** Routes and rules that are always there. */
  readonly statics?: {
    readonly routes: readonly RouteModel[];
    readonly rules: readonly RuleModel[];
  };
  /** Groups of instances and of interfaces. */
  readonly groups?: GroupsModel;
  /** Read, and not run yet. */
  readonly virtualServers: readonly VirtualServerModel[];
  readonly virtualServerGroups: readonly VirtualServerGroupModel[];
  readonly ssl?: SslModel;
};

export type GlobalModel = {
  /** `router_id`; absent: the host name. */
  readonly routerId?: string;
  /** `vrrp_startup_delay`: adverts are ignored and deadlines held for this long after start. */
  readonly startupDelay: Microseconds;
  /** `vrrp_garp_interval`: least time between two gratuitous ARPs on one interface; 0 for none. */
  readonly garpInterval: Microseconds;
  readonly logUnknownVrids: boolean;
  /** `vrrp_rt_priority`: 1 to 99; absent: our default; 0: never real-time. */
  readonly realtimePriority?: number;
  /** `vrrp_rlimit_rttime`, µs; absent: our default. */
  readonly realtimeLimit?: Microseconds;
  /** `dynamic_interfaces`: a missing interface is a fault, not an error. */
  readonly dynamicInterfaces: boolean;
};

/** `compat` does as keepalived does; `rfc9568` as the RFC says where the two differ (rules with a †). */
export type Profile = "compat" | "rfc9568";

/** An instance that asks for what nobody does yet: described here, and kept out of the engine. */
export type NotRunInstance = Omit<InstanceModel, "authentication"> & {
  readonly reason: "ipv6" | "auth-ah";
  readonly authentication: AuthenticationModel | { readonly kind: "ah"; readonly password: string };
};

export type InstanceModel = {
  readonly name: string;
  readonly profile: Profile;
  readonly family: Family;
  readonly version: 2 | 3;
  /** 1 to 255. */
  readonly vrid: number;
  /** 1 to 255; 255 says that this router owns the addresses. */
  readonly priority: number;
  /** `state MASTER`. */
  readonly initialMaster: boolean;
  /** Absent only for unicast with a configured source. */
  readonly interface?: string;
  /** `dont_track_primary` gives false: the own interface's state is ignored. */
  readonly trackPrimary: boolean;
  readonly trackInterfaces: readonly TrackedInterface[];
  /** v2: whole seconds, 1 to 255; v3: 10 ms steps, 0.01 to 40.95 s. */
  readonly advertInterval: Microseconds;
  readonly preempt: boolean;
  readonly preemptDelay: Microseconds;
  /** 1 to 100; default 3. */
  readonly downTimerAdverts: number;
  readonly authentication: AuthenticationModel;
  readonly transport: TransportModel;
  /** `mcast_src_ip` or `unicast_src_ip`; absent: the interface's primary address. */
  readonly source?: IpAddress;
  /** What adverts carry, in the order of the file. */
  readonly addresses: readonly VirtualAddress[];
  /** Held with the others but not advertised. */
  readonly excludedAddresses: readonly VirtualAddress[];
  readonly garp: GarpModel;
  /** Answer a losing advert with none of ours. */
  readonly lowerPriorityNoAdvert: boolean;
  /** Send one last advert before giving way to a better router. */
  readonly higherPrioritySendAdvert: boolean;
  readonly ownerIgnoreAdverts: boolean;
  /** Skip the comparison of address lists when the master is the same as before. */
  readonly skipAddressCheck: boolean;
  /** Unicast: only peers are heard. */
  readonly checkUnicastSource: boolean;
  /** `v3_checksum_as_v2`: IPv4 v3 checksum over the message alone, as RFC 9568 says. */
  readonly checksumWithoutPseudoHeader: boolean;
  /** Held by the master; accepted, not run yet. */
  readonly routes?: readonly RouteModel[];
  readonly rules?: readonly RuleModel[];
  /** Besides interfaces; accepted, not run yet. */
  readonly tracked?: TrackedModel;
  /** Accepted now, run by a later issue. */
  readonly notify: NotifyModel;
};

export type TrackedInterface = {
  readonly interface: string;
  /** 0: down is a fault; otherwise added to the priority, -253 to 253. */
  readonly weight: number;
  readonly reverse: boolean;
};

export type AuthenticationModel =
  | { readonly kind: "none" }
  /** At most 8 bytes of Latin-1; longer ones were cut with a warning. */
  | { readonly kind: "pass"; readonly password: string };

export type TransportModel =
  | { readonly kind: "multicast"; readonly group: IpAddress }
  | {
      readonly kind: "unicast";
      readonly peers: readonly UnicastPeer[];
      /** 0 to 255; IPv4 default 255. */
      readonly ttl: number;
    };

export type UnicastPeer = {
  readonly address: IpAddress;
  readonly ttlMin?: number;
  readonly ttlMax?: number;
};

export type VirtualAddress = {
  readonly address: IpAddress;
  readonly prefixLength: number;
  /** Absent: the instance's interface. */
  readonly interface?: string;
  /** `+` and `-` of the file are already resolved. */
  readonly broadcast?: IpAddress;
  readonly peer?: IpAddress;
  readonly label?: string;
  readonly scope: AddressScope;
  readonly flags: readonly AddressFlag[];
  readonly preferredLifetime?: number;
  /** `no_track` gives false: its interface going down is no fault. */
  readonly track: boolean;
};

export type GarpModel = {
  /** Second burst this long after becoming master; 0: none. */
  readonly masterDelay: Microseconds;
  readonly masterRepeat: number;
  /** Periodic announcement while master; 0: none. */
  readonly refresh: Microseconds;
  readonly refreshRepeat: number;
  /** After a losing advert was heard. */
  readonly lowerPriorityDelay: Microseconds;
  readonly lowerPriorityRepeat: number;
};

export type NotifyModel = {
  readonly master?: ScriptModel;
  readonly backup?: ScriptModel;
  readonly fault?: ScriptModel;
  readonly stop?: ScriptModel;
  readonly deleted?: ScriptModel;
  readonly any?: ScriptModel;
  readonly masterHeardLower?: ScriptModel;
};
