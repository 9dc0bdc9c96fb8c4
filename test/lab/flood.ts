// A program: sends VRRP packets that a router has to refuse, from a host of a lab to the multicast
// group, at a steady rate, and prints at the end how many of each kind it sent as JSON. Arguments:
// `noise` or `forged`, the interface's index and MAC address, seconds, packets per second, seed.

import { ip } from "../../src/core/base/ip.ts";
import { Prng } from "../../src/core/base/prng.ts";
import { seconds } from "../../src/core/base/time.ts";
import { advertPacket } from "../../src/core/vrrp/outgoing.ts";
import { encodeEthernet, etherTypes } from "../../src/core/wire/ethernet.ts";
import { encodeIpv4, ipProtocols } from "../../src/core/wire/ipv4.ts";
import { linuxRawNet } from "../../src/host/linux/raw-net.ts";
import { forgedAs, forgeries, noiseKind } from "./forgeries.ts";

const [mode = "", link = "", mac = "", duration = "", rate = "", seed = ""] = process.argv.slice(2);
const prng = new Prng(Number(seed));
const group = ip("224.0.0.18");
/** Nobody in the lab has it, and it is higher than every router's. */
const sender = ip("192.168.254.99");
const net = linuxRawNet();
const sent: Record<string, number> = {};

/** Random bytes of random length as the VRRP message, every other time for the VRID that is there. */
function noisePacket(): { readonly kind: string; readonly bytes: Uint8Array } {
  const payload = new Uint8Array(prng.between(0, 300)).map(() => prng.next() & 0xff);
  if (payload.length > 1 && prng.chance(1, 2)) payload[1] = forgedAs.vrid;
  const bytes = encodeIpv4(
    { ttl: 255, protocol: ipProtocols.vrrp, source: sender, destination: group },
    payload,
  );
  return { kind: noiseKind(payload), bytes };
}

/** The advert of a better router, wrong in one point. */
function forgedPacket(place: number): { readonly kind: string; readonly bytes: Uint8Array } {
  const forgery = forgeries[place % forgeries.length];
  if (forgery === undefined) throw new Error("there are forgeries");
  const honest = advertPacket(
    {
      profile: "compat",
      version: 2,
      vrid: forgedAs.vrid,
      advertInterval: seconds(1),
      authentication: { kind: "pass", password: forgedAs.password },
      transport: { kind: "multicast" },
      addresses: [{ address: ip(forgedAs.address) }],
      checksumWithoutPseudoHeader: false,
    },
    { source: sender, destination: group, priority: 254 },
  );
  return { kind: forgery.refusal, bytes: forgery.spoil(honest) };
}

const until = performance.now() + Number(duration) * 1000;
const burstMs = 5;
const perBurst = Math.max(1, Math.round((Number(rate) * burstMs) / 1000));
let place = 0;

function burst(): void {
  for (let i = 0; i < perBurst; i++) {
    const { kind, bytes } = mode === "noise" ? noisePacket() : forgedPacket(place++);
    const frame = encodeEthernet({
      destination: "01:00:5e:00:00:12",
      source: mac,
      etherType: etherTypes.ipv4,
      payload: bytes,
    });
    const done = net.sendFrame(Number(link), frame);
    if (done.ok) sent[kind] = (sent[kind] ?? 0) + 1;
  }
  if (performance.now() < until) setTimeout(burst, burstMs);
  else process.stdout.write(`${JSON.stringify(sent)}\n`);
}

burst();
