// As cases.ts, for groups of instances and of interfaces.

const instance = (name: string, vrid: number) =>
  `vrrp_instance ${name} { interface eth0\nvirtual_router_id ${vrid}\nvirtual_ipaddress { 192.0.2.${vrid} }\n}\n`;
const two = instance("A", 51) + instance("B", 52);
const later = "config/not-implemented";

const sync = (lines: string, members = "A\nB") =>
  `<|vrrp_sync_group|> G {\ngroup {\n${members}\n}\n${lines}\n}\n${two}`;
const garp = (lines: string) => `<|garp_group|> {\ngarp_interval 1\n${lines}\n}\n${two}`;
const delays = (line: string) => `<|interface_up_down_delays|> {\n${line}\n}\n${two}`;
const polled = (line: string) => `<|linkbeat_interfaces|> {\n${line}\n}\n${two}`;

export const groupCases: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "a good sync group",
    sync("smtp_alert off\nsync_group_tracking_weight\nnotify_priority_changes on"),
    [later],
  ],
  [
    "a sync group without a name",
    `<|<|vrrp_sync_group|>|> {\n}\n${two}`,
    [later, "config/missing-name"],
  ],
  [
    "a sync group with two names",
    `<|vrrp_sync_group|> G <|H|> {\n}\n${two}`,
    [later, "config/missing-name"],
  ],
  [
    "two sync groups of one name",
    `${sync("")}<|vrrp_sync_group|> <|G|> {\n}\n`,
    [later, later, "instance/duplicate-name"],
  ],
  ["a group with nobody", `<|<|vrrp_sync_group|> G|> {\n}\n${two}`, [later, "group/no-members"]],
  [
    "an empty list of members",
    `<|<|vrrp_sync_group|> G|> {\n<|group|> {\n}\n}\n${two}`,
    [later, "group/no-members", "group/no-members"],
  ],
  [
    "a group of one",
    `<|<|vrrp_sync_group|> G|> {\ngroup {\nA\n}\n}\n${two}`,
    [later, "group/no-members"],
  ],
  ["a member that does not exist", sync("", "A\nB\n<|C|>"), [later, "group/unknown-member"]],
  [
    "a member of two groups",
    `${sync("")}<|<|vrrp_sync_group|> H|> {\ngroup {\n<|A|>\n}\n}\n`,
    [later, later, "group/no-members", "group/unknown-member"],
  ],
  ["mail of a group", sync("smtp_alert <|maybe|>"), [later, "config/value-choice"]],
  [
    "priority changes of a group",
    sync("notify_priority_changes <|x|>"),
    [later, "config/value-choice"],
  ],
  ["global_tracking", sync("<|global_tracking|>"), [later, "config/deprecated"]],
  ["nothing to track in a group", sync("track_script {\n<|s|>\n}"), [later, "tracking/not-found"]],

  ["a track group", `<|track_group|> T {\ngroup {\nA\n}\n}\n${two}`, [later]],
  [
    "a track group without a name",
    `<|<|track_group|>|> {\n}\n${two}`,
    [later, "config/missing-name"],
  ],
  [
    "an empty track group",
    `<|track_group|> T {\n<|group|> {\n}\n}\n${two}`,
    [later, "group/no-members"],
  ],

  ["a good garp_group", garp("gna_interval 0.5\ninterface eth0\ninterfaces {\neth1\n}"), [later]],
  [
    "a garp_group without limits",
    `<|<|garp_group|>|> {\ninterface eth0\n}\n${two}`,
    [later, "group/no-members"],
  ],
  ["garp_interval", garp("garp_interval <|2148|>"), [later, "config/value-range"]],
  ["gna_interval", garp("gna_interval <|x|>"), [later, "config/value-type"]],
  ["an empty list of interfaces", garp("<|interfaces|> {\n}"), [later, "group/no-members"]],

  ["a good delay", delays("eth0 2 1.5\neth1 1"), [later]],
  ["a long delay", delays("eth0 <|256|>"), [later, "config/value-range"]],
  ["a delay that is none", delays("eth0 1 <|x|>"), [later, "config/value-type"]],
  ["no delay", delays("<|eth0|>"), [later, "config/value-type"]],
  ["polled interfaces", polled("eth0 MII\neth1"), [later]],
  ["an unknown way to poll", polled("eth0 <|foo|>"), [later, "config/value-choice"]],
];
