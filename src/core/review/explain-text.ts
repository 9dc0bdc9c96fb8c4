// An explanation for people: one section for each virtual router, with the questions that operators
// ask as headings. Plain text in the order in which things happen; every number has its formula.

import type { Microseconds } from "../base/time.ts";
import { visible } from "../config/render-diagnostic.ts";
import type {
  Explanation,
  GarpExplanation,
  MemberExplanation,
  PacketExplanation,
  Proof,
  RouterExplanation,
  TrackedExplanation,
} from "./explain.ts";
import { ethernetMtu } from "./explain.ts";
import type { Member } from "./members.ts";
import { type Election, secondsText, type TakeOver } from "./timeline.ts";
import { columns, weightTableLines } from "./weight-text.ts";

/** All of it; `proofs` belong to the virtual routers in their order. */
export function explanationText(explanation: Explanation, proofs: readonly Proof[]): string {
  const { virtualRouters, withoutEffect, strict } = explanation;
  const sections = virtualRouters.map((router, i) => routerLines(router, proofs[i]));
  if (virtualRouters.length === 0) sections.push(["There is no virtual router in these files."]);
  if (withoutEffect.length > 0) sections.push(withoutEffectLines(explanation));
  if (strict.length > 0) sections.push(strictLines(explanation));
  return sections.map((lines) => `${lines.map(visible).join("\n")}\n`).join("\n");
}

function routerLines(router: RouterExplanation, proof: Proof | undefined): readonly string[] {
  const { members, split, election } = router;
  const [first] = members;
  if (first === undefined) return [];
  const { model } = first.member;
  const names = [...new Set(members.map(({ member }) => member.model.name))].join(", ");
  const family = model.family === "ipv4" ? "IPv4" : "IPv6";
  const title = `${names}: virtual router ${model.vrid}, VRRP version ${model.version}, ${family}`;
  const addresses = first.packet.addresses.join(", ") || "no address";
  return [
    title,
    `  ${addresses}, on ${members.map(({ member }) => routerText(member)).join(" and ")}`,
    ...(split.length > 0
      ? heading("These routers do not hear each other: each becomes master", [
          ...split.map(({ code, message }) => `${message} (${code})`),
          ...members.map(aloneText),
        ])
      : electionLines(router, election)),
    ...(split.length > 0 ? [] : failureLines(router, proof)),
    ...heading("What is tracked", trackedLines(router)),
    ...heading("What an advert carries", members.flatMap(packetLines)),
    ...heading("What announces the addresses (gratuitous ARP)", members.flatMap(garpLines)),
  ];
}

const routerText = ({ router, model }: Member): string =>
  model.interface === undefined ? router : `${router} (${model.interface})`;

const heading = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];

const aloneText = ({ member, masterDown }: MemberExplanation): string =>
  `${member.router} serves from ${masterDown.formula} after its start`;

function electionLines(
  { members }: RouterExplanation,
  election: Election | undefined,
): readonly string[] {
  if (election === undefined) return [];
  const title = "Who is master, and why";
  const priorities = members
    .map(({ member, priority }) => `${member.router} ${priority}`)
    .join(", ");
  if (election.kind === "undecided") {
    const equals = election.equals.map(({ router }) => router).join(" and ");
    return heading(title, [
      `undecided: ${equals} have the same priority (${priorities})`,
      "whoever is master first stays; if both become master at once, the higher address wins",
    ]);
  }
  const { master, why, wait } = election;
  const others = members.filter(({ member }) => member !== master);
  const reasons = {
    alone: "no other router of this group was given",
    owner: "it owns the addresses (priority 255)",
    "highest-priority": `it has the highest priority (${priorities})`,
    "first-to-wait-no-longer": `it waits least, and stronger ones do not preempt (${priorities})`,
  } as const;
  const start = wait.after === 0 ? "at once" : `after ${wait.formula}`;
  return heading(title, [
    `${master.router}: ${reasons[why]}`,
    why === "alone"
      ? `when it hears nobody it becomes master ${start}`
      : `when all start together it is master ${start}`,
    ...others.map(({ member }) => `${member.router} is backup${preemptionText(member)}`),
    ...members.flatMap(({ member }) => stateLines(member)),
  ]);
}

const preemptionText = ({ model }: Member): string =>
  model.preempt ? "" : ", and stays it while a master is alive (nopreempt)";

