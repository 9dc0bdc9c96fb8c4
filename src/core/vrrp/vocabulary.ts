// The words of VRRP as this product uses them everywhere: states, reasons of transitions, faults
// and refusals. A refusal's word is the counter's label, the log field and the anchor in the docs.

/** The RFC's states. What keepalived shows as FAULT is `initialize` with a fault; `observe` renders it so. */
export type VrrpState = "initialize" | "backup" | "master";

/** Why a router changed state. Shown to operators as written, so each is a phrase they would use. */
export type TransitionReason =
  | "startup"
  | "master-silent"
  | "priority-zero-heard"
  | "stronger-master-heard"
  | "address-owner"
  | "fault"
  | "fault-cleared"
  | "address-taken-away"
  | "reloaded"
  | "shutdown";

/** What keeps a router out of the election. Each is counted by itself: two causes need two recoveries. */
export type Fault =
  | { readonly kind: "interface-down"; readonly interface: string }
  | { readonly kind: "interface-missing"; readonly interface: string }
  /** Tracked with weight 0 and `reverse`: the interface should be down. */
  | { readonly kind: "interface-up"; readonly interface: string }
  | { readonly kind: "no-source-address"; readonly interface: string }
  | { readonly kind: "socket-refused"; readonly detail: string };

/** One key per cause, so that the same cause twice is one. */
export const faultKey = (fault: Fault): string =>
  fault.kind === "socket-refused" ? fault.kind : `${fault.kind} ${fault.interface}`;

/** Each reason to drop a packet: what it means, keepalived's counter, and the rules that ask for it. */
export const refusals = {
  truncated: { doc: "shorter than its headers say", rules: ["B05"] },
  "bad-length": {
    doc: "length does not fit the number of addresses",
    rules: ["B05", "B06", "I12"],
  },
  "ip-length-mismatch": { doc: "IP total length is not what was received", rules: ["B07"] },
  "unknown-vrid": { doc: "VRID is not configured on this interface", rules: ["B10", "I13"] },
  "own-packet": { doc: "our own packet came back", rules: ["B24"] },
  "not-listening": { doc: "the instance is in FAULT or not started", rules: ["D06"] },
  "startup-delay": { doc: "vrrp_startup_delay has not ended", rules: ["D08"] },
  "bad-ttl": { doc: "TTL is not 255, or outside min_ttl and max_ttl", rules: ["B01", "I01"] },
  "bad-version": { doc: "other VRRP version than configured", rules: ["B03", "I02"] },
  "bad-type": { doc: "VRRP type is not 1", rules: ["B04", "I03"] },
  "bad-auth-type": { doc: "authentication type that VRRP does not know", rules: ["I05"] },
  "auth-type-mismatch": { doc: "authentication type is not the configured one", rules: ["I06"] },
  "bad-password": { doc: "password is not the configured one", rules: ["I07"] },
  "interval-mismatch": { doc: "v2 advert interval is not ours", rules: ["I10"] },
  "bad-checksum": { doc: "VRRP checksum is wrong", rules: ["B08", "I11"] },
  "wrong-cast": { doc: "multicast packet for a unicast instance, or the reverse", rules: ["B22"] },
  "owner-ignores": { doc: "owner_ignore_adverts is set and we own the addresses", rules: ["B11"] },
  "no-addresses": { doc: "advert without addresses", rules: ["B12"] },
  "zero-interval": { doc: "v3 advert interval is 0", rules: ["B13"] },
  "unknown-peer": { doc: "unicast source is not a configured peer", rules: ["B23"] },
  "address-list-mismatch": {
    doc: "other addresses than ours (v2, profile rfc9568)",
    rules: ["I14"],
  },
  surplus: { doc: "more adverts of one VRID than can wait for the next wake-up", rules: ["B27"] },
} as const satisfies Record<string, { doc: string; rules: readonly string[] }>;

export type RefusalKind = keyof typeof refusals;
