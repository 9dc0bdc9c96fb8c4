// The keywords of what instances and groups track: scripts, processes, files with a number, BFD
// sessions. Each is a block with a name at the outermost level.

import {
  block,
  boolean,
  flag,
  form,
  integer,
  milliseconds,
  row,
  script,
  seconds,
  text,
  weight,
  words,
} from "./row.ts";
import type { BlockSpec } from "./spec.ts";

const later = { status: "accepted" } as const;
const intMax = 2147483647;

export const scriptKeywords = {
  script: row(script, "The command; in quotes when it has arguments.", later),
  interval: row(seconds(0, 4294), "Seconds between two runs; 0 is taken as 1.", {
    ...later,
    default: "1",
    classic: "({name}): vrrp script interval '{value}' must be between 1 and 4294 - ignoring",
  }),
  timeout: row(seconds(0, 4294), "Seconds after which a run has failed; 0 is taken as 1.", {
    ...later,
    default: "the interval",
    classic: "({name}): vrrp script timeout '{value}' invalid - ignoring",
  }),
  weight: row(
    weight(253, "vrrp_script {name}"),
    "0: failing is a fault. Above 0: added while it succeeds; below: while it fails.",
    {
      ...later,
      default: "0",
      classic: "vrrp_script {name} weight {value} must be in [-253, 253]",
    },
  ),
  rise: row(integer(1, intMax), "Successes in a row until it counts as succeeding.", {
    ...later,
    default: "1",
    classic: "({name}): vrrp script rise value '{value}' invalid, defaulting to 1",
  }),
  fall: row(integer(1, intMax), "Failures in a row until it counts as failing.", {
    ...later,
    default: "1",
    classic: "({name}): vrrp script fall value '{value}' invalid, defaulting to 1",
  }),
  user: row(form("USER [GROUP]"), "User, and perhaps group, that runs it.", {
    ...later,
    default: "script_user of global_defs",
  }),
  init_fail: row(flag, "It counts as failing until its first run has ended.", later),
} as const;

export const scriptBlock: BlockSpec = {
  name: "vrrp_script",
  doc: "A command that is run again and again. Instances and groups name it in `track_script`.",
  keywords: scriptKeywords,
};

const delay = (what: string, keyword: string) =>
  row(seconds(0.000001, 3600), `Seconds that ${what} must last before it counts.`, {
    ...later,
    default: "0",
    classic: `${keyword} ({value}) for vrrp_track_process {name} must be between [0.000001..3600] inclusive. Ignoring...`,
  });

export const processKeywords = {
  process: row(words, "Name or path of the process, and its parameters if they matter.", later),
  param_match: row(words, "How parameters are compared: `initial` or `partial`; else exactly.", {
    ...later,
    optional: true,
  }),
  weight: row(
    weight(254, "vrrp_track_process {name}"),
    "0: too few processes are a fault. Otherwise as with scripts.",
    {
      ...later,
      default: "0",
      emptyIgnored: "No weight specified for track process {name} - ignoring",
      classic:
        "Weight ({value}) for vrrp_track_process {name} must be between [-254..254] inclusive. Ignoring...",
    },
  ),
  quorum: row(integer(1, 65535), "How many processes there must be.", {
    ...later,
    default: "1",
    classic:
      "Quorum ({value}) for vrrp_track_process {name} must be between [1..65535] inclusive. Ignoring...",
  }),
  quorum_max: row(integer(0, 65535), "How many there may be.", {
    ...later,
    default: "no limit",
    classic:
      "quorum_max ({value}) for vrrp_track_process {name} must be between [0..65535] inclusive. Ignoring...",
  }),
  delay: delay("a change", "delay"),
  terminate_delay: delay("the end of a process", "terminate_delay"),
  fork_delay: delay("a new process", "delay"),
  full_command: row(flag, "Compare the whole command line, not the short name.", later),
} as const;

export const processBlock: BlockSpec = {
  name: "vrrp_track_process",
  doc: "Processes that must run. Instances and groups name it in `track_process`.",
  keywords: processKeywords,
};

