// Which received packets the router gets to hear: every check of RFC 9568 section 7.1, RFC 3768
// section 7.1 and keepalived, in keepalived's order (rule B28), since the first failure names the
// counter. Whole IPv4 packets go in; an advert for the election or one refusal comes out. Nothing
// here changes anything, so a refused packet can move neither state nor timer (B16, F25).

import { type IpAddress, ipBytes, isMulticast } from "../base/ip.ts";
import { err, ok, type Result } from "../base/result.ts";
import {
  centiseconds,
  type Instant,
  type Microseconds,
  microseconds,
  microsecondsOf,
} from "../base/time.ts";
import { foldedSum } from "../wire/checksum.ts";
import { decodeIpv4, type Ipv4Packet, ipProtocols } from "../wire/ipv4.ts";
import {
  type AdvertPeek,
  advertChecksum,
  advertLength,
  authDataLength,
  authTypes,
  decodeAdvert,
  peekAdvert,
} from "../wire/vrrp.ts";
import { type AdvertConfig, coversPseudoHeader, multicastTtl, passwordBytes } from "./outgoing.ts";
import type { Refusal } from "./refusal.ts";
import type { HeardAdvert } from "./router-contract.ts";
import { ownerPriority } from "./timers.ts";
import type { VrrpState } from "./vocabulary.ts";

/** The part of an instance's model that decides what it hears. */
export type AdmissionConfig = Omit<AdvertConfig, "transport"> & {
  readonly transport:
    | { readonly kind: "multicast" }
    | {
        readonly kind: "unicast";
        readonly ttl: number;
        readonly peers: readonly {
          readonly address: IpAddress;
          readonly ttlMin?: number;
          readonly ttlMax?: number;
        }[];
      };
  readonly ownerIgnoreAdverts: boolean;
  readonly skipAddressCheck: boolean;
  readonly checkUnicastSource: boolean;
};

/** A configuration in the form that packets are compared with; made once per instance. */
export type AdmissionPolicy = {
  readonly config: AdmissionConfig;
  readonly authType: number;
  readonly password: Uint8Array;
  /** Our addresses as the wire has them, in our order. */
  readonly addressBytes: Uint8Array;
  readonly pseudoHeader: boolean;
  readonly checksPeers: boolean;
};

export type AdmissionContext = {
  readonly policy: AdmissionPolicy;
  readonly state: VrrpState;
  readonly effectivePriority: number;
  /** Where our own adverts come from. */
  readonly source: IpAddress | undefined;
  /** The master as last heard. */
  readonly master: IpAddress | undefined;
};

/** A packet whose headers could be read; whose it is, and whether it is right, is still open. */
export type ReceivedPacket = {
  /** As received, from the IP header to the last byte. */
  readonly bytes: Uint8Array;
  readonly ip: Ipv4Packet;
  readonly head: AdvertPeek;
};

export type AdmittedAdvert = {
  readonly advert: HeardAdvert;
  /** Version 3: which of the two forms in use the sender computes its checksum by (B09). */
  readonly checksumForm?: ChecksumForm;
  /** What is not as we have it and was accepted all the same (B19, B20). */
  readonly differs: readonly AdvertDifference[];
};

export type ChecksumForm = "pseudo-header" | "message-only";

export type AdvertDifference =
  | { readonly kind: "interval"; readonly ours: Microseconds; readonly theirs: Microseconds }
  | { readonly kind: "address-count"; readonly ours: number; readonly theirs: number }
  | { readonly kind: "address-list"; readonly missing: IpAddress };

export function admissionPolicy(config: AdmissionConfig): AdmissionPolicy {
  const { authentication, transport } = config;
  return {
    config,
    authType: authentication.kind === "pass" ? authTypes.pass : authTypes.none,
    password: passwordBytes(authentication.kind === "pass" ? authentication.password : ""),
    addressBytes: Uint8Array.from(config.addresses.flatMap(({ address }) => [...ipBytes(address)])),
    pseudoHeader: coversPseudoHeader(config),
    checksPeers:
      transport.kind === "unicast" &&
      (config.checkUnicastSource ||
        transport.peers.some((peer) => peer.ttlMin !== undefined || peer.ttlMax !== undefined)),
  };
}

