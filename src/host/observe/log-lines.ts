// What each event says in the log: one row per kind, in the words that keepalived 2.4 prints,
// because people and their alerts search for them. Debian's 2.2.7 words a few refusals without the
// sender's address; test/interop/log-texts.test.ts lists those differences against the real one.
// Events that keepalived does not know have words of our own.

import { assertNever } from "../../core/base/assert.ts";
import { durationText, type Microseconds } from "../../core/base/time.ts";
import type { NodeEvent } from "../../core/engine/event.ts";
import type { InterfaceAddress } from "../../core/ports/kernel.ts";
import { systemErrorText } from "../../core/ports/system-error.ts";
import type { Fault } from "../../core/vrrp/vocabulary.ts";
import type { LogLine } from "./log-record.ts";
import { refusalLine } from "./refusal-lines.ts";

type EventOf<Kind extends NodeEvent["kind"]> = Extract<NodeEvent, { readonly kind: Kind }>;
type LogTable = {
  readonly [Kind in NodeEvent["kind"]]: (event: EventOf<Kind>) => LogLine | readonly LogLine[];
};

/** The lines of an event, the telling one first. At least one. */
export function logLines(event: NodeEvent): readonly LogLine[] {
  const row = logTable[event.kind] as (event: NodeEvent) => LogLine | readonly LogLine[];
  const lines = row(event);
  return "text" in lines ? [lines] : lines;
}

const err = (text: string): LogLine => ({ level: "err", text });
const warning = (text: string): LogLine => ({ level: "warning", text });
const notice = (text: string): LogLine => ({ level: "notice", text });
const info = (text: string): LogLine => ({ level: "info", text });
const detail = (text: string): LogLine => ({ level: "info", detail: true, text });

export const logTable: LogTable = {
  transition: transitionLines,
  "advert-refused": ({ instance, interface: link, from, refusal }) =>
    refusalLine(instance, link, from, refusal),
  "advert-differs": (event) => info(`(${event.instance}) ${differsText(event)}`),
  "advert-heard": heardLine,
  "master-changed": ({ instance, from, to }) =>
    detail(
      from === undefined
        ? `(${instance}) master set to ${to}`
        : `(${instance}) master changed from ${from} to ${to}`,
    ),
  "interval-learned": ({ instance, from, to }) =>
    detail(
      `(${instance}) advertisement interval updated from ${milliText(from)} to ${milliText(to)} by master`,
    ),
  "receive-timeout": ({ instance }) => detail(`(${instance}) Receive advertisement timeout`),
  "woken-late": ({ instance, timer, late }) =>
    warning(
      `(${instance}) woken ${milliText(late)} late to ${timer === "advert" ? "send an advert" : "take over"}: this machine is too busy for its advert interval`,
    ),
  "priority-changed": ({ instance, from, to }) =>
    info(`(${instance}) Changing effective priority from ${from} to ${to}`),
  "preempt-delay": ({ instance, what, delay }) => detail(preemptText(instance, what, delay)),
  "fault-raised": ({ instance, fault }) => info(faultText(instance, fault)),
  "fault-cleared": ({ instance, fault }) =>
    detail(`(${instance}): fault cleared (${faultPhrase(fault)})`),
  "priority-zero-sent": ({ instance }) => detail(`(${instance}) sent 0 priority`),
  "address-taken-away": ({ instance, address, interface: link }) => [
    warning(
      `Netlink reflector reports IP ${address.address} removed from ${link ?? `link ${address.link}`}`,
    ),
    detail(`(${instance}) ${addressText(address)} was deleted by somebody else, taking it back`),
  ],
  "address-refused": ({ instance, address, interface: link, error }) =>
    err(
      `(${instance}) cannot add ${addressText(address)} to ${link ?? `link ${address.link}`}: ${systemErrorText(error)}`,
    ),
  "leftovers-removed": ({ addresses }) =>
    notice(
      `Removed ${count(addresses.length, "address", "addresses")} of an earlier run: ${listText(addresses)}`,
    ),
  link: linkLine,
  announcing: ({ instance, addresses }) =>
    detail(
      `(${instance}) Sending/queueing gratuitous ARPs for ${count(addresses, "address", "addresses")}`,
    ),
  "startup-delay": ({ delay }) => info(`Delaying startup for ${secondsText(delay)} seconds`),
  reload: ({ instance, what, changes }) => {
    const list = changes.length === 0 ? "" : `: ${changes.join(", ")}`;
    const text = `(${instance}) ${reloadPhrases[what]}${list}`;
    return what === "kept" ? detail(text) : info(text);
  },
  "socket-refused": ({ error }) => err(systemErrorText(error)),
};

const reloadPhrases = {
  kept: "unchanged by reload",
  changed: "changed by reload",
  added: "added by reload",
  removed: "removed by reload",
  restarted: "restarted by reload",
} as const;

