// Pages of the diagnostics about several files as one group of routers: the two places that do not
// agree stand in two files.

import type { DiagnosticExamples } from "./example.ts";
import { block, named } from "./example.ts";

const router = (priority: number, ...lines: readonly string[]): string =>
  named("VI_1", 51, `priority ${priority}`, ...lines);
const pass = (password: string) =>
  block("authentication", "auth_type PASS", `auth_pass ${password}`);
const unicast = (own: number, ...peers: readonly number[]): readonly string[] => [
  `unicast_src_ip 192.0.2.${own}`,
  block("unicast_peer", ...peers.map((peer) => `192.0.2.${peer}`)),
];
const tracking = (weight: number) => `track_interface {\n  eth1 weight ${weight}\n}`;
const good = [router(150), router(100)] as const;
const otherAddress = (text: string) => text.replace("192.0.2.10", "192.0.2.20");
const withAddresses = (priority: number, ...addresses: readonly string[]) =>
  router(priority).replace("192.0.2.10", addresses.join("\n    "));

export const groupExamples = {
  "group/same-file": {
    why: "A group is made of different routers, each with its own file. One file twice is a slip of the command line.",
    wrong: [router(150), router(150)],
    right: good,
  },
  "group/not-compared": {
    why: "keepalived would not run with this file, so there is nothing to compare. Its own diagnostics come first.",
    wrong: [router(150), block("vrrp_instance VI_1", "interface eth0")],
    right: good,
  },
  "group/alone": {
    why: "A virtual router that only one router has cannot be taken over by another one. Perhaps the addresses or the VRID differ, so that the two were not seen as one.",
    wrong: [router(150), ""],
    right: good,
  },
  "group/vrid": {
    why: "Routers with different numbers do not hear each other: both become master of the same addresses.",
    wrong: [router(150), router(100).replace("51", "52")],
    right: good,
  },
  "group/vrid-clash": {
    why: "Two virtual routers with one number on one network take each other's adverts for their own. Give each a number of its own.",
    wrong: [router(150), otherAddress(router(100).replace("VI_1", "VI_2"))],
    right: good,
  },
  "group/version": {
    why: "A router drops adverts of another version, so that both become master. Without `version` it is 2.",
    wrong: [router(150), router(100, "version 3")],
    right: [router(150, "version 3"), router(100, "version 3")],
  },
  "group/interval": {
    why: "VRRPv2 demands the same interval on all routers and drops other adverts: both become master.",
    wrong: [router(150, "advert_int 1"), router(100, "advert_int 2")],
    right: [router(150, "advert_int 2"), router(100, "advert_int 2")],
  },
  "group/interval-v3": {
    why: "A VRRPv3 backup learns the master's interval, so that the time of a takeover depends on who was master before.",
    wrong: [router(150, "version 3", "advert_int 0.2"), router(100, "version 3", "advert_int 1")],
    right: [router(150, "version 3", "advert_int 0.2"), router(100, "version 3", "advert_int 0.2")],
  },
  "group/authentication": {
    why: "Adverts with another password, or with none, are dropped: both become master.",
    wrong: [router(150, pass("one")), router(100, pass("two"))],
    right: [router(150, pass("one")), router(100, pass("one"))],
  },
  "group/checksum": {
    why: "RFC 5798 is read in two ways for IPv4: with a pseudo header and without. A router that expects the other form may drop every advert.",
    wrong: [
      `${block("global_defs", "v3_checksum_as_v2")}${router(150, "version 3")}`,
      router(100, "version 3"),
    ],
    right: [router(150, "version 3"), router(100, "version 3")],
  },
  "group/transport": {
    why: "A router that sends to peers alone is not heard by one that listens to the multicast group.",
    wrong: [router(150, ...unicast(1, 2)), router(100)],
    right: [router(150, ...unicast(1, 2)), router(100, ...unicast(2, 1))],
  },
  "group/unicast-peer": {
    why: "With unicast every router needs all the others as peers. The one that is not named hears nothing and becomes master, too.",
    wrong: [router(150, ...unicast(1, 3)), router(100, ...unicast(2, 1))],
    right: [router(150, ...unicast(1, 2)), router(100, ...unicast(2, 1))],
  },
  "group/unicast-self": {
    why: "The list of peers was copied from the other router. Each router names the others, and not itself.",
    wrong: [router(150, ...unicast(1, 1, 2)), router(100, ...unicast(2, 1))],
    right: [router(150, ...unicast(1, 2)), router(100, ...unicast(2, 1))],
  },
  "group/unicast-stranger": {
    why: "Adverts go to a machine that is not in this group. It may be a router whose file was not given, or an address that is wrong.",
    wrong: [router(150, ...unicast(1, 2, 3)), router(100, ...unicast(2, 1))],
    right: [router(150, ...unicast(1, 2)), router(100, ...unicast(2, 1))],
  },
  "group/same-source": {
    why: "Each router sends from an address of its own; with one for both they take the other's adverts for their own.",
    wrong: [router(150, "mcast_src_ip 192.0.2.1"), router(100, "mcast_src_ip 192.0.2.1")],
    right: [router(150, "mcast_src_ip 192.0.2.1"), router(100, "mcast_src_ip 192.0.2.2")],
  },
  "group/address-missing": {
    why: "The router that takes over holds only what its own file says: the other addresses are gone until the first one comes back.",
    wrong: [withAddresses(150, "192.0.2.10", "192.0.2.11"), router(100)],
    right: [
      withAddresses(150, "192.0.2.10", "192.0.2.11"),
      withAddresses(100, "192.0.2.10", "192.0.2.11"),
    ],
  },
  "group/address-length": {
    why: "Who takes over adds the address with another network, which changes its routes.",
    wrong: [withAddresses(150, "192.0.2.10/24"), withAddresses(100, "192.0.2.10/32")],
    right: [withAddresses(150, "192.0.2.10/24"), withAddresses(100, "192.0.2.10/24")],
  },
  "group/address-order": {
    why: "Some routers compare the lists as they stand, and the first address becomes the primary one.",
    wrong: [
      withAddresses(150, "192.0.2.10", "192.0.2.11"),
      withAddresses(100, "192.0.2.11", "192.0.2.10"),
    ],
    right: [
      withAddresses(150, "192.0.2.10", "192.0.2.11"),
      withAddresses(100, "192.0.2.10", "192.0.2.11"),
    ],
  },
  "group/equal-priority": {
    why: "Between equals the higher address wins, which nobody has decided. Give the preferred router more.",
    wrong: [router(100), router(100)],
    right: good,
  },
  "group/two-owners": {
    why: "Priority 255 says that the addresses are this router's own; two of them never give way to each other. `state MASTER` without `priority` means 255, too.",
    wrong: [router(255), router(255)],
    right: good,
  },
  "group/nopreempt": {
    why: "`nopreempt` is a decision of the router that comes back. If only one side has it, what happens depends on which one failed.",
    wrong: [router(150, "nopreempt"), router(100)],
    right: [router(150, "nopreempt"), router(100, "nopreempt")],
  },
  "group/weight-without-effect": {
    why: "A weight changes the priority. As long as the master remains above the other router, whatever it tracks may fail and nobody takes over.",
    wrong: [router(150, tracking(-20)), router(100)],
    right: [router(150, tracking(-60)), router(100)],
  },
  "group/weights-tie": {
    why: "With the very same priority a master stays master, so that a failure which should move the addresses does not. Take a weight that is larger than the difference.",
    wrong: [router(110, tracking(-10)), router(100)],
    right: [router(110, tracking(-20)), router(100)],
  },
} as const satisfies DiagnosticExamples;
