// tcpdump on the switch: an independent record of the adverts and ARP messages on the wire, with the
// kernel's time stamps. Nobody's own word has to be taken for when a router spoke.

import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { bridgeOf, type Lab, lan, monotonicMs } from "./lab.ts";
import { run } from "./namespaces.ts";

export type SeenPacket = {
  /** As `monotonicMs` reads it. */
  readonly at: number;
  /** tcpdump's line, without the time stamp. */
  readonly text: string;
};

export type SeenAdvert = SeenPacket & {
  readonly from: string;
  readonly vrid: number;
  readonly priority: number;
};

export type Witness = {
  readonly packets: readonly SeenPacket[];
  /** The adverts among them, of one sender or of all. */
  adverts(from?: string): readonly SeenAdvert[];
  stop(): Promise<void>;
};

export type WitnessOptions = {
  readonly interfaceName?: string;
  /** Further arguments, such as `-v` or `-e`. */
  readonly args?: readonly string[];
  readonly filter?: string;
};

/** Starts tcpdump and waits until it listens; undefined where it is missing or cannot run. */
export async function startWitness(
  lab: Lab,
  { interfaceName = "eth0", args = [], filter = "proto 112" }: WitnessOptions = {},
): Promise<Witness | undefined> {
  if (run(["tcpdump", "--version"]).status !== 0) return undefined;
  const child = lab.spawn(lan, [
    // With its default length for packets the buffer holds 32 of them, and a burst does not fit.
    ...["tcpdump", "-l", "-tt", "-n", "-s", "2048", "-Z", "root", "--immediate-mode", ...args],
    ...["-i", bridgeOf(interfaceName), filter],
  ]);
  const packets: SeenPacket[] = [];
  const sinceEpoch = Date.now() - monotonicMs();
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const match = /^([0-9]+\.[0-9]+) (.*)$/.exec(line);
      if (match !== null) {
        packets.push({ at: Number(match[1]) * 1000 - sinceEpoch, text: match[2] ?? "" });
      } else continueLast(packets, line);
    });
  }
  if (!(await listening(child))) return undefined;
  return {
    packets,
    adverts: (from) =>
      packets.flatMap(advertIn).filter((advert) => from === undefined || advert.from === from),
    stop: () =>
      new Promise((resolve) => {
        child.on("close", () => resolve());
        child.kill("SIGINT");
      }),
  };
}

/** With -v a packet takes two lines, the second one indented. */
function continueLast(packets: SeenPacket[], line: string): void {
  const last = packets.pop();
  if (last !== undefined) packets.push({ ...last, text: `${last.text} ${line.trim()}` });
}

function advertIn(packet: SeenPacket): readonly SeenAdvert[] {
  const match = /([0-9.]+) > \S+: .*vrid ([0-9]+), prio ([0-9]+)/.exec(packet.text);
  if (match === null) return [];
  return [{ ...packet, from: match[1] ?? "", vrid: Number(match[2]), priority: Number(match[3]) }];
}

/** False when it ends instead: in a user namespace Debian's tcpdump cannot give up its privileges. */
function listening(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("listening on")) resolve(true);
    });
    child.once("exit", () => resolve(false));
  });
}
