// The scripted kernel signs the contract that the real one signs in test/netns/kernel.test.ts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/core/base/ip.ts";
import { ScriptedKernel } from "../../src/core/sim/scripted-kernel.ts";
import { kernelContract } from "./kernel.ts";

kernelContract("scripted kernel", () => {
  const kernel = new ScriptedKernel();
  const link = kernel.setLink({ name: "left" }).index;
  kernel.setLink({ name: "right" });
  kernel.events();
  return {
    kernel,
    link,
    setLinkUp: (up) => kernel.setLinkUp("left", up),
    removeAsSomebodyElse: ({ address }) => kernel.removeAsSomebodyElse(address),
    overrun: () => kernel.overrun(),
    waitForEvent: () => {},
    close: () => kernel.close(),
  };
});

test("scripted kernel: refuses as the script says, and stops when told", () => {
  const kernel = new ScriptedKernel();
  const link = kernel.setLink({ name: "left" }).index;
  const error = { call: "RTM_NEWADDR", object: "192.0.2.1/32 on left", code: "ENOBUFS" };
  const address = { link, address: ip("192.0.2.1"), prefixLength: 32, scope: "global" } as const;
  kernel.refuseAddresses(error);
  assert.deepEqual(kernel.addAddresses([address]), [{ kind: "refused", error }]);
  kernel.refuseAddresses(undefined);
  assert.deepEqual(kernel.addAddresses([address]), [{ kind: "done" }]);
});

test("scripted kernel: a link that is removed takes its addresses with it", () => {
  const kernel = new ScriptedKernel();
  const link = kernel.setLink({ name: "left" }).index;
  kernel.addAddresses([{ link, address: ip("192.0.2.1"), prefixLength: 32, scope: "global" }]);
  kernel.events();
  kernel.removeLink("left");
  assert.deepEqual(
    kernel.events().map(({ kind }) => kind),
    ["address-removed", "link-removed"],
  );
  assert.deepEqual(kernel.held(), []);
});
