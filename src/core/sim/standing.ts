// How things stand at a moment of a run, as an onlooker knows it: which hosts run, who can hear
// whom, who shows which state and who holds which addresses. Facts go in one by one; referees read.

import type { IpAddress } from "../base/ip.ts";
import { between, type Instant, instant } from "../base/time.ts";
import type { ShownState } from "../engine/event.ts";
import type { Fact } from "./fact.ts";
import type { HostTrouble, Scenario, Trouble } from "./scenario.ts";
import { atOnceMax } from "./spans.ts";

export type HostStanding = {
  running: boolean;
  paused: boolean;
  linkUp: boolean;
  /** One for each group. */
  readonly states: ShownState[];
  readonly held: (readonly IpAddress[])[];
  readonly priorities: number[];
  /** When it was last started. */
  startedAt: Instant;
  /** The last thing that the scenario did to this host. */
  troubledAt: Instant;
};

export class Standing {
  readonly hosts: readonly HostStanding[];
  /** The last thing that the scenario did to anybody. */
  troubledAt: Instant = instant(0);
  /** Whether packets may get lost. */
  lossy: boolean;
  private readonly scenario: Scenario;
  private side: ReadonlySet<number> = new Set();

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.lossy = scenario.lan.lossPerMille > 0;
    this.hosts = Array.from({ length: scenario.hosts }, (_, host) => ({
      running: false,
      paused: false,
      linkUp: true,
      states: scenario.groups.map((): ShownState => "INIT"),
      held: scenario.groups.map(() => []),
      priorities: scenario.groups.map((group) => group.members[host]?.priority ?? 0),
      startedAt: instant(0),
      troubledAt: instant(0),
    }));
  }

  /** A running host that answers and has its cable in. */
  isUsable(host: number): boolean {
    const standing = this.hosts[host];
    return standing?.running === true && !standing.paused && standing.linkUp;
  }

  /** Whether two different usable hosts hear each other. */
  areConnected(a: number, b: number): boolean {
    return this.isUsable(a) && this.isUsable(b) && this.side.has(a) === this.side.has(b);
  }

  /** vrrp_startup_delay: adverts mean nothing to it yet. */
  isStillDeaf(host: number, now: Instant): boolean {
    const { startupDelay } = this.scenario;
    const startedAt = this.hosts[host]?.startedAt;
    if (startupDelay === undefined || startedAt === undefined) return false;
    return between(startedAt, now) <= startupDelay + atOnceMax(this.scenario);
  }

  isMaster(host: number, group: number): boolean {
    return this.hosts[host]?.states[group] === "MASTER";
  }

  holdsAll(host: number, group: number): boolean {
    return this.hosts[host]?.held[group]?.length === this.scenario.groups[group]?.addresses;
  }

  /** The usable hosts, split into sets that hear each other. */
  segments(): readonly (readonly number[])[] {
    const usable = this.hosts.flatMap((_, host) => (this.isUsable(host) ? [host] : []));
    const inside = usable.filter((host) => this.side.has(host));
    const outside = usable.filter((host) => !this.side.has(host));
    return [inside, outside].filter((segment) => segment.length > 0);
  }

  see(fact: Fact): void {
    switch (fact.kind) {
      case "state": {
        const host = this.hosts[fact.host];
        if (host !== undefined) host.states[fact.group] = fact.to;
        break;
      }
      case "holds": {
        const host = this.hosts[fact.host];
        if (host !== undefined) host.held[fact.group] = fact.addresses;
        break;
      }
      case "trouble":
        this.troubledAt = fact.at;
        this.seeTrouble(fact.trouble, fact.at);
        break;
      case "calm":
        this.seeCalm(fact.at);
        break;
      default:
    }
  }

  private seeTrouble(trouble: Trouble, at: Instant): void {
    if (trouble.kind === "partition") this.side = new Set(trouble.side);
    else if (trouble.kind === "heal") this.side = new Set();
    else {
      const host = this.hosts[trouble.host];
      if (host === undefined) return;
      host.troubledAt = at;
      seeHostTrouble(host, trouble, at);
    }
  }

  private seeCalm(at: Instant): void {
    this.side = new Set();
    this.lossy = false;
    this.troubledAt = at;
    for (const host of this.hosts) {
      host.paused = false;
      host.linkUp = true;
      host.troubledAt = at;
    }
  }
}

function seeHostTrouble(host: HostStanding, trouble: HostTrouble, at: Instant): void {
  switch (trouble.kind) {
    case "pause":
      host.paused = host.running;
      break;
    case "resume":
      host.paused = false;
      break;
    case "link-down":
      host.linkUp = false;
      break;
    case "link-up":
      host.linkUp = true;
      break;
    case "start":
      if (!host.running) {
        host.states.fill("INIT");
        host.startedAt = at;
      }
      host.running = true;
      break;
    case "stop":
      host.running = false;
      host.paused = false;
      break;
    case "crash":
      host.running = false;
      host.paused = false;
      host.states.fill("INIT");
      break;
    case "reload":
      host.priorities[trouble.group] = trouble.priority;
      break;
    default:
  }
}
