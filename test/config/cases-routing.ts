// As cases.ts, for routes and rules in iproute2's words.

const inside = (keyword: string, lines: string) =>
  `vrrp_instance A { interface eth0\nvirtual_router_id 51\nvirtual_ipaddress { 192.0.2.10 }\n<|${keyword}|> {\n${lines}\n}\n}\n`;
const routes = (line: string) => inside("virtual_routes", line);
const rules = (line: string) => inside("virtual_rules", line);
const later = "config/not-implemented";
const bad = (what: string, text: string) => [what, text, [later, "routing/line"]] as const;

export const routingCases: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "good routes",
    routes(
      "192.168.1.0/24 via 192.0.2.1 dev eth0\nsrc 192.0.2.10 to 192.168.2.0/24 via 192.0.2.2 dev eth1 metric 5\n" +
        "default via 192.0.2.1 dev eth0 table 100\nblackhole 192.168.4.0/24 no_track\n" +
        "10.0.0.0/8 dev eth0 mtu lock 1400 scope link realms 1/2\n2001:db8::/32 dev eth0\ndefault6 dev eth0",
    ),
    [later],
  ],
  [
    "a route without an interface",
    routes("<|192.168.1.0/24 via 192.0.2.1|>"),
    [later, "routing/not-tracked"],
  ],
  [
    "a route of another protocol",
    routes("<|192.168.1.0/24 dev eth0 protocol static|>"),
    [later, "routing/not-tracked"],
  ],
  ["gw", routes("192.168.1.0/24 <|gw|> 192.0.2.1 dev eth0"), [later, "config/deprecated"]],
  ["a route without its value", routes("192.168.1.0/24 <|dev|>"), [later, "config/missing-value"]],
  bad("an unknown word of a route", routes("192.168.1.0/24 dev eth0 <|foo|> 1")),
  bad("a route of two families", routes("10.0.0.0/8 via <|2001:db8::1|> dev eth0")),
  bad("a metric", routes("10.0.0.0/8 dev eth0 metric <|x|>")),
  bad("a table of a route", routes("10.0.0.0/8 dev eth0 table <|nosuch|>")),
  bad("a scope of a route", routes("10.0.0.0/8 dev eth0 scope <|nosuch|>")),
  bad("an MTU", routes("10.0.0.0/8 dev eth0 mtu <|x|>")),
  bad("realms of a route", routes("10.0.0.0/8 dev eth0 realms <|x|>")),
  bad("a hop limit", routes("10.0.0.0/8 dev eth0 hoplimit <|256|>")),
  bad("quickack", routes("10.0.0.0/8 dev eth0 quickack <|2|>")),
  bad("a feature", routes("10.0.0.0/8 dev eth0 features <|foo|>")),
  bad("ttl-propagate", routes("10.0.0.0/8 dev eth0 ttl-propagate <|foo|>")),
  bad("fastopen_no_cookie", routes("10.0.0.0/8 dev eth0 fastopen_no_cookie <|2|>")),

  [
    "good rules",
    rules(
      "from 192.168.1.0/24 table 100 preference 5\nto 10.0.0.0/8 blackhole priority 6\n" +
        "fwmark 0x5/0xff lookup main priority 7\noif eth0 table 4 priority 8\nl3mdev priority 9\n" +
        "suppress_prefixlength 3 table 4 priority 3\nnot from 10.0.0.0/8 goto 50 priority 4",
    ),
    [later],
  ],
  [
    "a rule without preference",
    rules("<|from 192.168.1.0/24 table 100|>"),
    [later, "routing/no-preference"],
  ],
  ["a rule without its value", rules("<|from|>"), [later, "config/missing-value"]],
  [
    "a rule of another protocol",
    rules("<|iif eth0 protocol 30 table 4 priority 3|>"),
    [later, "routing/not-tracked"],
  ],
  bad("an unknown word of a rule", rules("<|foo|> table 4 priority 3")),
  bad("an address of a rule", rules("to <|x|> table 1 preference 3")),
  bad("a rule without action", rules("<|from 192.168.1.0/24|>")),
  bad("a table of a rule", rules("from 10.0.0.0/8 table <|nosuch|> priority 3")),
  bad("table 0", rules("from 10.0.0.0/8 table <|0|> priority 3")),
  bad("a preference", rules("from 10.0.0.0/8 lookup main priority <|x|>")),
  bad("goto back", rules("<|from 10.0.0.0/8 goto 5 priority 6|>")),
  bad("goto from nowhere", rules("<|from 10.0.0.0/8 goto 5|>")),
  bad("two actions", rules("from 10.0.0.0/8 blackhole <|table|> 4 priority 3")),
  bad("a mark", rules("fwmark <|x|> table 4 priority 3")),
  bad("realms of a rule", rules("realms <|x|> table 4 priority 3")),
  bad("suppressing nothing", rules("<|suppress_prefixlength 3 nop priority 3|>")),
  bad("an interface group", rules("suppress_ifgroup <|x|> table 4 priority 3")),
  bad("a tunnel", rules("tunnel-id <|x|> table 4 priority 3")),
  bad("users", rules("uidrange <|5|> table 4 priority 3")),
  bad("a protocol", rules("protocol <|300|> table 4 priority 3")),
  bad("a packet's protocol", rules("ipproto <|foo|> table 4 priority 3")),
  bad("a single port", rules("sport <|5|> table 4 priority 3")),
  bad("a rule of two families", rules("from 10.0.0.0/8 to <|2001:db8::/32|> table 4 priority 3")),
];
