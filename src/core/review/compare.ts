// Two members of one virtual router, setting by setting: what they must have in common to hear each
// other, what they should have in common to be worth having, and what must differ. Each difference
// is a diagnostic with both places. RFC 9568 sections 5.2 and 7.1, RFC 3768 sections 5.3 and 7.1.

import { sameData } from "../base/same-data.ts";
import type { DiagnosticCode, DiagnosticText } from "../config/diagnostics.ts";
import type { AuthenticationModel, VirtualAddress } from "../config/model.ts";
import type { Span } from "../config/source.ts";
import { coversPseudoHeader } from "../vrrp/outgoing.ts";
import { ownerPriority } from "../vrrp/timers.ts";
import { linePlaceOf, type Member, placeOf } from "./members.ts";
import { secondsText } from "./timeline.ts";
import { healthyPriorityOf } from "./weights.ts";

/** Where a comparison puts what it finds. */
export type Report = (code: DiagnosticCode, span: Span, text: DiagnosticText) => void;

/** What all members must or should have in common: a member against the first one. */
export function compareSettings(first: Member, member: Member, report: Report): void {
  compareWhatMustBeEqual(first, member, report);
  compareTransport(first, member, report);
  compareAddresses(first, member, report);
  if (first.model.preempt !== member.model.preempt) comparePreemption(first, member, report);
}

/** What any two members are to each other, by the addresses that they send from. */
export function compareEnds(earlier: Member, member: Member, report: Report): void {
  comparePeers(earlier, member, report);
  comparePeers(member, earlier, report);
  compareSources(earlier, member, report);
}

type Difference = {
  readonly keyword: string;
  readonly global?: string;
  readonly message: string;
  /** What the earlier member has, beside its place. */
  readonly label: string;
  readonly note: string;
  readonly fix?: string;
};

/** Reports at the keyword of the later member, with the earlier one's place beside it. */
function differ(
  code: DiagnosticCode,
  [earlier, member]: readonly [Member, Member],
  { keyword, global, label, ...text }: Difference,
  report: Report,
): void {
  const related = [
    { span: placeOf(earlier, keyword, global), label: `${earlier.router}: ${label}` },
  ];
  report(code, placeOf(member, keyword, global), { ...text, related });
}

function compareWhatMustBeEqual(a: Member, b: Member, report: Report): void {
  const pair = [a, b] as const;
  const { name } = b.model;
  if (a.model.vrid !== b.model.vrid) {
    const difference = {
      keyword: "virtual_router_id",
      message: `${name} has virtual_router_id ${b.model.vrid} on ${b.router} and ${a.model.vrid} on ${a.router}`,
      label: `${a.model.vrid}`,
      note: "they do not hear each other, so both become master of the same addresses",
      fix: `virtual_router_id ${a.model.vrid}`,
    };
    differ("group/vrid", pair, difference, report);
  }
  if (a.model.version !== b.model.version) {
    const difference = {
      keyword: "version",
      global: "vrrp_version",
      message: `${name} speaks VRRP version ${b.model.version} on ${b.router} and ${a.model.version} on ${a.router}`,
      label: `version ${a.model.version}`,
      note: "each drops the other's adverts, so both become master",
    };
    differ("group/version", pair, difference, report);
    // What follows means something else in each version.
    return;
  }
  compareIntervals(a, b, report);
  if (coversPseudoHeader(a.model) !== coversPseudoHeader(b.model)) {
    const form = ({ model }: Member) => (coversPseudoHeader(model) ? "with" : "without");
    const difference = {
      keyword: "v3_checksum_as_v2",
      global: "v3_checksum_as_v2",
      message: `${name} computes checksums ${form(b)} the pseudo header on ${b.router}, ${form(a)} it on ${a.router}`,
      label: `${form(a)} the pseudo header`,
      note: "Understudy hears both forms, keepalived drops the one that it does not send itself",
    };
    differ("group/checksum", pair, difference, report);
  }
  compareAuthentication(a, b, report);
}

function compareIntervals(a: Member, b: Member, report: Report): void {
  if (a.model.advertInterval === b.model.advertInterval) return;
  const ours = secondsText(b.model.advertInterval);
  const theirs = secondsText(a.model.advertInterval);
  const drops = b.model.version === 2;
  const difference = {
    keyword: "advert_int",
    message: `${b.model.name} advertises every ${ours} on ${b.router} and every ${theirs} on ${a.router}`,
    label: theirs,
    note: drops
      ? "VRRPv2 drops adverts with another interval, so both become master"
      : "backups count with the interval of the master, so the time of a fail-over depends on who it was",
    fix: `advert_int ${theirs.slice(0, -2)}`,
  };
  differ(drops ? "group/interval" : "group/interval-v3", [a, b], difference, report);
}

