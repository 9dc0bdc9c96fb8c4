// keepalived.data (SIGUSR1): the configuration and the state in keepalived's words, order and
// indents, for the programs that read it line by line (a Prometheus exporter among them). What this
// product does not have yet has no line; file descriptors and the password are not shown.

import { durationText, type Microseconds } from "../../../core/base/time.ts";
import type { GlobalModel, InstanceModel, TransportModel } from "../../../core/config/model.ts";
import type { InstanceStatus, NodeStatus } from "../../../core/engine/status.ts";
import {
  type DumpMoment,
  lastTransitionAt,
  masked,
  otherMaster,
  scriptText,
  timeText,
  virtualAddressText,
} from "./dump-text.ts";

export type DataDump = DumpMoment & {
  readonly global: GlobalModel;
  /** Shown as the router's id when the file names none. */
  readonly hostName: string;
};

/** The text of keepalived.data. */
export function renderData(status: NodeStatus, dump: DataDump): string {
  const lines = [
    "------< Global definitions >------",
    ...globalLines(dump),
    "------< VRRP Topology >------",
    ...status.instances.flatMap((instance) => instanceLines(instance, dump)),
    "------< Interfaces >------",
    ...status.links.flatMap((link) => linkLines(status, link)),
  ];
  return `${lines.join("\n")}\n`;
}

function globalLines({ global, hostName }: DataDump): readonly string[] {
  return [
    " Network namespace = (default)",
    ` Router ID = ${global.routerId ?? hostName}`,
    ` Dynamic interfaces = ${global.dynamicInterfaces}`,
    ` Gratuitous ARP interval = ${(global.garpInterval / 1_000_000).toFixed(6)}`,
    ` VRRP realtime priority = ${global.realtimePriority ?? 0}`,
    ` VRRP realtime limit = ${global.realtimeLimit ?? 10_000}`,
    ...when(global.startupDelay > 0, ` vrrp_startup_delay = ${plainSeconds(global.startupDelay)}`),
    ...when(global.logUnknownVrids, " log_unknown_vrids"),
  ];
}

function instanceLines(status: InstanceStatus, dump: DataDump): readonly string[] {
  const { model } = status;
  return [
    ` VRRP Instance = ${status.name}`,
    `   VRRP Version = ${model.version}`,
    `   State = ${status.state}`,
    ...masterLines(status),
    ...flagLines(model),
    `   Wantstate = ${status.state}`,
    "   Number of config faults = 0",
    `   Number of interface and track script faults = ${status.faults.length}`,
    "   Number of track scripts init = 0",
    `   Last transition = ${timeText(lastTransitionAt(status, dump))}`,
    `   Read timeout = ${deadlineText(status, dump)}`,
    `   Master down timer = ${status.masterDownInterval} usecs`,
    ...when(model.interface !== undefined, `   Interface = ${model.interface}`),
    ...when(!model.trackPrimary, "   VRRP interface tracking disabled"),
    ...when(model.skipAddressCheck, "   Skip checking advert IP addresses"),
    `   Using src_ip = ${status.source ?? "(none)"}${model.source === undefined ? "" : " (from configuration)"}`,
    ...when(
      model.transport.kind === "multicast",
      `   Multicast address ${model.transport.kind === "multicast" ? model.transport.group : ""}`,
    ),
    ...garpLines(model),
    ...electionLines(status),
    ...authenticationLines(model),
    ...addressLines(status),
    ...unicastLines(model, model.transport),
    ...trackLines(model),
    "   Using smtp notification = no",
    `   Notify deleted = ${model.notify.deleted === undefined ? "Fault" : "Deleted"}`,
    ...scriptLines(model),
    "   Notify priority changes = false",
  ];
}

function masterLines(status: InstanceStatus): readonly string[] {
  const master = otherMaster(status);
  if (status.state !== "BACKUP" || master === undefined) return [];
  return [
    `   Master router = ${master.address}`,
    `   Master priority = ${master.priority}`,
    ...when(
      status.model.version === 3,
      `   Master advert int = ${(master.interval / 1_000_000).toFixed(2)} sec`,
    ),
  ];
}

/** keepalived counts more as a flag than it names here; then the list is empty. */
function flagLines(model: InstanceModel): readonly string[] {
  const isUnicast = model.transport.kind === "unicast";
  const hasFlag =
    isUnicast ||
    !model.preempt ||
    !model.trackPrimary ||
    model.skipAddressCheck ||
    model.lowerPriorityNoAdvert ||
    model.higherPrioritySendAdvert;
  return hasFlag ? ["   Flags:", ...when(isUnicast, "     Using unicast")] : ["   Flags: none"];
}

