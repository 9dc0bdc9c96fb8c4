// Configurations for all routers of a group from one description: they differ in name, priority and
// source address and agree on everything else. The VRID is the last byte of the first address where
// that is free, so that the same question gives the same answer; priorities lie so far apart that a
// tracked script can turn their order around. Nothing here is random: a password comes in as bytes.

import type { IpAddress } from "../base/ip.ts";
import { familyOf, ipBytes, parseIp, prefixLengthMax } from "../base/ip.ts";
import type { Result } from "../base/result.ts";
import { err, ok } from "../base/result.ts";

/** What the routers of a group have in common, and what each has of its own. */
export type GroupPlan = {
  readonly interface: string;
  /** `ADDRESS` or `ADDRESS/LENGTH`, of one family. */
  readonly addresses: readonly string[];
  /** In order of preference: the first becomes master. */
  readonly routers: readonly PlannedRouter[];
  /** 1 to 255; absent: a free one. */
  readonly vrid?: number;
  /** VRIDs that other groups of this network use. */
  readonly usedVrids?: readonly number[];
  readonly unicast: boolean;
  readonly version: 2 | 3;
  /** PASS, with version 2 alone: 1 to 8 characters. */
  readonly password?: string;
  /** Seconds between adverts. */
  readonly interval: number;
  /** `nopreempt`: a router that comes back waits until the master leaves. */
  readonly nopreempt: boolean;
};

/** `source` is the router's own address, required for unicast. */
export type PlannedRouter = { readonly name: string; readonly source?: string };

export type GeneratedGroup = {
  readonly vrid: number;
  readonly files: readonly GeneratedFile[];
};

export type GeneratedFile = {
  readonly router: string;
  readonly priority: number;
  /** In our own layout. */
  readonly text: string;
  /** It holds a password. */
  readonly secret: boolean;
};

/** More routers than this leave too little room between their priorities. */
export const routersMax = 16;

/** The files of a group, or one sentence about what is wrong with the plan. */
export function generateGroup(plan: GroupPlan): Result<GeneratedGroup, string> {
  const problem = problemOf(plan);
  if (problem !== undefined) return err(problem);
  const vrid = plan.vrid ?? freeVrid(plan);
  if (vrid === undefined) return err("every VRID from 1 to 255 is used already");
  const files = plan.routers.map((router, i) => {
    const priority = priorityOf(i, plan.routers.length);
    const text = fileText(plan, router, vrid, priority);
    return { router: router.name, priority, text, secret: plan.password !== undefined };
  });
  return ok({ vrid, files });
}

/** 8 characters without those that look alike; one from each of the first 8 bytes. */
export function passwordOf(bytes: Uint8Array): string {
  const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  return [...bytes.subarray(0, 8)].map((byte) => alphabet[byte & 31] ?? "").join("");
}

function problemOf(plan: GroupPlan): string | undefined {
  return (
    namesProblem(plan) ?? addressesProblem(plan) ?? sourcesProblem(plan) ?? protocolProblem(plan)
  );
}

