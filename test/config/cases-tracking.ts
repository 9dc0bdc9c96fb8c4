// As cases.ts, for what instances track: `vrrp_script`, `vrrp_track_process`, `track_file`,
// `bfd_instance`, and the lines that name them.

const instance = (more: string) =>
  `vrrp_instance A { interface eth0\nvirtual_router_id 51\nvirtual_ipaddress { 192.0.2.10 }\n${more}\n}\n`;

/** A block without a word that it is for later, and an instance. */
const beside = (block: string) =>
  `<|${block.slice(0, block.indexOf(" "))}|>${block.slice(block.indexOf(" "))}\n`;
const later = "config/not-implemented";

/** A tracked file, and an instance with lines that track it. */
const tracking = (lines: string) =>
  `${beside("track_file f {\nfile /etc/hostname\n}")}${instance(`<|track_file|> {\n${lines}\n}`)}`;

const file = (lines: string) => beside(`track_file f {\nfile /etc/hostname\n${lines}\n}`);
const process = (lines: string) => beside(`vrrp_track_process p {\nprocess sshd\n${lines}\n}`);
const bfd = (lines: string) => beside(`bfd_instance b {\nneighbor_ip 192.0.2.1\n${lines}\n}`);
const script = (lines: string) => beside(`vrrp_script s {\nscript "/bin/true"\n${lines}\n}`);