/** Passwords are compared and never shown. */
function compareAuthentication(a: Member, b: Member, report: Report): void {
  const ours = b.model.authentication;
  const theirs = a.model.authentication;
  const note = "each drops the other's adverts, so both become master";
  if (ours.kind !== theirs.kind) {
    const difference = {
      keyword: ours.kind === "none" ? "authentication" : "auth_type",
      message: `${b.model.name} has ${authenticationText(ours)} on ${b.router} and ${authenticationText(theirs)} on ${a.router}`,
      label: authenticationText(theirs),
      note,
    };
    differ("group/authentication", [a, b], difference, report);
  } else if (!sameData(ours, theirs)) {
    const difference = {
      keyword: "auth_pass",
      message: `${b.model.name} has another password on ${b.router} than on ${a.router}`,
      label: "the other password",
      note,
    };
    differ("group/authentication", [a, b], difference, report);
  }
}

const authenticationText = ({ kind }: AuthenticationModel): string =>
  kind === "none"
    ? "no authentication"
    : kind === "pass"
      ? "a password"
      : `authentication by ${kind}`;

function compareTransport(a: Member, b: Member, report: Report): void {
  const ours = b.model.transport;
  const theirs = a.model.transport;
  const note = "they do not hear each other, so both become master";
  if (ours.kind !== theirs.kind) {
    const related = [{ span: placeOf(a, "unicast_peer"), label: `${a.router}: ${theirs.kind}` }];
    report("group/transport", placeOf(b, "unicast_peer"), {
      message: `${b.model.name} uses ${ours.kind} on ${b.router} and ${theirs.kind} on ${a.router}`,
      related,
      note,
    });
  } else if (ours.kind === "multicast" && theirs.kind === "multicast") {
    if (ours.group === theirs.group) return;
    const difference = {
      keyword: "mcast_dst_ip",
      global: "vrrp_mcast_group4",
      message: `${b.model.name} uses the group ${ours.group} on ${b.router} and ${theirs.group} on ${a.router}`,
      label: theirs.group,
      note,
    };
    differ("group/transport", [a, b], difference, report);
  }
}

function compareSources(a: Member, b: Member, report: Report): void {
  if (a.model.source !== undefined && a.model.source === b.model.source) {
    const keyword = b.places.keywords.has("unicast_src_ip") ? "unicast_src_ip" : "mcast_src_ip";
    const difference = {
      keyword,
      message: `${b.model.name} sends from ${b.model.source} on ${b.router} and on ${a.router}`,
      label: "the same address",
      note: "each takes the other's adverts for its own; every router needs an address of its own",
    };
    differ("group/same-source", [a, b], difference, report);
  }
}

/** Whether one of them sends to the other, as far as the other's address stands in its file. */
function comparePeers(sender: Member, receiver: Member, report: Report): void {
  const { transport } = sender.model;
  const { source } = receiver.model;
  if (transport.kind !== "unicast" || receiver.model.transport.kind !== "unicast") return;
  if (source === undefined || transport.peers.some(({ address }) => address === source)) return;
  const label = `${receiver.router} sends from ${source}`;
  report("group/unicast-peer", placeOf(sender, "unicast_peer"), {
    message: `${sender.model.name} on ${sender.router} does not send to ${receiver.router}: ${source} is no peer`,
    related: [{ span: placeOf(receiver, "unicast_src_ip"), label }],
    note: `${receiver.router} hears nothing of ${sender.router} and becomes master, too`,
  });
}

function compareAddresses(a: Member, b: Member, report: Report): void {
  const before = report;
  let missing = false;
  const tell: Report = (code, span, text) => {
    missing = true;
    before(code, span, text);
  };
  reportMissing(a, b, tell);
  reportMissing(b, a, tell);
  compareLengths(a, b, report);
  const list = ({ model }: Member) => model.addresses.map(({ address }) => address).join(", ");
  if (missing || list(a) === list(b)) return;
  const difference = {
    keyword: "virtual_ipaddress",
    message: `${b.model.name} lists its addresses in another order than ${a.router}`,
    label: list(a),
    note: "adverts carry them in this order, and some routers compare it",
  };
  differ("group/address-order", [a, b], difference, report);
}