/** Reads the headers of what a raw socket gave; refuses as `truncated` what is too short for them. */
export function openPacket(bytes: Uint8Array): Result<ReceivedPacket, Refusal> {
  const decoded = decodeIpv4(bytes);
  if (!decoded.ok) {
    const { error } = decoded;
    const expected = error.kind === "truncated" ? { expected: error.need } : {};
    return err({ kind: "truncated", received: bytes.length, ...expected });
  }
  const { headerLength } = decoded.value;
  const head = peekAdvert(bytes.subarray(headerLength));
  if (head === undefined) {
    return err({
      kind: "truncated",
      received: bytes.length,
      expected: headerLength + advertLength(3, "ipv4", 0),
    });
  }
  return ok({ bytes, ip: decoded.value, head });
}

/** B10, I13: no instance of this VRID listens where the packet came in. */
export const unknownVrid = ({ head }: ReceivedPacket): Refusal => ({
  kind: "unknown-vrid",
  received: head.vrid,
});

/** D06, D08: a router that is not in the election, or waits for the start-up delay, hears nothing. */
export function refusalOfState(
  state: VrrpState,
  holdUntil: Instant | undefined,
  now: Instant,
): Refusal | undefined {
  if (state === "initialize") return notListening;
  return holdUntil !== undefined && now < holdUntil ? startupDelay : undefined;
}

const notListening: Refusal = { kind: "not-listening" };
const startupDelay: Refusal = { kind: "startup-delay" };

/** The checks on an instance's own packet, in the order of rule B28. */
export function admit(
  packet: ReceivedPacket,
  context: AdmissionContext,
): Result<AdmittedAdvert, Refusal> {
  const { policy } = context;
  const refusal =
    refusalOfLength(packet) ??
    refusalOfHeader(packet, policy) ??
    refusalOfAuthentication(packet, policy) ??
    refusalOfInterval(packet, policy) ??
    refusalOfTypeAndTotalLength(packet);
  if (refusal !== undefined) return err(refusal);
  const checksumForm = validForm(packet, policy);
  if (checksumForm === undefined) return err(badChecksum(packet, policy));
  const late = refusalOfSender(packet, context) ?? refusalOfAddressCount(packet, policy);
  if (late !== undefined) return err(late);
  const differs = differences(packet, context);
  const last = refusalOfList(packet, policy, differs) ?? refusalOfPeer(packet, policy);
  if (last !== undefined) return err(last);
  const { head, ip } = packet;
  const advert = { from: ip.source, priority: head.priority, interval: intervalOf(head) };
  return ok(head.version === 3 ? { advert, checksumForm, differs } : { advert, differs });
}

/** The shortest payload of an Ethernet frame: shorter packets arrive with padding. */
const ethernetPayloadMin = 46;

/** AH, then B05, B06 and I12: the length that version and count ask for, or Ethernet's padding. */
function refusalOfLength({ bytes, ip, head }: ReceivedPacket): Refusal | undefined {
  if (ip.protocol === ipProtocols.ah) return { kind: "auth-type-mismatch", received: "ah" };
  const expected = ip.headerLength + messageLength(head);
  if (fitsLength(bytes.length, expected)) return undefined;
  return { kind: "bad-length", received: bytes.length, expected };
}

const messageLength = (head: AdvertPeek): number =>
  advertLength(head.version === 2 ? 2 : 3, "ipv4", head.count);

/** Padding ends at 46 bytes, or 4 less where a VLAN tag took its place, so it is 2 modulo 4. */
const fitsLength = (received: number, expected: number): boolean =>
  received === expected ||
  (received > expected && received <= ethernetPayloadMin && (received - expected) % 4 === 2);

/** B01, I01 for multicast alone; B03, I02. */
function refusalOfHeader(
  { ip, head }: ReceivedPacket,
  { config }: AdmissionPolicy,
): Refusal | undefined {
  if (config.transport.kind === "multicast" && ip.ttl !== multicastTtl) {
    return { kind: "bad-ttl", received: ip.ttl, expected: multicastTtl };
  }
  if (head.version !== config.version) {
    return { kind: "bad-version", received: head.version, expected: config.version };
  }
  return undefined;
}

