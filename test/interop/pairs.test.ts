// Ours and Debian's keepalived as one pair, ours as master and as backup: version 2 with a password,
// version 3 with both readings of its checksum, multicast and unicast. Each pair elects, survives a
// cut cable by the formula, elects again, and hands over at a clean end by the skew. Debian's 2.2.7
// knows only the reading with a pseudo-header, so the other one is followed but not understood by it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createLab, type Lab, monotonicMs, routersAndClient } from "../../src/host/lab/lab.ts";
import {
  type RouterProcess,
  type RouterProgram,
  startRouter,
} from "../../src/host/lab/router-process.ts";
import { startWitness, type Witness } from "../../src/host/lab/witness.ts";
import { eventually, found, throughout } from "../lab/eventually.ts";
import {
  type InstanceOptions,
  instanceText,
  masterDownMs,
  passwordLines,
  skewMs,
  unicastLines,
  virtualAddress,
} from "../lab/instance-text.ts";
import {
  ours,
  skipForStandIn,
  skipWithoutKeepalived,
  skipWithoutTcpdump,
} from "../lab/requirements.ts";

type Variant = {
  readonly name: string;
  readonly version: 2 | 3;
  /** Lines of the instance for both, and for ours alone. */
  readonly lines: readonly string[];
  readonly ourLines: readonly string[];
};

const messageAlone = ["v3_checksum_as_v2"];

const variants: readonly Variant[] = [
  { name: "v2 with PASS", version: 2, lines: passwordLines("secret12"), ourLines: [] },
  { name: "v3", version: 3, lines: [], ourLines: [] },
];

const address = { a: "192.168.254.1", b: "192.168.254.2" };
/** How late a take-over may be on a busy machine. */
const latenessMs = 80;

describe("pairs with keepalived", {
  skip: skipWithoutKeepalived || skipWithoutTcpdump,
  concurrency: 3,
}, () => {
  for (const variant of variants) {
    for (const cast of ["multicast", "unicast"] as const) {
      for (const role of ["master", "backup"] as const) {
        test(`${variant.name}, ${cast}, ours as ${role}`, () => playPair(variant, cast, role));
      }
    }
  }

  test("ours killed as master of a keepalived", { skip: skipForStandIn }, async () => {
    const lab = createLab("killed", routersAndClient(2));
    try {
      const witness = await startWitness(lab);
      assert.ok(witness !== undefined);
      const weak = { priority: 100 };
      const a = startRouter(lab, "a", { program: ours, config: instanceText({ priority: 150 }) });
      const b = startRouter(lab, "b", { program: "keepalived", config: instanceText(weak) });
      await a.reaches("MASTER", 5_000);
      await eventually("b is backup", () => b.state() === "BACKUP");
      const since = monotonicMs();
      await a.crash();
      await b.reaches("MASTER", 2_000);
      await assertLateness(witness, since, masterDownMs(weak), () => true);
      const gone = (): boolean => !lab.addresses("a").includes(`${virtualAddress}/24`);
      await eventually("the dead one's address is gone", gone, 1_000);
    } finally {
      lab.close();
    }
  });

  const odd: Variant = { name: "odd", version: 3, lines: [], ourLines: messageAlone };
  test(
    "B09: v3_checksum_as_v2, ours as backup follows a pseudo-header",
    { skip: skipForStandIn },
    () => playPair(odd, "multicast", "backup", /Invalid VRRPv3 checksum/),
  );

  test("A18: v3_checksum_as_v2, ours as master is refused by its checksum alone", {
    skip: skipForStandIn,
  }, async () => {
    const lab = createLab("reading", routersAndClient(2));
    try {
      const text = (priority: number, lines: readonly string[]): string =>
        instanceText({ priority, lines });
      const a = startRouter(lab, "a", { program: ours, config: text(150, messageAlone) });
      await a.reaches("MASTER", 5_000);
      const b = startRouter(lab, "b", { program: "keepalived", config: text(100, []) });
      await b.says(/Invalid VRRPv3 checksum/, 2_000);
      assertNoComplaint(b, /Invalid VRRPv3 checksum/);
    } finally {
      lab.close();
    }
  });
});

let pairs = 0;

