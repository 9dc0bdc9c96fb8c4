// The load-balancing side of the typed model: services, the servers behind them and the checks that
// these must pass, with every default and inherited value filled in. It is read and compared; nothing
// runs it yet.

import type { Family, IpAddress } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import type { ScriptModel } from "./model-script.ts";

/** The certificate that SSL_GET shows. */
export type SslModel = {
  readonly password?: string;
  readonly authorityFile?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
};

export type VirtualServerGroupModel = {
  readonly name: string;
  readonly entries: readonly ServiceEntry[];
};

/** Port 0 is any port. */
export type ServiceEntry =
  | { readonly kind: "address"; readonly address: IpAddress; readonly port: number }
  | {
      readonly kind: "range";
      readonly first: IpAddress;
      readonly last: IpAddress;
      readonly port: number;
    }
  | { readonly kind: "fwmark"; readonly mark: number; readonly family?: Family };

export type ServiceModel =
  | { readonly kind: "address"; readonly address: IpAddress; readonly port: number }
  | { readonly kind: "fwmark"; readonly mark: number }
  | { readonly kind: "group"; readonly name: string };

export type ForwardingModel =
  | { readonly kind: "nat" | "direct" }
  | {
      readonly kind: "tunnel";
      readonly type: "ipip" | "gre" | "gue";
      /** GUE alone. */
      readonly port?: number;
      readonly checksum: "none" | "full" | "remote";
    };

export type PersistenceModel = {
  /** 1 to 2,678,400 s. */
  readonly timeout: Microseconds;
  /** An IPv4 netmask or an IPv6 prefix length, as the file has it. */
  readonly granularity?: string;
  readonly engine?: string;
};

export type VirtualServerModel = {
  readonly service: ServiceModel;
  readonly family: Family;
  /** Absent for firewall marks. */
  readonly protocol?: "TCP" | "UDP" | "SCTP";
  readonly scheduler: string;
  /** Flags of the scheduler, 1 to 3. */
  readonly schedulerFlags: readonly number[];
  readonly onePacket: boolean;
  readonly forwarding: ForwardingModel;
  readonly persistence?: PersistenceModel;
  readonly haSuspend: boolean;
  readonly omega: boolean;
  /** 1 to the weight of all servers. */
  readonly quorum: number;
  readonly hysteresis: number;
  readonly quorumUp?: ScriptModel;
  readonly quorumDown?: ScriptModel;
  /** Absent: as `global_defs` says. */
  readonly smtpAlert?: boolean;
  readonly snmpName?: string;
  readonly sorryServer?: SorryServerModel;
  readonly realServers: readonly RealServerModel[];
};

export type SorryServerModel = {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwarding: ForwardingModel;
  readonly inhibit: boolean;
};

export type RealServerModel = {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwarding: ForwardingModel;
  /** 0 to 2^31 - 1. */
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly inhibitOnFailure: boolean;
  readonly notifyUp?: ScriptModel;
  readonly notifyDown?: ScriptModel;
  readonly smtpAlert?: boolean;
  readonly snmpName?: string;
  readonly checkers: readonly CheckerModel[];
};

/** When to check; of BFD_CHECK and FILE_CHECK, `alpha` alone means something. */
export type CheckTimingModel = {
  readonly retry: number;
  readonly delayBeforeRetry: Microseconds;
  readonly warmup: Microseconds;
  readonly delayLoop: Microseconds;
  readonly alpha: boolean;
  /** Absent: as `global_defs` says. */
  readonly logAllFailures?: boolean;
};

export type CheckConnectionModel = {
  readonly address: IpAddress;
  readonly port: number;
  readonly bindAddress?: IpAddress;
  readonly bindPort?: number;
  readonly bindInterface?: string;
  readonly timeout: Microseconds;
  readonly mark?: number;
};

type Connecting = { readonly connection: CheckConnectionModel };

export type CheckerModel = { readonly timing: CheckTimingModel } & (
  | (Connecting & { readonly kind: "tcp" | "ping" })
  | (Connecting & HttpCheckModel)
  | (Connecting & { readonly kind: "smtp"; readonly heloName?: string })
  | (Connecting & { readonly kind: "dns"; readonly type: string; readonly name: string })
  | (Connecting & {
      readonly kind: "udp";
      /** Hexadecimal; absent: random bytes. */
      readonly payload?: string;
      /** Hexadecimal with `x` for any half byte; empty: any answer. */
      readonly reply?: string;
      readonly replyLengthMin: number;
      readonly replyLengthMax: number;
    })
  | {
      readonly kind: "misc";
      readonly script: ScriptModel;
      /** Absent: delay_loop of the virtual server. */
      readonly timeout?: Microseconds;
      readonly dynamic: boolean;
    }
  | {
      readonly kind: "file";
      readonly trackFile: string;
      /** Absent: the track_file's. */
      readonly weight?: number;
      readonly reverse: boolean;
    }
  | { readonly kind: "bfd"; readonly session: string }
);

export type HttpCheckModel = {
  readonly kind: "http" | "https";
  readonly urls: readonly UrlModel[];
  readonly virtualHost?: string;
  readonly httpProtocol: "1.0" | "1.0C" | "1.1";
  readonly serverNameIndication: boolean;
  readonly fastRecovery: boolean;
};

export type UrlModel = {
  readonly path: string;
  /** 32 hexadecimal digits each. */
  readonly digests: readonly string[];
  /** First and last status of each range. */
  readonly statusCodes: readonly (readonly [number, number])[];
  readonly virtualHost?: string;
  readonly pattern?: string;
  readonly patternMustFail: boolean;
};
