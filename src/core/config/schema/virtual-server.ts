// The keywords of `virtual_server` and of the `real_server` blocks inside it: a load-balanced service
// and the servers behind it (keepalived.md sections 1.16 and 1.17).

import { checkerKeywords, connectTimeout, secondsMax, secondsMin } from "./checkers.ts";
import { later } from "./later.ts";
import {
  anyCase,
  boolean,
  choice,
  flag,
  form,
  headedBlock,
  integer,
  script,
  seconds,
  text,
  words,
} from "./row.ts";
import type { BlockSpec } from "./spec.ts";

const weightMax = 2_147_483_647;
const unsignedMax = 4_294_967_295;
const forwarding = form(
  "NAT or DR or TUN [type ipip or gre or gue port N] [nocsum or csum or remcsum]",
);
const schedulers = choice(..."rr wrr lc wlc lblc lblcr sh mh dh fo ovf sed nq twos".split(" "));
const schedulerWords = { classic: "Invalid lvs_scheduler '{value}' - ignoring" } as const;

export const realServerKeywords = {
  weight: later(integer(0, weightMax), "Share of the connections; 0 for none.", {
    default: "weight of the virtual server, else 1",
    classic: "Real server weight {value} is outside range 0-2147483647",
  }),
  lvs_method: later(forwarding, "How packets reach this server.", {
    default: "lvs_method of the virtual server",
  }),
  uthreshold: later(integer(0, unsignedMax), "Most connections; 0 for no limit.", {
    default: "0",
    classic: "Invalid real_server uthreshold '{value}' - ignoring",
  }),
  lthreshold: later(integer(0, unsignedMax), "Connections below which new ones come again.", {
    default: "0",
    classic: "Invalid real_server lthreshold '{value}' - ignoring",
  }),
  inhibit_on_failure: later(boolean, "When down, weight 0 instead of removal.", {
    default: "as in the virtual server",
    classic: "Invalid inhibit_on_failure parameter {value}",
  }),
  notify_up: later(script, "Run when the server comes up."),
  notify_down: later(script, "Run when the server goes down."),
  alpha: later(boolean, "Down until the first check succeeds.", {
    default: "as in the virtual server",
    classic: "Invalid alpha parameter {value}",
  }),
  retry: later(integer(1, unsignedMax), "Failed checks in a row that make it down.", {
    default: "the virtual server's",
    classic: "retry value invalid - {value}",
  }),
  delay_before_retry: later(seconds(0, secondsMax), "Seconds before checking again.", {
    default: "the virtual server's",
    classic: "real server delay_before_retry '{value}' invalid - ignoring",
  }),
  warmup: later(seconds(0, secondsMax), "The first check comes within so many seconds.", {
    default: "the virtual server's",
    classic: "real server warmup '{value}' invalid - ignoring",
  }),
  connect_timeout: later(connectTimeout, "Seconds that a check waits.", {
    default: "the virtual server's",
    classic: "real server connect_timeout {value} invalid - ignoring",
  }),
  delay_loop: later(seconds(secondsMin, secondsMax), "Seconds between checks.", {
    default: "the virtual server's",
    classic: "real server delay_loop '{value}' invalid - ignoring",
  }),
  smtp_alert: later(boolean, "Mail when it goes up or down.", {
    default: "on, unless global_defs says otherwise",
    classic: "Invalid real_server smtp_alert parameter {value}",
  }),
  virtualhost: later(text, "Host header of HTTP checks.", {
    default: "the virtual server's",
    emptyIgnored: "real server virtualhost missing",
  }),
  snmp_name: later(words, "Name in SNMP."),
  ...checkerKeywords,
} as const;

export const realServer: BlockSpec = {
  name: "real_server",
  doc: "A server behind the service, with the checks that it must pass.",
  keywords: realServerKeywords,
};

