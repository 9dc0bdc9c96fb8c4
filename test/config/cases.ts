// One small configuration for each mistake, with its place marked by `<|...|>` and the codes that it
// gives. test/config compares places; test/interop asks the real keepalived what it thinks.

import { groupCases } from "./cases-groups.ts";
import { routingCases } from "./cases-routing.ts";
import { trackingCases } from "./cases-tracking.ts";

/** An instance with what it needs, and `more` of its own. */
export const instance = (more = "", name = "A") =>
  `vrrp_instance ${name} { interface eth0\nvirtual_router_id 51\nvirtual_ipaddress { 192.0.2.10 }\n${more}\n}\n`;

/** The same without addresses. */
export const bare = (more: string) =>
  `vrrp_instance A { interface eth0\nvirtual_router_id 51\n${more}\n}\n`;

export const cases: readonly (readonly [string, string, readonly string[]])[] = [
  // Lines
  [
    "an unterminated quote",
    instance('<|notify_x|> <|"|>/x'),
    ["config/unknown-keyword", "config/unterminated-quote"],
  ],
  [
    "a password with a comment character",
    instance("authentication {\nauth_type PASS\nauth_pass sesame<|!|>\n}"),
    ["config/comment-in-word"],
  ],
  [
    "a comment that ends in a backslash",
    `# more <|\\|>\n${instance()}`,
    ["config/unknown-keyword"],
  ],
  ["a missing include", `include <|/etc/other.conf|>\n${instance()}`, ["config/include-missing"]],
  ["an empty pattern", `include <|conf.d/*.conf|>\n${instance()}`, ["config/include-missing"]],
  ["a strict include", `includem <|/etc/other.conf|>\n${instance()}`, ["config/include-refused"]],
  ["a file in itself", `include <|keepalived.conf|>\n${instance()}`, ["config/include-loop"]],
  [
    "a definition of itself",
    `$A=x\${A}\nglobal_defs {\nvrrp_version <|\${A}|>\n}`,
    ["config/definition-loop"],
  ],
  [
    "two definitions of each other",
    `$A=$B\n$B=$A\n<|$A|>\n${instance()}`,
    ["config/definition-loop"],
  ],
  [
    "an undefined name",
    `$VIP=192.0.2.1\n${instance("priority <|${VIPP}|>")}`,
    ["config/undefined-name → ${VIP}"],
  ],
  [
    "an undefined name in a value",
    `$A=\${B}\n${instance("priority <|$A|>")}`,
    ["config/undefined-name"],
  ],
  ["a repetition of nothing", `<|~SEQ(ID, 1, 0, 5)|> x\n${instance()}`, ["config/bad-repetition"]],

  // Structure
  // global_defs, as differential fuzzing found it
  [
    "mail for nobody",
    "global_defs {\n<|notification_email|> {\n<|}|>\n}",
    ["config/not-implemented", "config/empty-block"],
  ],
  [
    "a mail server without a name",
    "global_defs {\n<|<|smtp_server|>|>\n}",
    ["config/not-implemented", "config/missing-value"],
  ],
  [
    "a mail server with a bad port",
    "global_defs {\n<|smtp_server|> 192.0.2.1 <|x|>\n}",
    ["config/not-implemented", "config/value-type"],
  ],
  [
    "a mail server that waits no time",
    "global_defs {\n<|smtp_connect_timeout|> <|0|>\n}",
    ["config/not-implemented", "config/value-type"],
  ],
  [
    "an umask of unknown bits",
    "global_defs {\n<|umask|> <|IRUSR|IFOO|>\n}",
    ["config/not-implemented", "config/value-type"],
  ],
  [
    "a processor that is no number",
    "global_defs {\n<|vrrp_cpu_affinity|> 0 <|x|>\n}",
    ["config/not-implemented", "config/value-type"],
  ],
  [
    "an unknown include check",
    "global_defs {\n<|include_check|> <|+foo|>\n}",
    ["config/not-implemented", "config/value-type"],
  ],
  [
    "no announcements on other interfaces",
    "global_defs {\n<|vrrp_garp_extra_if|> all <|0|>\n}",
    ["config/not-implemented", "config/value-type"],
  ],
  [
    "receive buffers of no kind",
    "global_defs {\n<|vrrp_rx_bufs_policy|> <|BIG|>\n}",
    ["config/not-implemented", "config/value-type"],
  ],
  [
    "a timeout of no protocol",
    "global_defs {\n<|lvs_timeouts|> <|sctp|> <|5|>\n}",
    ["config/not-implemented", "config/value-type", "config/value-type"],
  ],
  [
    "a flush of no kind",
    "global_defs {\n<|lvs_flush_on_stop|> <|RS|>\n}",
    ["config/not-implemented", "config/value-type"],
  ],
  [
    "a pipe without a name",
    "global_defs {\n<|<|notify_fifo|>|>\n}",
    ["config/not-implemented", "config/value-type"],
  ],
  ["a router without a name", "global_defs {\n<|router_id|>\n}", ["config/value-type"]],
  [
    "a former name that is not talked about",
    "global_defs {\n<|lvs_process_name|> x\n}",
    ["config/deprecated"],
  ],
  [
    "a real-time priority without a number",
    "global_defs {\n<|<|bfd_rt_priority|>|>\n}",
    ["config/not-implemented", "config/value-type"],
  ],

  ["an unclosed block", "<|global_defs|> {\n", ["config/missing-brace → }"]],
  ["a brace too many", `${instance()}<|}|>`, ["config/extra-brace"]],
  ["a block where none is", instance("priority 100 <|{|>\n}"), ["config/unexpected-brace"]],
  ["a lonely brace", `<|{|> }\n${instance()}`, ["config/unexpected-brace"]],
  [
    "a block without brace",
    `<|global_defs|>\nrouter_id x\n`,
    ["config/expected-brace → global_defs {"],
  ],
  ["an unknown keyword", instance("<|pririty|> 100"), ["config/unknown-keyword → priority"]],
  ["a misplaced keyword", `${instance()}<|priority|> 100`, ["config/misplaced-keyword"]],
  ["a keyword for later", instance("<|use_vmac|>"), ["config/not-implemented"]],
  ["a block for later", `<|SSL|> { }\n${instance()}`, ["config/not-implemented"]],
  ["a former name", instance("<|native_ipv6|>"), ["config/deprecated"]],
  ["words too many", instance("priority 100 <|or so|>"), ["config/extra-words"]],
  [
    "a second script",
    instance('<|notify|> "/a"\n<|<|notify|>|> "/b"'),
    ["config/not-implemented", "config/not-implemented", "config/repeated"],
  ],
  [
    "a second address",
    instance("virtual_ipaddress_excluded {\n<|192.0.2.10|>\n}"),
    ["config/repeated"],
  ],

  // Values
  ["a missing value", instance("<|priority|>"), ["config/missing-value"]],
  ["a missing name", "<|vrrp_instance|> { }", ["config/missing-name"]],
  ["two names", "vrrp_instance A <|B|> { }", ["config/missing-name → vrrp_instance A_B"]],
  ["a word for a number", instance("priority <|100x|>"), ["config/value-type"]],
  ["a number out of range", instance("priority <|300|>"), ["config/value-range → priority 254"]],
  [
    "a number below the range",
    instance("advert_int <|0.001|>"),
    ["config/value-range → advert_int 0.01"],
  ],
  [
    "a number that is adapted",
    instance("garp_master_repeat <|0|>"),
    ["config/value-clamped → garp_master_repeat 1"],
  ],
  [
    "a word that is none of the known",
    instance("state <|MASTRE|>"),
    ["config/value-choice → state MASTER"],
  ],
  [
    "seconds that VRRPv2 cannot carry",
    instance("advert_int <|1.5|>"),
    ["config/value-rounded → advert_int 2"],
  ],
  [
    "a line that is no address",
    bare("virtual_ipaddress {\n192.0.2.1\n<|192.0.2|>\n}"),
    ["config/address"],
  ],
  [
    "an unknown word of an address",
    bare("virtual_ipaddress {\n192.0.2.1 <|lable|> x\n}"),
    ["config/address-option → label"],
  ],

  // Instances
  [
    "no number",
    "<|vrrp_instance A|> {\ninterface eth0\nvirtual_ipaddress {\n192.0.2.1\n}\n}",
    ["instance/no-vrid"],
  ],
  [
    "one number twice",
    `${instance()}<|vrrp_instance B|>${instance("", "B").slice(15)}`,
    ["instance/duplicate-vrid"],
  ],
  ["one name twice", `${instance()}vrrp_instance <|A|> {\n}`, ["instance/duplicate-name"]],
  [
    "no interface",
    "<|vrrp_instance A|> {\nvirtual_router_id 51\nvirtual_ipaddress {\n192.0.2.1\n}\n}",
    ["instance/no-interface"],
  ],
  [
    "no address in version 3",
    `<|vrrp_instance A|> ${bare("version 3").slice(16)}`,
    ["instance/no-address"],
  ],
  [
    "no address in version 2",
    `<|vrrp_instance A|> ${bare("").slice(16)}`,
    ["instance/no-address-v2"],
  ],
  [
    "addresses of two families",
    bare("virtual_ipaddress {\n192.0.2.1\n<|2001:db8::1|>\n}"),
    ["instance/address-family"],
  ],
  [
    "a source of another family",
    instance("mcast_src_ip <|2001:db8::1|>"),
    ["instance/address-family"],
  ],
  [
    "IPv6",
    `<|vrrp_instance A|> ${bare("virtual_ipaddress {\n2001:db8::1\n}").slice(16)}`,
    ["config/family-not-implemented"],
  ],
  [
    "authentication in version 3",
    instance("version 3\n<|authentication|> {\nauth_type PASS\nauth_pass x\n}"),
    ["instance/authentication-ignored"],
  ],
  [
    "AH",
    instance("authentication {\n<|auth_type|> AH\nauth_pass x\n}"),
    ["instance/authentication-not-implemented → auth_type PASS"],
  ],
  [
    "a long password",
    instance("authentication {\nauth_type PASS\nauth_pass <|123456789|>\n}"),
    ["instance/password-cut"],
  ],
  ["no password", instance("<|authentication|> {\nauth_type PASS\n}"), ["instance/no-password"]],
  [
    "nopreempt of a master",
    instance("state MASTER\npriority 100\n<|nopreempt|>"),
    ["instance/preempt-conflict"],
  ],
  [
    "preempt_delay with nopreempt",
    instance("nopreempt\n<|preempt_delay|> 5"),
    ["instance/preempt-conflict"],
  ],
  [
    "unicast without peers",
    instance("<|unicast_src_ip|> 192.0.2.1"),
    ["instance/unicast-without-peers"],
  ],
  ["a TTL without peers", instance("<|unicast_ttl|> 5"), ["instance/unicast-without-peers"]],
  [
    "the own interface tracked",
    instance("track_interface {\n<|eth0|>\n}"),
    ["instance/own-interface-tracked"],
  ],
  [
    "strict with a password",
    instance("strict_mode on\n<|authentication|> {\nauth_type PASS\nauth_pass x\n}"),
    ["instance/strict"],
  ],
  [
    "strict with state MASTER",
    instance("strict_mode\n<|state|> MASTER\npriority 100"),
    ["instance/strict"],
  ],
  ["strict with a delay", instance("strict_mode\n<|preempt_delay|> 5"), ["instance/strict"]],
  [
    "strict with down_timer_adverts",
    instance("strict_mode\n<|down_timer_adverts|> 4"),
    ["instance/strict"],
  ],
  ["strict with accept", instance("strict_mode\n<|accept|>"), ["instance/strict"]],
  [
    "strict with answers",
    instance("strict_mode\n<|lower_prio_no_advert|> off\n<|higher_prio_send_advert|> on"),
    ["instance/strict", "instance/strict"],
  ],
  ["an unknown strict_mode", instance("strict_mode <|foo|>"), ["config/value-choice"]],
  [
    "promote_secondaries of a virtual MAC",
    instance("<|use_vmac|>\n<|<|promote_secondaries|>|>"),
    ["config/not-implemented", "config/not-implemented", "instance/vmac"],
  ],
  [
    "vmac_xmit_base alone",
    instance("<|<|vmac_xmit_base|>|>"),
    ["config/not-implemented", "instance/vmac"],
  ],
  [
    "a long name of a virtual MAC",
    instance("<|use_vmac|> <|averylonginterfacename|>"),
    ["config/not-implemented", "instance/vmac"],
  ],
  ...groupCases,
  ...routingCases,
  ...trackingCases,
];
