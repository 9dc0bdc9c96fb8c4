// What every Kernel does, the real one and the scripted one alike: one suite that both run. The lab
// behind a factory has two links, `left` and `right`, that are up, and knows how to pull a cable and
// how to remove an address as somebody else would.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/core/base/ip.ts";
import {
  type InterfaceAddress,
  type Kernel,
  type KernelEvent,
  vrrpProtocolTag,
} from "../../src/core/ports/kernel.ts";
import { systemErrorText } from "../../src/core/ports/system-error.ts";

export type KernelLab = {
  readonly kernel: Kernel;
  /** ifindex of `left`, which is the one that the suite changes. */
  readonly link: number;
  setLinkUp(up: boolean): void;
  removeAsSomebodyElse(address: InterfaceAddress): void;
  /** Loses events, as a reader that is too slow does. */
  overrun(): void;
  /** Waits for an event, two seconds at most; Linux tells about a cable when it gets round to it. */
  waitForEvent(): void;
  close(): void;
};

export type KernelContractOptions = {
  /** IFA_PROTO needs Linux 5.18. */
  readonly keepsProtocol?: boolean;
  /** Without CAP_NET_ADMIN on the machine itself, net.core.rmem_max bounds what may wait. */
  readonly keepsManyEvents?: boolean;
};

/** Registers the suite; each test has a lab of its own. */
export function kernelContract(
  name: string,
  factory: () => KernelLab,
  options: KernelContractOptions = {},
): void {
  const inLab = (what: string, body: (lab: KernelLab) => void): void => {
    test(`${name}: ${what}`, () => {
      const lab = factory();
      try {
        body(lab);
      } finally {
        lab.close();
      }
    });
  };

  inLab("the snapshot shows the links", (lab) => {
    const { links } = snapshotOf(lab.kernel);
    const left = links.find((link) => link.index === lab.link);
    assert.equal(left?.name, "left");
    assert.equal(left?.up, true);
    assert.equal(left?.multicast, true);
    assert.equal(left?.noArp, false);
    assert.match(left?.mac ?? "", /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    assert.equal(left?.mtu, 1500);
  });

  inLab("adding twice reports exists", (lab) => {
    const address = plain(lab, "192.0.2.1");
    assert.deepEqual(lab.kernel.addAddresses([address]), [{ kind: "done" }]);
    assert.deepEqual(lab.kernel.addAddresses([address, plain(lab, "192.0.2.2")]), [
      { kind: "exists" },
      { kind: "done" },
    ]);
    assert.equal(heldOf(lab).length, 2);
  });

  inLab("removing a missing address reports absent", (lab) => {
    lab.kernel.addAddresses([plain(lab, "192.0.2.1")]);
    assert.deepEqual(
      lab.kernel.removeAddresses([plain(lab, "192.0.2.9"), plain(lab, "192.0.2.1")]),
      [{ kind: "absent" }, { kind: "done" }],
    );
    assert.deepEqual(heldOf(lab), []);
  });

  inLab("removing an address of a missing link reports absent", (lab) => {
    const lost = { ...plain(lab, "192.0.2.1"), link: missingLink };
    assert.deepEqual(lab.kernel.removeAddresses([lost]), [{ kind: "absent" }]);
  });

  inLab("an address on an unknown link is refused in words, the others are added", (lab) => {
    const lost = { ...plain(lab, "192.0.2.7"), link: missingLink };
    const outcomes = lab.kernel.addAddresses([
      plain(lab, "192.0.2.6"),
      lost,
      plain(lab, "192.0.2.8"),
    ]);
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ["done", "refused", "done"],
    );
    const refused = outcomes[1];
    assert.ok(refused?.kind === "refused");
    assert.equal(refused.error.code, "ENODEV");
    assert.match(
      systemErrorText(refused.error),
      /^RTM_NEWADDR \(192\.0\.2\.7\/32 on interface number 4242\): ENODEV - .*does not exist/,
    );
    assert.equal(heldOf(lab).length, 2);
  });

  for (const [what, particulars] of Object.entries(particularsOf(options))) {
    inLab(`${what} survives the round trip`, (lab) => {
      const asked: InterfaceAddress = { ...plain(lab, "192.0.2.1"), ...particulars };
      assert.deepEqual(lab.kernel.addAddresses([asked]), [{ kind: "done" }]);
      assert.deepEqual(heldOf(lab), [asked]);
      assert.deepEqual(addressEvents(lab), [{ kind: "address-added", address: asked }]);
      assert.deepEqual(lab.kernel.removeAddresses([asked]), [{ kind: "done" }]);
      assert.deepEqual(heldOf(lab), []);
      assert.deepEqual(addressEvents(lab), [{ kind: "address-removed", address: asked }]);
    });
  }

  inLab("an IPv6 address survives the round trip", (lab) => {
    const asked: InterfaceAddress = {
      link: lab.link,
      address: ip("2001:db8::1"),
      prefixLength: 64,
      scope: "global",
      flags: ["nodad"],
    };
    assert.deepEqual(lab.kernel.addAddresses([asked]), [{ kind: "done" }]);
    const held = heldOf(lab).find((address) => address.address === asked.address);
    assert.deepEqual(held, asked);
  });

  inLab("a second address of a subnet is secondary", (lab) => {
    const first = { ...plain(lab, "192.0.2.1"), prefixLength: 24 };
    const second = { ...plain(lab, "192.0.2.2"), prefixLength: 24 };
    lab.kernel.addAddresses([first, second]);
    assert.deepEqual(heldOf(lab), [first, { ...second, secondary: true }]);
  });

  inLab("our own changes come back as events, in order", (lab) => {
    const all = [plain(lab, "192.0.2.1"), plain(lab, "192.0.2.2")];
    lab.kernel.addAddresses(all);
    lab.kernel.removeAddresses(all);
    assert.deepEqual(
      addressEvents(lab),
      [...all.map(added), ...all.map(removed)],
      "adds and removals",
    );
    assert.deepEqual(lab.kernel.events(), []);
  });

  inLab("an address that somebody else removes is told", (lab) => {
    const address = plain(lab, "192.0.2.1");
    lab.kernel.addAddresses([address]);
    addressEvents(lab);
    lab.removeAsSomebodyElse(address);
    assert.deepEqual(addressEvents(lab), [removed(address)]);
    assert.deepEqual(heldOf(lab), []);
  });

  inLab("a link that goes down is told once, and once when it returns", (lab) => {
    snapshotOf(lab.kernel);
    lab.kernel.events();
    for (const up of [false, true]) {
      lab.setLinkUp(up);
      // A second telling of "down" would show up before "up".
      let told: readonly boolean[] = [];
      for (let waits = 0; told.length === 0 && waits < 10; waits++) {
        lab.waitForEvent();
        told = lab.kernel
          .events()
          .flatMap((event) =>
            event.kind === "link-changed" && event.link.index === lab.link ? [event.link.up] : [],
          );
      }
      assert.deepEqual(told, [up]);
    }
  });

  inLab("1,000 addresses go in and out in one call each", (lab) => {
    const all = Array.from({ length: 1_000 }, (_, i) =>
      plain(lab, `10.9.${Math.floor(i / 250)}.${(i % 250) + 1}`),
    );
    assert.ok(lab.kernel.addAddresses(all).every(({ kind }) => kind === "done"));
    assert.equal(heldOf(lab).length, 1_000);
    if (options.keepsManyEvents === false) lab.kernel.events();
    else assert.deepEqual(addressEvents(lab), all.map(added));
    assert.ok(lab.kernel.addAddresses(all).every(({ kind }) => kind === "exists"));
    assert.ok(lab.kernel.removeAddresses(all).every(({ kind }) => kind === "done"));
    assert.ok(lab.kernel.removeAddresses(all).every(({ kind }) => kind === "absent"));
    assert.deepEqual(heldOf(lab), []);
  });

  inLab("lost events are told as one overrun, and later ones arrive again", (lab) => {
    snapshotOf(lab.kernel);
    lab.overrun();
    assert.deepEqual(lab.kernel.events(), [{ kind: "overrun" }]);
    assert.deepEqual(lab.kernel.events(), []);
    const address = plain(lab, "192.0.2.1");
    lab.kernel.addAddresses([address]);
    assert.deepEqual(addressEvents(lab), [added(address)]);
  });

  inLab("no addresses are no request", (lab) => {
    assert.deepEqual(lab.kernel.addAddresses([]), []);
    assert.deepEqual(lab.kernel.removeAddresses([]), []);
  });
}