export const fileKeywords = {
  file: row(text, "Path of the file.", { ...later, emptyIgnored: "track file file name missing" }),
  weight: row(
    weight(254, "track_file {name}"),
    "The number in the file times this is added to the priority.",
    {
      ...later,
      default: "1",
      emptyIgnored: "No weight specified for track file {name} - ignoring",
      classic:
        "Weight ({value}) for track_file {name} must be between [-254..254] inclusive. Ignoring...",
    },
  ),
  init_file: row(words, "Write `N` (0) into the file at start, if it is missing or `overwrite`.", {
    ...later,
    optional: true,
  }),
} as const;

export const fileBlock: BlockSpec = {
  name: "track_file",
  doc: "A file that holds a number. Instances and groups name it in `track_file`.",
  keywords: fileKeywords,
};

const bfdError = "Configuration error: BFD instance {name}";
const interval = (keyword: string, min: number, doc: string, usual: string) =>
  row(milliseconds(min, 4294967), doc, {
    ...later,
    default: usual,
    classic: `${bfdError} ${keyword} value {value} is not valid (must be in range [${min}-4294967]), ignoring`,
  });
const neighbor = row(text, "Address of the other end.", later);
const ttl = row(integer(1, 255), "TTL or hop limit of packets.", {
  ...later,
  default: "255 for IPv4, 64 for IPv6",
  classic: `${bfdError} ttl/hoplimit value {value} not valid (must be in range [1-255]), ignoring`,
});

export const bfdKeywords = {
  neighbor_ip: neighbor,
  neighbour_ip: neighbor,
  source_ip: row(text, "Source address of packets.", later),
  min_rx: interval("min_rx", 1, "Least interval that we can receive, in ms.", "10"),
  min_tx: interval("min_tx", 1, "Interval that we wish to send with, in ms.", "10"),
  idle_tx: interval("idle_tx", 1000, "Interval while the session is down, in ms.", "1000"),
  multiplier: row(integer(1, 255), "Packets that may be missed.", {
    ...later,
    default: "5",
    classic: `${bfdError} multiplier value {value} not valid (must be in range [1-255]), ignoring`,
  }),
  passive: row(flag, "Wait for the other end to begin.", later),
  ttl,
  hoplimit: ttl,
  max_hops: row(integer(-1, 255), "How many hops received packets may have come; -1: any.", {
    ...later,
    default: "0",
    classic: `${bfdError} max_hops value {value} not valid (must be in range [-1-255]), ignoring`,
  }),
  multihop: row(boolean, "The other end is behind routers.", later),
  weight: row(weight(253, bfdError), "As with scripts, for `track_bfd`.", {
    ...later,
    default: "0",
    classic: `${bfdError} weight value {value} not valid (must be in range [-253-253]), ignoring`,
  }),
  vrrp: row(flag, "Only instances hear of it.", later),
  checker: row(flag, "Only real servers hear of it.", later),
} as const;

export const bfdBlock: BlockSpec = {
  name: "bfd_instance",
  doc: "A BFD session. Instances and groups name it in `track_bfd`.",
  keywords: bfdKeywords,
};

/** The rows of the outermost level for these blocks. */
export const trackingRoot = {
  vrrp_script: row(block(scriptBlock, "required"), scriptBlock.doc, {
    ...later,
    repeats: true,
    introduces: "script",
  }),
  vrrp_track_process: row(block(processBlock, "required"), processBlock.doc, {
    ...later,
    repeats: true,
    introduces: "process",
  }),
  track_file: row(block(fileBlock, "required"), fileBlock.doc, {
    ...later,
    repeats: true,
    introduces: "file",
  }),
  vrrp_track_file: row(block(fileBlock, "required"), "Former name.", {
    ...later,
    repeats: true,
    introduces: "file",
    deprecatedBy: "track_file",
    deprecatedSilently: true,
  }),
  bfd_instance: row(block(bfdBlock, "required"), bfdBlock.doc, {
    ...later,
    repeats: true,
    introduces: "bfd",
  }),
} as const;