/** I05, I06, I07; with type 0 the eight bytes mean nothing (I08). */
function refusalOfAuthentication(
  packet: ReceivedPacket,
  policy: AdmissionPolicy,
): Refusal | undefined {
  const { authType } = packet.head;
  if (policy.config.version === 3) return undefined;
  if (authType > authTypes.ah) return { kind: "bad-auth-type", received: authType };
  if (authType !== policy.authType) {
    return { kind: "auth-type-mismatch", received: authType, expected: policy.authType };
  }
  if (authType === authTypes.pass && !hasPassword(packet, policy.password)) {
    return { kind: "bad-password" };
  }
  return undefined;
}

/** Takes the same time wherever the first wrong byte is. */
function hasPassword({ bytes, ip, head }: ReceivedPacket, password: Uint8Array): boolean {
  const begin = ip.headerLength + messageLength(head) - authDataLength;
  let different = 0;
  for (let i = 0; i < authDataLength; i++) {
    different |= (bytes[begin + i] as number) ^ (password[i] as number);
  }
  return different === 0;
}

/** I10: version 2 wants its own interval. */
function refusalOfInterval(
  { head }: ReceivedPacket,
  { config }: AdmissionPolicy,
): Refusal | undefined {
  if (config.version === 3 || intervalOf(head) === config.advertInterval) return undefined;
  return {
    kind: "interval-mismatch",
    received: head.interval,
    expected: config.advertInterval / 1_000_000,
  };
}

const advertisement = 1;

/** B04, I03; B07; B13, which keepalived lets pass: a master that never advertises is none. */
function refusalOfTypeAndTotalLength({ bytes, ip, head }: ReceivedPacket): Refusal | undefined {
  if (head.type !== advertisement) {
    return { kind: "bad-type", received: head.type, expected: advertisement };
  }
  if (!fitsLength(bytes.length, ip.totalLength)) {
    return { kind: "ip-length-mismatch", received: bytes.length, expected: ip.totalLength };
  }
  return head.version === 3 && head.interval === 0 ? { kind: "zero-interval" } : undefined;
}

const sourceOffset = 12;
const addressesEnd = 20;

/**
 * B08, I11: all words of a right message, its checksum included, add up to ones. In version 3 both
 * forms in use are heard whatever we send ourselves (B09); undefined when neither is right.
 */
function validForm(packet: ReceivedPacket, policy: AdmissionPolicy): ChecksumForm | undefined {
  const message = messageOf(packet);
  const sum = foldedSum(message);
  if (sum === 0xffff && !policy.pseudoHeader) return "message-only";
  if (packet.head.version === 3) {
    const ends = packet.bytes.subarray(sourceOffset, addressesEnd);
    if (foldedSum(ends, sum + ipProtocols.vrrp + message.length) === 0xffff) {
      return "pseudo-header";
    }
  }
  return sum === 0xffff ? "message-only" : undefined;
}

/** Without the padding behind it. */
const messageOf = ({ bytes, ip, head }: ReceivedPacket): Uint8Array =>
  bytes.subarray(ip.headerLength, ip.headerLength + messageLength(head));

function badChecksum(packet: ReceivedPacket, policy: AdmissionPolicy): Refusal {
  const { source, destination } = packet.ip;
  const expected = advertChecksum(
    messageOf(packet),
    policy.pseudoHeader ? { source, destination } : undefined,
  );
  return {
    kind: "bad-checksum",
    received: `0x${packet.head.checksum.toString(16)}`,
    expected: `0x${expected.toString(16)}`,
    version: policy.config.version,
  };
}

/** B22; B11; B24. */
function refusalOfSender(
  { ip, head }: ReceivedPacket,
  context: AdmissionContext,
): Refusal | undefined {
  const { config } = context.policy;
  const received = isMulticast(ip.destination) ? "multicast" : "unicast";
  if (received !== config.transport.kind) {
    return { kind: "wrong-cast", received, expected: config.transport.kind };
  }
  if (config.ownerIgnoreAdverts && context.effectivePriority === ownerPriority) {
    return { kind: "owner-ignores" };
  }
  // A master is warned of its own address elsewhere (F18). A backup sends nothing, so what looks
  // like its own advert is one of its last ones that came back.
  const likeOurs = head.priority === 0 || head.priority === context.effectivePriority;
  if (ip.source === context.source && likeOurs && !isDoubleOfMaster(head, context)) {
    return { kind: "own-packet" };
  }
  return undefined;
}