const missingLink = 4242;

const particularsOf = (
  options: KernelContractOptions,
): Readonly<Record<string, Partial<InterfaceAddress>>> => ({
  "a prefix length": { prefixLength: 24 },
  "a broadcast address": { prefixLength: 24, broadcast: ip("192.0.2.255") },
  "a label": { label: "left:vip" },
  "a scope by name": { scope: "link" },
  "a scope by number": { scope: 42 },
  "a peer": { peer: ip("198.51.100.7") },
  "the flag noprefixroute": { prefixLength: 24, flags: ["noprefixroute"] },
  "a preferred lifetime of 0": { preferredLifetime: 0 },
  ...(options.keepsProtocol === false ? {} : { "the tag of VRRP": { protocol: vrrpProtocolTag } }),
});

const plain = (lab: KernelLab, address: string): InterfaceAddress => ({
  link: lab.link,
  address: ip(address),
  prefixLength: 32,
  scope: "global",
});

const added = (address: InterfaceAddress): KernelEvent => ({ kind: "address-added", address });
const removed = (address: InterfaceAddress): KernelEvent => ({ kind: "address-removed", address });

function snapshotOf(kernel: Kernel) {
  const snapshot = kernel.snapshot();
  assert.ok(snapshot.ok, "the snapshot is there");
  return snapshot.value;
}

/** What the link holds, without the link-local address that Linux gives it by itself. */
const heldOf = (lab: KernelLab): readonly InterfaceAddress[] =>
  snapshotOf(lab.kernel).addresses.filter(
    ({ link, address }) => link === lab.link && !address.startsWith("fe80"),
  );

const addressEvents = (lab: KernelLab): readonly KernelEvent[] =>
  lab.kernel
    .events()
    .filter(
      (event) =>
        (event.kind === "address-added" || event.kind === "address-removed") &&
        event.address.link === lab.link &&
        !event.address.address.startsWith("fe80"),
    );
