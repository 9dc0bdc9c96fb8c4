// `understudy run`: the daemon in the foreground with a log for people, for terminals and containers.
// Takes the daemon's own flags.

import { daemonCommand, exitNow } from "../daemon/command.ts";

/** Runs until it is stopped, and ends the process with the exit code. */
export async function runCommand(words: readonly string[]): Promise<never> {
  const code = await daemonCommand(words, {
    program: "understudy run",
    given: [{ flag: "dont-fork" }, { flag: "log-format", argument: "human" }],
  });
  // Signal watchers would keep a stopped daemon alive.
  return exitNow(code);
}
