// `understudy explain`: what a configuration, or a group of them, will do: who becomes master and why,
// when somebody takes over and by which formula, what tracked things change, what adverts carry and
// which words have no effect. Loaded files go in, plain data comes out; explain-text.ts words it.

import { familyOf, type IpAddress } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import type { Diagnostic, DiagnosticCode } from "../config/diagnostics.ts";
import type { AuthenticationModel, GarpModel } from "../config/model.ts";
import type { BlockPlaces } from "../config/places.ts";
import { LineIndex, type Sources, type Span, withoutSecrets } from "../config/source.ts";
import { coversPseudoHeader, multicastTtl } from "../vrrp/outgoing.ts";
import { weightedPriority } from "../vrrp/timers.ts";
import { ipv4HeaderLength } from "../wire/ipv4.ts";
import { advertLength } from "../wire/vrrp.ts";
import { checkGroup, type ReviewedRouter } from "./check-group.ts";
import type { Member, ReviewedFile, VirtualRouter } from "./members.ts";
import {
  type Election,
  electionOf,
  masterDownOf,
  type Return,
  returnOf,
  skewOf,
  type TakeOver,
  takeOverFrom,
  takeOverFromWeakened,
  type Wait,
} from "./timeline.ts";
import type { TrackedThing } from "./tracked.ts";
import { healthyPriorityOf, type WeightTable, weightTable } from "./weights.ts";

export type Explanation = {
  readonly virtualRouters: readonly RouterExplanation[];
  /** What stands in the files and does nothing, or something else. */
  readonly withoutEffect: readonly WithoutEffect[];
  /** Files that ask for strict mode. */
  readonly strict: readonly StrictMode[];
};

export type RouterExplanation = {
  readonly members: readonly MemberExplanation[];
  /** Why members do not hear each other: then each is master, and nothing else is computed. */
  readonly split: readonly Diagnostic[];
  readonly election: Election | undefined;
  /** From the master; undefined where it is undecided or nobody is left. */
  readonly hard: TakeOver | undefined;
  readonly clean: TakeOver | undefined;
  readonly returns: Return | undefined;
  /** Of what has weights; undefined where nothing has. */
  readonly weights: WeightTable | undefined;
};

export type MemberExplanation = {
  readonly member: Member;
  readonly priority: number;
  readonly masterDown: Wait;
  readonly skew: Wait;
  readonly tracked: readonly TrackedExplanation[];
  readonly packet: PacketExplanation;
  readonly garp: GarpExplanation;
};

export type TrackedExplanation = {
  readonly thing: TrackedThing;
  /** The priority when this alone has failed; undefined: out of the election. */
  readonly priorityThen: number | undefined;
  /** Where this is the master's: who follows it then, and when. */
  readonly takeOver: TakeOver | undefined;
};

export type PacketExplanation = {
  /** Of the IP packet, in bytes. */
  readonly length: number;
  readonly ttl: number;
  readonly destinations: readonly IpAddress[];
  readonly addresses: readonly IpAddress[];
  readonly excluded: readonly IpAddress[];
  /** The frame of an ordinary Ethernet holds it. */
  readonly fitsEthernet: boolean;
  readonly authentication: AuthenticationModel["kind"];
  /** IPv4 version 3 has two forms. */
  readonly checksum: "message" | "message-and-pseudo-header";
};

export type GarpExplanation = {
  readonly garp: GarpModel;
  /** `vrrp_garp_interval`. */
  readonly pause: Microseconds;
  readonly addresses: number;
};

export type WithoutEffect = {
  readonly code: DiagnosticCode;
  readonly file: string;
  readonly line: number;
  /** The line, without secrets. */
  readonly text: string;
  readonly why: string;
};

export type StrictMode = { readonly file: string; readonly line: number };

/** Files that do not load contribute nothing; one file is explained by itself. */
export function explain(files: readonly ReviewedFile[]): Explanation {
  const review = checkGroup(files);
  const indexes = new Indexes(review.sources);
  return {
    virtualRouters: review.virtualRouters.map(explainRouter),
    withoutEffect: files.flatMap(({ loaded }) =>
      loaded.diagnostics.filter(hasNoEffect).map((each) => withoutEffect(each, indexes)),
    ),
    strict: strictModes(review.virtualRouters, review.sources, indexes),
  };
}

/** What keeps routers of one group from hearing each other. */
const splitting: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  "group/vrid",
  "group/version",
  "group/interval",
  "group/authentication",
  "group/transport",
  "group/unicast-peer",
  "group/same-source",
]);

function explainRouter({ members, diagnostics }: ReviewedRouter): RouterExplanation {
  const split = diagnostics.filter(({ code }) => splitting.has(code));
  const election = split.length > 0 ? undefined : electionOf(members);
  const master = election?.kind === "decided" ? election.master : undefined;
  const weighted = members.some(({ things }) => things.some(changesPriority));
  return {
    members: members.map((member) => explainMember(member, master, members)),
    split,
    election,
    hard: master === undefined ? undefined : takeOverFrom(master, members, "hard"),
    clean: master === undefined ? undefined : takeOverFrom(master, members, "clean"),
    returns: master === undefined ? undefined : returnOf(master),
    weights: weighted ? weightTable(members) : undefined,
  };
}

