// Pages of the diagnostics about files, lines, structure and values: `config/...`.

import { limits } from "../../base/limits.ts";
import type { DiagnosticExamples } from "./example.ts";
import { block, instance, named, withoutAddress } from "./example.ts";

const pass = (password: string) =>
  instance(block("authentication", "auth_type PASS", `auth_pass ${password}`));

export const lineExamples = {
  "config/unreadable": {
    why: "Without its main file there is nothing to run. A file with an execute bit is refused, too, because it is more likely a program than a configuration; `chmod a-x FILE` makes it one.",
    wrong: "",
    right: instance(),
  },
  "config/include-missing": {
    why: "keepalived goes on without the file, so that whatever was to be in it is silently not configured. Write `includer` to refuse the whole configuration instead.",
    wrong: `include /etc/keepalived/vip.conf\n${instance()}`,
    right: `include /etc/keepalived/vips.conf\n${instance()}`,
    beside: { "/etc/keepalived/vips.conf": "# more instances\n" },
  },
  "config/include-refused": {
    why: "The strict forms `includer`, `includem`, `includew`, `includeb` and `includea` say that a file has to be there and has to be readable; keepalived ends when it is not.",
    wrong: `includem /etc/keepalived/vip.conf\n${instance()}`,
    right: `includem /etc/keepalived/vips.conf\n${instance()}`,
    beside: { "/etc/keepalived/vips.conf": "# more instances\n" },
  },
  "config/include-loop": {
    why: "A file that includes itself, directly or through others, would never end.",
    wrong: `include keepalived.conf\n${instance()}`,
    right: instance(),
  },
  "config/line-too-long": {
    why: `keepalived reads ${limits.configLineLengthMax} characters of a line. A longer one is left out as a whole, and what it says does not hold.`,
    wrong: `${instance()}# ${"a very long line ".repeat(70)}\n`,
    right: `${instance()}# ${"a shorter line ".repeat(3).trim()}\n`,
  },
  "config/nul-byte": {
    why: "A NUL character ends a text in C, so that keepalived would see only a part of the line. It often comes from a file in UTF-16 or from a broken transfer.",
    wrong: instance("nopreempt\0"),
    right: instance("nopreempt"),
  },
  "config/comment-in-word": {
    why: "`#` and `!` begin a comment anywhere, also within a word. A password with one of them is cut there, and the two routers do not agree if only one file has it in quotes.",
    wrong: pass("ab!cd"),
    right: pass("ab-cd"),
  },
  "config/unterminated-quote": {
    why: "Without its partner a quote does not hold words together, and what follows is read otherwise than it looks.",
    wrong: block("global_defs", 'router_id "router 1'),
    right: block("global_defs", 'router_id "router 1"'),
  },
  "config/definition-loop": {
    why: "A definition that uses itself has no end, and so no value.",
    wrong: `$NAME=x\${NAME}\n${block("global_defs", "router_id $NAME")}`,
    right: `$BASE=x\n$NAME=\${BASE}1\n${block("global_defs", "router_id $NAME")}`,
  },
  "config/undefined-name": {
    why: "keepalived keeps the text as it stands, dollar sign and all, which then is no valid value. Names count by their case, and a definition has to stand above its use.",
    wrong: `$PRIO=100\n${instance("priority ${PRIOR}")}`,
    right: `$PRIO=100\n${instance("priority ${PRIO}")}`,
  },
  "config/expansion-too-long": {
    why: "Repetitions of repetitions, and definitions of definitions, multiply. What is left out here would fill the memory of the machine.",
    wrong: `~SEQ(A, 1, 1000) ~SEQ(B, 1, 1000) ~SEQ(C, 1, 1000) # $A $B $C\n${instance()}`,
    right: `~SEQ(A, 1, 10) # $A\n${instance()}`,
  },
  "config/bad-repetition": {
    why: "`~SEQ(NAME, START, STEP, END)` needs a name and one to three numbers, and a step that leads to the end. keepalived leaves the line out.",
    wrong: `~SEQ(N, 1, 0, 5) # $N\n${instance()}`,
    right: `~SEQ(N, 1, 1, 5) # $N\n${instance()}`,
  },

  "config/missing-brace": {
    why: "Everything that follows is read as if it stood in the block, where most of it has no meaning.",
    wrong: "global_defs {\n  router_id r1\n",
    right: block("global_defs", "router_id r1"),
  },
  "config/extra-brace": {
    why: "A `}` too many usually means that a block was closed too early. keepalived may drop all that follows.",
    wrong: `${block("global_defs", "router_id r1")}}\n${instance()}`,
    right: `${block("global_defs", "router_id r1")}${instance()}`,
  },
  "config/unexpected-brace": {
    why: "Only blocks have braces. The keyword before this one takes a value and nothing else.",
    wrong: instance("priority 100 {\n}"),
    right: instance("priority 100"),
  },
  "config/empty-block": {
    why: "keepalived expects something in this block and complains when it finds nothing.",
    wrong: block("global_defs", "notification_email {\n}"),
    right: block("global_defs", "notification_email {\n  admin@example.org\n}"),
  },
  "config/expected-brace": {
    why: "A block begins with `{` on the line of its keyword or on the next one. Without it keepalived reads the lines as if they stood outside.",
    wrong: "global_defs\n  router_id r1\n",
    right: block("global_defs", "router_id r1"),
  },
  "config/unknown-keyword": {
    why: "keepalived says so in its log and goes on without the line. If the line was important, the router behaves otherwise than its file seems to say.",
    wrong: instance("pririty 100"),
    right: instance("priority 100"),
  },
  "config/misplaced-keyword": {
    why: "Each keyword means something in its own block only. Elsewhere keepalived ignores it; a brace that is missing or too many often is the reason.",
    wrong: `${instance()}priority 100\n`,
    right: instance("priority 100"),
  },
  "config/not-implemented": {
    why: "The file may stay as it is: keepalived acts on the keyword, and Understudy reads and checks it. What it asks for does not happen yet.",
    wrong: instance("use_vmac"),
    right: instance(),
  },
  "config/family-not-implemented": {
    why: "The instance is read, checked and left out. IPv6 addresses in `virtual_ipaddress_excluded` of an IPv4 instance are held.",
    wrong: withoutAddress("VI_6", 51, "virtual_ipaddress {\n  2001:db8::10\n}"),
    right: instance("virtual_ipaddress_excluded {\n  2001:db8::10\n}"),
  },
  "config/deprecated": {
    why: "The keyword still works, and a later version of keepalived may no longer know it.",
    wrong: instance("native_ipv6"),
    right: instance(),
  },
  "config/extra-words": {
    why: "keepalived does not look at them, and says nothing. Two settings on one line are one setting.",
    wrong: instance("priority 100 nopreempt"),
    right: instance("priority 100", "nopreempt"),
  },
  "config/repeated": {
    why: "Only one of the two can hold. Which one it is differs from keyword to keyword, so say it once.",
    wrong: instance("virtual_ipaddress_excluded {\n  192.0.2.10\n}"),
    right: instance("virtual_ipaddress_excluded {\n  192.0.2.20\n}"),
  },

  "config/missing-value": {
    why: "keepalived ends at once when it meets a keyword without its value, and nothing of the file is used.",
    wrong: instance("priority"),
    right: instance("priority 100"),
  },
  "config/missing-name": {
    why: "keepalived skips a block whose name is missing or has two words. Names are one word.",
    wrong: "vrrp_instance VI 1 {\n}\n",
    right: instance(),
  },
  "config/value-type": {
    why: "The value is not read as far as it goes: keepalived does not use it at all, and the default holds.",
    wrong: instance("priority 100x"),
    right: instance("priority 100"),
  },
  "config/value-range": {
    why: "A value outside its range is not used, not even the nearest one: the default holds instead. For `priority` it is 100 on every router, so that they become equal.",
    wrong: instance("priority 300"),
    right: instance("priority 254"),
  },
  "config/value-clamped": {
    why: "keepalived takes the nearest value that it can use. What the file says is not what happens.",
    wrong: instance("garp_master_repeat 0"),
    right: instance("garp_master_repeat 1"),
  },
  "config/value-choice": {
    why: "keepalived does not know the word and goes on as if the keyword were not there.",
    wrong: instance("state MASTRE"),
    right: instance("state MASTER"),
  },
  "config/value-rounded": {
    why: "VRRPv2 carries whole seconds. keepalived rounds, and 0.4 s would have become 0 s: a flood of adverts. Version 3 carries hundredths of seconds.",
    wrong: instance("version 2", "advert_int 0.5"),
    right: instance("version 3", "advert_int 0.5"),
  },
  "config/address": {
    why: "keepalived skips the line, and the address is not held by anybody.",
    wrong: withoutAddress("VI_1", 51, "virtual_ipaddress {\n  192.0.2.10\n  192.0.2.256\n}"),
    right: withoutAddress("VI_1", 51, "virtual_ipaddress {\n  192.0.2.10\n  192.0.2.255\n}"),
  },
  "config/address-option": {
    why: "The words after an address are those of `ip address add`. With one that is unknown or has a bad value, the address is not as it was meant.",
    wrong: withoutAddress("VI_1", 51, "virtual_ipaddress {\n  192.0.2.10 lable eth0:1\n}"),
    right: withoutAddress("VI_1", 51, "virtual_ipaddress {\n  192.0.2.10 label eth0:1\n}"),
  },

  "interface/unknown": {
    why: "keepalived looks for the interface when it reads the line. What is set for one that is not there is forgotten.",
    wrong: `${block("interface_up_down_delays", "eth7 2")}${named("VI_1", 51)}`,
    right: `${block("interface_up_down_delays", "eth0 2")}${named("VI_1", 51)}`,
    machine: true,
  },
} as const satisfies DiagnosticExamples;
