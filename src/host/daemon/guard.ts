// Entry of the guard, a tiny process of its own: a daemon that is killed or crashes leaves its
// addresses in the kernel, where they would answer beside the new master's. The guard holds the other
// end of a socket, knows what the daemon holds, and removes it when the socket ends without a `bye`.

import { systemErrorText } from "../../core/ports/system-error.ts";
import { linuxKernel } from "../linux/kernel.ts";
import { GuardList } from "./guard-line.ts";

// Signals to the daemon's group must not end the guard before the daemon.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const) {
  process.on(signal, () => {});
}

const list = new GuardList();
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text: string) => {
  list.take(text);
  if (list.isOver) process.exit(0);
});
process.stdin.on("error", end);
process.stdin.on("end", end);

function end(): void {
  process.exit(list.held.length > 0 ? removeAll() : 0);
}

function removeAll(): number {
  const kernel = linuxKernel();
  if (!kernel.ok) {
    say(systemErrorText(kernel.error));
    return 1;
  }
  const outcomes = kernel.value.removeAddresses(list.held);
  kernel.value.close();
  const removed = outcomes.filter(({ kind }) => kind === "done").length;
  say(`the daemon is gone; removed ${removed} of its addresses`);
  for (const outcome of outcomes) {
    if (outcome.kind === "refused") say(systemErrorText(outcome.error));
  }
  return outcomes.some(({ kind }) => kind === "refused") ? 1 : 0;
}

function say(text: string): void {
  try {
    process.stderr.write(`Understudy guard: ${text}\n`);
  } catch {
    // Nobody reads it any more.
  }
}