const changesPriority = ({ working, failed }: TrackedThing): boolean =>
  working.kind === "weight" && failed.kind === "weight" && working.weight !== failed.weight;

function explainMember(
  member: Member,
  master: Member | undefined,
  members: readonly Member[],
): MemberExplanation {
  const { model, global, things } = member;
  return {
    member,
    priority: healthyPriorityOf(member),
    masterDown: masterDownOf(member),
    skew: skewOf(member),
    tracked: things.map((thing) => {
      const priorityThen = priorityAfter(member, thing);
      const takeOver =
        member === master ? takeOverAfter(member, thing, priorityThen, members) : undefined;
      return { thing, priorityThen, takeOver };
    }),
    packet: explainPacket(member),
    garp: {
      garp: model.garp,
      pause: global.garpInterval,
      addresses: [...model.addresses, ...model.excludedAddresses].filter(
        ({ address }) => familyOf(address) === "ipv4",
      ).length,
    },
  };
}

function priorityAfter({ model, things }: Member, failed: TrackedThing): number | undefined {
  let weight = 0;
  for (const thing of things) {
    const effect = thing === failed ? thing.failed : thing.working;
    if (effect.kind === "fault") return undefined;
    weight += effect.weight;
  }
  return weightedPriority(model.priority, weight);
}

/** A master with a fault says goodbye, unless it is its own interface that does not work. */
function takeOverAfter(
  master: Member,
  thing: TrackedThing,
  priority: number | undefined,
  members: readonly Member[],
): TakeOver | undefined {
  if (priority !== undefined) return takeOverFromWeakened(master, priority, members);
  return takeOverFrom(master, members, thing.block === "interface" ? "hard" : "clean");
}

/** Payload of an Ethernet frame; the configuration does not know the interface's own MTU. */
export const ethernetMtu = 1500;

/** RFC 8200 section 3; we do not send it ourselves, the kernel does. */
const ipv6HeaderLength = 40;

function explainPacket({ model }: Member): PacketExplanation {
  const { version, family, transport } = model;
  const header = family === "ipv4" ? ipv4HeaderLength : ipv6HeaderLength;
  const length = header + advertLength(version, family, model.addresses.length);
  const unicast = transport.kind === "unicast";
  return {
    length,
    ttl: unicast ? transport.ttl : multicastTtl,
    destinations: unicast ? transport.peers.map(({ address }) => address) : [transport.group],
    addresses: model.addresses.map(({ address }) => address),
    excluded: model.excludedAddresses.map(({ address }) => address),
    fitsEthernet: length <= ethernetMtu,
    authentication: model.authentication.kind,
    checksum:
      family === "ipv6" || coversPseudoHeader(model) ? "message-and-pseudo-header" : "message",
  };
}

/** Mistakes of form that lose nothing, and words that still work. */
const harmless: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  "config/deprecated",
  "config/missing-brace",
  "config/expected-brace",
  "config/comment-in-word",
]);

const hasNoEffect = ({ code }: Diagnostic): boolean => !harmless.has(code);

function withoutEffect({ code, span, message, note }: Diagnostic, indexes: Indexes): WithoutEffect {
  const why = note === undefined ? message : `${message}; ${note}`;
  return { code, file: span.file, line: indexes.lineOf(span), text: indexes.lineText(span), why };
}

/** Asked for by a file, in its global_defs or in an instance, unless it says `no`. */
function strictModes(
  virtualRouters: readonly VirtualRouter[],
  sources: Sources,
  indexes: Indexes,
): readonly StrictMode[] {
  const found = new Map<string, StrictMode>();
  const look = (places: BlockPlaces, keyword: string) => {
    const span = places.get(keyword);
    if (span === undefined) return;
    const word = (sources.get(span.file) ?? "").slice(span.start, span.end).toLowerCase();
    if (["no", "off", "false"].includes(word)) return;
    found.set(`${span.file} ${span.start}`, { file: span.file, line: indexes.lineOf(span) });
  };
  for (const { globals, places } of virtualRouters.flatMap(({ members }) => members)) {
    look(globals, "vrrp_strict");
    look(places.keywords, "strict_mode");
  }
  return [...found.values()];
}

/** Lines of places, each file counted once. */
class Indexes {
  private readonly sources: Sources;
  private readonly known = new Map<string, LineIndex>();

  constructor(sources: Sources) {
    this.sources = sources;
  }

  lineOf({ file, start }: Span): number {
    const index = this.known.get(file) ?? new LineIndex(this.sources.get(file) ?? "");
    this.known.set(file, index);
    return index.positionOf(start).line;
  }

  /** The whole line, since a marked password alone could not be told from other words. */
  lineText({ file, start }: Span): string {
    const source = this.sources.get(file) ?? "";
    const from = source.lastIndexOf("\n", start - 1) + 1;
    const end = source.indexOf("\n", start);
    return withoutSecrets(
      source.slice(start === 0 ? 0 : from, end < 0 ? source.length : end),
    ).trim();
  }
}

/** Whether the engines, run in the simulator, did what the formulas say. */
export type Proof =
  | { readonly kind: "agrees" }
  | { readonly kind: "differs"; readonly how: string }
  | { readonly kind: "not-run"; readonly why: string };
