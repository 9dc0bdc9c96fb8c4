// The driver between engine and system: what happens at once, what waits, and in which order. The
// engine is a script of effects; kernel and sockets write down what they were asked, in order.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type IpAddress, ip } from "../../../../src/core/base/ip.ts";
import { err, ok } from "../../../../src/core/base/result.ts";
import { type Instant, instant } from "../../../../src/core/base/time.ts";
import type { EngineEffect } from "../../../../src/core/engine/effect.ts";
import type { Engine } from "../../../../src/core/engine/engine.ts";
import type { EngineInput } from "../../../../src/core/engine/input.ts";
import type { InterfaceAddress } from "../../../../src/core/ports/kernel.ts";
import type { SystemError } from "../../../../src/core/ports/system-error.ts";
import { ScriptedKernel } from "../../../../src/core/sim/scripted-kernel.ts";
import { chunkMax, Performer, type SendingNet } from "../../../../src/host/daemon/perform.ts";

const group = ip("224.0.0.18");
const bytes = new Uint8Array([1]);
const refusal: SystemError = { call: "socket", object: "raw socket", code: "EPERM" };
const spec = {
  kind: "multicast",
  family: "ipv4",
  protocol: 112,
  link: 1,
  linkName: "eth0",
  group,
} as const;

const advert = (socket = 1): EngineEffect => ({ kind: "send-packet", socket, to: group, bytes });
const frame: EngineEffect = { kind: "send-frame", link: 1, bytes };
const address = (number: number): InterfaceAddress => ({
  link: 1,
  address: ip(`10.0.${number >> 8}.${number & 255}`),
  prefixLength: 16,
  scope: "global",
});
const addresses = (count: number, from = 1) =>
  Array.from({ length: count }, (_, i) => address(from + i));
const add = (list: readonly InterfaceAddress[], instance = "A"): EngineEffect => ({
  kind: "add-addresses",
  instance,
  addresses: list,
});
const remove = (list: readonly InterfaceAddress[], instance = "A"): EngineEffect => ({
  kind: "remove-addresses",
  instance,
  addresses: list,
});

/** Everything that happened, in one list, so that order can be compared. */
class Bench {
  readonly log: string[] = [];
  readonly inputs: EngineInput[] = [];
  readonly kernel = new ScriptedKernel();
  /** What the engine answers to its next inputs. */
  answers: (readonly EngineEffect[])[] = [];
  /** Adverts are due again and again while this is set. */
  deadline: Instant | undefined;
  refuseOpen = false;
  refuseSend = false;
  readonly performer: Performer;

  constructor() {
    this.kernel.setLink({ name: "eth0" });
    const { log, kernel } = this;
    const loggedKernel = {
      snapshot: () => kernel.snapshot(),
      events: () => kernel.events(),
      close: () => kernel.close(),
      addAddresses: (list: readonly InterfaceAddress[]) => {
        log.push(`add ${list.length}`);
        return kernel.addAddresses(list);
      },
      removeAddresses: (list: readonly InterfaceAddress[]) => {
        log.push(`remove ${list.length}`);
        return kernel.removeAddresses(list);
      },
    };
    this.performer = new Performer(
      this.engine(),
      { kernel: loggedKernel, net: this.net() },
      {
        socketOpened: (socket) => log.push(`opened ${socket}`),
        socketClosing: (socket) => log.push(`closing ${socket}`),
        holding: (list) => log.push(`holding ${list.length}`),
        released: (list) => log.push(`released ${list.length}`),
        report: (event) => log.push(`report ${event.kind}`),
      },
      () => instant(0),
    );
  }

  /** Opens the sockets that a test sends on, and forgets that. */
  open(...sockets: readonly number[]): this {
    this.tell(...sockets.map((socket): EngineEffect => ({ kind: "open-socket", socket, spec })));
    this.log.length = 0;
    this.inputs.length = 0;
    return this;
  }

  /** Gives the engine an input that it answers with `effects`. */
  tell(...effects: readonly EngineEffect[]): void {
    this.answers.unshift(effects);
    this.performer.handle({ kind: "link-removed", index: 9 }, instant(0));
  }