/** The most common wrong hope: that `state` decides who is master. */
const stateLines = ({ model, router }: Member): readonly string[] =>
  model.initialMaster && model.priority < 255
    ? [
        `\`state MASTER\` of ${router} decides nothing: priorities do, and ${router} waits like a backup`,
      ]
    : [];

function failureLines(router: RouterExplanation, proof: Proof | undefined): readonly string[] {
  const { election, hard, clean, returns, members } = router;
  if (election?.kind !== "decided") return [];
  const { master } = election;
  if (hard === undefined || clean === undefined) return loneLines(members);
  const interval = master.model.advertInterval;
  const least = Math.max(0, hard.wait.after - interval) as Microseconds;
  const rows = [
    ...heading(
      `When ${master.router} fails hard (power, cable, kill -9), counted from its last advert`,
      [
        ...takeOverLines(hard, "has heard nothing"),
        `the addresses are away for ${millisText(least)} to ${millisText(hard.wait.after)}, since it may fail just before an advert`,
      ],
    ),
    ...heading(`When ${master.router} is stopped, counted from its goodbye (priority 0)`, [
      ...takeOverLines(clean, "has waited its skew"),
    ]),
  ];
  const back = heading(`When ${master.router} is back`, [
    returns === undefined || returns.kind === "stays-backup"
      ? "it stays backup while another router serves (nopreempt)"
      : returns.kind === "at-once"
        ? "it takes the addresses back at once, as their owner"
        : returns.delay > 0
          ? `it takes the addresses back after its preempt_delay of ${secondsText(returns.delay)} and a silence of its own`
          : `it takes the addresses back after ${returns.wait.formula}`,
  ]);
  return [...rows, ...back, ...proofLines(proof)];
}

/** One file: what it does beside whatever other routers there are. */
const loneLines = (members: readonly MemberExplanation[]): readonly string[] =>
  members.flatMap(({ member, masterDown, skew }) =>
    heading(
      `When another router is master with the interval ${secondsText(member.model.advertInterval)}`,
      [
        `${member.router} takes over from a silent one after ${masterDown.formula}`,
        `and from one that says goodbye (priority 0) after ${skew.formula}`,
      ],
    ),
  );

function takeOverLines({ routers, wait, followedBy }: TakeOver, what: string): readonly string[] {
  const names = routers.map(({ router }) => router).join(" and ");
  const delay = routers[0]?.model.garp.masterDelay ?? 0;
  const rows = [
    [millisText(wait.after), `${names} ${what}: ${wait.formula}`],
    ["", "it advertises, adds the addresses and announces them"],
  ];
  if (routers.length > 1)
    rows.push(["", "they wait equally long; the one with the higher address stays"]);
  if (followedBy !== undefined) {
    const { router, wait: next } = followedBy;
    rows.push([
      millisText(next.after),
      `${router.router}, which is stronger, follows: ${next.formula}`,
    ]);
  }
  if (delay > 0) {
    const again = (wait.after + delay) as Microseconds;
    rows.push([millisText(again), "announces them again (garp_master_delay)"]);
  }
  return columns(rows);
}

/** `3.609 s`. */
const millisText = (duration: Microseconds): string => `${(duration / 1_000_000).toFixed(3)} s`;

function proofLines(proof: Proof | undefined): readonly string[] {
  if (proof === undefined) return [];
  const text = {
    agrees: "simulated with the engine itself: the same routers at the same microseconds",
    differs: "simulated with the engine itself, IT DIFFERS (please report this)",
    "not-run": "not simulated",
  }[proof.kind];
  if (proof.kind === "differs") return heading("Proof", [`${text}: ${proof.how}`]);
  return heading("Proof", [proof.kind === "not-run" ? `${text}: ${proof.why}` : text]);
}

function trackedLines({ members, weights, election }: RouterExplanation): readonly string[] {
  const master = election?.kind === "decided" ? election.master : undefined;
  const rows = members.flatMap(({ member, priority, tracked }) =>
    tracked.map((each) => [
      `${member.router}: ${each.thing.name} ${each.thing.failure}`,
      trackedText(priority, each) +
        (member === master && members.length > 1 ? consequenceText(member, priority, each) : "") +
        (each.thing.runs ? "" : " (with keepalived; not run here yet)"),
    ]),
  );
  const table =
    weights === undefined
      ? []
      : weightTableLines(
          members.map(({ member }) => member),
          weights,
        );
  return [...columns(rows), ...table];
}

