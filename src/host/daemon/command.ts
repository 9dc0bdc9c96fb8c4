// The daemon as a command: flags in, exit code out. `understudyd` and `understudy run` differ in
// nothing but what they take for granted. Modules are loaded when they are needed: the time to the
// first advert is mostly the time to load code.

import { appendFileSync } from "node:fs";
import { exitNow as exitAtOnce, restartWith } from "../linux/process.ts";
import { detach, isDetached, nodeOptions, reportReady } from "./detach.ts";
import { spawnEngine } from "./engine-spawn.ts";
import { exitCode } from "./exit-code.ts";
import { type GivenFlag, helpText, parseFlags, signalNumbers } from "./flags.ts";
import { type DaemonOptions, daemonOptions } from "./options.ts";
import { versionText } from "./version.ts";

export type Invocation = {
  readonly program: string;
  /** Taken for granted before what the command line says. */
  readonly given?: readonly GivenFlag[];
};

/** Runs the command; resolves to its exit code. */
export async function daemonCommand(
  argv: readonly string[],
  { program, given = [] }: Invocation,
): Promise<number> {
  const parsed = parseFlags(argv);
  if (!parsed.ok) return complain(program, parsed.error);
  const flags = [...given, ...parsed.value];
  const argumentOf = (name: GivenFlag["flag"]) => flags.findLast(({ flag }) => flag === name);
  if (argumentOf("help") !== undefined) return say(helpText(program));
  // keepalived prints its version on standard error, and that is where exporters read it.
  if (argumentOf("version") !== undefined) return say(versionText());
  const signum = argumentOf("signum")?.argument;
  if (signum !== undefined) return signalNumber(program, signum);
  const options = daemonOptions(flags, process.cwd());
  if (!options.ok) return complain(program, options.error);
  const test = argumentOf("config-test");
  if (test !== undefined) return testConfig(options.value, test.argument);
  if (argumentOf("check") !== undefined && argumentOf("vrrp") === undefined) {
    return complain(program, "the health checker is not here yet; start it without -C");
  }
  if (!options.value.foreground && !isDetached()) return detach(options.value.log.console);
  // Where that is refused, the daemon runs without them.
  if (!isDetached()) restartWith(nodeOptions);
  const engine = spawnEngine();
  const { runDaemon } = await import("./daemon.ts");
  return runDaemon(options.value, engine, reportReady);
}

/** Ends the process, whatever its threads are doing. */
export const exitNow = (code: number): never => exitAtOnce(code);

function say(text: string): number {
  process.stderr.write(text);
  return exitCode.ok;
}

function complain(program: string, text: string): number {
  process.stderr.write(`${text}\n(${program} --help lists the options)\n`);
  return exitCode.fatal;
}

function signalNumber(program: string, name: string): number {
  const number = signalNumbers[name];
  if (number === undefined) return complain(program, `Unknown sigfunc ${name}`);
  process.stdout.write(`${number}\n`);
  return exitCode.ok;
}

/** `-t`: what keepalived would say about the file, and its exit code. */
async function testConfig(options: DaemonOptions, logFile: string | undefined): Promise<number> {
  const { configTestExit, configTestLines, loadForThisMachine } = await import("./load.ts");
  const loaded = loadForThisMachine(options);
  const lines = configTestLines(loaded).map((text) => `${text}\n`);
  if (loaded.refusal !== undefined) {
    lines.push(`Configuration file ${options.configFile}: ${loaded.refusal.reason}\n`);
  }
  if (logFile === undefined || logFile === "") process.stderr.write(lines.join(""));
  else appendFileSync(logFile, lines.join(""), { mode: 0o600 });
  return configTestExit(loaded);
}
