// From flags to what the daemon does: paths made absolute, defaults filled in. Facts of the defaults:
// keepalived(8). Later flags win over earlier ones, as with keepalived.

import { resolve } from "node:path";
import { err, ok, type Result } from "../../core/base/result.ts";
import { type FlagName, flagTable, type GivenFlag } from "./flags.ts";

export type LogFormat = "keepalived" | "json" | "human";

export type DaemonOptions = {
  readonly configFile: string;
  readonly foreground: boolean;
  readonly log: {
    readonly console: boolean;
    readonly syslog: boolean;
    readonly file?: string;
    /** 0 for the normal amount, 1 for -D, 2 for -DD. */
    readonly detail: 0 | 1 | 2;
    readonly facility: string;
    readonly format: LogFormat;
  };
  readonly pidFile: string;
  readonly vrrpPidFile: string;
  readonly stateFile: string;
  readonly controlSocket: string;
  /** Where else to listen when another daemon has the socket; absent when the operator chose it. */
  readonly otherControlSocket?: string;
  readonly recordFile?: string;
  readonly namespace?: string;
  readonly configId?: string;
  readonly dumpConfig: boolean;
  /** `-V`: a stop leaves the addresses where they are, and nobody is told. */
  readonly keepsAddresses: boolean;
  readonly ignoreInterrupt: boolean;
  /** For files that we make; 0177 by default. */
  readonly umask: number;
  /** What was given and does nothing here, with the reason. */
  readonly ignored: readonly { readonly flag: FlagName; readonly reason: string }[];
};

export const defaultConfigFile = "/etc/keepalived/keepalived.conf";
export const runFolder = "/run/understudy";
export const defaultControlSocket = `${runFolder}/control.sock`;
const defaultPidFile = "/run/keepalived.pid";
const defaultVrrpPidFile = "/run/keepalived_vrrp.pid";
const facilities = /^([0-7]|local[0-7]|user|daemon)$/;

/** `folder` is where relative paths start; an error is the sentence to print before exit code 1. */
export function daemonOptions(
  given: readonly GivenFlag[],
  folder: string,
): Result<DaemonOptions, string> {
  const last = new Map(given.map(({ flag, argument }) => [flag, argument ?? ""]));
  const path = (flag: FlagName): string | undefined => {
    const argument = last.get(flag);
    return argument === undefined || argument === "" ? undefined : resolve(folder, argument);
  };
  const has = (flag: FlagName) => last.has(flag);
  const problem = complaint(last);
  if (problem !== undefined) return err(problem);

  const foreground = has("dont-fork");
  const console = has("log-console") || foreground;
  const details = given.filter(({ flag }) => flag === "log-detail").length;
  const namespace = last.get("namespace");
  const pidFile = path("pid") ?? placed(defaultPidFile, namespace);
  const logFile = has("log-file") ? (path("log-file") ?? "/tmp/keepalived.log") : undefined;
  const recordFile = path("record");
  const controlSocket = path("control-socket");
  const configId = last.get("config-id");
  return ok({
    configFile: path("use-file") ?? defaultConfigFile,
    foreground,
    log: {
      console,
      syslog: !console && !has("no-syslog"),
      ...(logFile === undefined ? {} : { file: logFile }),
      detail: details > 1 ? 2 : details === 1 ? 1 : 0,
      facility: facilityOf(last.get("log-facility") ?? "daemon"),
      format: (last.get("log-format") ?? "keepalived") as LogFormat,
    },
    pidFile,
    vrrpPidFile: path("vrrp_pid") ?? placed(defaultVrrpPidFile, namespace),
    stateFile: stateFileFor(pidFile),
    controlSocket: controlSocket ?? defaultControlSocket,
    ...(controlSocket === undefined ? { otherControlSocket: socketFor(pidFile) } : {}),
    ...(recordFile === undefined ? {} : { recordFile }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(configId === undefined ? {} : { configId }),
    dumpConfig: has("dump-conf"),
    keepsAddresses: has("dont-release-vrrp"),
    ignoreInterrupt: has("ignore-sigint"),
    umask: has("umask") ? Number(last.get("umask")) : 0o177,
    ignored: ignoredFlags([...last.keys()]),
  });
}

/** Each daemon that can run beside another has its own files: the pid file tells them apart. */
export const stateFileFor = (pidFile: string): string =>
  `${runFolder}/state${pidFile === defaultPidFile ? "" : `-${flatName(pidFile)}`}.json`;

const socketFor = (pidFile: string): string => `${runFolder}/control-${flatName(pidFile)}.sock`;

const flatName = (path: string): string =>
  path.replace(/^\/+/, "").replace(/[^A-Za-z0-9._-]+/g, "-");

/** As keepalived: with a namespace, the pid files are in a folder of its name. */
const placed = (file: string, namespace: string | undefined): string =>
  namespace === undefined ? file : file.replace("/run/", `/run/keepalived/${namespace}/`);

const facilityOf = (word: string): string => (/^[0-7]$/.test(word) ? `local${word}` : word);

function complaint(last: ReadonlyMap<FlagName, string>): string | undefined {
  const facility = last.get("log-facility");
  if (facility !== undefined && !facilities.test(facility)) {
    return `Invalid log facility '${facility}'`;
  }
  const format = last.get("log-format");
  if (format !== undefined && !["keepalived", "json", "human"].includes(format)) {
    return `Invalid log format '${format}': keepalived, json or human`;
  }
  const namespace = last.get("namespace");
  if (namespace !== undefined && !/^[A-Za-z0-9._-]+$/.test(namespace)) {
    return `Invalid network namespace name '${namespace}'`;
  }
  const umask = last.get("umask");
  if (umask !== undefined && !(Number(umask) >= 0 && Number(umask) <= 0o777)) {
    return `Invalid umask '${umask}'`;
  }
  return undefined;
}

function ignoredFlags(flags: readonly FlagName[]): DaemonOptions["ignored"] {
  const found: { flag: FlagName; reason: string }[] = [];
  for (const flag of flags) {
    const row = flagTable[flag];
    if ("ignored" in row) found.push({ flag, reason: row.ignored });
  }
  return found;
}