const isDoubleOfMaster = (head: AdvertPeek, context: AdmissionContext): boolean =>
  context.state === "master" && head.priority === context.effectivePriority;

/** B12; two routers that are both configured without addresses do hear each other. */
function refusalOfAddressCount(
  { head }: ReceivedPacket,
  { config }: AdmissionPolicy,
): Refusal | undefined {
  return head.count === 0 && config.addresses.length > 0 ? { kind: "no-addresses" } : undefined;
}

const noDifference: readonly AdvertDifference[] = [];

function differences(
  packet: ReceivedPacket,
  context: AdmissionContext,
): readonly AdvertDifference[] {
  const ours = context.policy.config.advertInterval;
  const theirs = intervalOf(packet.head);
  const addresses = differenceOfAddresses(packet, context);
  if (ours === theirs && addresses === undefined) return noDifference;
  return [
    ...(ours === theirs ? [] : [{ kind: "interval" as const, ours, theirs }]),
    ...(addresses === undefined ? [] : [addresses]),
  ];
}

/** B20; a master always compares, a backup may be told to trust the master that it knows. */
function differenceOfAddresses(
  packet: ReceivedPacket,
  { policy, state, master }: AdmissionContext,
): AdvertDifference | undefined {
  const { config, addressBytes } = policy;
  const { ip, head } = packet;
  if (config.skipAddressCheck && state === "backup" && master === ip.source) return undefined;
  if (head.count !== config.addresses.length) {
    return { kind: "address-count", ours: config.addresses.length, theirs: head.count };
  }
  const begin = packet.ip.headerLength + advertLength(3, "ipv4", 0);
  // The same addresses in the same order need no decoding (A23).
  if (addressBytes.every((byte, i) => byte === packet.bytes[begin + i])) return undefined;
  const theirs = new Set(addressesOf(packet));
  const missing = config.addresses.find(({ address }) => !theirs.has(address));
  return missing === undefined ? undefined : { kind: "address-list", missing: missing.address };
}

function addressesOf(packet: ReceivedPacket): readonly IpAddress[] {
  const decoded = decodeAdvert(messageOf(packet), "ipv4");
  return decoded.ok ? decoded.value.addresses : [];
}

/** I14: RFC 3768 wants equal lists from everybody but the owner; keepalived only tells. */
function refusalOfList(
  packet: ReceivedPacket,
  { config }: AdmissionPolicy,
  differs: readonly AdvertDifference[],
): Refusal | undefined {
  if (config.version === 3 || config.profile === "compat") return undefined;
  if (packet.head.priority === ownerPriority) return undefined;
  if (!differs.some(({ kind }) => kind !== "interval")) return undefined;
  return {
    kind: "address-list-mismatch",
    received: addressesOf(packet).join(" "),
    expected: config.addresses.map(({ address }) => address).join(" "),
  };
}

/** B23, and each peer's own range of TTLs. */
function refusalOfPeer({ ip }: ReceivedPacket, policy: AdmissionPolicy): Refusal | undefined {
  const { transport } = policy.config;
  if (transport.kind === "multicast" || !policy.checksPeers) return undefined;
  const peer = transport.peers.find(({ address }) => address === ip.source);
  if (peer === undefined) return { kind: "unknown-peer", received: ip.source };
  const { ttlMin = 0, ttlMax = multicastTtl } = peer;
  if (ip.ttl >= ttlMin && ip.ttl <= ttlMax) return undefined;
  return { kind: "bad-ttl", received: ip.ttl, expected: `${ttlMin} to ${ttlMax}` };
}

/** In seconds in version 2, in centiseconds in version 3. */
const intervalOf = (head: AdvertPeek): Microseconds =>
  head.version === 2
    ? microseconds(head.interval * 1_000_000)
    : microsecondsOf(centiseconds(head.interval));
