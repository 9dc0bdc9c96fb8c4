// What `init` generates: `check` finds nothing in any file nor in the group as a whole, the files are
// in our own layout, and they differ only where they should. Plans that make no sense are refused
// with a sentence.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatText } from "../../src/core/config/format.ts";
import type { GroupPlan } from "../../src/core/config/generate.ts";
import { generateGroup, passwordOf, routersMax } from "../../src/core/config/generate.ts";
import { checkGroup } from "../../src/core/review/check-group.ts";
import { loadText } from "./config-text.ts";

const basic: GroupPlan = {
  interface: "eth0",
  addresses: ["192.0.2.10/24"],
  routers: [{ name: "r1" }, { name: "r2" }],
  unicast: false,
  version: 3,
  interval: 1,
  nopreempt: false,
};

function generated(plan: Partial<GroupPlan> = {}) {
  const result = generateGroup({ ...basic, ...plan });
  assert.ok(result.ok, result.ok ? "" : result.error);
  return result.value;
}

test("a pair with passwords and unicast, in full", () => {
  const { files } = generated({
    routers: [
      { name: "left", source: "192.0.2.2" },
      { name: "right", source: "192.0.2.3" },
    ],
    unicast: true,
    version: 2,
    password: "s3cret",
    nopreempt: true,
  });
  assert.equal(
    files[1]?.text,
    `# right: number 2 of 2 routers that keep 192.0.2.10/24 alive.
# They agree on everything but router_id, priority and their own addresses.

global_defs {
    router_id right
}

vrrp_instance VI_10 {
    # All start as backups: the priority decides, and no start makes two masters.
    state BACKUP
    interface eth0
    version 2
    virtual_router_id 10
    priority 100
    advert_int 1
    nopreempt

    unicast_src_ip 192.0.2.3
    unicast_peer {
        192.0.2.2
    }

    authentication {
        auth_type PASS
        auth_pass s3cret
    }

    virtual_ipaddress {
        192.0.2.10/24
    }
}
`,
  );
});

test("the VRID is the first address's last byte, or the next free one", () => {
  assert.equal(generated().vrid, 10);
  assert.equal(generated({ usedVrids: [10, 11] }).vrid, 12);
  assert.equal(generated({ addresses: ["192.0.2.0/31"] }).vrid, 1);
  assert.equal(generated({ addresses: ["192.0.2.255/16"], usedVrids: [255] }).vrid, 1);
  assert.equal(generated({ vrid: 77 }).vrid, 77);
  const all = Array.from({ length: 255 }, (_, i) => i + 1);
  assert.deepEqual(generateGroup({ ...basic, usedVrids: all }), {
    ok: false,
    error: "every VRID from 1 to 255 is used already",
  });
});

test("priorities fall by 50, or by as much as there is room for", () => {
  const priorities = (count: number) =>
    generated({
      routers: Array.from({ length: count }, (_, i) => ({ name: `r${i}` })),
    }).files.map(({ priority }) => priority);
  assert.deepEqual(priorities(2), [150, 100]);
  assert.deepEqual(priorities(4), [250, 200, 150, 100]);
  const most = priorities(routersMax);
  assert.ok(most.every((priority) => priority >= 100 && priority <= 254));
  assert.ok(most.every((priority, i) => i === 0 || (most[i - 1] ?? 0) - priority >= 10));
});

test("a password is made of the bytes alone", () => {
  assert.equal(passwordOf(new Uint8Array([0, 1, 31, 32, 255, 7, 8, 9, 10])), "ab9a9hij");
});

const refused: readonly (readonly [plan: Partial<GroupPlan>, reason: RegExp])[] = [
  [{ interface: "eth 0" }, /not the name of an interface/],
  [{ interface: "" }, /not the name of an interface/],
  [{ routers: [{ name: "r1" }] }, /two routers or more/],
  [{ routers: [{ name: "r1" }, { name: "r1" }] }, /two routers are named r1/],
  [{ routers: [{ name: "../r1" }, { name: "r2" }] }, /not a name for a router/],
  [{ addresses: [] }, /at least one virtual address/],
  [{ addresses: ["192.0.2.10/33"] }, /`192\.0\.2\.10\/33` is not an address/],
  [{ addresses: ["192.0.2.10", "2001:db8::1"] }, /one family/],
  [{ addresses: ["192.0.2.10/24", "192.0.2.10"] }, /named twice/],
  [{ addresses: ["2001:db8::1"], version: 2 }, /IPv6 needs version 3/],
  [{ unicast: true }, /unicast needs the address of r1/],
  [{ routers: [{ name: "a", source: "x" }, { name: "b" }] }, /not an IPv4 address of a/],
  [{ routers: [{ name: "a", source: "192.0.2.10" }, { name: "b" }] }, /is a virtual address/],
  [{ vrid: 0 }, /from 1 to 255/],
  [{ vrid: 5, usedVrids: [5] }, /VRID 5 is used already/],
  [{ interval: 0.005 }, /steps of 0\.01/],
  [{ interval: 41 }, /steps of 0\.01/],
  [{ version: 2, interval: 0.5 }, /whole seconds/],
  [{ password: "secret" }, /no authentication/],
  [{ version: 2, password: "ninechars" }, /1 to 8/],
  [{ version: 2, password: "a#b" }, /1 to 8/],
];

for (const [plan, reason] of refused) {
  test(`refused: ${JSON.stringify(plan)}`, () => {
    const result = generateGroup({ ...basic, ...plan });
    assert.ok(!result.ok);
    assert.match(result.error, reason);
  });
}

const plans: fc.Arbitrary<GroupPlan> = fc
  .record({
    count: fc.integer({ min: 2, max: routersMax }),
    addresses: fc.uniqueArray(fc.integer({ min: 100, max: 250 }), { minLength: 1, maxLength: 5 }),
    unicast: fc.boolean(),
    sources: fc.boolean(),
    version: fc.constantFrom(2 as const, 3 as const),
    hundredths: fc.integer({ min: 1, max: 4095 }),
    seconds: fc.integer({ min: 1, max: 255 }),
    password: fc.option(fc.stringMatching(/^[A-Za-z0-9_.,:;+*/=@%^&()<>?|~-]{1,8}$/)),
    nopreempt: fc.boolean(),
    usedVrids: fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 200 }),
  })
  .map(
    ({ count, addresses, sources, unicast, version, password, hundredths, seconds, ...rest }) => ({
      ...rest,
      interface: "eth0",
      addresses: addresses.map((last) => `192.0.2.${last}/24`),
      routers: Array.from({ length: count }, (_, i) => ({
        name: `r${i}`,
        ...(sources || unicast ? { source: `192.0.2.${i + 1}` } : {}),
      })),
      unicast,
      version,
      interval: version === 2 ? seconds : hundredths / 100,
      ...(version === 2 && password !== null ? { password } : {}),
    }),
  );

test("whatever is planned, check finds nothing in the files and nothing in the group", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { files, vrid } = generated(plan);
      assert.ok(!(plan.usedVrids ?? []).includes(vrid));
      const members = files.map(({ text, router }) => ({ path: router, loaded: loadText(text) }));
      for (const [i, { loaded }] of members.entries()) {
        assert.deepEqual(loaded.diagnostics, []);
        const text = files[i]?.text ?? "";
        assert.deepEqual(formatText(text), { ok: true, value: text });
        const instance = loaded.model?.instances[0];
        assert.equal(instance?.priority, files[i]?.priority);
        assert.equal(instance?.preempt, !plan.nopreempt);
      }
      assert.deepEqual(checkGroup(members).diagnostics, []);
    }),
    { numRuns: 200 },
  );
});