function transitionLines({ instance, from, to }: EventOf<"transition">): readonly LogLine[] {
  const removal = from === "MASTER" ? [detail(`(${instance}) removing VIPs.`)] : [];
  switch (to) {
    case "MASTER":
      return [info(`(${instance}) Entering MASTER STATE`), detail(`(${instance}) setting VIPs.`)];
    case "BACKUP":
    case "FAULT":
      return [
        info(`(${instance}) Entering ${to} STATE${from === "INIT" ? " (init)" : ""}`),
        ...removal,
      ];
    // keepalived says nothing more here than that the addresses go.
    case "STOP":
    case "DELETED":
    case "INIT":
      return [detail(`(${instance}) Entering ${to} STATE`), ...removal];
    default:
      return assertNever(to);
  }
}

function heardLine({ instance, from, priority, ours, what }: EventOf<"advert-heard">): LogLine {
  const who = `(${instance})`;
  switch (what) {
    case "lower-discarded":
      return info(`${who} received lower priority (${priority}) advert from ${from} - discarding`);
    case "lower-answered":
      return info(
        `${who} Received advert from ${from} with lower priority ${priority}, ours ${ours}, forcing new election`,
      );
    case "lower-unanswered":
      return info(
        `${who} Received advert from ${from} with lower priority ${priority}, ours ${ours}`,
      );
    case "higher-priority":
      return info(
        `${who} Master received advert from ${from} with higher priority ${priority}, ours ${ours}`,
      );
    case "same-priority-higher-address":
      return info(
        `${who} Master received advert from ${from} with same priority ${priority} but higher IP address than ours`,
      );
    case "own-address-elsewhere":
      return warning(
        `${who} WARNING - equal priority advert received from remote host with our IP address.`,
      );
    case "priority-zero-as-backup":
      return detail(`${who} Backup received priority 0 advertisement`);
    case "priority-zero-as-master":
      return detail(`${who} Master received priority 0 message`);
    case "rogue-owner":
      return err(
        `${who} CONFIGURATION ERROR: local instance and ${from} are both configured as address owner, please resolve`,
      );
    case "rogue-owner-persists":
      return err(
        `${who} ${from} is still advertising as address owner, please resolve - reducing our priority`,
      );
    case "rogue-owner-gone":
      return info(`${who} rogue address owner appears to have stopped advertising`);
    case "owner-restored":
      return info(`${who} Restoring our priority to 255`);
    default:
      return assertNever(what);
  }
}

function linkLine({ interface: link, what }: EventOf<"link">): LogLine {
  switch (what) {
    case "up":
    case "down":
      return info(`Netlink reports ${link} ${what}`);
    case "added":
    case "deleted":
      return info(`Interface ${link} ${what}`);
    default:
      return assertNever(what);
  }
}

function differsText({ vrid, from, what }: EventOf<"advert-differs">): string {
  switch (what.kind) {
    case "interval":
      return `advertisement interval mismatch with ${from} mine=${milliText(what.ours)} rcv'd=${milliText(what.theirs)}`;
    case "address-count":
      return `expected ${what.ours} VIPs but received ${what.theirs} from ${from}`;
    case "address-list":
      return `ip address associated with VRID ${vrid} not present in advert from ${from}: ${what.missing}`;
    default:
      return assertNever(what);
  }
}

function preemptText(
  instance: string,
  what: EventOf<"preempt-delay">["what"],
  delay: Microseconds,
): string {
  switch (what) {
    case "started":
      return `(${instance}) start preempt delay (${(delay / 1_000_000).toFixed(6)})`;
    case "stopped":
      return `(${instance}) stop preempt delay`;
    case "expired":
      return `(${instance}) preempt delay expired`;
    default:
      return assertNever(what);
  }
}

/** The colon after the instance's name is there for interfaces and absent otherwise, as it is upstream. */
function faultText(instance: string, fault: Fault): string {
  switch (fault.kind) {
    case "interface-down":
    case "interface-missing":
    case "interface-up":
      return `(${instance}): entering FAULT state (${faultPhrase(fault)})`;
    case "no-source-address":
    case "socket-refused":
      return `(${instance}) entering FAULT state (${faultPhrase(fault)})`;
    default:
      return assertNever(fault);
  }
}

/** A fault in a few words: `interface eth0 down`. */
export function faultPhrase(fault: Fault): string {
  switch (fault.kind) {
    case "interface-down":
      return `interface ${fault.interface} down`;
    case "interface-missing":
      return `interface ${fault.interface} does not exist`;
    case "interface-up":
      return `interface ${fault.interface} up`;
    case "no-source-address":
      return "no IPv4 address for interface";
    case "socket-refused":
      return `socket refused: ${fault.detail}`;
    default:
      return assertNever(fault);
  }
}

const milliText = (interval: Microseconds): string => `${interval / 1_000}ms`;
const secondsText = (interval: Microseconds): string => durationText(interval).slice(0, -1);
const addressText = ({ address, prefixLength }: InterfaceAddress): string =>
  `${address}/${prefixLength}`;
const count = (number: number, one: string, many: string): string =>
  `${number} ${number === 1 ? one : many}`;

/** The first few; thousands of addresses are not worth a line that nobody can read. */
function listText(addresses: readonly InterfaceAddress[]): string {
  const shown = addresses.slice(0, 8).map(addressText).join(", ");
  return addresses.length > 8 ? `${shown}, ...` : shown;
}
