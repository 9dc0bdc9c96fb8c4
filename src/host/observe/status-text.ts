// `understudy status` for people: one table line per instance, then what an engineer asks next: why
// this state, who is master, which addresses are held, what is wrong, what was dropped and for which
// reason, what happened last. Plain columns that grep and awk can use; colour only where asked for.
// In goes the control socket's answer, out goes text.

import { durationText, type Microseconds } from "../../core/base/time.ts";
import type { NodeEvent, ShownState } from "../../core/engine/event.ts";
import type { InstanceStatus, NodeStatus } from "../../core/engine/status.ts";
import { type RefusalKind, refusals } from "../../core/vrrp/vocabulary.ts";
import { faultPhrase, logLines } from "./log-lines.ts";
import { printable, reasonPhrases, timeOfDay } from "./sinks.ts";

/** What the daemon answers to `{"id":1,"command":"status"}`, schema 1. */
export type StatusAnswer = {
  readonly schema: 1;
  readonly status: NodeStatus;
  readonly node: {
    readonly pid: number;
    /** Milliseconds since 1970. */
    readonly startedAt: number;
    readonly version: string;
    readonly configFile: string;
    readonly uptimeUs: number;
  };
  /** The last ones, oldest first; `at` in milliseconds since 1970. */
  readonly events: readonly { readonly at: number; readonly event: NodeEvent }[];
};

export type StatusView = {
  /** All timers of every instance instead of the next one. */
  readonly timers?: boolean;
  readonly colour?: boolean;
  /** How many of the last events; default 10. */
  readonly eventsMax?: number;
};

const stateColours: Readonly<Partial<Record<ShownState, number>>> = {
  MASTER: 32,
  BACKUP: 36,
  FAULT: 31,
};

