// Why a packet was dropped, in keepalived's words: one row per refusal kind. What the packet had and
// what it should have had come with the refusal; where keepalived's text has no place for them, they
// follow in our own words.

import type { IpAddress } from "../../core/base/ip.ts";
import type { Refusal } from "../../core/vrrp/refusal.ts";
import type { RefusalKind } from "../../core/vrrp/vocabulary.ts";
import type { LogLine } from "./log-record.ts";

type Circumstances = {
  readonly from: string;
  readonly link: string;
  readonly received: string | number;
  readonly expected: string | number;
  readonly version: string;
};

type RefusalRow = {
  readonly text: (packet: Circumstances) => string;
  /** Only with log detail: what happens on a healthy network, too. */
  readonly detail?: true;
  /** The line begins with the instance in brackets unless keepalived's does not. */
  readonly bare?: true;
};

/** The log line of one refused packet; `instance` is absent where no instance claims it. */
export function refusalLine(
  instance: string | undefined,
  link: string,
  from: IpAddress | undefined,
  refusal: Refusal,
): LogLine {
  const row: RefusalRow = refusalTable[refusal.kind];
  const text = row.text({
    from: from ?? "an unknown sender",
    link,
    received: refusal.received ?? "?",
    expected: refusal.expected ?? "?",
    version: refusal.version === undefined ? "" : `v${refusal.version}`,
  });
  const line = {
    level: "info",
    text: instance === undefined || row.bare === true ? text : `(${instance}) ${text}`,
  } as const;
  return row.detail === true ? { ...line, detail: true } : line;
}

/** keepalived names the authentication types by their numbers on the wire. */
const authNumbers: Readonly<Record<string, number>> = { none: 0, pass: 1, PASS: 1, ah: 2, AH: 2 };
const authNumber = (type: string | number): string | number => authNumbers[type] ?? type;

export const refusalTable: Readonly<Record<RefusalKind, RefusalRow>> = {
  truncated: {
    text: ({ received, expected }) =>
      `IPv4 VRRP packet too short - ${received} bytes${expected === "?" ? "" : `, needs ${expected}`}`,
    bare: true,
  },
  "bad-length": {
    text: ({ from, received, expected }) =>
      `vrrp packet from ${from} too ${Number(received) < Number(expected) ? "short" : "long"}, length ${received} and expect ${expected}`,
  },
  "ip-length-mismatch": {
    text: ({ from, received, expected }) =>
      `ip_tot_len mismatch against received length. ${received} and expect ${expected} from ${from}`,
  },
  "unknown-vrid": {
    text: ({ received, link }) =>
      `Unknown VRID(${received}) received on interface(${link}). ignoring...`,
    bare: true,
  },
  "own-packet": {
    text: ({ from }) => `ignoring our own packet, which came back from ${from}`,
    detail: true,
  },
  "not-listening": {
    text: ({ from }) => `ignoring advert from ${from}, not started or in FAULT state`,
    detail: true,
  },
  "startup-delay": {
    text: ({ from }) => `ignoring advert from ${from} during startup delay`,
    detail: true,
  },
  "bad-ttl": {
    text: ({ from, received, expected }) => {
      const range = /^(\d+)\D+(\d+)$/.exec(String(expected));
      return range === null
        ? `invalid TTL/HL from ${from}. Received ${received} and expect ${expected}`
        : `TTL/HL ${received} from ${from} not in range [${range[1]}, ${range[2]}]`;
    },
  },
  "bad-version": {
    text: ({ from, received, expected }) =>
      `wrong VRRP version from ${from}. Received ${received} and expect ${expected}`,
  },
  "bad-type": {
    text: ({ from, received }) => `Invalid packet type from ${from}. ${received} and expect 1`,
  },
  "bad-auth-type": {
    text: ({ from, received }) => `Invalid auth type from ${from}: ${authNumber(received)}`,
  },
  "auth-type-mismatch": {
    text: ({ from, received, expected }) =>
      `received a ${authNumber(received)} auth from ${from}${expected === "?" ? "" : `, expecting ${authNumber(expected)}`}!`,
  },
  "bad-password": { text: ({ from }) => `received an invalid passwd from ${from}!` },
  "interval-mismatch": {
    text: ({ from, received, expected }) =>
      `advertisement interval mismatch with ${from} mine=${secondsOf(expected)} sec rcv'd=${secondsOf(received)} sec`,
  },
  "bad-checksum": {
    text: ({ from, received, expected, version }) =>
      `Invalid VRRP${version} checksum from ${from}${expected === "?" ? "" : `: ${received}, computed ${expected}`}`,
  },
  "wrong-cast": {
    text: ({ from, received, expected }) =>
      received === "?"
        ? `Unicast and multicast do not mix: dropped packet from ${from}`
        : `Expected ${expected} packet but received ${received} packet from ${from}`,
  },
  "owner-ignores": {
    text: ({ from }) => `ignoring advert from ${from} since we own the addresses`,
    detail: true,
  },
  "no-addresses": { text: ({ from }) => `advert without addresses from ${from}` },
  "zero-interval": { text: ({ from }) => `advertisement interval is 0 in advert from ${from}` },
  "unknown-peer": { text: ({ from }) => `unicast source address ${from} not a unicast peer` },
  "address-list-mismatch": {
    text: ({ from, received, expected }) =>
      `advert from ${from} lists other addresses than ours: ${received}, expected ${expected}`,
  },
  surplus: {
    text: ({ from }) => `more adverts than can wait, dropped one from ${from}`,
  },
};

/** Refusals carry intervals as the wire has them, `1` or `1s`. */
const secondsOf = (interval: string | number): string => String(interval).replace(/s$/, "");