export const virtualServerKeywords = {
  // The service
  ip_family: later(form("inet or inet6"), "Family, where a firewall mark leaves it open."),
  protocol: later(anyCase("TCP", "UDP", "SCTP"), "Not for firewall marks.", {
    default: "UDP, with a message",
    classic: "Unknown protocol {value} - ignoring",
  }),
  real_server: later(headedBlock(realServer, "ADDRESS [PORT]"), realServer.doc, {
    repeats: true,
  }),
  sorry_server: later(form("ADDRESS [PORT]"), "Serves while the quorum is lost."),
  sorry_server_inhibit: later(flag, "The sorry server stays, with weight 0."),
  sorry_server_lvs_method: later(forwarding, "How packets reach the sorry server.", {
    default: "lvs_method of the virtual server",
  }),

  // How connections are spread
  lb_algo: later(schedulers, "Scheduler.", {
    ...schedulerWords,
    default: "wlc, with a message",
  }),
  lvs_sched: later(schedulers, "Same as lb_algo.", schedulerWords),
  lb_kind: later(forwarding, "How packets reach the servers.", {
    default: "NAT, with a message",
  }),
  lvs_method: later(forwarding, "Same as lb_kind."),
  hashed: later(flag, "Same as flag-1; after the scheduler sh."),
  "flag-1": later(flag, "First flag of the scheduler."),
  "flag-2": later(flag, "Second flag of the scheduler."),
  "flag-3": later(flag, "Third flag of the scheduler."),
  "sh-port": later(flag, "Hash the port, too; after the scheduler sh or mh."),
  "sh-fallback": later(flag, "Another server when the hashed one is down; after sh or mh."),
  "mh-port": later(flag, "Hash the port, too; after the scheduler mh or sh."),
  "mh-fallback": later(flag, "Another server when the hashed one is down; after mh or sh."),
  ops: later(flag, "Schedule every packet by itself; UDP alone."),
  persistence_timeout: later(
    integer(1, 2_678_400),
    "Seconds that a client stays with its server.",
    {
      optional: true,
      default: "360 when no number is given",
      classic: "persistence_timeout invalid",
    },
  ),
  persistence_granularity: later(
    form("IPv4 netmask or IPv6 prefix length"),
    "Clients of one network count as one.",
  ),
  persistence_engine: later(text, "Module that knows the protocol, such as `sip`."),

  // Checks
  delay_loop: later(seconds(secondsMin, secondsMax), "Seconds between checks.", {
    default: "60",
    classic: "virtual server delay loop '{value}' invalid - ignoring",
  }),
  connect_timeout: later(connectTimeout, "Seconds that a check waits.", {
    default: "5",
    classic: "virtual server connect_timeout {value} invalid - ignoring",
  }),
  retry: later(integer(1, unsignedMax), "Failed checks in a row that make a server down.", {
    default: "the checker's",
    classic: "retry value invalid - {value}",
  }),
  delay_before_retry: later(seconds(0, secondsMax), "Seconds before checking again.", {
    default: "the checker's",
    classic: "virtual server delay before retry '{value}' invalid - ignoring",
  }),
  warmup: later(seconds(0, secondsMax), "The first check comes within so many seconds.", {
    default: "delay_loop",
    classic: "virtual server warmup '{value}' invalid - ignoring",
  }),
  inhibit_on_failure: later(flag, "Servers that are down get weight 0 instead of removal."),
  alpha: later(flag, "Servers count as down until their first check."),
  omega: later(flag, "Run the scripts for going down at shutdown."),
  ha_suspend: later(flag, "No checks while the address is not on this machine."),
  virtualhost: later(text, "Host header of HTTP checks.", {
    emptyIgnored: "virtual server virtualhost missing",
  }),

  // Quorum
  weight: later(integer(1, weightMax), "Weight of servers that name none.", {
    default: "1",
    classic: "Virtual server weight {value} is outside range 1-2147483647",
  }),
  quorum: later(integer(1, unsignedMax), "Weight that must be up.", {
    default: "1",
    classic: "Quorum {value} must be in [1, 4294967295]. Setting to 1.",
  }),
  hysteresis: later(integer(0, unsignedMax), "Weight beyond the quorum until it changes.", {
    default: "0",
    classic: "Hysteresis {value} must be in [0, 4294967295] - ignoring",
  }),
  quorum_up: later(script, "Run when the quorum is gained."),
  quorum_down: later(script, "Run when the quorum is lost."),

  // Telling others
  smtp_alert: later(boolean, "Mail when the quorum changes.", {
    default: "off, unless global_defs says otherwise",
    classic: "Invalid virtual_server smtp_alert parameter {value}",
  }),
  snmp_name: later(words, "Name in SNMP."),
} as const;

export const virtualServer: BlockSpec = {
  name: "virtual_server",
  doc: "A load-balanced service.",
  keywords: virtualServerKeywords,
};
