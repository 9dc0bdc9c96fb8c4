// Adverts on their way out: the bytes of a whole IPv4 packet from an instance's configuration, the
// priority of the moment and the two addresses (RFC 9568 sections 5.1, 5.2 and 7.2, RFC 3768
// section 5). Pure and not cheap, so whoever sends keeps the packet until something changes.

import type { IpAddress } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import { controlTos, encodeIpv4, ipProtocols } from "../wire/ipv4.ts";
import { authDataLength, authTypes, encodeAdvert } from "../wire/vrrp.ts";

/** The part of an instance's model that shows in its packets. */
export type AdvertConfig = {
  readonly profile: "compat" | "rfc9568";
  readonly version: 2 | 3;
  readonly vrid: number;
  readonly advertInterval: Microseconds;
  readonly authentication:
    | { readonly kind: "none" }
    | { readonly kind: "pass"; readonly password: string };
  readonly transport:
    | { readonly kind: "multicast" }
    | { readonly kind: "unicast"; readonly ttl: number };
  readonly addresses: readonly { readonly address: IpAddress }[];
  readonly checksumWithoutPseudoHeader: boolean;
};

export type AdvertTarget = {
  /** The primary address of the sending interface, unless configured otherwise (A01). */
  readonly source: IpAddress;
  /** The group (A03) or a unicast peer. */
  readonly destination: IpAddress;
  /** 0 to 255; 0 gives up (A14). */
  readonly priority: number;
};

/** RFC 9568 section 5.1.1.3: nothing that passed a router can pretend to be local (A06). */
export const multicastTtl = 255;

/** The IPv4 packet; identification 0 lets the kernel choose one. */
export function advertPacket(config: AdvertConfig, target: AdvertTarget): Uint8Array {
  const { source, destination, priority } = target;
  const { version, vrid, advertInterval, authentication, transport } = config;
  const advert = encodeAdvert(
    {
      version,
      vrid,
      priority,
      interval: advertInterval,
      authType: authentication.kind === "pass" ? authTypes.pass : authTypes.none,
      ...(authentication.kind === "pass"
        ? { authData: passwordBytes(authentication.password) }
        : {}),
      addresses: config.addresses.map(({ address }) => address),
    },
    coversPseudoHeader(config) ? { source, destination } : undefined,
  );
  return encodeIpv4(
    {
      tos: controlTos,
      ttl: transport.kind === "unicast" ? transport.ttl : multicastTtl,
      protocol: ipProtocols.vrrp,
      source,
      destination,
    },
    advert,
  );
}

/**
 * A18: RFC 9568 leaves the pseudo header out of an IPv4 checksum; keepalived has it in version 3
 * unless v3_checksum_as_v2. Version 2 never had one (I11).
 */
export const coversPseudoHeader = (
  config: Pick<AdvertConfig, "version" | "profile" | "checksumWithoutPseudoHeader">,
): boolean =>
  config.version === 3 && config.profile === "compat" && !config.checksumWithoutPseudoHeader;

/** RFC 2338 section 5.3.10: 8 bytes of Latin-1, zeros after the password, the rest cut off. */
export function passwordBytes(password: string): Uint8Array {
  const bytes = new Uint8Array(authDataLength);
  for (let i = 0; i < Math.min(password.length, authDataLength); i++) {
    bytes[i] = password.charCodeAt(i) & 0xff;
  }
  return bytes;
}
