// What instances and groups track besides interfaces, as the configuration describes it: part of the
// typed model (model.ts). Plain data with every default filled in. Nothing of it runs yet.

import type { IpAddress } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import type { ScriptModel } from "./model-script.ts";

export type Weight = {
  /** 0: a fault; otherwise added to the priority. */
  readonly amount: number;
  readonly reverse: boolean;
};

export type TrackScriptModel = {
  readonly name: string;
  readonly script: ScriptModel;
  readonly interval: Microseconds;
  readonly timeout: Microseconds;
  readonly weight: Weight;
  readonly rise: number;
  readonly fall: number;
  readonly initFail: boolean;
};

export type TrackProcessModel = {
  readonly name: string;
  readonly process: string;
  readonly parameters: readonly string[];
  readonly match: "exact" | "initial" | "partial";
  readonly fullCommand: boolean;
  readonly weight: Weight;
  readonly quorum: number;
  /** Absent: no limit. */
  readonly quorumMax?: number;
  readonly terminateDelay: Microseconds;
  readonly forkDelay: Microseconds;
};

export type TrackFileModel = {
  readonly name: string;
  readonly path: string;
  readonly weight: Weight;
  /** Written at start; absent: never. */
  readonly init?: { readonly value: number; readonly overwrite: boolean };
};

export type BfdModel = {
  readonly name: string;
  readonly neighbor: IpAddress;
  readonly source?: IpAddress;
  readonly receiveInterval: Microseconds;
  readonly sendInterval: Microseconds;
  readonly idleInterval: Microseconds;
  readonly multiplier: number;
  readonly passive: boolean;
  readonly ttl: number;
  readonly hopsMax: number;
  readonly multihop: boolean;
  readonly weight: Weight;
  /** Who hears of it. */
  readonly forInstances: boolean;
  readonly forServers: boolean;
};

export type TrackingModel = {
  readonly scripts: readonly TrackScriptModel[];
  readonly processes: readonly TrackProcessModel[];
  readonly files: readonly TrackFileModel[];
  readonly bfds: readonly BfdModel[];
};

/** One line of `track_script`, `track_file`, `track_process` or `track_bfd`. */
export type TrackedObject = {
  readonly name: string;
  /** Absent: the object's own. */
  readonly weight?: Weight;
};

/** What one instance or group tracks. */
export type TrackedModel = {
  readonly scripts: readonly TrackedObject[];
  readonly files: readonly TrackedObject[];
  readonly processes: readonly TrackedObject[];
  readonly bfds: readonly TrackedObject[];
};
