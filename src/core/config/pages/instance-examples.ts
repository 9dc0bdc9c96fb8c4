// Pages of the diagnostics about what instances mean, what they track, and their groups:
// `instance/...`, `script/...`, `tracking/...` and those of `group/...` that one file can have.

import type { DiagnosticExamples } from "./example.ts";
import { block, instance, named, withoutAddress } from "./example.ts";

const secure = block("global_defs", "enable_script_security", "script_user root");
const tracked = (script: string, globals = secure, ...more: readonly string[]): string =>
  `${globals}${block("vrrp_script chk", `script "${script}"`, ...more)}${instance("track_script {\n  chk\n}")}`;
const authentication = (...lines: readonly string[]) => block("authentication", ...lines);
const strict = block("global_defs", "vrrp_strict");
const two = `${named("A", 51)}${named("B", 52)}`;

export const instanceExamples = {
  "script/no-command": {
    why: "Without `script` there is nothing to run; keepalived drops the block, and whoever tracks it is told that it does not exist.",
    wrong: `${block("vrrp_script chk", "interval 2")}${instance()}`,
    right: `${block("vrrp_script chk", 'script "/usr/local/bin/check"', "interval 2")}${instance()}`,
  },
  "script/unknown-user": {
    why: "Scripts are run as `keepalived_script`, or as root where that user does not exist. A user that is named and does not exist disables the script.",
    wrong: tracked("/usr/local/bin/check", secure, "user nobody2"),
    right: tracked("/usr/local/bin/check", secure, "user web"),
    machine: true,
  },
  "script/missing": {
    why: "keepalived disables a script that it cannot find, and the instance goes on as if nothing were tracked.",
    wrong: tracked("/usr/local/bin/chekc"),
    right: tracked("/usr/local/bin/check"),
    machine: true,
  },
  "script/insecure": {
    why: "Whoever may write the file, or a folder on the way to it, can make root run what he likes. With `enable_script_security` keepalived disables such a script.",
    wrong: tracked("/srv/web/check"),
    right: tracked("/usr/local/bin/check"),
    machine: true,
  },
  "script/security-off": {
    why: "Without `enable_script_security` keepalived runs scripts as root although others may change them, and its `-t` ends with status 6.",
    wrong: tracked("/usr/local/bin/check", block("global_defs", "script_user root")),
    right: tracked("/usr/local/bin/check"),
    machine: true,
  },
  "tracking/nothing-to-track": {
    why: "The block has a name and says neither which file, process nor neighbour is meant; keepalived drops it.",
    wrong: `${block("track_file load", "weight -10")}${instance()}`,
    right: `${block("track_file load", "file /run/load", "weight -10")}${instance()}`,
  },
  "tracking/not-found": {
    why: "keepalived looks for the name among what stands above. If it stands below, or is spelt otherwise, nothing is tracked.",
    wrong: instance("track_file {\n  load\n}"),
    right: `${block("track_file load", "file /run/load", "weight -10")}${instance("track_file {\n  load\n}")}`,
  },

  "group/no-members": {
    why: "A group of one instance changes nothing, and one without members is removed. keepalived warns, and its `-t` ends with status 5.",
    wrong: `${block("vrrp_sync_group G", "group {\n  A\n}")}${two}`,
    right: `${block("vrrp_sync_group G", "group {\n  A\n  B\n}")}${two}`,
  },
  "group/unknown-member": {
    why: "The instance does not exist, or is in another group already, so that it does not change state with the others.",
    wrong: `${block("vrrp_sync_group G", "group {\n  A\n  B\n  C\n}")}${two}`,
    right: `${block("vrrp_sync_group G", "group {\n  A\n  B\n}")}${two}`,
  },

  "instance/no-vrid": {
    why: "The number tells virtual routers of one network apart. It has no default, and is the same on all routers of one group.",
    wrong: block("vrrp_instance VI_1", "interface eth0", "virtual_ipaddress {\n  192.0.2.10\n}"),
    right: instance(),
  },
  "instance/duplicate-vrid": {
    why: "Two virtual routers with one number on one interface would answer each other's adverts. keepalived refuses the whole file.",
    wrong: `${named("A", 51)}${named("B", 51)}`,
    right: two,
  },
  "instance/duplicate-name": {
    why: "Names tell instances apart in logs, scripts and groups. keepalived ignores the second one with all that is in it.",
    wrong: `${named("A", 51)}${named("A", 52)}`,
    right: two,
  },
  "instance/no-interface": {
    why: "Adverts are sent and addresses are held on an interface; only unicast with `unicast_src_ip` can do without one.",
    wrong: block(
      "vrrp_instance VI_1",
      "virtual_router_id 51",
      "virtual_ipaddress {\n  192.0.2.10\n}",
    ),
    right: instance(),
  },
  "instance/unknown-interface": {
    why: "keepalived refuses the whole file. With `dynamic_interfaces` in `global_defs` the interface may appear later.",
    wrong: instance().replace("eth0", "eth7"),
    right: instance(),
    machine: true,
  },
  "instance/no-address": {
    why: "RFC 5798 has no advert without an address: keepalived refuses a version 3 instance that has none.",
    wrong: withoutAddress("VI_1", 51, "version 3"),
    right: instance("version 3"),
  },
  "instance/no-address-v2": {
    why: "The routers elect a master that holds nothing. If only the notify scripts are wanted, say so with `no_virtual_ipaddress`.",
    wrong: withoutAddress("VI_1", 51),
    right: withoutAddress("VI_1", 51, "no_virtual_ipaddress"),
  },
  "instance/address-family": {
    why: "An advert carries addresses of one family. Those of the other one belong into `virtual_ipaddress_excluded`, where they are held and not advertised.",
    wrong: withoutAddress("VI_1", 51, "virtual_ipaddress {\n  192.0.2.10\n  2001:db8::10\n}"),
    right: instance("virtual_ipaddress_excluded {\n  2001:db8::10\n}"),
  },
  "instance/addresses-excluded": {
    why: "The count of addresses is one byte of the advert. What does not fit is held, and the backups never compare it.",
    wrong: withoutAddress(
      "VI_1",
      51,
      "virtual_ipaddress {\n  10.0.0.1\n  ~SEQ(N, 1, 255) 10.0.1.$N\n}",
    ),
    right: withoutAddress("VI_1", 51, "virtual_ipaddress {\n  ~SEQ(N, 1, 255) 10.0.1.$N\n}"),
  },
  "instance/authentication-ignored": {
    why: "RFC 3768 and RFC 5798 removed authentication, because it never kept anybody out: the password travels in the clear. Version 3 packets have no room for it.",
    wrong: instance("version 3", authentication("auth_type PASS", "auth_pass secret")),
    right: instance("version 3"),
  },
  "instance/authentication-not-implemented": {
    why: "The instance is left out, since sending without AH would make two masters. `auth_type PASS` is understood by every VRRPv2 router.",
    wrong: instance(authentication("auth_type AH", "auth_pass secret")),
    right: instance(authentication("auth_type PASS", "auth_pass secret")),
  },
  "instance/password-cut": {
    why: "The packet has room for 8 bytes. The rest is cut off, so that two passwords that differ only there are one.",
    wrong: instance(authentication("auth_type PASS", "auth_pass correct-horse")),
    right: instance(authentication("auth_type PASS", "auth_pass correct-")),
  },
  "instance/no-password": {
    why: "keepalived drops the authentication of this instance, and the peers that have one drop its adverts.",
    wrong: instance(authentication("auth_type PASS")),
    right: instance(authentication("auth_type PASS", "auth_pass secret")),
  },
  "instance/preempt-conflict": {
    why: "`nopreempt` lets a weaker master go on, which a router that begins as MASTER or owns the addresses does not do: keepalived clears it. Write `state BACKUP` on all routers for nopreempt.",
    wrong: instance("state MASTER", "priority 150", "nopreempt"),
    right: instance("state BACKUP", "priority 150", "nopreempt"),
  },
  "instance/unicast-without-peers": {
    why: "Without `unicast_peer` the instance uses multicast. In a network that has none, both routers then become master.",
    wrong: instance("unicast_src_ip 192.0.2.1"),
    right: instance("unicast_src_ip 192.0.2.1", "unicast_peer {\n  192.0.2.2\n}"),
  },
  "instance/own-interface-tracked": {
    why: "The interface of an instance is always tracked, unless `dont_track_primary` says otherwise; the line adds nothing.",
    wrong: instance("track_interface {\n  eth0\n}"),
    right: instance("track_interface {\n  eth1\n}"),
  },
  "instance/strict": {
    why: "`vrrp_strict` asks for what the RFC says and nothing else: no authentication, no unicast where multicast works, no `state MASTER` below priority 255. keepalived resets such settings, so that two routers with the same file except for strict mode do not fit together.",
    wrong: `${strict}${instance(authentication("auth_type PASS", "auth_pass secret"))}`,
    right: `${strict}${instance()}`,
  },
  "instance/vmac": {
    why: "The keywords of virtual MAC addresses build on `use_vmac`; without it, or where they contradict it, keepalived resets them.",
    wrong: instance("vmac_xmit_base"),
    right: instance("use_vmac", "vmac_xmit_base"),
  },
} as const satisfies DiagnosticExamples;
