// The daemon's command line: one row per flag, keepalived's with its letters, long names and optional
// arguments, then ours. In goes argv without the program's name; out come options or a complaint.
// Read as getopt_long does: letters may be joined (`-nlD`), an optional argument must be joined
// (`-tFILE`, `--config-test=FILE`), a long name may be cut short where that stays unambiguous.

import { err, ok, type Result } from "../../core/base/result.ts";

type Argument = "none" | "required" | "optional";

export type FlagSpec = {
  /** One letter; absent where only the long name exists. */
  readonly letter?: string;
  readonly argument: Argument;
  /** How the argument is called in the help text. */
  readonly shown?: string;
  readonly doc: string;
  /** Accepted and without effect here; the reason is told at start when it is used. */
  readonly ignored?: string;
};

const ownsNoChild = "one process does it all here";
const laterPart = "that part is not here yet";

/** keepalived's flags in the order of its own help, then ours. */
export const flagTable = {
  "use-file": {
    letter: "f",
    argument: "required",
    shown: "FILE",
    doc: "Use the specified configuration file (default /etc/keepalived/keepalived.conf)",
  },
  vrrp: { letter: "P", argument: "none", doc: "Only run with VRRP subsystem" },
  check: { letter: "C", argument: "none", doc: "Only run with Health-checker subsystem" },
  no_bfd: { letter: "B", argument: "none", doc: "Don't run BFD subsystem", ignored: laterPart },
  all: {
    argument: "none",
    doc: "Run all subsystems, even without configuration",
    ignored: ownsNoChild,
  },
  "log-console": { letter: "l", argument: "none", doc: "Log messages to local console" },
  "log-detail": { letter: "D", argument: "none", doc: "Detailed log messages; twice for more" },
  "log-facility": {
    letter: "S",
    argument: "required",
    shown: "([0-7]|local[0-7]|user|daemon)",
    doc: "Set syslog facility to LOG_LOCAL[0-7], user or daemon (default)",
  },
  "log-file": {
    letter: "g",
    argument: "optional",
    shown: "FILE",
    doc: "Also log to FILE (default /tmp/keepalived.log)",
  },
  "flush-log-file": {
    argument: "none",
    doc: "Flush the log file on each write",
    ignored: "the log file is always written at once",
  },
  "no-syslog": { letter: "G", argument: "none", doc: "Don't log via syslog" },
  umask: { letter: "u", argument: "required", shown: "MASK", doc: "umask for file creation" },
  "release-vips": {
    letter: "X",
    argument: "none",
    doc: "Drop VIP on transition from signal",
    ignored: "addresses are always dropped when mastership is given up",
  },
  "dont-release-vrrp": {
    letter: "V",
    argument: "none",
    doc: "Don't remove virtual addresses on daemon stop",
  },
  "dont-release-ipvs": {
    letter: "I",
    argument: "none",
    doc: "Don't remove IPVS topology on daemon stop",
    ignored: laterPart,
  },
  "dont-respawn": {
    letter: "R",
    argument: "none",
    doc: "Don't respawn child processes",
    ignored: ownsNoChild,
  },
  "dont-fork": { letter: "n", argument: "none", doc: "Don't fork the daemon process" },
  "dump-conf": { letter: "d", argument: "none", doc: "Dump the configuration data" },
  pid: { letter: "p", argument: "required", shown: "FILE", doc: "Pid file of the daemon" },
  vrrp_pid: { letter: "r", argument: "required", shown: "FILE", doc: "Pid file of the VRRP part" },
  checkers_pid: {
    letter: "c",
    argument: "required",
    shown: "FILE",
    doc: "Pid file of the checkers part",
    ignored: laterPart,
  },
  "address-monitoring": {
    letter: "a",
    argument: "none",
    doc: "Report all address additions and deletions notified via netlink",
    ignored: "not reported yet",
  },
  bfd_pid: {
    letter: "b",
    argument: "required",
    shown: "FILE",
    doc: "Pid file of the BFD part",
    ignored: laterPart,
  },
  snmp: { letter: "x", argument: "none", doc: "Enable SNMP subsystem", ignored: laterPart },
  "snmp-agent-socket": {
    letter: "A",
    argument: "required",
    shown: "FILE",
    doc: "Socket of the SNMP master agent",
    ignored: laterPart,
  },
  namespace: {
    letter: "s",
    argument: "required",
    shown: "NAME",
    doc: "Run in network namespace NAME (overrides config)",
  },
  "core-dump": {
    letter: "m",
    argument: "none",
    doc: "Produce core dump if terminate abnormally",
    ignored: "the system's settings decide",
  },
  "core-dump-pattern": {
    letter: "M",
    argument: "optional",
    shown: "PATTERN",
    doc: "Also set /proc/sys/kernel/core_pattern",
    ignored: "the system's settings decide",
  },
  "all-config": {
    letter: "e",
    argument: "none",
    doc: "Error if any configuration file missing",
    ignored: "use the strict forms of include in the file",
  },
  "config-id": {
    letter: "i",
    argument: "required",
    shown: "ID",
    doc: "Skip configuration lines beginning '@' that don't match ID (default: the node name)",
  },
  signum: {
    argument: "required",
    shown: "SIGFUNC",
    doc: "Print the signal number for STOP, RELOAD, DATA, STATS, STATS_CLEAR, JSON",
  },
  "config-test": {
    letter: "t",
    argument: "optional",
    shown: "LOG_FILE",
    doc: "Check the configuration for errors, output to stderr by default",
  },
  perf: {
    argument: "optional",
    doc: "Collect performance data",
    ignored: "use perf on the node process",
  },
  "no-mem-check": {
    argument: "none",
    doc: "Disable memory checks",
    ignored: "there are none to disable",
  },
  "ignore-sigint": { argument: "none", doc: "Ignore SIGINT" },
  debug: {
    argument: "optional",
    doc: "Debug options",
    ignored: "use --record and understudy replay",
  },
  version: { letter: "v", argument: "none", doc: "Display the version number" },
  help: { letter: "h", argument: "none", doc: "Display this help message" },
  "log-format": {
    argument: "required",
    shown: "keepalived|json|human",
    doc: "Form of the log lines",
  },
  record: {
    argument: "required",
    shown: "FILE",
    doc: "Write every input and effect of the engine to FILE, for `understudy replay`",
  },
  "control-socket": {
    argument: "required",
    shown: "PATH",
    doc: "Where `understudy status` asks (default /run/understudy/control.sock)",
  },
} as const satisfies Record<string, FlagSpec>;

