// Scenario files: prose, then blocks of commands, `----` and the trace that they leave. One router
// machine runs on virtual time; the trace shows effects and changed deadlines, exact to the µs, and
// never log text. What a file must say stands in parseScenario, the commands in playScenario.

import { ip } from "../../src/core/base/ip.ts";
import {
  after,
  durationText,
  type Instant,
  instant,
  type Microseconds,
  microseconds,
} from "../../src/core/base/time.ts";
import { createRouter } from "../../src/core/vrrp/router.ts";
import type {
  Router,
  RouterConfig,
  RouterEffect,
  RouterNote,
  RouterTimer,
} from "../../src/core/vrrp/router-contract.ts";
import type { Fault } from "../../src/core/vrrp/vocabulary.ts";

export type Scenario = {
  /** Ids of conformance.md that the file proves. */
  readonly rules: readonly string[];
  /** Everything above the first command, as it stands. */
  readonly header: readonly string[];
  readonly blocks: readonly Block[];
};

type Block = {
  /** Commands and comments, as they stand. */
  readonly lines: readonly string[];
  readonly trace: readonly string[];
};

/** Reads a file: `# ID ID ...`, prose with `#`, a blank line, then blocks parted by blank lines. */
export function parseScenario(text: string): Scenario {
  const [header = "", ...blocks] = text.trimEnd().split(/\n\n+/);
  const rules = /^# ((?:[A-J][0-9]{2} ?)+)\n/.exec(header)?.[1]?.split(" ") ?? [];
  if (rules.length === 0) throw new Error("the first line names the rules: `# F15 F16`");
  return {
    rules,
    header: header.split("\n"),
    blocks: blocks.map((block) => {
      const lines = block.split("\n");
      const bar = lines.indexOf("----");
      if (bar < 0) throw new Error(`no ---- after: ${lines[0]}`);
      return { lines: lines.slice(0, bar), trace: lines.slice(bar + 1) };
    }),
  };
}

export const renderScenario = (scenario: Scenario): string =>
  `${[
    scenario.header.join("\n"),
    ...scenario.blocks.map(({ lines, trace }) => [...lines, "----", ...trace].join("\n")),
  ].join("\n\n")}\n`;

/** The same scenario with the traces that the router leaves now. */
export function playScenario(scenario: Scenario): Scenario {
  const stage = new Stage();
  return {
    ...scenario,
    blocks: scenario.blocks.map(({ lines }) => ({
      lines,
      trace: lines.flatMap((line) => (line.startsWith("#") ? [] : stage.play(line))),
    })),
  };
}

class Stage {
  private now: Instant = instant(0);
  private name = "";
  private settings: Settings = {};
  private router: Router | undefined;
  private shownTimers: Readonly<Partial<Record<RouterTimer, Instant>>> = {};
  private trace: string[] = [];

  play(line: string): readonly string[] {
    this.trace = [];
    const [command = "", ...words] = line.split(" ");
    this.perform(command, words);
    return this.trace;
  }

  private perform(command: string, words: readonly string[]): void {
    switch (command) {
      case "router":
        this.name = words[0] ?? "A";
        this.settings = settingsOf(words.slice(1));
        this.router = createRouter(configOf(this.settings), this.name);
        this.shownTimers = {};
        this.feed({ kind: "source-changed", source: ip(this.settings["source"] ?? "192.0.2.2") });
        break;
      case "start": {
        const { hold } = settingsOf(words);
        this.feed({
          kind: "start",
          ...(hold === undefined ? {} : { holdUntil: after(this.now, durationOf(hold)) }),
        });
        break;
      }
      case "advance":
        this.advance(durationOf(words[0]));
        break;
      // Time passes, and what follows is handled before the deadlines that came meanwhile.
      case "doze":
        this.now = after(this.now, durationOf(words[0]));
        break;
      // The process wakes up late: deadlines that passed meanwhile act together, now.
      case "oversleep":
        this.now = after(this.now, durationOf(words[0]));
        this.show(this.machine().handleTimeout(this.now));
        break;
      case "advert": {
        const { from, priority, interval } = settingsOf(words);
        this.feed({
          kind: "advert",
          advert: {
            from: ip(from ?? ""),
            priority: Number(priority),
            interval: durationOf(interval ?? "100cs"),
          },
        });
        break;
      }
      case "fault":
        this.feed({ kind: "fault-raised", fault: faultOf(words) });
        break;
      case "recover":
        this.feed({ kind: "fault-cleared", fault: faultOf(words) });
        break;
      case "source":
        this.feed({ kind: "source-changed", source: ip(words[0] ?? "") });
        break;
      case "weight":
        this.feed({ kind: "weight-changed", weight: Number(words[0]) });
        break;
      case "installed":
        this.feed({ kind: "addresses-installed" });
        break;
      case "taken-away":
        this.feed({ kind: "address-taken-away" });
        break;
      case "reload":
        this.settings = { ...this.settings, ...settingsOf(words) };
        this.feed({ kind: "reconfigured", config: configOf(this.settings) });
        break;
      case "shutdown":
        this.feed({ kind: "shutdown" });
        break;
      case "show":
        this.describe();
        break;
      default:
        throw new Error(`unknown command: ${command}`);
    }
  }

  private machine(): Router {
    if (this.router === undefined) throw new Error("a scenario begins with `router`");
    return this.router;
  }

  private feed(input: Parameters<Router["handle"]>[0]): void {
    this.show(this.machine().handle(input, this.now));
  }

  /** Every deadline on the way acts at its own instant. */
  private advance(wait: Microseconds): void {
    const end = after(this.now, wait);
    for (;;) {
      const due = this.machine().nextTimeout();
      if (due === undefined || due > end) break;
      this.now = due;
      this.trace.push(`at ${durationText(microseconds(due))}`);
      this.show(this.machine().handleTimeout(due));
    }
    this.now = end;
  }

