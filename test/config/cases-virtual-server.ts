// The places that diagnostics of virtual servers point at, marked in one small configuration each. What
// keepalived says to the same keywords is in virtual-servers/recorded.txt.

/** A virtual server with all that it needs, and `more` before its real server. */
const service = (more: string, inside = "") =>
  `<|virtual_server|> 192.0.2.9 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n${more}\nreal_server 192.0.2.20 80 {\n${inside}\n}\n}\n`;
const later = "config/not-implemented";

export const virtualServerCases: readonly (readonly [string, string, readonly string[]])[] = [
  ["nothing wrong", service(""), [later]],
  [
    "no address",
    `<|virtual_server|> <|nowhere|> 80 {\nreal_server 192.0.2.20 80 {\n}\n}`,
    [later, "lvs/address"],
  ],
  ["no port of a server", service("sorry_server 192.0.2.99 <|http|>"), [later, "lvs/address"]],
  [
    "a range that ends before it begins",
    "<|virtual_server_group|> G {\n192.0.2.1\n<|192.0.2.9-3|>\n}",
    [later, "lvs/range"],
  ],
  ["a group of nothing", "<|<|virtual_server_group|> G|> {\n}", [later, "lvs/empty-group"]],
  [
    "a group that is not there",
    service("").replace("192.0.2.9 80", "group <|G|>"),
    [later, "lvs/unknown-group"],
  ],
  [
    "a server of the other family",
    service("<|real_server 2001:db8::1 80|> {\n}"),
    [later, "lvs/family"],
  ],
  [
    "no servers",
    "<|<|virtual_server|> 192.0.2.9 80|> {\nprotocol TCP\n}",
    [later, "lvs/no-real-servers"],
  ],
  [
    "one server twice",
    service("real_server 192.0.2.20 80 {\n}").replace(
      /real_server 192.0.2.20 80 \{\n\n/,
      "<|real_server 192.0.2.20 80|> {\n",
    ),
    [later, "lvs/duplicate-server"],
  ],
  [
    "no protocol, scheduler and method",
    "<|<|<|<|virtual_server|> 192.0.2.9 80|>|>|> {\nreal_server 192.0.2.20 80 {\n}\n}",
    [later, "lvs/no-protocol", "lvs/no-scheduler", "lvs/no-forwarding"],
  ],
  ["single packets of TCP", service("<|ops|>"), [later, "lvs/no-effect"]],
  ["a flag before its scheduler", service("<|sh-port|>"), [later, "lvs/scheduler-flag"]],
  [
    "a method in small letters",
    service("lb_kind <|nat|>"),
    [later, "lvs/forwarding → lb_kind NAT"],
  ],
  ["a tunnel without its port", service("lb_kind TUN type <|gue|>"), [later, "lvs/forwarding"]],
  [
    "a port of its own without NAT",
    service("<|real_server 192.0.2.21 81|> {\nlvs_method DR\n}"),
    [later, "lvs/ports"],
  ],
  [
    "all ports",
    "<|<|virtual_server|> 192.0.2.9|> {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 192.0.2.20 {\n}\n}",
    [later, "lvs/zero-port"],
  ],
  ["a quorum that is too high", service("quorum <|2|>"), [later, "lvs/quorum"]],
  ["nobody to inhibit", service("<|sorry_server_inhibit|>"), [later, "lvs/sorry-server"]],
  [
    "a real server as sorry server",
    service("sorry_server <|192.0.2.20|> 80\nsorry_server_inhibit"),
    [later, "lvs/sorry-inhibit"],
  ],
  [
    "a granularity of the other family",
    service("persistence_granularity <|2001:db8::|>"),
    [later, "lvs/persistence"],
  ],
  ["a check of no command", service("", "<|MISC_CHECK|> {\n}"), [later, "check/incomplete"]],
  [
    "a digest that is too short",
    service("", "HTTP_GET {\nurl {\npath /\ndigest <|abc|>\n}\n}"),
    [later, "check/value"],
  ],
  [
    "a session that is not there",
    service("", "<|BFD_CHECK|> {\nname <|B|>\n}").replace("<|BFD_CHECK|>", "BFD_CHECK"),
    [later, "check/unknown-name"],
  ],
  [
    "a source of the other family",
    service("", "TCP_CHECK {\nbindto <|2001:db8::1|>\n}"),
    [later, "check/address"],
  ],
  [
    "more decimal places than there are microseconds",
    service("delay_loop <|6.1234567|>"),
    [later, "config/value-precision"],
  ],
  ["a number beyond its range", service("quorum <|0|>"), [later, "config/value-range → quorum 1"]],
  [
    "a scheduler that is none",
    service("lb_algo <|wllc|>"),
    [later, "config/value-choice → lb_algo wlc"],
  ],
];