export const trackingCases: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "a script without a name",
    '<|<|vrrp_script|>|> {\nscript "/bin/true"\n}',
    [later, "config/missing-value"],
  ],
  ["a script without script", "<|<|vrrp_script|> s|> {\n}", [later, "script/no-command"]],
  ["interval 0 of a script", script("<|interval 0|>"), [later, "config/value-clamped"]],
  ["timeout 0 of a script", script("<|timeout 0|>"), [later, "config/value-clamped"]],
  ["a script's interval", script("interval <|x|>"), [later, "config/value-type"]],
  ["a script's rise", script("rise <|0|>"), [later, "config/value-range"]],
  ["a script's fall", script("fall <|-1|>"), [later, "config/value-range"]],
  ["a script's weight", script("weight <|254|>"), [later, "config/value-range"]],
  [
    "a script's weight with a wrong word",
    script("weight 2 <|rev|>"),
    [later, "config/value-choice"],
  ],
  ["a script's weight without a number", script("<|weight|>"), [later, "config/missing-value"]],
  [
    "a good script",
    script("interval 2\nweight -2 reverse\nrise 2\nfall 3\ntimeout 1\ninit_fail"),
    [later],
  ],

  ["a process without a name", "<|<|vrrp_track_process|>|> {\n}", [later, "config/missing-value"]],
  [
    "a process without process",
    "<|<|vrrp_track_process|> p|> {\n}",
    [later, "tracking/nothing-to-track"],
  ],
  [
    "a process without its value",
    "<|vrrp_track_process|> p {\n<|process|>\n}",
    [later, "config/missing-value"],
  ],
  ["two processes", process("<|process other|>"), [later, "config/repeated"]],
  ["a process's weight", process("weight <|255|>"), [later, "config/value-range"]],
  ["two weights", process("weight 1\n<|weight 2|>"), [later, "config/repeated"]],
  ["quorum 0", process("quorum <|0|>"), [later, "config/value-range"]],
  ["quorum_max", process("quorum_max <|65536|>"), [later, "config/value-range"]],
  ["quorum_max under quorum", process("quorum 2\n<|quorum_max 1|>"), [later, "config/value-range"]],
  ["quorum over quorum_max", process("quorum_max 1\n<|quorum 2|>"), [later, "config/value-range"]],
  ["a delay", process("delay <|3601|>"), [later, "config/value-range"]],
  ["terminate_delay", process("terminate_delay <|0|>"), [later, "config/value-range"]],
  ["param_match", process("param_match <|full|>"), [later, "config/value-choice"]],
  [
    "a good process",
    process(
      "weight -254\nquorum 2\nquorum_max 3\ndelay 1\nfork_delay 0.5\nparam_match initial\nfull_command",
    ),
    [later],
  ],

  ["a file without a name", "<|<|track_file|>|> {\n}", [later, "config/missing-value"]],
  ["a file without file", "<|<|track_file|> f|> {\n}", [later, "tracking/nothing-to-track"]],
  [
    "a file without its value",
    "<|<|track_file|> f|> {\n<|file|>\n}",
    [later, "tracking/nothing-to-track", "config/value-type"],
  ],
  ["two files", file("<|file /etc/hosts|>"), [later, "config/repeated"]],
  ["a file's weight", file("weight <|-255|>"), [later, "config/value-range"]],
  ["a file's weight without a number", file("<|weight|>"), [later, "config/value-type"]],
  ["a file's weight twice", file("weight 3\n<|weight 2|>"), [later, "config/repeated"]],
  ["init_file", file("init_file <|x|>"), [later, "config/value-choice"]],
  ["a large init_file", file("init_file <|300|>"), [later, "config/value-range"]],
  ["a good file", file("weight 2 reverse\ninit_file 5 overwrite"), [later]],

  [
    "a neighbour that is none",
    "<|bfd_instance|> b {\nneighbor_ip <|x|>\n}",
    [later, "config/address"],
  ],
  [
    "a session without neighbour",
    "<|<|bfd_instance|> b|> {\n}",
    [later, "tracking/nothing-to-track"],
  ],
  ["a source that is none", bfd("source_ip <|x|>"), [later, "config/address"]],
  [
    "a source of the other family",
    "<|<|bfd_instance|> b|> {\nneighbor_ip 192.0.2.1\nsource_ip 2001:db8::1\n}",
    [later, "instance/address-family"],
  ],
  [
    "two sessions of one name",
    `${bfd("")}<|bfd_instance|> <|b|> {\nneighbor_ip 192.0.2.2\n}`,
    [later, later, "config/repeated"],
  ],
  [
    "two sessions with one neighbour",
    `${bfd("")}<|<|bfd_instance|> c|> {\nneighbor_ip 192.0.2.1\n}`,
    [later, later, "config/repeated"],
  ],
  [
    "a long name",
    "<|bfd_instance|> <|a23456789b23456789c23456789d2345|> {\nneighbor_ip 192.0.2.1\n}",
    [later, "config/value-range"],
  ],
  ["min_rx", bfd("min_rx <|0|>"), [later, "config/value-range"]],
  ["min_tx", bfd("min_tx <|x|>"), [later, "config/value-type"]],
  ["idle_tx", bfd("idle_tx <|999|>"), [later, "config/value-range"]],
  ["multiplier", bfd("multiplier <|256|>"), [later, "config/value-range"]],
  ["ttl", bfd("ttl <|0|>"), [later, "config/value-range"]],
  ["max_hops", bfd("max_hops <|256|>"), [later, "config/value-range"]],
  ["a session's weight", bfd("weight <|254|>"), [later, "config/value-range"]],
  [
    "a good session",
    bfd(
      "source_ip 192.0.2.2\nmin_rx 50\nmin_tx 50\nidle_tx 1000\nmultiplier 3\npassive\nttl 64\nmax_hops 3\nweight -5\nvrrp",
    ),
    [later],
  ],

  ["a tracked file", tracking("f weight -254 noreverse"), [later, later]],
  ["nothing of that name", tracking("<|ff|>"), [later, later, "tracking/not-found"]],
  [
    "something defined further down",
    `${instance("<|track_file|> {\n<|f|>\n}")}${file("")}`,
    [later, "tracking/not-found", later],
  ],
  ["a file tracked twice", tracking("f\n<|f|>"), [later, later, "config/repeated"]],
  ["a tracked file's weight", tracking("f weight <|255|>"), [later, later, "config/value-range"]],
  ["no weight after weight", tracking("f <|weight|>"), [later, later, "config/value-type"]],
  ["an unknown word", tracking("f <|wait|> 2"), [later, later, "config/value-choice"]],
  [
    "an unknown word after a weight",
    tracking("f weight 2 <|rev|>"),
    [later, later, "config/value-choice"],
  ],
  ["no such script", instance("<|track_script|> {\n<|s|>\n}"), [later, "tracking/not-found"]],
  ["no such process", instance("<|track_process|> {\n<|p|>\n}"), [later, "tracking/not-found"]],
  ["no such session", instance("<|track_bfd|> {\n<|b|>\n}"), [later, "tracking/not-found"]],
  [
    "weight of an interface without number",
    instance("track_interface {\neth1 <|weight|>\n}"),
    ["config/value-type"],
  ],
  [
    "a script's bad weight",
    `${script("")}${instance("<|track_script|> {\ns weight <|255|>\n}")}`,
    [later, later, "config/value-range"],
  ],
];
