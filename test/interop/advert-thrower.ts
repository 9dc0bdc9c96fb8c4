// Throws single packets at a router under test: an advert as described, whole or damaged on purpose,
// from an address of a lab's host. One raw socket inside the host's namespace; nothing is received.

import assert from "node:assert/strict";
import { type IpAddress, ip } from "../../src/core/base/ip.ts";
import { seconds } from "../../src/core/base/time.ts";
import { encodeIpv4, ipProtocols } from "../../src/core/wire/ipv4.ts";
import { type Advert, encodeAdvert } from "../../src/core/wire/vrrp.ts";
import type { Lab } from "../../src/host/lab/lab.ts";
import { enterNetworkNamespace } from "../../src/host/linux/process.ts";
import { linuxRawNet } from "../../src/host/linux/raw-net.ts";

export type Thrown = Partial<Advert> & {
  readonly ttl?: number;
  /** Bytes of the VRRP message to overwrite after its checksum was computed: place, value. */
  readonly patches?: readonly (readonly [number, number])[];
  /** Bytes appended to the message, or cut off when negative. */
  readonly extraBytes?: number;
};

export type AdvertThrower = {
  throw(packet: Thrown): void;
  close(): void;
};

const group = ip("224.0.0.18");
const socket = 1;

/** `usual` is the advert that `throw` changes. */
export function advertThrower(
  lab: Lab,
  host: string,
  source: IpAddress,
  usual: Advert,
): AdvertThrower {
  const shown = lab.exec(host, ["ip", "-o", "link", "show", "eth0"]).stdout;
  const link = Number(/^(\d+):/.exec(shown)?.[1]);
  const net = linuxRawNet();
  const entered = enterNetworkNamespace(lab.namespaceOf(host));
  assert.ok(entered.ok, "in the host's namespace");
  const opened = net.open(socket, {
    kind: "multicast",
    family: "ipv4",
    protocol: ipProtocols.vrrp,
    link,
    linkName: "eth0",
    group,
  });
  enterNetworkNamespace(`/proc/${process.ppid}/ns/net`);
  assert.ok(opened.ok, "a raw socket on the host");
  return {
    throw({ ttl = 255, patches = [], extraBytes = 0, ...changes }) {
      const whole = encodeAdvert({ ...usual, ...changes });
      for (const [place, value] of patches) whole[place] = value;
      const message = new Uint8Array(whole.length + extraBytes);
      message.set(whole.subarray(0, message.length));
      const header = { tos: 0xc0, ttl, protocol: ipProtocols.vrrp, source, destination: group };
      const sent = net.send(socket, group, encodeIpv4(header, message));
      assert.ok(sent.ok, "sent");
    },
    close: () => net.closeAll(),
  };
}

/** A v2 advert of interval 1 s with this password. */
export const passAdvert = (
  vrid: number,
  priority: number,
  password: string,
  addresses: readonly IpAddress[],
): Advert => ({
  version: 2,
  vrid,
  priority,
  interval: seconds(1),
  authType: 1,
  authData: passwordBytes(password),
  addresses,
});

export function passwordBytes(password: string): Uint8Array {
  const bytes = new Uint8Array(8);
  bytes.set(new TextEncoder().encode(password).subarray(0, 8));
  return bytes;
}