  private show(effects: readonly RouterEffect[]): void {
    for (const effect of effects) this.trace.push(`${this.name} ${effectText(effect)}`);
    const timers = this.machine().timers();
    for (const name of timerNames) {
      const at = timers[name];
      if (at === this.shownTimers[name]) continue;
      const rest = at === undefined ? "off" : durationText(microseconds(at - this.now));
      this.trace.push(`${this.name} timer ${name} ${rest}`);
    }
    this.shownTimers = timers;
  }

  private describe(): void {
    const router = this.machine();
    this.trace.push(
      `${this.name} state=${router.state} priority=${router.effectivePriority}` +
        ` master=${router.master?.from ?? "none"}` +
        ` master-interval=${durationText(router.masterInterval)}` +
        ` skew=${durationText(router.skew)} down=${durationText(router.masterDownInterval)}`,
    );
  }
}

const timerNames = [
  "advert",
  "masterDown",
  "preemptDelay",
  "garpDelay",
  "garpLowerPriority",
  "garpRefresh",
  "rogueOwner",
] as const satisfies readonly RouterTimer[];

function effectText(effect: RouterEffect): string {
  switch (effect.kind) {
    case "send-advert":
      return `send-advert priority=${effect.priority}`;
    case "announce-addresses":
      return `announce-addresses repeat=${effect.repeat}`;
    case "transition":
      return `transition ${effect.from} -> ${effect.to} (${effect.reason})`;
    case "note":
      return `note ${noteText(effect.note)}`;
    default:
      return effect.kind;
  }
}

function noteText(note: RouterNote): string {
  switch (note.kind) {
    case "advert-heard":
      return `${note.what} from=${note.from} priority=${note.priority} ours=${note.ours}`;
    case "master-changed":
      return `master-changed ${note.from ?? "none"} -> ${note.to}`;
    case "interval-learned":
      return `interval-learned ${durationText(note.from)} -> ${durationText(note.to)}`;
    case "priority-changed":
      return `priority-changed ${note.from} -> ${note.to}`;
    case "woken-late":
      return `woken-late ${note.timer} ${durationText(note.late)}`;
    case "preempt-delay":
      return `preempt-delay ${note.what} ${durationText(note.delay)}`;
    case "fault-raised":
    case "fault-cleared":
      return `${note.kind} ${faultText(note.fault)}`;
    default:
      return note.kind;
  }
}

const faultText = (fault: Fault): string =>
  `${fault.kind} ${fault.kind === "socket-refused" ? fault.detail : fault.interface}`;

function faultOf([kind, detail = ""]: readonly string[]): Fault {
  switch (kind) {
    case "interface-down":
    case "interface-missing":
    case "no-source-address":
      return { kind, interface: detail };
    case "socket-refused":
      return { kind, detail };
    default:
      throw new Error(`unknown fault: ${kind}`);
  }
}

type Settings = Readonly<Record<string, string>>;

/** `name=value` words; a lone word is a switch that is on. */
const settingsOf = (words: readonly string[]): Settings =>
  Object.fromEntries(
    words.map((word) => {
      const [name = "", value = "on"] = word.split("=");
      return [name, value];
    }),
  );

const knownSettings = new Set([
  ...["version", "profile", "priority", "state", "interval", "source", "nopreempt"],
  ...["preempt-delay", "adverts", "lower-no-advert", "higher-send-advert"],
  ...["garp-delay", "garp-repeat", "garp-refresh", "garp-refresh-repeat"],
  ...["garp-lower-delay", "garp-lower-repeat"],
]);

/** Defaults are keepalived's, but for version 3, which most rules speak of. */
function configOf(settings: Settings): RouterConfig {
  for (const name of Object.keys(settings)) {
    if (!knownSettings.has(name)) throw new Error(`unknown setting: ${name}`);
  }
  const time = (name: string, otherwise: string) => durationOf(settings[name] ?? otherwise);
  const count = (name: string, otherwise: number) => Number(settings[name] ?? otherwise);
  return {
    version: settings["version"] === "2" ? 2 : 3,
    profile: settings["profile"] === "rfc9568" ? "rfc9568" : "compat",
    priority: count("priority", 100),
    initialMaster: settings["state"] === "MASTER",
    advertInterval: time("interval", "100cs"),
    preempt: settings["nopreempt"] !== "on",
    preemptDelay: time("preempt-delay", "0s"),
    downTimerAdverts: count("adverts", 3),
    lowerPriorityNoAdvert: settings["lower-no-advert"] === "on",
    higherPrioritySendAdvert: settings["higher-send-advert"] === "on",
    garp: {
      masterDelay: time("garp-delay", "5s"),
      masterRepeat: count("garp-repeat", 5),
      refresh: time("garp-refresh", "0s"),
      refreshRepeat: count("garp-refresh-repeat", 1),
      lowerPriorityDelay: time("garp-lower-delay", "5s"),
      lowerPriorityRepeat: count("garp-lower-repeat", 5),
    },
  };
}

const unitSizes: Readonly<Record<string, number>> = { us: 1, ms: 1_000, cs: 10_000, s: 1_000_000 };

/** `3.609374s`, `100cs`, `10ms`, `1us`. */
function durationOf(text = ""): Microseconds {
  const [, count, unit = ""] = /^([0-9.]+)(us|ms|cs|s)$/.exec(text) ?? [];
  const size = unitSizes[unit];
  if (count === undefined || size === undefined) throw new Error(`no duration: ${text}`);
  return microseconds(Math.round(Number(count) * size));
}
