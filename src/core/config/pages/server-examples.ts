// Pages of the diagnostics about virtual servers and their checks: `lvs/...` and `check/...`.

import type { DiagnosticExamples } from "./example.ts";
import { block } from "./example.ts";

const real = (head = "192.0.2.20 80", ...lines: readonly string[]): string =>
  block(`real_server ${head}`, ...lines);

/** A service with all that it needs, on 192.0.2.10. */
const service = (lines: readonly string[], servers: string = real()): string =>
  serviceOn("192.0.2.10 80", lines, servers);
const serviceOn = (head: string, lines: readonly string[], servers: string = real()): string =>
  block(`virtual_server ${head}`, "lb_algo rr", "lb_kind NAT", "protocol TCP", ...lines, servers);

/** A service with one server and one check of it. */
const checked = (check: string, ...lines: readonly string[]): string =>
  service([], real(undefined, block(check, ...lines)));
const unsaid = (...lines: readonly string[]): string =>
  block("virtual_server 192.0.2.10 80", ...lines, real());
const get = (digest: string): string =>
  checked("HTTP_GET", block("url", "path /", `digest ${digest}`));

export const serverExamples = {
  "config/value-precision": {
    why: "keepalived counts microseconds, so that a seventh decimal place is lost; it says so.",
    wrong: service(["delay_loop 6.1234567"]),
    right: service(["delay_loop 6.5"]),
  },

  "lvs/address": {
    why: "A service is an IP address with a port number, a firewall mark or a group. keepalived does not ask for names of hosts or ports here.",
    wrong: service(["sorry_server 192.0.2.99 http"]),
    right: service(["sorry_server 192.0.2.99 80"]),
  },
  "lvs/range": {
    why: "`192.0.2.1-9` means the addresses up to 192.0.2.9. keepalived skips a range that ends before it begins.",
    wrong: block("virtual_server_group G", "192.0.2.1 80", "192.0.2.9-3 80"),
    right: block("virtual_server_group G", "192.0.2.1 80", "192.0.2.3-9 80"),
  },
  "lvs/family": {
    why: "Packets of one family cannot be handed to a server of the other one, except within a tunnel.",
    wrong: service([], real("2001:db8::20 80")),
    right: service([], real("192.0.2.20 80")),
  },
  "lvs/empty-group": {
    why: "keepalived removes the group, and the virtual server that names it serves nothing.",
    wrong: block("virtual_server_group G"),
    right: block("virtual_server_group G", "192.0.2.10 80"),
  },
  "lvs/unknown-group": {
    why: "A virtual server of a group that is not there is configured and never reached.",
    wrong: serviceOn("group G", []),
    right: `${block("virtual_server_group G", "192.0.2.10 80")}${serviceOn("group G", [])}`,
  },
  "lvs/no-real-servers": {
    why: "There is nobody to send connections to; keepalived ignores the whole block.",
    wrong: service([], ""),
    right: service([], real()),
  },
  "lvs/duplicate-server": {
    why: "IPVS knows a server by its address and port. To give it more connections, give it more `weight`.",
    wrong: service([real()], real()),
    right: service([], real("192.0.2.20 80", "weight 2")),
  },
  "lvs/no-protocol": {
    why: "A service of TCP connections that does not say so is one of UDP packets.",
    wrong: unsaid("lb_algo rr", "lb_kind NAT"),
    right: unsaid("lb_algo rr", "lb_kind NAT", "protocol TCP"),
  },
  "lvs/no-scheduler": {
    why: "keepalived takes wlc and complains. Say which scheduler is meant.",
    wrong: unsaid("lb_kind NAT", "protocol TCP"),
    right: unsaid("lb_algo wlc", "lb_kind NAT", "protocol TCP"),
  },
  "lvs/no-forwarding": {
    why: "keepalived takes NAT and complains. With direct routing the servers answer clients themselves, so that this must be meant.",
    wrong: unsaid("lb_algo rr", "protocol TCP"),
    right: unsaid("lb_algo rr", "lb_kind NAT", "protocol TCP"),
  },
  "lvs/no-effect": {
    why: "keepalived reads the keyword, and does not use it for a service of this protocol.",
    wrong: service(["ops"]),
    right: service(["ops"]).replace("TCP", "UDP"),
  },
  "lvs/scheduler-flag": {
    why: "A flag belongs to the scheduler that was named above it; for another one it has no meaning.",
    wrong: service(["sh-port"]),
    right: service(["lb_algo sh", "sh-port"]).replace("  lb_algo rr\n", ""),
  },
  "lvs/forwarding": {
    why: "The methods are NAT, DR and TUN, in capitals. keepalived does not use another word, and takes NAT.",
    wrong: service(["lb_kind nat"]).replace("  lb_kind NAT\n", ""),
    right: service([]),
  },
  "lvs/ports": {
    why: "Only NAT can change the port of a packet. With DR and TUN the server gets packets for the port of the service, whatever stands here.",
    wrong: service([], real("192.0.2.20 81", "lvs_method DR")),
    right: service([], real("192.0.2.20 80", "lvs_method DR")),
  },
  "lvs/zero-port": {
    why: "IPVS needs persistence for a service of all ports, so that the connections of a client go to one server. keepalived turns it on.",
    wrong: serviceOn("192.0.2.10", [], real("192.0.2.20")),
    right: serviceOn("192.0.2.10", ["persistence_timeout 360"], real("192.0.2.20")),
  },
  "lvs/quorum": {
    why: "The weights of all servers together do not reach the quorum, so that the service is never up.",
    wrong: service(["quorum 2"]),
    right: service(["quorum 2"], `${real()}${real("192.0.2.21 80")}`),
  },
  "lvs/sorry-server": {
    why: "The setting is one of the sorry server, which has to be named before it.",
    wrong: service(["sorry_server_inhibit"]),
    right: service(["sorry_server 192.0.2.99 80", "sorry_server_inhibit"]),
  },
  "lvs/sorry-inhibit": {
    why: "One server cannot be removed as a real server and stay as the sorry server; keepalived inhibits it in both roles.",
    wrong: service(["sorry_server 192.0.2.20 80", "sorry_server_inhibit"]),
    right: service(["sorry_server 192.0.2.99 80", "sorry_server_inhibit"]),
  },
  "lvs/persistence": {
    why: "The granularity is a netmask for IPv4 and a prefix length for IPv6, of the same family as the service.",
    wrong: service(["persistence_timeout 360", "persistence_granularity 2001:db8::"]),
    right: service(["persistence_timeout 360", "persistence_granularity 255.255.255.0"]),
  },

  "check/incomplete": {
    why: "Without what it is about there is nothing to check. keepalived leaves the check out, and the server counts as up for ever.",
    wrong: checked("MISC_CHECK", "misc_timeout 5"),
    right: checked("MISC_CHECK", 'misc_path "/usr/local/bin/check"', "misc_timeout 5"),
  },
  "check/value": {
    why: "keepalived goes on without the value, so that the check asks for less than was meant.",
    wrong: get("abc"),
    right: get("d41d8cd98f00b204e9800998ecf8427e"),
  },
  "check/unknown-name": {
    why: "keepalived looks for the name among what stands above.",
    wrong: checked("BFD_CHECK", "name B"),
    right: `${block("bfd_instance B", "neighbor_ip 192.0.2.20", "checker")}${checked("BFD_CHECK", "name B")}`,
  },
  "check/address": {
    why: "A connection has a source and a destination of one family.",
    wrong: checked("TCP_CHECK", "bindto 2001:db8::1"),
    right: checked("TCP_CHECK", "bindto 192.0.2.1"),
  },
} as const satisfies DiagnosticExamples;
