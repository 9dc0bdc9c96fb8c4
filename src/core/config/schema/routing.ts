// The words of route and rule lines, as iproute2 has them: what each takes, what it means, and what
// keepalived says of a value that it does not take (`{value}` is that value).

export type RoutingValue =
  | { readonly type: "none" | "text" | "address" | "prefix" | "interface" | "table" }
  | { readonly type: "integer"; readonly min: number; readonly max: number }
  | { readonly type: "choice"; readonly of: readonly string[] }
  /** A text of this form. */
  | { readonly type: "form"; readonly form: RegExp };

export type RoutingWord = {
  readonly value: RoutingValue;
  readonly doc: string;
  readonly classic?: string;
  /** The value may follow `lock`. */
  readonly lock?: true;
  /** The word is another one's. */
  readonly alias?: string;
};

const uintMax = 4294967295;
const none = { type: "none" } as const;
const text = { type: "text" } as const;
const address = { type: "address" } as const;
const prefix = { type: "prefix" } as const;
const device = { type: "interface" } as const;
const table = { type: "table" } as const;
const integer = (min: number, max: number) => ({ type: "integer", min, max }) as const;
const choice = (...of: readonly string[]) => ({ type: "choice", of }) as const;
const form = (of: RegExp) => ({ type: "form", form: of }) as const;
const tos = form(/^(0x[0-9a-fA-F]{1,2}|[0-9]{1,3}|[a-zA-Z][\w-]*\b(?<!^x))$/);
const realms = form(/^([0-9]+|[a-zA-Z]\w+)(\/([0-9]+|[a-zA-Z]\w+))?$/);

export const routeTypes: readonly string[] = [
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "throw",
  "unreachable",
  "prohibit",
  "blackhole",
];

const metricDoc = "Lower ones are preferred.";

export const routeWords: Readonly<Record<string, RoutingWord>> = {
  src: {
    value: address,
    doc: "Source address of packets.",
    classic: "invalid route src address {value}",
  },
  via: { value: address, doc: "The next router.", classic: "invalid route via address {value}" },
  gw: {
    value: address,
    doc: "Former name.",
    alias: "via",
    classic: "invalid route via address {value}",
  },
  from: {
    value: prefix,
    doc: "IPv6: of packets from there.",
    classic: "invalid route from address {value}",
  },
  tos: { value: tos, doc: "Type of service.", classic: "TOS value {value} is invalid" },
  dsfield: {
    value: tos,
    doc: "Type of service.",
    alias: "tos",
    classic: "TOS value {value} is invalid",
  },
  table: {
    value: table,
    doc: "Routing table.",
    classic: "Routing table {value} not found for route",
  },
  protocol: { value: text, doc: "Who made the route." },
  scope: {
    value: form(/^([0-9]{1,3}|global|site|link|host|nowhere)$/),
    doc: "How far it reaches.",
    classic: "Scope {value} not found or invalid for route",
  },
  metric: {
    value: integer(0, uintMax),
    doc: metricDoc,
    classic: "Invalid metric {value} specified for route",
  },
  priority: {
    value: integer(0, uintMax),
    doc: metricDoc,
    alias: "metric",
    classic: "Invalid metric {value} specified for route",
  },
  preference: {
    value: integer(0, uintMax),
    doc: metricDoc,
    alias: "metric",
    classic: "Invalid metric {value} specified for route",
  },
  dev: { value: device, doc: "Interface." },
  oif: { value: device, doc: "Interface.", alias: "dev" },
  onlink: { value: none, doc: "The next router is on the link, whatever addresses say." },
  expires: {
    value: integer(0, uintMax),
    doc: "IPv6: seconds.",
    classic: "Invalid expires time {value} specified for route",
  },
  mtu: {
    value: integer(0, uintMax),
    doc: "Largest packet.",
    lock: true,
    classic: "Invalid MTU {value} specified for route",
  },
  advmss: {
    value: integer(0, uintMax),
    doc: "TCP segment size.",
    lock: true,
    classic: "Invalid advmss {value} specified for route",
  },
  rtt: { value: text, doc: "Round trip time.", lock: true },
  rttvar: { value: text, doc: "Its variance.", lock: true },
  reordering: {
    value: integer(0, uintMax),
    doc: "Packets out of order.",
    lock: true,
    classic: "Invalid reordering value {value} specified for route",
  },
  cwnd: {
    value: integer(0, uintMax),
    doc: "Congestion window.",
    lock: true,
    classic: "Invalid cwnd value {value} specified for route",
  },
  ssthresh: {
    value: integer(0, uintMax),
    doc: "Slow start threshold.",
    lock: true,
    classic: "Invalid ssthresh value {value} specified for route",
  },
  rto_min: { value: text, doc: "Least retransmission time.", lock: true },
  congctl: { value: text, doc: "Congestion control.", lock: true },
  hoplimit: {
    value: integer(0, 255),
    doc: "Hop limit of packets.",
    classic: "Invalid hoplimit {value} specified for route",
  },
  window: {
    value: integer(0, uintMax),
    doc: "TCP window.",
    classic: "Invalid window value {value} specified for route",
  },
  realms: { value: realms, doc: "IPv4: accounting.", classic: "Invalid realms {value} for route" },
  initcwnd: {
    value: integer(0, uintMax),
    doc: "First congestion window.",
    classic: "Invalid initcwnd value {value} specified for route",
  },
  initrwnd: {
    value: integer(0, uintMax),
    doc: "First receive window.",
    classic: "Invalid initrwnd value {value} specified for route",
  },
  features: { value: choice("ecn"), doc: "`ecn`.", classic: "feature {value} not supported" },
  quickack: {
    value: integer(0, 1),
    doc: "Acknowledge at once.",
    classic: "Invalid quickack value {value} specified for route",
  },
  pref: {
    value: choice("low", "medium", "high"),
    doc: "IPv6: preference.",
    classic: "Invalid pref value {value} specified for route",
  },
  "ttl-propagate": {
    value: choice("enabled", "disabled"),
    doc: "MPLS.",
    classic: "ttl-propagate value {value} not recognised",
  },
  fastopen_no_cookie: {
    value: integer(0, 1),
    doc: "TCP fast open.",
    classic: "Invalid fastopen_no_cookie value {value} specified for route",
  },
  no_track: { value: none, doc: "Its removal by others does not matter." },
  track_group: { value: text, doc: "Static routes: the group at fault without it." },
  vrf: { value: device, doc: "VRF." },
  add: { value: none, doc: "Fail when it is there." },
  append: { value: none, doc: "After others like it." },
  prepend: { value: none, doc: "Before others like it." },
};