  private engine(): Engine {
    return {
      handle: (input) => {
        this.inputs.push(input);
        return this.answers.shift() ?? [];
      },
      handleTimeout: () => [advert()],
      nextTimeout: () => this.deadline,
      status: () => ({ instances: [], links: [], unknownVrids: [] }),
    };
  }

  private net(): SendingNet {
    const { log } = this;
    const unused = (): never => assert.fail("the driver sends in runs");
    return {
      open: (socket) => {
        log.push(`open ${socket}`);
        return this.refuseOpen ? err(refusal) : ok(undefined);
      },
      close: (socket) => log.push(`close ${socket}`),
      send: unused,
      sendFrame: unused,
      receive: () => [],
      sendAll: (socket, packets: readonly { readonly to: IpAddress }[]) => {
        log.push(`send ${packets.length} on ${socket}`);
        return this.refuseSend ? [{ place: 0, error: refusal }] : [];
      },
      sendFrames: (frames) => {
        log.push(`frames ${frames.length}`);
        return [];
      },
    };
  }
}

test("perform: packets leave within the input, in runs per socket and in order", () => {
  const bench = new Bench().open(1, 2);
  bench.tell(advert(1), advert(1), advert(2), advert(1));
  assert.deepEqual(bench.log, ["send 2 on 1", "send 1 on 2", "send 1 on 1"]);
});

test("perform: a socket is opened before what is sent on it, and drained of sends before it closes", () => {
  const bench = new Bench();
  bench.tell({ kind: "open-socket", socket: 1, spec }, advert(), advert(), {
    kind: "close-socket",
    socket: 1,
  });
  assert.deepEqual(bench.log, ["open 1", "opened 1", "send 2 on 1", "closing 1", "close 1"]);
});

test("perform: a socket that is refused comes back as an input, and nothing is sent on it", () => {
  const bench = new Bench();
  bench.refuseOpen = true;
  bench.tell({ kind: "open-socket", socket: 7, spec }, advert(7));
  assert.deepEqual(bench.log, ["open 7"]);
  assert.deepEqual(bench.inputs[1], { kind: "socket-refused", socket: 7, error: refusal });
});

test("perform: a send that is refused comes back as an input", () => {
  const bench = new Bench().open(3);
  bench.refuseSend = true;
  bench.tell(advert(3));
  assert.deepEqual(bench.inputs[1], { kind: "socket-refused", socket: 3, error: refusal });
});

test("perform: adverts go out before addresses, and whoever guards them knows first", () => {
  const bench = new Bench().open(1);
  bench.tell(add(addresses(2)), advert());
  assert.deepEqual(bench.log, ["send 1 on 1"]);
  assert.equal(bench.performer.nextDeadline(instant(5)), instant(5));
  bench.performer.advance(instant(0));
  assert.deepEqual(bench.log.slice(1), ["holding 2", "add 2"]);
  assert.deepEqual(bench.inputs[1], {
    kind: "addresses-added",
    instance: "A",
    addresses: addresses(2),
    outcomes: [{ kind: "done" }, { kind: "done" }],
  });
});

test("perform: thousands of addresses are added in chunks, with due adverts in between", () => {
  const bench = new Bench().open(1);
  const count = 3 * chunkMax + 10;
  bench.tell(add(addresses(count)));
  bench.deadline = instant(0);
  while (bench.performer.isBusy) bench.performer.advance(instant(0));
  const chunk = ["send 1 on 1", `holding ${chunkMax}`, `add ${chunkMax}`];
  assert.deepEqual(bench.log, [
    ...chunk,
    ...chunk,
    ...chunk,
    "send 1 on 1",
    "holding 10",
    "add 10",
  ]);
  const answers = bench.inputs.filter(({ kind }) => kind === "addresses-added");
  assert.equal(answers.length, 1);
  assert.equal(bench.performer.held.length, count);
});

