// A client that uses a virtual address without pause: the programs probe.ts and echo.ts at work in a
// lab, and what became of every question. Times are milliseconds as `monotonicMs` reads them.

import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Lab } from "./lab.ts";

export type Question = {
  readonly sentAt: number;
  readonly answeredAt?: number;
  /** The router that answered. */
  readonly by?: string;
};

export type Client = {
  /** Questions asked since the start, in order. */
  readonly questions: readonly Question[];
  /** The router that answered last; undefined before any answer. */
  servedBy(): string | undefined;
  /** Questions asked from `since` until `until` that nobody answered. */
  lost(since: number, until: number): number;
  stop(): void;
};

const port = "7007";
const program = (url: URL): readonly string[] => [process.execPath, fileURLToPath(url)];
const echo = program(new URL("./echo.js", import.meta.url));
const probe = program(new URL("./probe.js", import.meta.url));

/** Starts an answering program on each router and the asking one on `host`, every `pauseMs`. */
export async function startClient(
  lab: Lab,
  address: string,
  routers: readonly string[],
  { host = "client", pauseMs = 10 } = {},
): Promise<Client> {
  const answering = routers.map((router) => {
    const child = lab.spawn(router, [...echo, address, port, router]);
    return new Promise<void>((resolve, reject) => {
      child.stdout?.once("data", () => resolve());
      child.once("exit", () => reject(new Error(`${router}: nothing can answer at ${address}`)));
    });
  });
  await Promise.all(answering);
  const questions: Question[] = [];
  let last: string | undefined;
  const asking = lab.spawn(host, [...probe, address, port, String(pauseMs)]);
  if (asking.stdout !== null) {
    createInterface({ input: asking.stdout }).on("line", (line) => {
      const [what, number = "", at = "", by = ""] = line.split(" ");
      const place = Number(number) - 1;
      const sentAt = questions[place]?.sentAt ?? Number(at);
      if (what === "!") last = by;
      questions[place] = what === "?" ? { sentAt } : { sentAt, answeredAt: Number(at), by };
    });
  }
  return {
    questions,
    servedBy: () => last,
    lost: (since, until) =>
      questions.filter(
        ({ sentAt, answeredAt }) => sentAt >= since && sentAt < until && answeredAt === undefined,
      ).length,
    stop: () => void asking.kill(),
  };
}
