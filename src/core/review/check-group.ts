// `understudy check r1.conf r2.conf ...`: the files are one group of routers, and are held against
// each other. Loaded configurations go in; diagnostics with the places in both files come out. What is
// wrong with a file by itself is not said again here.

import { limits } from "../base/limits.ts";
import { type Diagnostic, diagnosticCodes } from "../config/diagnostics.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Sources } from "../config/source.ts";
import { ownerPriority } from "../vrrp/timers.ts";
import { compareEnds, comparePriorities, compareSettings, type Report } from "./compare.ts";
import {
  linePlaceOf,
  type Member,
  membersOf,
  placeOf,
  type ReviewedFile,
  routerNames,
  type VirtualRouter,
  virtualRoutersOf,
} from "./members.ts";
import type { TrackedThing } from "./tracked.ts";
import { failuresText, rangeText } from "./weight-text.ts";
import { healthyPriorityOf, uselessWeights, weightedTies } from "./weights.ts";

export type GroupReview = {
  /** Sorted by file in the order given, then by place; at most `limits.reviewDiagnosticsMax`. */
  readonly diagnostics: readonly Diagnostic[];
  /** In the order in which the files first have them. */
  readonly virtualRouters: readonly ReviewedRouter[];
  /** All files that were read, for showing the diagnostics. */
  readonly sources: Sources;
};

export type ReviewedRouter = VirtualRouter & {
  /** What was found between its members. */
  readonly diagnostics: readonly Diagnostic[];
};

/** Reviews loaded files as one group; a single one gives its virtual routers and no diagnostic. */
export function checkGroup(given: readonly ReviewedFile[]): GroupReview {
  const files = given.filter(({ path }, i) => given.findIndex((each) => each.path === path) === i);
  const findings = new Findings();
  for (const path of new Set(given.map((each) => each.path)))
    if (given.filter((each) => each.path === path).length > 1)
      reportSameFile(path, findings.report);
  const names = routerNames(files.map(({ path }) => path));
  const members = files.map((file, i) => membersOf(file, i, names[i] ?? file.path));
  const virtualRouters = virtualRoutersOf(members);
  const namesakes = namesakesOf(members);
  const reviewed = virtualRouters.map((router) => ({
    ...router,
    diagnostics: findings.of((report) => {
      if (files.length > 1) reviewRouter(router, namesakes, report);
    }),
  }));
  if (files.length > 1) {
    reportSilentFiles(files, members, findings.report);
    reportClashes(virtualRouters, findings.report);
  }
  return {
    diagnostics: findings.sorted(files),
    virtualRouters: reviewed,
    sources: new Map(files.flatMap(({ loaded }) => [...loaded.sources])),
  };
}

/** What was found, each thing once. */
class Findings {
  private readonly found = new Map<string, Diagnostic>();

  readonly report: Report = (code, span, text) => {
    if (this.found.size >= limits.reviewDiagnosticsMax) return;
    const key = `${code} ${span.start} ${span.file} ${text.message}`;
    if (this.found.has(key)) return;
    this.found.set(key, { code, severity: diagnosticCodes[code].severity, span, ...text });
  };

  /** What is newly found while `look` looks. */
  of(look: (report: Report) => void): readonly Diagnostic[] {
    const before = this.found.size;
    look(this.report);
    return this.found.size === before ? [] : [...this.found.values()].slice(before);
  }

  sorted(files: readonly ReviewedFile[]): readonly Diagnostic[] {
    const order = new Map<string, number>();
    for (const { loaded } of files)
      for (const path of loaded.sources.keys()) if (!order.has(path)) order.set(path, order.size);
    const rank = ({ span }: Diagnostic) => order.get(span.file) ?? 0;
    return [...this.found.values()].sort(
      (a, b) => rank(a) - rank(b) || a.span.start - b.span.start,
    );
  }
}

const beginOf = (file: string) => ({ file, start: 0, end: 0 });