async function playPair(
  { version, lines, ourLines }: Variant,
  cast: "multicast" | "unicast",
  role: "master" | "backup",
  expected?: RegExp,
): Promise<void> {
  const lab = createLab(`pair${++pairs}`, routersAndClient(2));
  try {
    const witness = await startWitness(lab);
    assert.ok(witness !== undefined);
    const programs: Record<"a" | "b", RouterProgram> =
      role === "master" ? { a: ours, b: "keepalived" } : { a: "keepalived", b: ours };
    const options = (host: "a" | "b"): InstanceOptions => ({
      version,
      priority: host === "a" ? 150 : 100,
      lines: [
        ...lines,
        ...(programs[host] === ours ? ourLines : []),
        ...(cast === "unicast" ? unicastOf(host) : []),
      ],
    });
    const open = (host: "a" | "b"): RouterProcess =>
      startRouter(lab, host, { program: programs[host], config: instanceText(options(host)) });
    await play({ lab, witness, open, weak: options("b"), expected });
  } finally {
    lab.close();
  }
}

const unicastOf = (host: "a" | "b"): readonly string[] =>
  unicastLines(address[host], [address[host === "a" ? "b" : "a"]]);

type Stage = {
  readonly lab: Lab;
  readonly witness: Witness;
  readonly open: (host: "a" | "b") => RouterProcess;
  readonly weak: InstanceOptions;
  /** A complaint that is right. */
  readonly expected: RegExp | undefined;
};

async function play({ lab, witness, open, weak, expected }: Stage): Promise<void> {
  const holders = (): string =>
    ["a", "b"].filter((host) => lab.addresses(host).includes(`${virtualAddress}/24`)).join("");
  const b = open("b");
  let a = open("a");
  await a.reaches("MASTER", 8_000);
  await eventually("only a holds the address", () => holders() === "a", 3_000, holders);
  await b.reaches("BACKUP", 3_000);
  await throughout("one master", () => b.state() === "BACKUP" && a.state() === "MASTER", 1_200);

  const cut = monotonicMs();
  lab.cable("a", "out");
  await b.reaches("MASTER", 6_000);
  await assertLateness(witness, cut, masterDownMs(weak), () => true);
  await eventually("only b holds the address", () => holders() === "b", 1_000, holders);

  lab.cable("a", "in");
  await a.reaches("MASTER", 8_000);
  await b.reaches("BACKUP", 2_000);
  await eventually("only a holds the address", () => holders() === "a", 1_000, holders);

  const end = monotonicMs();
  await a.stop();
  await b.reaches("MASTER", 3_000);
  const skew = skewMs(weak.priority, weak.version === 2 ? 1000 : 100);
  await assertLateness(witness, end, skew, ({ priority }) => priority === 0);

  a = open("a");
  await a.reaches("MASTER", 8_000);
  await b.reaches("BACKUP", 2_000);
  await b.stop();
  await throughout("a stays master", () => a.state() === "MASTER" && holders() === "a", 300);
  assertNoComplaint(a, expected);
  assertNoComplaint(b, expected);
}

/** b's first advert since then came `wait` after the last of a's adverts that qualify. */
async function assertLateness(
  witness: Witness,
  since: number,
  wait: number,
  qualifies: (advert: { readonly priority: number }) => boolean,
): Promise<void> {
  const first = await found("an advert of b", () =>
    witness.adverts(address.b).find(({ at }) => at > since),
  );
  const last = witness.adverts(address.a).findLast((one) => one.at < first.at && qualifies(one));
  assert.ok(last !== undefined, "an advert of a");
  const late = first.at - last.at - wait;
  assert.ok(late > -2 && late < latenessMs, `${late.toFixed(1)} ms late`);
}

/** Nobody found fault with the other one's packets, save for what is expected. */
function assertNoComplaint(router: RouterProcess, expected?: RegExp): void {
  const complaint =
    /checksum|invalid|mismatch|too (short|long)|wrong|not present|expected \d+ VIPs|unknown/i;
  const complaints = router.lines
    .map(({ text }) => text)
    .filter((text) => complaint.test(text) && expected?.test(text) !== true);
  assert.deepEqual(complaints, [], `${router.program} on ${router.host}`);
}