export type FlagName = keyof typeof flagTable;

/** A flag as it was given, in the order of the command line. */
export type GivenFlag = { readonly flag: FlagName; readonly argument?: string };

const specOf = (flag: FlagName): FlagSpec => flagTable[flag];
const flagNames = Object.keys(flagTable) as readonly FlagName[];
const byLetter = new Map(flagNames.map((name) => [specOf(name).letter, name]));

/** Splits argv into flags; an error is the sentence to print, after which the exit code is 1. */
export function parseFlags(argv: readonly string[]): Result<readonly GivenFlag[], string> {
  const given: GivenFlag[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--" || !word.startsWith("-") || word === "-") {
      return err(`Unexpected argument(s): ${argv.slice(word === "--" ? at + 1 : at).join(" ")}`);
    }
    const next = argv[at + 1];
    const taken = word.startsWith("--") ? longFlag(word, next) : shortFlags(word, next);
    if (!taken.ok) return taken;
    given.push(...taken.value.given);
    if (taken.value.tookNext) at++;
  }
  return ok(given);
}

type Taken = { readonly given: readonly GivenFlag[]; readonly tookNext: boolean };

function longFlag(word: string, next: string | undefined): Result<Taken, string> {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const value = equals < 0 ? undefined : word.slice(equals + 1);
  const flag = longName(name);
  if (flag === undefined) return err(`Unknown option ${word}`);
  const { argument } = specOf(flag);
  if (argument === "none" && value !== undefined) return err(`Option --${flag} takes no argument`);
  if (argument !== "required" || value !== undefined) {
    return ok({ given: [givenFlag(flag, value)], tookNext: false });
  }
  if (next === undefined) return err(`Missing argument for option --${flag}`);
  return ok({ given: [givenFlag(flag, next)], tookNext: true });
}

function longName(name: string): FlagName | undefined {
  const exact = flagNames.find((flag) => flag === name);
  if (exact !== undefined) return exact;
  const matching = flagNames.filter((flag) => flag.startsWith(name));
  return matching.length === 1 ? matching[0] : undefined;
}

function shortFlags(word: string, next: string | undefined): Result<Taken, string> {
  const given: GivenFlag[] = [];
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] ?? "";
    const flag = byLetter.get(letter);
    if (flag === undefined) return err(`Unknown option -${letter}`);
    const { argument } = specOf(flag);
    const rest = word.slice(at + 1);
    if (argument === "none") {
      given.push({ flag });
    } else if (rest !== "" || argument === "optional") {
      given.push(givenFlag(flag, rest === "" ? undefined : rest));
      return ok({ given, tookNext: false });
    } else {
      if (next === undefined) return err(`Missing argument for option -${letter}`);
      given.push(givenFlag(flag, next));
      return ok({ given, tookNext: true });
    }
  }
  return ok({ given, tookNext: false });
}

const givenFlag = (flag: FlagName, argument: string | undefined): GivenFlag =>
  argument === undefined ? { flag } : { flag, argument };

/** The text of `--help`, one line per row of the table. */
export function helpText(program: string): string {
  const rows = flagNames.map((name) => {
    const spec = specOf(name);
    const letter = spec.letter === undefined ? "    " : `-${spec.letter}, `;
    const shown = spec.shown ?? "VALUE";
    const argument = { none: "", required: `=${shown}`, optional: `[=${shown}]` }[spec.argument];
    const left = `  ${letter}--${name}${argument}`;
    const note = spec.ignored === undefined ? "" : ` (accepted: ${spec.ignored})`;
    return left.length < 31
      ? `${left.padEnd(31)}${spec.doc}${note}`
      : `${left}\n${" ".repeat(31)}${spec.doc}${note}`;
  });
  return `Usage: ${program} [OPTION...]\n${rows.join("\n")}\n`;
}

/** What keepalived names each signal by, for `--signum`. */
export const signalNumbers: Readonly<Record<string, number>> = {
  RELOAD: 1,
  DATA: 10,
  STATS: 12,
  STOP: 15,
  JSON: 36,
  STATS_CLEAR: 63,
};
