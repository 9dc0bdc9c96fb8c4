// A group of three with both kinds in it: ours, a keepalived, ours again by falling priority, then
// the same with a keepalived at both ends. The next in line takes over every time, whoever it is.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createLab, routersAndClient } from "../../src/host/lab/lab.ts";
import { type RouterProgram, startRouter } from "../../src/host/lab/router-process.ts";
import { eventually, throughout } from "../lab/eventually.ts";
import { instanceText, virtualAddress } from "../lab/instance-text.ts";
import { ours, skipWithoutKeepalived } from "../lab/requirements.ts";

const groups: readonly (readonly [RouterProgram, RouterProgram, RouterProgram])[] = [
  [ours, "keepalived", ours],
  ["keepalived", ours, "keepalived"],
];

describe("three routers of both kinds", { skip: skipWithoutKeepalived }, () => {
  for (const programs of groups) {
    test(programs.join(", "), () => playThree(programs));
  }
});

/** Far apart, so that the third one's skew is 70 ms longer than the second one's. */
const priorities = [250, 200, 20];

async function playThree(programs: readonly RouterProgram[]): Promise<void> {
  const lab = createLab("mixed", routersAndClient(3));
  try {
    const hosts = ["a", "b", "c"];
    const open = (i: number) =>
      startRouter(lab, hosts[i] ?? "", {
        program: programs[i] ?? ours,
        config: instanceText({ priority: priorities[i] ?? 1 }),
      });
    const holders = (): string =>
      hosts.filter((host) => lab.addresses(host).includes(`${virtualAddress}/24`)).join("");
    const serves = (host: string): Promise<void> =>
      eventually(`only ${host} serves`, () => holders() === host, 5_000, holders);
    const [a, b, c] = [open(0), open(1), open(2)];
    await serves("a");
    lab.cable("a", "out");
    await serves("b");
    await c.reaches("BACKUP", 1_000);
    await throughout("c waits", () => c.state() === "BACKUP", 500);
    assert.equal(await b.stop(), 0);
    await serves("c");
    lab.cable("a", "in");
    await serves("a");
    const again = open(1);
    await again.reaches("BACKUP", 3_000);
    await throughout("a stays", () => holders() === "a", 600, holders);
    await a.stop();
    await serves("b");
  } finally {
    lab.close();
  }
}