function garpLines({ garp, downTimerAdverts, ...model }: InstanceModel): readonly string[] {
  return [
    `   Gratuitous ARP delay = ${plainSeconds(garp.masterDelay)}`,
    `   Gratuitous ARP repeat = ${garp.masterRepeat}`,
    `   Gratuitous ARP refresh = ${plainSeconds(garp.refresh)}`,
    `   Gratuitous ARP refresh repeat = ${garp.refreshRepeat}`,
    `   Gratuitous ARP lower priority delay = ${plainSeconds(garp.lowerPriorityDelay)}`,
    `   Gratuitous ARP lower priority repeat = ${garp.lowerPriorityRepeat}`,
    `   Down timer adverts = ${downTimerAdverts}`,
    `   Send advert after receive lower priority advert = ${!model.lowerPriorityNoAdvert}`,
    `   Send advert after receive higher priority advert = ${model.higherPrioritySendAdvert}`,
  ];
}

function electionLines(status: InstanceStatus): readonly string[] {
  const { model } = status;
  return [
    `   Virtual Router ID = ${model.vrid}`,
    `   Priority = ${model.priority}`,
    `   Effective priority = ${status.effectivePriority}`,
    `   Total priority = ${status.effectivePriority}`,
    model.version === 2
      ? `   Advert interval = ${model.advertInterval / 1_000_000} sec`
      : `   Advert interval = ${model.advertInterval / 1_000} milli-sec`,
    ...when(
      model.version === 3 && status.state === "BACKUP" && otherMaster(status) !== undefined,
      `   Master advert interval = ${(otherMaster(status)?.interval ?? 0) / 1_000} milli-sec`,
    ),
    "   Accept = enabled",
    `   Preempt = ${model.preempt ? "enabled" : "disabled"}`,
    ...when(model.preemptDelay > 0, `   Preempt delay = ${plainSeconds(model.preemptDelay)} secs`),
    "   Promote_secondaries = disabled",
  ];
}

function authenticationLines({ version, authentication }: InstanceModel): readonly string[] {
  if (version !== 2) return [];
  return authentication.kind === "none"
    ? ["   Authentication type = none"]
    : ["   Authentication type = SIMPLE_PASSWORD", `   Password = ${masked}`];
}

function addressLines(status: InstanceStatus): readonly string[] {
  const { addresses, excludedAddresses } = status.model;
  return [
    `   Virtual IP (${addresses.length}):`,
    ...addresses.map((virtual) => `     ${virtualAddressText(status, virtual, false)}`),
    ...when(excludedAddresses.length > 0, "   Virtual IP Excluded :"),
    ...excludedAddresses.map((virtual) => `     ${virtualAddressText(status, virtual, true)}`),
  ];
}

function unicastLines(model: InstanceModel, transport: TransportModel): readonly string[] {
  if (transport.kind === "multicast") return [];
  const peers = transport.peers.map(
    ({ address, ttlMin, ttlMax }) =>
      `     ${address} min_ttl ${ttlMin ?? 0} max_ttl ${ttlMax ?? 255}`,
  );
  return [
    `   Unicast TTL = ${transport.ttl}`,
    `   Check unicast src : ${model.checkUnicastSource ? "yes" : "no"}`,
    "   Unicast Peer :",
    ...peers,
    ...when(model.version === 3, "   Unicast checksum compatibility = no"),
  ];
}

function trackLines({ trackInterfaces }: InstanceModel): readonly string[] {
  if (trackInterfaces.length === 0) return [];
  return [
    "   Tracked interfaces :",
    ...trackInterfaces.map(
      (tracked) =>
        `     ${tracked.interface} weight ${tracked.weight}${tracked.reverse ? " reverse" : ""}`,
    ),
  ];
}

function scriptLines({ notify }: InstanceModel): readonly string[] {
  const scripts = [
    ["Backup state transition", notify.backup],
    ["Master state transition", notify.master],
    ["Fault state transition", notify.fault],
    ["Stop state transition", notify.stop],
    ["Deleted state transition", notify.deleted],
    ["Generic state transition", notify.any],
    ["Master rx lower pri", notify.masterHeardLower],
  ] as const;
  return scripts.flatMap(([name, script]) =>
    script === undefined ? [] : [`   ${name} script = ${scriptText(script)}`],
  );
}

function linkLines(status: NodeStatus, link: NodeStatus["links"][number]): readonly string[] {
  const tracking = status.instances.flatMap(({ name, model }) => [
    ...when(model.interface === link.name && model.trackPrimary, `     ${name}, weight 0`),
    ...model.trackInterfaces
      .filter((tracked) => tracked.interface === link.name)
      .map(({ weight, reverse }) => `     ${name}, weight ${weight}${reverse ? " reverse" : ""}`),
  ]);
  return [
    ` Name = ${link.name}`,
    `   index = ${link.index}`,
    `   State = ${link.up ? "UP, RUNNING" : "DOWN"}`,
    ...when(tracking.length > 0, "   Tracking VRRP instances :"),
    ...tracking,
  ];
}

/** The next thing that happens by itself: an advert as master, taking over as backup. */
function deadlineText(status: InstanceStatus, { at }: DataDump): string {
  const wait = status.timers["advert"] ?? status.timers["masterDown"];
  return wait === undefined ? "DISABLED" : timeText(Math.floor(at * 1_000) + wait);
}

const plainSeconds = (duration: Microseconds): string => durationText(duration).slice(0, -1);
const when = (condition: boolean, line: string): readonly string[] => (condition ? [line] : []);
