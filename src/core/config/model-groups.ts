// Groups of instances and of interfaces, as the configuration describes them: part of the typed model
// (model.ts). Nothing of it runs yet.

import type { Microseconds } from "../base/time.ts";
import type { TrackedModel } from "./model-tracking.ts";

export type SyncGroupModel = {
  readonly name: string;
  /** Names of instances that exist, in the order of the file. */
  readonly members: readonly string[];
  readonly tracked: TrackedModel;
  /** `sync_group_tracking_weight`. */
  readonly weightsCount: boolean;
};

export type TrackGroupModel = { readonly name: string; readonly members: readonly string[] };

/** 0: no limit. */
export type GarpGroupModel = {
  readonly interfaces: readonly string[];
  readonly garpInterval: Microseconds;
  readonly naInterval: Microseconds;
};

export type InterfaceDelayModel = {
  readonly interface: string;
  readonly down: Microseconds;
  readonly up: Microseconds;
};

export type GroupsModel = {
  readonly syncGroups: readonly SyncGroupModel[];
  readonly trackGroups: readonly TrackGroupModel[];
  readonly garpGroups: readonly GarpGroupModel[];
  readonly polledInterfaces: readonly string[];
  readonly interfaceDelays: readonly InterfaceDelayModel[];
};