function reportSameFile(path: string, report: Report): void {
  report("group/same-file", beginOf(path), {
    message: `${path} is given more than once`,
    note: "every router of a group has a file of its own",
  });
}

/** Files that add nothing to the comparison, and why. */
function reportSilentFiles(
  files: readonly ReviewedFile[],
  members: readonly (readonly Member[])[],
  report: Report,
): void {
  for (const [i, { path, loaded }] of files.entries()) {
    if (loaded.refusal !== undefined || (members[i] ?? []).length > 0) continue;
    if (isRefused(loaded)) {
      report("group/not-compared", beginOf(path), {
        message: `${path} has errors and is not compared with the others`,
      });
    } else {
      report("group/alone", beginOf(path), {
        message: `${path} has no virtual router that could be compared`,
      });
    }
  }
}

const isRefused = ({ model }: LoadedConfig): boolean => model === undefined;

/** Members by the name of their instance; empty where one file alone has any. */
type Namesakes = ReadonlyMap<string, readonly Member[]>;

function namesakesOf(files: readonly (readonly Member[])[]): Namesakes {
  const found = new Map<string, Member[]>();
  if (files.filter((members) => members.length > 0).length < 2) return found;
  for (const member of files.flat()) {
    const known = found.get(member.model.name);
    if (known === undefined) found.set(member.model.name, [member]);
    else known.push(member);
  }
  return found;
}

function reviewRouter({ members }: VirtualRouter, namesakes: Namesakes, report: Report): void {
  const [first, ...others] = members;
  if (first === undefined) return;
  if (others.length === 0) reportAlone(first, namesakes, report);
  for (const [i, member] of members.entries()) {
    const earlier = members.slice(0, i);
    reportOwnPeer(member, report);
    if (i > 0) compareSettings(first, member, report);
    for (const each of earlier) compareEnds(each, member, report);
    const equal = earlier.find((each) => healthyPriorityOf(each) === healthyPriorityOf(member));
    if (equal !== undefined) comparePriorities(equal, member, report);
  }
  reportStrangers(members, report);
  if (others.length > 0) reportWeights(members, report);
}

function reportAlone(
  { model, router, places }: Member,
  namesakes: Namesakes,
  report: Report,
): void {
  if (namesakes.size === 0) return;
  const namesake = namesakes.get(model.name)?.find((other) => other.router !== router);
  report("group/alone", places.span, {
    message: `${model.name} is on ${router} alone: nobody takes over its addresses`,
    ...(namesake === undefined
      ? {}
      : {
          related: [{ span: namesake.places.span, label: `${namesake.router}: the same name` }],
          note: `${model.name} of ${namesake.router} has another VRID and none of these addresses`,
        }),
  });
}

function reportOwnPeer(member: Member, report: Report): void {
  const { transport, source, name } = member.model;
  if (transport.kind !== "unicast" || source === undefined) return;
  if (!transport.peers.some(({ address }) => address === source)) return;
  report("group/unicast-self", linePlaceOf(member, "unicast_peer", source), {
    message: `${name} on ${member.router} has itself as a peer`,
    related: [{ span: placeOf(member, "unicast_src_ip"), label: "its own address" }],
    note: "list the addresses of the other routers",
  });
}

/** Peers that nobody is, where every member says where it sends from. */
function reportStrangers(members: readonly Member[], report: Report): void {
  if (members.length < 2) return;
  const sources = members.map(({ model }) => model.source);
  if (sources.includes(undefined)) return;
  for (const member of members) {
    const { transport, name } = member.model;
    if (transport.kind !== "unicast") continue;
    for (const { address } of transport.peers) {
      if (sources.includes(address)) continue;
      report("group/unicast-stranger", linePlaceOf(member, "unicast_peer", address), {
        message: `${name} on ${member.router} sends to ${address}, which is none of the routers given`,
        related: members
          .filter((each) => each !== member)
          .map((each) => ({
            span: placeOf(each, "unicast_src_ip"),
            label: `${each.router} sends from ${each.model.source}`,
          })),
      });
    }
  }
}