export const ruleActions: readonly string[] = [
  "nop",
  "blackhole",
  "unreachable",
  "prohibit",
  "l3mdev",
];

export const ruleWords: Readonly<Record<string, RoutingWord>> = {
  from: { value: prefix, doc: "Source of packets.", classic: "Invalid rule from address {value}" },
  to: { value: prefix, doc: "Destination of packets.", classic: "Invalid rule to address {value}" },
  not: { value: none, doc: "Everything else." },
  preference: {
    value: integer(0, uintMax),
    doc: "Place among the rules.",
    classic: "Invalid rule preference {word} specified",
  },
  order: {
    value: integer(0, uintMax),
    doc: "Place.",
    alias: "preference",
    classic: "Invalid rule preference {word} specified",
  },
  priority: {
    value: integer(0, uintMax),
    doc: "Place.",
    alias: "preference",
    classic: "Invalid rule preference {word} specified",
  },
  tos: { value: tos, doc: "Type of service.", classic: "TOS value {value} is invalid" },
  dsfield: {
    value: tos,
    doc: "Type of service.",
    alias: "tos",
    classic: "TOS value {value} is invalid",
  },
  fwmark: {
    value: form(/^(0x[0-9a-fA-F]+|[0-9]+)(\/(0x[0-9a-fA-F]+|[0-9]+))?$/),
    doc: "Mark, perhaps with a mask.",
    classic: "Invalid rule fwmark {value} specified",
  },
  realms: { value: realms, doc: "IPv4: accounting.", classic: "invalid realms {value} for rule" },
  table: {
    value: table,
    doc: "Routing table.",
    classic: "Routing table {value} not found for rule",
  },
  lookup: {
    value: table,
    doc: "Routing table.",
    alias: "table",
    classic: "Routing table {value} not found for rule",
  },
  suppress_prefixlength: {
    value: integer(0, 128),
    doc: "Ignore shorter routes.",
    classic: "Invalid suppress_prefixlength {word} specified",
  },
  sup_pl: {
    value: integer(0, 128),
    doc: "The same.",
    alias: "suppress_prefixlength",
    classic: "Invalid suppress_prefixlength {word} specified",
  },
  suppress_ifgroup: {
    value: form(/^([0-9]+|default)$/),
    doc: "Ignore routes of these interfaces.",
    classic: "suppress_group {value} is invalid",
  },
  sup_group: {
    value: form(/^([0-9]+|default)$/),
    doc: "The same.",
    alias: "suppress_ifgroup",
    classic: "suppress_group {value} is invalid",
  },
  iif: { value: device, doc: "Interface of arrival." },
  dev: { value: device, doc: "Interface of arrival.", alias: "iif" },
  oif: { value: device, doc: "Interface of departure." },
  "tunnel-id": {
    value: integer(0, Number.MAX_SAFE_INTEGER),
    doc: "Tunnel.",
    classic: "Invalid tunnel-id {word} specified",
  },
  uidrange: {
    value: form(/^[0-9]+-[0-9]+$/),
    doc: "Users.",
    classic: "Invalid uidrange {word} specified",
  },
  protocol: {
    value: integer(0, 255),
    doc: "Who made the rule.",
    classic: "Invalid protocol {value}",
  },
  ipproto: {
    value: form(
      /^([0-9]{1,3}|tcp|udp|icmp|sctp|ipv6-icmp|gre|esp|ah|dccp|igmp|ospf|vrrp|udplite)$/,
    ),
    doc: "Protocol of packets.",
    classic: "Invalid ipproto {value}",
  },
  sport: {
    value: form(/^[0-9]+-[0-9]+$/),
    doc: "Source ports.",
    classic: "invalid sport range {value}",
  },
  dport: {
    value: form(/^[0-9]+-[0-9]+$/),
    doc: "Destination ports.",
    classic: "invalid dport range {value}",
  },
  no_track: { value: none, doc: "Its removal by others does not matter." },
  track_group: { value: text, doc: "Static rules: the group at fault without it." },
  goto: {
    value: integer(0, uintMax),
    doc: "Go on at that rule.",
    classic: "Invalid target {word} specified",
  },
};
