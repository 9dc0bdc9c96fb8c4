// Links in rtnetlink: RTM_NEWLINK, RTM_DELLINK and the request RTM_GETLINK (struct ifinfomsg,
// RFC 3549 section 2.3.3.1). In goes a message, out comes a Link of ports/kernel.ts. Messages of the
// bridge family tell about ports of a bridge, not about links, and are refused as such.

import { err, ok, type Result } from "../../base/result.ts";
import type { Link } from "../../ports/kernel.ts";
import {
  attributeText,
  attributeU32,
  decodeAttributes,
  type NetlinkWriter,
  u16,
  u32,
} from "./attributes.ts";
import {
  encodeMessage,
  messageFlag,
  messageType,
  type NetlinkMessage,
  type NetlinkRefusal,
} from "./message.ts";

// +---------------+---------------+-------------------------------+
// |    Family     |   Reserved    |          Device type          |
// |                        Interface index                        |
// |                        Device flags (IFF_*)                   |
// |                        Change mask                            |
// +---------------+---------------+-------------------------------+
const at = { family: 0, deviceType: 2, index: 4, flags: 8, attributes: 16 } as const;

/** IFLA_*. */
const attribute = { address: 1, name: 3, mtu: 4, extendedMask: 29 } as const;

/** IFF_*. */
export const linkFlag = { up: 0x1, running: 0x40, noArp: 0x80, multicast: 0x1000 } as const;

/** RTEXT_FILTER_SKIP_STATS: a dump without counters is a quarter of the size. */
const skipStatistics = 0x8;

/** The link that RTM_NEWLINK or RTM_DELLINK is about. */
export function decodeLink(message: NetlinkMessage): Result<Link, NetlinkRefusal> {
  const { body } = message;
  if (body.length < at.attributes) {
    return err({ kind: "truncated", need: at.attributes, have: body.length });
  }
  const family = body[at.family] ?? 0;
  if (family !== 0) return err({ kind: "other-family", family });
  const flags = u32(body, at.flags);
  const attributes = decodeAttributes(body.subarray(at.attributes));
  const name = attributeText(attributes, attribute.name);
  if (name === undefined) return err({ kind: "missing-attribute", attribute: "IFLA_IFNAME" });
  const upAndRunning = linkFlag.up | linkFlag.running;
  return ok({
    index: u32(body, at.index) | 0,
    name,
    up: (flags & upAndRunning) === upAndRunning,
    multicast: (flags & linkFlag.multicast) !== 0,
    noArp: (flags & linkFlag.noArp) !== 0,
    mac: macText(attributes.get(attribute.address)),
    mtu: attributeU32(attributes, attribute.mtu) ?? 0,
  });
}

/** Appends RTM_NEWLINK or RTM_DELLINK as the kernel would send it; for fakes and tests. */
export function encodeLink(
  writer: NetlinkWriter,
  type: typeof messageType.newLink | typeof messageType.delLink,
  link: Link,
): void {
  encodeMessage(writer, { type, flags: 0, sequence: 0 }, () => {
    writer.u8(0);
    writer.u8(0);
    writer.u16(1);
    writer.u32(link.index);
    writer.u32(
      (link.up ? linkFlag.up | linkFlag.running : 0) |
        (link.multicast ? linkFlag.multicast : 0) |
        (link.noArp ? linkFlag.noArp : 0),
    );
    writer.u32(0);
    writer.attributeText(attribute.name, link.name);
    writer.attributeU32(attribute.mtu, link.mtu);
    if (link.mac !== "") {
      const bytes = link.mac.split(":").map((pair) => Number.parseInt(pair, 16));
      writer.attribute(attribute.address, Uint8Array.from(bytes));
    }
  });
}

/** Appends the request for all links. */
export function encodeLinkDump(writer: NetlinkWriter, sequence: number): void {
  const flags = messageFlag.request | messageFlag.dump;
  encodeMessage(writer, { type: messageType.getLink, flags, sequence }, () => {
    for (let i = 0; i < at.attributes; i += 4) writer.u32(0);
    writer.attributeU32(attribute.extendedMask, skipStatistics);
  });
}

/** ARPHRD_*: the device type of RTM_NEWLINK's header; 1 is Ethernet. */
export const deviceType = (message: NetlinkMessage): number => u16(message.body, at.deviceType);

/** An address of zeros is what loopback has, and means none. */
function macText(bytes: Uint8Array | undefined): string {
  if (bytes === undefined || bytes.every((byte) => byte === 0)) return "";
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}
