// The Linux kernel as the engine sees it: links and addresses to read and watch, addresses to add
// and remove. host/linux implements it over rtnetlink, sim over a table; both pass the same suite
// (test/contract/kernel.ts).

import type { Family, IpAddress } from "../base/ip.ts";
import type { Result } from "../base/result.ts";
import type { SystemError } from "./system-error.ts";

/** A network interface. */
export type Link = {
  /** ifindex; stays the same for the life of the interface. */
  readonly index: number;
  readonly name: string;
  /** IFF_UP and IFF_RUNNING: administratively up, and with carrier. */
  readonly up: boolean;
  /** IFF_MULTICAST. */
  readonly multicast: boolean;
  /** IFF_NOARP: no ARP is sent or answered, so nothing is announced. */
  readonly noArp: boolean;
  /** Hardware address as `02:00:00:00:00:01`; empty where the link has none. */
  readonly mac: string;
  readonly mtu: number;
};

/** rtnetlink's scopes by name: 0, 200, 253, 254, 255. */
export type AddressScope = "global" | "site" | "link" | "host" | "nowhere" | number;

/** An address on an interface, as we ask for it and as the kernel reports it. */
export type InterfaceAddress = {
  readonly link: number;
  readonly address: IpAddress;
  readonly prefixLength: number;
  readonly peer?: IpAddress;
  readonly broadcast?: IpAddress;
  readonly label?: string;
  readonly scope: AddressScope;
  /** IFA_PROTO; 18 says that VRRP put the address there. */
  readonly protocol?: number;
  /** IFA_F_SECONDARY: not a candidate for the primary address. Only reported, never asked for. */
  readonly secondary?: boolean;
  readonly flags?: readonly AddressFlag[];
  /** Seconds for which new connections prefer the address; absent means for ever. */
  readonly preferredLifetime?: number;
};

export type AddressFlag = "nodad" | "home" | "mngtmpaddr" | "noprefixroute" | "autojoin";

/** The kernel's IFA_PROTO tag of addresses that VRRP manages (RTPROT_KEEPALIVED). */
export const vrrpProtocolTag = 18;

export type KernelSnapshot = {
  readonly links: readonly Link[];
  readonly addresses: readonly InterfaceAddress[];
};

/** What changed, in the kernel's order. `overrun` says that events were lost: take a snapshot. */
export type KernelEvent =
  | { readonly kind: "link-changed"; readonly link: Link }
  | { readonly kind: "link-removed"; readonly index: number }
  | { readonly kind: "address-added"; readonly address: InterfaceAddress }
  | { readonly kind: "address-removed"; readonly address: InterfaceAddress }
  | { readonly kind: "overrun" };

/** What became of one address: `exists` and `absent` are answers, not failures. */
export type AddressOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "exists" }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly error: SystemError };

export interface Kernel {
  snapshot(): Result<KernelSnapshot, SystemError>;
  /** Adds in order, in as few round trips as possible; one outcome for each address. */
  addAddresses(addresses: readonly InterfaceAddress[]): readonly AddressOutcome[];
  removeAddresses(addresses: readonly InterfaceAddress[]): readonly AddressOutcome[];
  /** Everything that happened since the last call; never waits. */
  events(): readonly KernelEvent[];
  close(): void;
}

export const addressFamily = (address: InterfaceAddress): Family =>
  address.address.includes(":") ? "ipv6" : "ipv4";

/** One key per address that the kernel can hold: the same address may be on several links. */
export const addressKey = (address: {
  readonly link: number;
  readonly address: IpAddress;
  readonly prefixLength: number;
}): string => `${address.link} ${address.address}/${address.prefixLength}`;