/** The whole answer as text, ending in a newline. */
export function renderStatus(answer: StatusAnswer, view: StatusView = {}): string {
  const { status, node } = answer;
  const sections = [
    [
      `understudy ${node.version}, pid ${node.pid}, up ${peopleDuration(node.uptimeUs)}, ${node.configFile}`,
    ],
    status.instances.length === 0 ? ["no instances are configured"] : summary(status, view),
    ...status.instances.map((instance) => instanceSection(instance, status, view)),
    linkSection(status),
    strangerSection(status),
    eventSection(answer.events.slice(-(view.eventsMax ?? 10))),
  ];
  const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${text.join("\n\n")}\n`;
}

function summary(status: NodeStatus, view: StatusView): readonly string[] {
  const rows = status.instances.map((instance) => [
    instance.name,
    instance.state,
    String(instance.effectivePriority),
    String(instance.model.vrid),
    instance.model.interface ?? "-",
    masterWord(instance),
    `${instance.addresses.filter((held) => held.installed).length}/${instance.addresses.length}`,
    instance.lastTransition === undefined ? "-" : peopleDuration(instance.lastTransition.ago),
  ]);
  const head = ["INSTANCE", "STATE", "PRIORITY", "VRID", "INTERFACE", "MASTER", "HELD", "SINCE"];
  const [headLine, ...lines] = columns([head, ...rows]);
  return [
    headLine ?? "",
    ...lines.map((line, i) => paintState(line, status.instances[i]?.state ?? "INIT", view)),
  ];
}

/** Left-aligned columns, two spaces apart. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => printable(row[i] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, i) => printable(cell).padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function paintState(line: string, state: ShownState, { colour = false }: StatusView): string {
  const code = stateColours[state];
  return colour && code !== undefined
    ? line.replace(` ${state}`, ` \u001b[${code}m${state}\u001b[0m`)
    : line;
}

const masterWord = ({ state, master }: InstanceStatus): string =>
  state === "MASTER" ? "self" : (master?.address ?? "-");

function instanceSection(
  instance: InstanceStatus,
  status: NodeStatus,
  view: StatusView,
): readonly string[] {
  const facts: (readonly [string, string])[] = [
    ["state", stateText(instance)],
    ["why", instance.why],
    ["election", electionText(instance)],
    ["master", masterText(instance)],
    ...instance.faults.map((fault) => ["fault", faultPhrase(fault)] as const),
    ...timerFacts(instance, view),
    ...addressFacts(instance, status),
    ["counters", counterText(instance)],
    ...droppedFacts(instance),
  ];
  return columns(facts.map(([name, fact]) => [instance.name, name, fact]));
}

function stateText({ state, lastTransition }: InstanceStatus): string {
  if (lastTransition === undefined) return state;
  const { from, to, reason, ago } = lastTransition;
  return `${state} for ${peopleDuration(ago)} (${from} -> ${to}: ${reasonPhrases[reason]})`;
}

function electionText({ model, effectivePriority, masterDownInterval, skew }: InstanceStatus) {
  const configured =
    effectivePriority === model.priority
      ? ""
      : ` (configured ${model.priority}, tracking the rest)`;
  const cast =
    model.transport.kind === "unicast"
      ? `unicast to ${model.transport.peers.map((peer) => peer.address).join(" ")}`
      : `multicast to ${model.transport.group}`;
  return [
    `VRRPv${model.version} vrid ${model.vrid} priority ${effectivePriority}${configured}`,
    `advert every ${durationText(model.advertInterval)}`,
    `master down after ${durationText(masterDownInterval)} (skew ${durationText(skew)})`,
    cast,
    model.preempt ? "preempts" : "nopreempt",
  ].join(", ");
}

function masterText({ state, master, source }: InstanceStatus): string {
  if (state === "MASTER") return `this router, from ${source ?? "no address"}`;
  if (master === undefined) return "none heard yet";
  const heard =
    master.heardAgo === undefined ? "" : `, heard ${peopleDuration(master.heardAgo)} ago`;
  return `${master.address} priority ${master.priority}, advert every ${durationText(master.interval)}${heard}`;
}

function timerFacts(
  { timers }: InstanceStatus,
  view: StatusView,
): readonly (readonly [string, string])[] {
  const running = Object.entries(timers).sort(([, a], [, b]) => a - b);
  const shown = view.timers === true ? running : running.slice(0, 1);
  return shown.map(([name, left]) => ["timer", `${name} in ${durationText(left)}`] as const);
}

function addressFacts(
  { addresses, model }: InstanceStatus,
  status: NodeStatus,
): readonly (readonly [string, string])[] {
  const linkName = (index: number) =>
    status.links.find((link) => link.index === index)?.name ?? model.interface ?? "no interface";
  return addresses.map(({ address, excluded, installed }) => {
    const words = [installed ? "held" : "not held", ...(excluded ? ["not advertised"] : [])];
    const where = `${address.address}/${address.prefixLength} dev ${linkName(address.link)}`;
    return ["address", `${where} ${words.join(", ")}`] as const;
  });
}

function counterText({ counters }: InstanceStatus): string {
  const counted = Object.entries(counters).filter(
    ([name, value]) => value > 0 && !name.startsWith("dropped "),
  );
  if (counted.length === 0) return "all zero";
  return counted.map(([name, value]) => `${name} ${value}`).join(", ");
}

function droppedFacts({ counters }: InstanceStatus): readonly (readonly [string, string])[] {
  return (Object.keys(refusals) as RefusalKind[]).flatMap((kind) => {
    const count = counters[`dropped ${kind}`] ?? 0;
    return count === 0 ? [] : [["dropped", `${kind} ${count} (${refusals[kind].doc})`] as const];
  });
}

/** Only what is not as it should be: interfaces that are down. */
const linkSection = ({ links }: NodeStatus): readonly string[] =>
  links.filter((link) => !link.up).map((link) => `interface ${printable(link.name)} is down`);

/** Packets that no instance claims: mostly another group of routers on the same network. */
function strangerSection({ unknownVrids, unattributed = [] }: NodeStatus): readonly string[] {
  return [
    ...unknownVrids.map(
      ({ interface: link, vrid, packets }) =>
        `unknown vrid ${vrid} on ${printable(link)}: ${packets} adverts of routers that are not ours`,
    ),
    ...unattributed.map(
      ({ interface: link, kind, packets }) =>
        `broken packets on ${printable(link)}: ${kind} ${packets} (${refusals[kind].doc})`,
    ),
  ];
}

function eventSection(events: StatusAnswer["events"]): readonly string[] {
  if (events.length === 0) return [];
  return [
    "last events",
    ...events.map(
      ({ at, event }) => `  ${dateText(at)}  ${printable(logLines(event)[0]?.text ?? event.kind)}`,
    ),
  ];
}

/** `2026-11-22 12:50:00.123`, local time. */
function dateText(at: number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${timeOfDay(at)}`;
}

/** A duration that nobody computes with: `0.4s`, `12s`, `2m 3s`, `3h 12m`, `5d 4h`. */
export function peopleDuration(duration: number): string {
  const whole = Math.floor(duration / 1_000_000);
  if (whole < 10) return durationText((Math.floor(duration / 100_000) * 100_000) as Microseconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)}m ${whole % 60}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3_600)}h ${Math.floor((whole % 3_600) / 60)}m`;
  return `${Math.floor(whole / 86_400)}d ${Math.floor((whole % 86_400) / 3_600)}h`;
}