function namesProblem({ interface: name, routers }: GroupPlan): string | undefined {
  if (!/^[^\s"'#!${}/\\]{1,15}$/.test(name)) return `\`${name}\` is not the name of an interface`;
  if (routers.length < 2) return "a group has two routers or more";
  if (routers.length > routersMax) return `a group has at most ${routersMax} routers`;
  // The names are those of files, too.
  const odd = routers.find((router) => !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/.test(router.name));
  if (odd !== undefined) return `\`${odd.name}\` is not a name for a router`;
  const twice = firstTwice(routers.map((router) => router.name));
  return twice === undefined ? undefined : `two routers are named ${twice}`;
}

function addressesProblem({ addresses, version }: GroupPlan): string | undefined {
  if (addresses.length === 0) return "a group has at least one virtual address";
  const parsed = addresses.map(parseAddress);
  const wrong = addresses[parsed.indexOf(undefined)];
  if (wrong !== undefined) return `\`${wrong}\` is not an address, or its prefix length is not one`;
  const known = parsed.filter((address) => address !== undefined);
  const families = new Set(known.map(familyOf));
  if (families.size > 1) return "a virtual router has addresses of one family";
  if (families.has("ipv6") && version === 2) return "IPv6 needs version 3";
  const twice = firstTwice(known);
  return twice === undefined ? undefined : `${twice} is named twice`;
}

function sourcesProblem({ routers, addresses, unicast }: GroupPlan): string | undefined {
  const own = addresses.map(parseAddress);
  const family = own[0] === undefined ? undefined : familyOf(own[0]);
  const sources: string[] = [];
  for (const { name, source } of routers) {
    if (source === undefined) {
      if (unicast) return `unicast needs the address of ${name}: ${name}=ADDRESS`;
      continue;
    }
    const address = parseIp(source);
    if (address === undefined || familyOf(address) !== family)
      return `\`${source}\` is not an ${family === "ipv6" ? "IPv6" : "IPv4"} address of ${name}`;
    if (own.includes(address)) return `${source} is a virtual address, not one of ${name} itself`;
    sources.push(address);
  }
  const twice = firstTwice(sources);
  return twice === undefined ? undefined : `two routers have the address ${twice}`;
}

function protocolProblem(plan: GroupPlan): string | undefined {
  const { vrid, usedVrids = [], version, interval, password } = plan;
  if ([vrid ?? 1, ...usedVrids].some((each) => !Number.isInteger(each) || each < 1 || each > 255))
    return "a VRID is a number from 1 to 255";
  if (vrid !== undefined && usedVrids.includes(vrid)) return `VRID ${vrid} is used already`;
  if (version === 2 && !(Number.isInteger(interval) && interval >= 1 && interval <= 255))
    return "version 2 takes whole seconds, 1 to 255, between adverts";
  const steps = Math.round(interval * 100);
  if (version === 3 && !(steps >= 1 && steps <= 4095 && Math.abs(interval * 100 - steps) < 1e-6))
    return "version 3 takes 0.01 to 40.95 seconds between adverts, in steps of 0.01";
  if (password === undefined) return undefined;
  if (version === 3) return "version 3 has no authentication";
  if (!/^[A-Za-z0-9_.,:;+*/=@%^&()<>?|~-]{1,8}$/.test(password))
    return "a password has 1 to 8 letters, digits or signs that mean nothing in the file";
  return undefined;
}

const firstTwice = (texts: readonly string[]): string | undefined =>
  texts.find((text, i) => texts.indexOf(text) < i);

/** The address of `ADDRESS[/LENGTH]`. */
function parseAddress(text: string): IpAddress | undefined {
  const [host = "", length, ...rest] = text.split("/");
  const address = parseIp(host);
  if (address === undefined || rest.length > 0) return undefined;
  if (length === undefined) return address;
  const bits = /^[0-9]{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return bits >= 1 && bits <= prefixLengthMax[familyOf(address)] ? address : undefined;
}

function freeVrid({ addresses, usedVrids = [] }: GroupPlan): number | undefined {
  const first = parseAddress(addresses[0] ?? "");
  const start = first === undefined ? 1 : (ipBytes(first).at(-1) ?? 1);
  for (let step = 0; step < 255; step++) {
    const vrid = ((Math.max(1, start) - 1 + step) % 255) + 1;
    if (!usedVrids.includes(vrid)) return vrid;
  }
  return undefined;
}

/** The last has 100, which is keepalived's default; the others lie above it, at most 50 apart. */
function priorityOf(index: number, count: number): number {
  const step = Math.min(50, Math.floor(150 / (count - 1)));
  return 100 + step * (count - 1 - index);
}

function fileText(plan: GroupPlan, router: PlannedRouter, vrid: number, priority: number): string {
  const { routers, addresses, unicast, password } = plan;
  const lines = [
    `# ${router.name}: ${rankText(routers.indexOf(router))} of ${routers.length} routers that keep ${addresses[0]} alive.`,
    "# They agree on everything but router_id, priority and their own addresses.",
    "",
    "global_defs {",
    `    router_id ${router.name}`,
    "}",
    "",
    `vrrp_instance VI_${vrid} {`,
    "    # All start as backups: the priority decides, and no start makes two masters.",
    "    state BACKUP",
    `    interface ${plan.interface}`,
    `    version ${plan.version}`,
    `    virtual_router_id ${vrid}`,
    `    priority ${priority}`,
    `    advert_int ${plan.interval}`,
    ...(plan.nopreempt ? ["    nopreempt"] : []),
    ...(unicast ? unicastLines(routers, router) : sourceLines(router)),
    ...(password === undefined ? [] : authenticationLines(password)),
    "",
    ...blockLines("virtual_ipaddress", addresses),
    "}",
  ];
  return lines.map((line) => `${line}\n`).join("");
}

const rankText = (index: number): string => (index === 0 ? "the preferred" : `number ${index + 1}`);

const sourceLines = ({ source }: PlannedRouter): readonly string[] =>
  source === undefined ? [] : [`    mcast_src_ip ${source}`];

const unicastLines = (
  routers: readonly PlannedRouter[],
  self: PlannedRouter,
): readonly string[] => [
  "",
  `    unicast_src_ip ${self.source ?? ""}`,
  ...blockLines(
    "unicast_peer",
    routers.filter((router) => router !== self).map(({ source }) => source ?? ""),
  ),
];

const authenticationLines = (password: string): readonly string[] => [
  "",
  ...blockLines("authentication", ["auth_type PASS", `auth_pass ${password}`]),
];

const blockLines = (keyword: string, lines: readonly string[]): readonly string[] => [
  `    ${keyword} {`,
  ...lines.map((line) => `        ${line}`),
  "    }",
];
