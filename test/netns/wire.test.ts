// What a router really puts on the wire, in which order, and whether our printer reads it as tcpdump
// does: every packet is captured with its bytes, printed by ours, and compared with tcpdump's line.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { printFrame } from "../../src/core/wire/printer.ts";
import { createLab, type Lab, routersAndClient } from "../../src/host/lab/lab.ts";
import { type RouterProcess, startRouter } from "../../src/host/lab/router-process.ts";
import { type SeenPacket, startWitness, type Witness } from "../../src/host/lab/witness.ts";
import { eventually } from "../lab/eventually.ts";
import { instanceText, passwordLines } from "../lab/instance-text.ts";
import { ours, skipWithoutTcpdump } from "../lab/requirements.ts";

const addresses = ["192.168.254.100/24", "192.168.254.101/24"];

describe("a router on the wire", { skip: skipWithoutTcpdump }, () => {
  let lab: Lab;
  let witness: Witness;
  let a: RouterProcess;

  before(async () => {
    lab = createLab("wire", routersAndClient(2));
    const started = await startWitness(lab, { filter: "igmp or proto 112 or arp", args: ["-xx"] });
    assert.ok(started !== undefined);
    witness = started;
    const config =
      instanceText({ name: "V3", vrid: 3, priority: 100, addresses }) +
      instanceText({
        name: "V2",
        vrid: 2,
        version: 2,
        priority: 200,
        lines: passwordLines("secret"),
        addresses: ["192.168.254.110/24"],
      });
    a = startRouter(lab, "a", { program: ours, config });
    await a.reaches("MASTER", 5_000, "V3");
    await a.reaches("MASTER", 8_000, "V2");
    await a.stop();
    await eventually("the goodbyes", () => goodbyes().length >= 2);
  });
  after(() => lab?.close());

  const goodbyes = (): readonly SeenPacket[] =>
    witness.packets.filter(({ text }) => text.includes("prio 0,"));

  test("A29 D07 I23: it joins the group, sends an advert, then announces the addresses", () => {
    const texts = witness.packets.map(({ text }) => text);
    const join = texts.findIndex((text) => text.includes("igmp") && text.includes("224.0.0.22"));
    const advert = texts.findIndex((text) => text.includes("vrid 3,"));
    const announced = texts.findIndex((text) => /ARP, .* 192\.168\.254\.100/.test(text));
    assert.ok(join >= 0 && join < advert, `join ${join}, advert ${advert}`);
    assert.ok(advert < announced, `advert ${advert}, announcement ${announced}`);
  });

  test("D02 E08: every address is announced garp_master_repeat times at once", () => {
    for (const address of ["192.168.254.100", "192.168.254.101"]) {
      const announcements = witness.packets.filter(({ text }) =>
        text.includes(`Request who-has ${address} `),
      );
      assert.ok(announcements.length >= 5, `${announcements.length} announcements of ${address}`);
    }
  });

  test("A10 A15 A17: tcpdump reads our adverts", () => {
    const v3 = witness.adverts().find(({ vrid }) => vrid === 3)?.text ?? "";
    assert.match(v3, /VRRPv3, Advertisement, vrid 3, prio 100, intvl 10cs, length 16/);
    const v2 = witness.adverts().find(({ vrid }) => vrid === 2)?.text ?? "";
    assert.match(
      v2,
      /VRRPv2, Advertisement, vrid 2, prio 200, authtype simple, intvl 1s, length 20/,
    );
  });

  test("our printer says what tcpdump says, packet by packet", () => {
    const seen = witness.packets.filter(({ text }) => !text.includes("igmp"));
    assert.ok(seen.length > 20, `${seen.length} packets`);
    for (const { text } of seen) {
      const { line, frame } = splitDump(text);
      assert.equal(printFrame(frame), line);
    }
  });
});

/** tcpdump's line and, from -xx, the bytes of the frame. */
function splitDump(text: string): { readonly line: string; readonly frame: Uint8Array } {
  const start = text.search(/ 0x0000: /);
  const digits = text
    .slice(start)
    .replace(/0x[0-9a-f]{4}:/g, "")
    .replace(/[^0-9a-f]/g, "");
  return { line: text.slice(0, start), frame: Uint8Array.from(Buffer.from(digits, "hex")) };
}
