// What is missing of the capabilities that a virtual router needs, from the text of /proc/PID/status.

import assert from "node:assert/strict";
import { test } from "node:test";
import { systemErrorText } from "../../../../src/core/ports/system-error.ts";
import { capabilitiesIn } from "../../../../src/host/linux/capabilities.ts";

const status = (mask: string): string =>
  `Name:\tnode\nCapPrm:\t000001ffffffffff\nCapEff:\t${mask}\nCapBnd:\t000001ffffffffff\n`;

function told(mask: string): string {
  const checked = capabilitiesIn(status(mask));
  return checked.ok ? "" : systemErrorText(checked.error);
}

test("both capabilities, alone or among others, are enough", () => {
  assert.equal(told("000001ffffffffff"), "");
  assert.equal(told("0000000000003000"), "");
});

test("what is missing is named, with the line that grants it", () => {
  assert.match(told("0000000000001000"), /needs CAP_NET_RAW: .*AmbientCapabilities=CAP_NET_RAW\)$/);
  assert.match(told("0000000000002000"), /needs CAP_NET_ADMIN: /);
  assert.match(
    told("0000000000000000"),
    /needs CAP_NET_ADMIN and CAP_NET_RAW: .*AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW\)$/,
  );
});

test("where the kernel does not tell, the calls themselves will", () => {
  assert.ok(capabilitiesIn("Name:\tnode\n").ok);
});
