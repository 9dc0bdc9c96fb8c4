// Daemonizing without fork, which Node does not have: a copy of this command starts in a session of
// its own, and the first process ends when the copy says that it runs, or with the copy's exit code
// when it does not come to that. The copy says so on a pipe.

import { spawn } from "node:child_process";
import { closeSync, writeSync } from "node:fs";

/** Tells the copy that it is one, and on which fd it shall report. */
const marker = "UNDERSTUDY_READY_FD";
const readyFd = 3;

/**
 * What the daemon wants of V8, which hears it only at its start: a small heap, and a collector that
 * works in the thread that it stops. Its helpers are not real-time, and a real-time thread that
 * waits for them waits for everything else that runs on the machine.
 */
export const nodeOptions = ["--max-semi-space-size=1", "--single-threaded-gc"] as const;

/** True in the copy. */
export const isDetached = (): boolean => process.env[marker] !== undefined;

/** Starts the copy; resolves to the exit code of this process. */
export function detach(keepsConsole: boolean): Promise<number> {
  const child = spawn(
    process.execPath,
    [...nodeOptions, ...process.execArgv, ...process.argv.slice(1)],
    {
      detached: true,
      env: { ...process.env, [marker]: String(readyFd) },
      stdio: ["ignore", "ignore", keepsConsole ? "inherit" : "ignore", "pipe"],
    },
  );
  return new Promise((resolve) => {
    child.stdio[readyFd]?.once("data", () => {
      child.unref();
      resolve(0);
    });
    child.once("error", () => resolve(1));
    child.once("exit", (code) => {
      if (!keepsConsole) process.stderr.write(endedEarly(code ?? 1));
      resolve(code ?? 1);
    });
  });
}

/** For the person or the script that called; the reason went where the log goes. */
const endedEarly = (code: number): string =>
  `understudyd did not start (exit code ${code}): its log (syslog, or -g) says why, and so does -n -l\n`;

/** In the copy: leaves the folder it was started in, and lets the first process end. */
export function reportReady(): void {
  if (!isDetached()) return;
  delete process.env[marker];
  process.chdir("/");
  try {
    writeSync(readyFd, "\n");
    closeSync(readyFd);
  } catch {
    // The first process was killed meanwhile; the daemon runs all the same.
  }
}