test("perform: small requests of several instances share a chunk, and each gets its own answer", () => {
  const bench = new Bench();
  bench.tell(add(addresses(2), "A"), add(addresses(1, 10), "B"), add(addresses(3, 20), "C"));
  bench.performer.advance(instant(0));
  assert.deepEqual(bench.log, ["holding 6", "add 6"]);
  assert.deepEqual(
    bench.inputs
      .slice(1)
      .map((input) => "instance" in input && [input.instance, input.addresses.length]),
    [
      ["A", 2],
      ["B", 1],
      ["C", 3],
    ],
  );
});

test("perform: removal follows what was asked before it, and announcements keep their place", () => {
  const bench = new Bench();
  bench.tell(add(addresses(1)), frame, frame, remove(addresses(1)), frame);
  while (bench.performer.isBusy) bench.performer.advance(instant(0));
  assert.deepEqual(bench.log, [
    "holding 1",
    "add 1",
    "frames 2",
    "remove 1",
    "released 1",
    "frames 1",
  ]);
  assert.deepEqual(bench.performer.held, []);
});

test("perform: somebody else's address and a refused one are not held, our own one still is", () => {
  const bench = new Bench();
  bench.kernel.addAddresses([address(9)]);
  bench.tell(add([address(9)]), add([address(1)]));
  bench.performer.advance(instant(0));
  assert.deepEqual(bench.performer.held, [address(1)]);
  bench.tell(add([address(1)]));
  bench.performer.advance(instant(0));
  assert.deepEqual(bench.performer.held, [address(1)], "it exists because of us");
  bench.kernel.refuseAddresses(refusal);
  bench.tell(add([address(2)]));
  bench.performer.advance(instant(0));
  assert.deepEqual(bench.performer.held, [address(1)]);
  assert.deepEqual(bench.log.slice(-1), ["released 1"]);
});

test("perform: additions that nobody wants any more are answered without troubling the kernel", () => {
  const bench = new Bench();
  bench.tell(add(addresses(chunkMax + 5), "A"), add(addresses(1, 900), "B"));
  bench.performer.advance(instant(0));
  bench.tell({ kind: "cancel-additions", instance: "A" });
  while (bench.performer.isBusy) bench.performer.advance(instant(0));
  assert.deepEqual(
    bench.log.filter((line) => line.startsWith("add")),
    [`add ${chunkMax}`, "add 1"],
  );
  const answers = bench.inputs.flatMap((input) =>
    input.kind === "addresses-added" ? [input.outcomes.map(({ kind }) => kind)] : [],
  );
  assert.deepEqual(answers, [
    [...Array(chunkMax).fill("done"), ...Array(5).fill("absent")],
    ["done"],
  ]);
});

test("perform: it has stopped only when everything before is done", () => {
  const bench = new Bench().open(1);
  bench.tell(add(addresses(1)));
  bench.performer.advance(instant(0));
  bench.tell(advert(), remove(addresses(1)), { kind: "stopped" });
  assert.equal(bench.performer.stopped, false);
  bench.performer.advance(instant(0));
  assert.equal(bench.performer.stopped, false);
  bench.performer.advance(instant(0));
  assert.equal(bench.performer.stopped, true);
});

test("perform: an engine that breaks still loses its addresses", () => {
  const bench = new Bench();
  bench.tell(add(addresses(300)));
  while (bench.performer.isBusy) bench.performer.advance(instant(0));
  bench.answers = [];
  Object.defineProperty(bench, "inputs", {
    get: () => {
      throw new Error("invariant broken: for the test");
    },
  });
  bench.performer.withdraw();
  assert.deepEqual(bench.kernel.held(), []);
  assert.deepEqual(bench.performer.held, []);
});

test("perform: an engine that can still withdraw does so by itself", () => {
  const bench = new Bench().open(1);
  bench.tell(add(addresses(2)));
  bench.performer.advance(instant(0));
  bench.log.length = 0;
  bench.answers = [[advert(), remove(addresses(2)), { kind: "stopped" }]];
  bench.performer.withdraw();
  assert.deepEqual(bench.log, ["send 1 on 1", "remove 2", "released 2"]);
  assert.deepEqual(bench.kernel.held(), []);
});