const blockOf = (member: Member, { address }: VirtualAddress): string =>
  member.model.addresses.some((each) => each.address === address)
    ? "virtual_ipaddress"
    : "virtual_ipaddress_excluded";

const allAddresses = ({ model }: Member): readonly VirtualAddress[] => [
  ...model.addresses,
  ...model.excludedAddresses,
];

/** What one has and the other has not, or has in the other block. */
function reportMissing(from: Member, to: Member, report: Report): void {
  const there = new Map(allAddresses(to).map((virtual) => [virtual.address, virtual]));
  for (const virtual of allAddresses(from)) {
    const { address } = virtual;
    const other = there.get(address);
    const block = blockOf(from, virtual);
    const span = linePlaceOf(from, block, address);
    if (other === undefined) {
      report("group/address-missing", span, {
        message: `${address} of ${from.model.name} is not on ${to.router}`,
        related: [{ span: placeOf(to, block), label: `${to.router} has no ${address}` }],
        note: `nobody answers for ${address} while ${to.router} is master`,
      });
    } else if (from.file < to.file && blockOf(to, other) !== block) {
      const otherBlock = blockOf(to, other);
      report("group/address-missing", linePlaceOf(to, otherBlock, address), {
        message: `${address} stands in \`${otherBlock}\` on ${to.router} and in \`${block}\` on ${from.router}`,
        related: [{ span, label: `${from.router}: ${block}` }],
        note: "only one of them advertises it, so their address lists differ",
      });
    }
  }
}

function compareLengths(a: Member, b: Member, report: Report): void {
  const there = new Map(allAddresses(a).map((virtual) => [virtual.address, virtual]));
  for (const virtual of allAddresses(b)) {
    const other = there.get(virtual.address);
    if (other === undefined || other.prefixLength === virtual.prefixLength) continue;
    const { address, prefixLength } = virtual;
    report("group/address-length", linePlaceOf(b, blockOf(b, virtual), address), {
      message: `${address} has the prefix length ${prefixLength} on ${b.router} and ${other.prefixLength} on ${a.router}`,
      related: [
        {
          span: linePlaceOf(a, blockOf(a, other), address),
          label: `${a.router}: /${other.prefixLength}`,
        },
      ],
      note: "a fail-over changes the routes of the machine that takes over",
    });
  }
}

/** `state MASTER` without a priority makes an owner. */
const priorityPlace = (member: Member): Span =>
  placeOf(member, member.places.keywords.has("priority") ? "priority" : "state");

/** Two members that should not be equally strong. */
export function comparePriorities(a: Member, b: Member, report: Report): void {
  const { name } = b.model;
  const ours = healthyPriorityOf(b);
  const owners = a.model.priority === ownerPriority && b.model.priority === ownerPriority;
  if (owners) {
    report("group/two-owners", priorityPlace(b), {
      message: `${name} owns its addresses (priority 255) on ${b.router} and on ${a.router}`,
      related: [{ span: priorityPlace(a), label: `${a.router}: the other owner` }],
      note: "two owners never give way to each other; `state MASTER` without `priority` means 255, too",
    });
  } else if (ours === healthyPriorityOf(a)) {
    const weights = b.model.priority === ours ? "" : ", weights included";
    const difference = {
      keyword: "priority",
      message: `${name} has priority ${ours} on ${b.router} and on ${a.router}${weights}`,
      label: `${ours}, too`,
      note: "both wait equally long; when both become master, the higher address wins",
    };
    differ("group/equal-priority", [a, b], difference, report);
  }
}

/** What `nopreempt` on one side means depends on which side it is. */
function comparePreemption(a: Member, b: Member, report: Report): void {
  const [waits, preempts] = a.model.preempt ? [b, a] : [a, b];
  const waiterIsStronger = healthyPriorityOf(waits) > healthyPriorityOf(preempts);
  const ignored = preempts.places.keywords.has("nopreempt");
  report("group/nopreempt", placeOf(waits, "nopreempt"), {
    message: `${waits.model.name} has nopreempt on ${waits.router} and not on ${preempts.router}`,
    related: [
      {
        span: placeOf(preempts, "nopreempt"),
        label: `${preempts.router} ${ignored ? "ignores nopreempt" : "preempts"}`,
      },
    ],
    note: waiterIsStronger
      ? `${waits.router} stays backup when it returns, but ${preempts.router} takes over whenever it is the stronger one`
      : `${preempts.router} has the higher priority and takes the addresses back when it returns`,
  });
}
