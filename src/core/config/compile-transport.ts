// How an instance talks: to the multicast group, or by unicast to its peers. Whether it is unicast is
// decided by the peers alone; unicast keywords without peers fall back to multicast.

import type { Family } from "../base/ip.ts";
import { familyOf, ip, parseIp } from "../base/ip.ts";
import type { InstanceContext } from "./instance-context.ts";
import { sourceAddress, valueSpan } from "./instance-context.ts";
import type { InstanceModel, TransportModel, UnicastPeer } from "./model.ts";
import type { Statement } from "./parser.ts";

export type Transport = Pick<InstanceModel, "transport" | "source" | "checkUnicastSource">;

/** Transport and source address; everything unusable is reported and left out. */
export function readTransport(context: InstanceContext, family: Family): Transport {
  const { settings, defaults } = context;
  const peers = readPeers(context, family);
  const limited = peers.some((peer) => peer.ttlMin !== undefined || peer.ttlMax !== undefined);
  const checkUnicastSource =
    settings.value("check_unicast_src") === true || defaults.checkUnicastSource || limited;
  const source = readSource(context, family);
  const transport: TransportModel =
    peers.length > 0
      ? { kind: "unicast", peers, ttl: settings.value("unicast_ttl") ?? 255 }
      : readMulticast(context, family);
  return { transport, checkUnicastSource, ...(source === undefined ? {} : { source }) };
}

function readSource(
  { settings, name, sink }: InstanceContext,
  family: Family,
): Transport["source"] {
  const source = sourceAddress(settings);
  if (source === undefined || familyOf(source.value) === family) return source?.value;
  sink.report("instance/address-family", valueSpan(source), {
    message: "the source address is not of the family of the virtual addresses",
    note: "it is not used",
    classic: `Configuration error: VRRP instance[${name}] and src address[${source.value}] MUST be of the same family !!! Skipping...`,
  });
  return undefined;
}

function readMulticast(context: InstanceContext, family: Family): TransportModel {
  const { settings, name, sink, defaults } = context;
  const ttl = settings.last("unicast_ttl");
  const asked = settings.last("unicast_src_ip") ?? settings.last("unicast_peer");
  if (asked !== undefined && settings.value("unicast_fault_no_peer") !== true) {
    const damaged = settings
      .all("unicast_peer")
      .some(({ statement }) => (statement.body ?? []).length > 0);
    if (!damaged) {
      sink.report("instance/unicast-without-peers", asked.statement.keyword.span, {
        message: `\`${asked.statement.keyword.text}\` without unicast peers`,
        note: "the instance uses multicast; list the other routers in unicast_peer, or write mcast_src_ip",
        classic: `(${name}) A unicast keyword has been specified without any unicast peers. Defaulting to multicast. This usage is deprecated - please update your configuration.`,
      });
    }
  } else if (ttl !== undefined) {
    sink.report("instance/unicast-without-peers", ttl.statement.keyword.span, {
      message: "`unicast_ttl` without unicast peers has no effect",
      classic: `(${name}): Cannot use unicast_ttl without unicast peers - resetting`,
    });
  }
  const own = settings.last("mcast_dst_ip");
  if (own !== undefined && familyOf(own.value) === family)
    return { kind: "multicast", group: own.value };
  if (own !== undefined) {
    sink.report("instance/address-family", valueSpan(own), {
      message: "the multicast group is not of the family of the virtual addresses",
      note: "it is not used",
    });
  }
  return { kind: "multicast", group: family === "ipv4" ? defaults.group4 : ip("ff02::12") };
}

function readPeers(context: InstanceContext, family: Family): readonly UnicastPeer[] {
  const peers = new Map<string, UnicastPeer>();
  for (const { statement } of context.settings.all("unicast_peer")) {
    for (const line of statement.body ?? []) {
      const peer = readPeer(line, context, family);
      if (peer === undefined) continue;
      if (peers.has(peer.address)) {
        context.sink.report("config/repeated", line.keyword.span, {
          message: `${peer.address} is a peer already`,
          testExit: 0,
        });
      } else peers.set(peer.address, peer);
    }
  }
  return [...peers.values()];
}

/** `ADDR [min_ttl N] [max_ttl N]`. */
function readPeer(
  line: Statement,
  { name, sink }: InstanceContext,
  family: Family,
): UnicastPeer | undefined {
  const { text, span } = line.keyword;
  const address = parseIp(text);
  if (address === undefined || familyOf(address) !== family) {
    const what = address === undefined ? "not an IP address" : "not of the instance's family";
    sink.report("config/address", span, {
      message: `the peer \`${text}\` is ${what}`,
      note: "it is skipped",
      classic:
        address === undefined
          ? `Configuration error: VRRP instance[${name}] malformed unicast peer address[${text}]. Skipping...`
          : `Configuration error: VRRP instance[${name}] and unicast peer address[${text}] MUST be of the same family !!! Skipping...`,
    });
    return undefined;
  }
  const peer: { -readonly [Key in keyof UnicastPeer]: UnicastPeer[Key] } = { address };
  for (let i = 0; i < line.words.length; i += 2) {
    const word = line.words[i];
    const value = line.words[i + 1];
    if (word === undefined) break;
    const known = word.text === "min_ttl" || word.text === "max_ttl";
    const ttl = value !== undefined && /^[0-9]+$/.test(value.text) ? Number(value.text) : -1;
    if (!known || ttl < 0 || ttl > 255) {
      sink.report(known ? "config/value-range" : "config/address-option", (value ?? word).span, {
        message: known
          ? `${word.text} must be between 0 and 255`
          : `unknown word \`${word.text}\` after a peer`,
      });
    } else if (word.text === "min_ttl") peer.ttlMin = ttl;
    else peer.ttlMax = ttl;
  }
  return peer;
}