/** One VRID, one network, and nothing else in common. */
function reportClashes(virtualRouters: readonly VirtualRouter[], report: Report): void {
  const holders = new Map<string, { readonly member: Member; readonly router: VirtualRouter }[]>();
  for (const router of virtualRouters) {
    for (const member of router.members) {
      const { vrid, family, transport, interface: link = "" } = member.model;
      if (transport.kind !== "multicast") continue;
      const key = `${vrid} ${family} ${transport.group} ${link}`;
      const known = holders.get(key) ?? [];
      const other = known.find((each) => each.router !== router);
      if (other !== undefined && other.member.file !== member.file)
        reportClash(other.member, member, report);
      if (known.length < 2) holders.set(key, [...known, { member, router }]);
    }
  }
}

function reportClash(earlier: Member, member: Member, report: Report): void {
  const { name, vrid } = member.model;
  report("group/vrid-clash", placeOf(member, "virtual_router_id"), {
    message: `${name} on ${member.router} and ${earlier.model.name} on ${earlier.router} both use virtual_router_id ${vrid}`,
    related: [
      {
        span: placeOf(earlier, "virtual_router_id"),
        label: `${earlier.router}: ${earlier.model.name}`,
      },
    ],
    note: "they have no address in common, so they are different virtual routers and need different numbers",
  });
}

/** Which weight would do, where one that counts while down is merely too light. */
function enoughText(member: Member, { name }: TrackedThing, members: readonly Member[]): string {
  const tracked = member.model.trackInterfaces.find((each) => each.interface === name);
  const healthy = healthyPriorityOf(member);
  const rivals = members
    .filter((each) => each !== member && each.model.preempt)
    .map(healthyPriorityOf);
  const enough = healthy - Math.max(...rivals) + 1;
  const light = tracked !== undefined && tracked.weight < 0 && !tracked.reverse;
  const possible = healthy < ownerPriority && enough > 1 && healthy - enough >= 1;
  return light && possible ? `; \`weight -${enough}\` would be enough` : "";
}

function reportWeights(members: readonly Member[], report: Report): void {
  for (const { member, thing, ranges, waiting } of uselessWeights(members)) {
    const has = members.map((each, i) => `${each.router} has ${rangeText(ranges[i])}`);
    const related =
      waiting.length > 0
        ? waiting.map((each) => ({
            span: placeOf(each, "nopreempt"),
            label: `${each.router} does not preempt`,
          }))
        : members.flatMap((each, i) =>
            each === member ? [] : [{ span: placeOf(each, "priority"), label: has[i] ?? "" }],
          );
    report("group/weight-without-effect", linePlaceOf(member, thing.block, thing.name), {
      message: `the weight of ${thing.name} on ${member.router} can never cause a fail-over`,
      related,
      note:
        waiting.length > 0
          ? "with nopreempt, nobody takes over from a weaker router that is alive"
          : `whatever fails, ${has.join(", ")}${enoughText(member, thing, members)}`,
    });
  }
  for (const { members: pair, priority, failures } of weightedTies(members)) {
    const [cause] = failures;
    if (cause === undefined) continue;
    const other = cause.member === pair[0] ? pair[1] : pair[0];
    // Whoever does not preempt would not take over with less, either.
    if (!other.model.preempt) continue;
    const { block, name } = cause.thing;
    report("group/weights-tie", linePlaceOf(cause.member, block, name), {
      message: `${pair[0].router} and ${pair[1].router} both have priority ${priority} when ${failuresText(failures)}`,
      related: [
        { span: placeOf(other, "priority"), label: `${other.router} has ${priority} then, too` },
      ],
      note: "with equal priorities nobody takes over: whoever is master stays",
    });
  }
}