function trackedText(priority: number, { thing, priorityThen }: TrackedExplanation): string {
  if (priorityThen === undefined) {
    const own = thing.block === "interface" ? " (the own interface)" : "";
    return `fault: out of the election${own}`;
  }
  return priorityThen === priority
    ? `priority stays ${priority}`
    : `priority ${priority} becomes ${priorityThen}`;
}

/** What the failure of something that the master tracks leads to. */
function consequenceText(
  { router }: Member,
  priority: number,
  { priorityThen, takeOver }: TrackedExplanation,
): string {
  if (takeOver === undefined) return `; ${router} stays master`;
  const names = takeOver.routers.map((each) => each.router).join(" and ");
  const since = priorityThen === undefined ? "the last advert" : `the last advert with ${priority}`;
  return `; ${names} takes over ${millisText(takeOver.wait.after)} after ${since}`;
}

function packetLines({ member, packet }: MemberExplanation): readonly string[] {
  const { router, model } = member;
  const limit = `${packet.fitsEthernet ? "of" : "more than"} the ${ethernetMtu} of Ethernet`;
  const count = packet.addresses.length;
  return [
    `${router}: ${packet.length} bytes ${limit}, every ${secondsText(model.advertInterval)}, to ${packet.destinations.join(", ")}, TTL ${packet.ttl}`,
    `  ${count} ${count === 1 ? "address" : "addresses"}: ${listText(packet.addresses)}`,
    ...(packet.excluded.length === 0
      ? []
      : [`  held and not advertised: ${listText(packet.excluded)}`]),
    `  ${authenticationText(packet)}; the checksum covers ${checksumText(packet)}`,
  ];
}

const authenticationText = ({ authentication }: PacketExplanation): string =>
  authentication === "none"
    ? "no password"
    : authentication === "pass"
      ? "a password, readable for everybody on the network"
      : `authentication by ${authentication}`;

const checksumText = ({ checksum }: PacketExplanation): string =>
  checksum === "message" ? "the message alone" : "the message and both IP addresses";

/** Long lists are cut: the number says how many there are. */
const listText = (list: readonly string[]): string =>
  list.length <= 8 ? list.join(", ") : `${list.slice(0, 8).join(", ")} and ${list.length - 8} more`;

function garpLines({ member, garp: explained }: MemberExplanation): readonly string[] {
  const { garp, addresses } = explained;
  const each = addresses === 1 ? "" : ` for each of ${addresses} addresses`;
  const burst = `${times(garp.masterRepeat)}${each}`;
  return [
    [
      `${member.router}: ${burst} as new master`,
      garp.masterDelay > 0 ? `again after ${secondsText(garp.masterDelay)}` : "",
      garp.refresh > 0
        ? `then ${times(garp.refreshRepeat)} every ${secondsText(garp.refresh)}`
        : "",
      garp.lowerPriorityRepeat > 0
        ? `${times(garp.lowerPriorityRepeat)} when a weaker router was heard`
        : "",
      pauseText(explained),
    ]
      .filter(Boolean)
      .join(", "),
  ];
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

const pauseText = ({ garp, pause, addresses }: GarpExplanation): string =>
  pause === 0
    ? ""
    : `${secondsText(pause)} apart, so that a burst takes ${secondsText((pause * Math.max(0, garp.masterRepeat * addresses - 1)) as Microseconds)}`;

const withoutEffectLines = ({ withoutEffect }: Explanation): readonly string[] => [
  "What has no effect, or another one",
  ...withoutEffect.flatMap(({ file, line, text, why }) => [
    `  ${file}:${line}  ${text}`,
    `    ${why}`,
  ]),
];

const strictLines = ({ strict }: Explanation): readonly string[] => [
  "Strict mode",
  ...strict.map(({ file, line }) => `  asked for in ${file}:${line}`),
  "  is accepted and not run yet, apart from asking for a virtual address. In keepalived it refuses",
  "  authentication, unicast where multicast works and `state MASTER` below 255, ignores preempt_delay,",
  "  lets losing adverts unanswered, and drops traffic to the addresses unless this router owns them.",
];
