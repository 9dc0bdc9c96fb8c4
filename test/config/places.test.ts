// The index of places: for every keyword that counts, and for every line of a block, the text that
// it points at.

import assert from "node:assert/strict";
import { test } from "node:test";
import { placesOf } from "../../src/core/config/places.ts";
import type { Span } from "../../src/core/config/source.ts";
import { loadText } from "./config-text.ts";

const text = `global_defs {
  vrrp_version 3
}
vrrp_instance A {
  interface eth0
  virtual_router_id 51
  priority 90
  priority 100
  nopreempt
  authentication {
    auth_type PASS
    auth_pass secret
  }
  virtual_ipaddress {
    192.0.2.10/24 dev eth1
    2001:DB8::1
  }
  track_interface {
    eth2 weight -20
  }
}
vrrp_instance A {
  priority 77
}
`;

const shown = (span: Span | undefined): string | undefined =>
  span === undefined ? undefined : text.slice(span.start, span.end);

test("every keyword has the place of the value that counts", () => {
  const { globals, instances } = placesOf(loadText(text).statements);
  assert.equal(shown(globals.get("vrrp_version")), "3");
  const a = instances.get("A");
  assert.equal(shown(a?.span), "vrrp_instance A");
  assert.equal(shown(a?.keywords.get("priority")), "100");
  assert.equal(shown(a?.keywords.get("nopreempt")), "nopreempt");
  assert.equal(shown(a?.keywords.get("auth_pass")), "secret");
  assert.equal(shown(a?.keywords.get("virtual_ipaddress")), "virtual_ipaddress");
  assert.equal(instances.size, 1);
});

test("lines are found by address or name, however they are written", () => {
  const lines = placesOf(loadText(text).statements).instances.get("A")?.lines;
  assert.equal(shown(lines?.get("virtual_ipaddress")?.get("192.0.2.10")), "192.0.2.10/24");
  assert.equal(shown(lines?.get("virtual_ipaddress")?.get("2001:db8::1")), "2001:DB8::1");
  assert.equal(shown(lines?.get("track_interface")?.get("eth2")), "eth2");
});

test("an empty file, and one that cannot be read in full, have what is there", () => {
  assert.equal(placesOf(loadText("").statements).instances.size, 0);
  const half = placesOf(loadText("vrrp_instance B {\n priority x\n").statements);
  assert.deepEqual([...half.instances.keys()], ["B"]);
});
