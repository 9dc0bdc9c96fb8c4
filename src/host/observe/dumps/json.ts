// keepalived.json (SIGRTMIN+2) in both of its versions: the same keys in the same order and with the
// same types, of which some are 0 and 1 and some true and false. Empty lists and scripts that are not
// set are left out, as keepalived does. The password is masked.

import type { InstanceModel } from "../../../core/config/model.ts";
import type { ShownState } from "../../../core/engine/event.ts";
import type { InstanceStatus, NodeStatus } from "../../../core/engine/status.ts";
import {
  type DumpMoment,
  lastTransitionAt,
  masked,
  otherMaster,
  scriptText,
  virtualAddressText,
} from "./dump-text.ts";
import { type StatsName, statOf, statsSources } from "./stats.ts";

/** keepalived's numbers of the states. */
export const stateNumbers = {
  INIT: 0,
  BACKUP: 1,
  MASTER: 2,
  FAULT: 3,
  DELETED: 97,
  STOP: 98,
} as const satisfies Record<ShownState, number>;

/** The text of keepalived.json; undefined without instances, when keepalived writes no file. */
export function renderJson(
  status: NodeStatus,
  moment: DumpMoment & { readonly version: 1 | 2 },
): string | undefined {
  if (status.instances.length === 0) return undefined;
  const instances = status.instances.map((instance) => ({
    data: instanceData(instance, moment),
    stats: instanceStats(instance),
  }));
  return JSON.stringify(moment.version === 1 ? instances : { vrrp: instances, track_process: [] });
}

const seconds = (microseconds: number): number => microseconds / 1_000_000;
const bit = (value: boolean): 0 | 1 => (value ? 1 : 0);

function instanceData(status: InstanceStatus, moment: DumpMoment) {
  const { model } = status;
  return {
    iname: status.name,
    dont_track_primary: bit(!model.trackPrimary),
    skip_check_adv_addr: bit(model.skipAddressCheck),
    strict_mode: 0,
    vmac_ifname: "",
    ifp_ifname: model.interface ?? "",
    master_priority: otherMaster(status)?.priority ?? 0,
    last_transition: seconds(lastTransitionAt(status, moment)),
    ...garpData(model),
    lower_prio_no_advert: bit(model.lowerPriorityNoAdvert),
    higher_prio_send_advert: bit(model.higherPrioritySendAdvert),
    vrid: model.vrid,
    base_priority: model.priority,
    effective_priority: status.effectivePriority,
    vipset: status.addresses.some((held) => held.installed && !held.excluded),
    promote_secondaries: false,
    adver_int: seconds(model.advertInterval),
    master_adver_int: seconds(otherMaster(status)?.interval ?? model.advertInterval),
    accept: 1,
    nopreempt: !model.preempt,
    preempt_delay: seconds(model.preemptDelay),
    state: stateNumbers[status.state],
    wantstate: stateNumbers[status.state],
    version: model.version,
    smtp_alert: false,
    notify_deleted: model.notify.deleted !== undefined,
    ...scriptData(model),
    ...listData(status),
    ...authenticationData(model),
  };
}

const garpData = ({ garp }: InstanceModel) => ({
  garp_delay: seconds(garp.masterDelay),
  garp_refresh: seconds(garp.refresh),
  garp_rep: garp.masterRepeat,
  garp_refresh_rep: garp.refreshRepeat,
  garp_lower_prio_delay: seconds(garp.lowerPriorityDelay),
  garp_lower_prio_rep: garp.lowerPriorityRepeat,
});

function scriptData({ notify }: InstanceModel): Readonly<Record<string, string>> {
  const scripts = [
    ["script_backup", notify.backup],
    ["script_master", notify.master],
    ["script_fault", notify.fault],
    ["script_stop", notify.stop],
    ["script_deleted", notify.deleted],
    ["script", notify.any],
    ["script_master_rx_lower_pri", notify.masterHeardLower],
  ] as const;
  return Object.fromEntries(
    scripts.flatMap(([key, script]) => (script === undefined ? [] : [[key, scriptText(script)]])),
  );
}

function listData(status: InstanceStatus): Readonly<Record<string, readonly string[]>> {
  const { model } = status;
  const lists = [
    ["vips", model.addresses.map((virtual) => virtualAddressText(status, virtual, false))],
    ["evips", model.excludedAddresses.map((virtual) => virtualAddressText(status, virtual, true))],
    ["track_ifp", model.trackInterfaces.map((tracked) => tracked.interface)],
  ] as const;
  return Object.fromEntries(lists.filter(([, list]) => list.length > 0));
}

const authenticationData = ({ authentication }: InstanceModel) =>
  authentication.kind === "none" ? { auth_type: 0 } : { auth_type: 1, auth_data: masked };

function instanceStats(status: InstanceStatus): Readonly<Record<StatsName, number>> {
  const names = Object.keys(statsSources) as StatsName[];
  return Object.fromEntries(names.map((name) => [name, statOf(status, name)])) as Record<
    StatsName,
    number
  >;
}
