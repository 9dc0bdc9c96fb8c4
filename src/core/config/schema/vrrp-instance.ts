// The keywords of `vrrp_instance NAME { }`: one virtual router.

import {
  block,
  boolean,
  choice,
  flag,
  integer,
  interfaceName,
  lines,
  row,
  script,
  seconds,
  text,
  words,
} from "./row.ts";
import type { BlockSpec } from "./spec.ts";

const secondsMax = 4294.967295;

export const authenticationKeywords = {
  auth_type: row(choice("PASS", "AH"), "`PASS`: a clear-text word in every advert. `AH`: IPsec.", {
    classic: "({name}) unknown authentication type '{value}'",
  }),
  auth_pass: row(text, "The word; at most 8 bytes, the rest is cut off."),
} as const;

export const authentication: BlockSpec = {
  name: "authentication",
  doc: "VRRPv2 only. It keeps out mistakes, not attackers.",
  keywords: authenticationKeywords,
};

export const authHmacKeywords = {
  key: row(words, "`key ID VALUE`: a shared key; several may be given.", {
    status: "accepted",
    emptyIgnored: true,
    repeats: true,
  }),
  active_key: row(integer(1, 255), "The key that signs.", { status: "accepted" }),
  time_window: row(integer(1, 300), "Seconds that clocks may differ.", {
    status: "accepted",
    default: "3 x advert_int, 5 to 300",
  }),
  anti_replay: row(choice("time", "monotonic"), "What sequence numbers are made from.", {
    status: "accepted",
    default: "time",
  }),
  mode: row(choice("enforce", "permissive", "receive-only"), "What happens to unsigned adverts.", {
    status: "accepted",
    default: "enforce",
  }),
} as const;

export const authHmac: BlockSpec = {
  name: "auth_hmac",
  doc: "Signed adverts (draft-cassen-vrrp-auth-hmac).",
  keywords: authHmacKeywords,
};

export const vrrpInstanceKeywords = {
  // Who and where
  state: row(
    choice("MASTER", "BACKUP"),
    "What the router wishes to be when it starts. The election decides.",
    {
      default: "BACKUP; MASTER with priority 255",
      classic: "({name}) unknown state '{value}', defaulting to BACKUP",
    },
  ),
  interface: row(interfaceName, "Where adverts are sent and addresses are put."),
  virtual_router_id: row(
    integer(1, 255),
    "Number of the virtual router; the same on all its routers, unique on the network.",
    { classic: "({name}): VRID '{value}' not valid - must be between 1 & 255" },
  ),
  priority: row(
    integer(1, 255),
    "The highest wins the election. 255 says this router owns the addresses.",
    {
      default: "100; 255 with state MASTER",
      advice: {
        note: "255 means this router owns the addresses; the strongest non-owner is 254",
        instead: "254",
      },
      classic: "({name}) Priority not valid! must be between 1 & 255. Using default 100",
    },
  ),
  advert_int: row(
    seconds(0.01, 255),
    "Seconds between adverts. Version 2 carries whole seconds, version 3 steps of 10 ms up to 40.95.",
    {
      default: "1",
      classic: "({name}) Advert interval ({value}) not valid! Must be > 0 - ignoring",
      wholeWord: true,
    },
  ),
  version: row(integer(2, 3), "VRRP version.", {
    default: "vrrp_version of global_defs; 3 for IPv6",
    classic: "({name}): Version must be either 2 or 3",
  }),

  // Addresses
  virtual_ipaddress: row(
    lines("address"),
    "The addresses that the master holds; adverts list them.",
  ),
  virtual_ipaddress_excluded: row(
    lines("address"),
    "Addresses that the master holds and adverts do not list.",
  ),
  no_virtual_ipaddress: row(flag, "Having no address is meant.", { status: "runs" }),
  virtual_routes: row(lines("route"), "Routes that the master holds.", { status: "accepted" }),
  virtual_rules: row(lines("rule"), "Routing rules that the master holds.", { status: "accepted" }),
  promote_secondaries: row(
    flag,
    "Keep the other addresses of a network when its first is removed.",
    { status: "accepted" },
  ),
  accept: row(flag, "Answer to the virtual addresses although not their owner.", {
    default: "accept",
  }),
  no_accept: row(flag, "Do not take packets to the virtual addresses unless their owner.", {
    status: "accepted",
  }),

  // Election
  preempt: row(flag, "Take over from a weaker master.", { default: "preempt" }),
  nopreempt: row(
    flag,
    "Stay backup while a weaker master serves. Not with state MASTER or priority 255.",
  ),
  preempt_delay: row(
    seconds(0, 1000),
    "Seconds after hearing a weaker master before taking over.",
    { default: "0", classic: "({name}) Preempt_delay not valid! must be between 0-1000" },
  ),
  down_timer_adverts: row(
    integer(1, 100),
    "Missed adverts after which the master counts as gone.",
    { default: "3", classic: "({name}): Invalid down_timer_adverts [1:100] '{value}'" },
  ),
  lower_prio_no_advert: row(boolean, "Answer a losing advert with none of ours.", {
    default: "off",
    classic: "({name}) invalid lower_prio_no_advert {value} specified",
  }),
  higher_prio_send_advert: row(
    boolean,
    "Send one last advert before giving way to a better router.",
    { default: "off" },
  ),
  owner_ignore_adverts: row(boolean, "A router with priority 255 does not listen.", {
    default: "off",
  }),
  timer_expired_backup: row(
    integer(1, 254),
    "Leave when scheduled so late that a backup with this priority has taken over.",
    { status: "accepted" },
  ),
  thread_timer_expired: row(integer(1, 254), "Former name.", {
    status: "accepted",
    deprecatedBy: "timer_expired_backup",
  }),
  strict_mode: row(boolean, "Reset what the RFC does not have.", {
    classic: "({name}) invalid strict_mode {value} specified",
  }),
  skip_check_adv_addr: row(boolean, "Compare address lists only when the master changes.", {
    default: "off",
  }),

  // Tracking
  dont_track_primary: row(flag, "Ignore the state of the own interface."),
  track_interface: row(
    lines("tracked-interface"),
    "Interfaces whose going down is a fault, or changes the priority by a weight.",
  ),
  track_script: row(
    lines("tracked"),
    "Scripts whose failing is a fault, or changes the priority.",
    {
      status: "accepted",
      refersTo: "script",
    },
  ),
  track_file: row(lines("tracked"), "Files whose number changes the priority.", {
    status: "accepted",
    refersTo: "file",
  }),
  track_process: row(
    lines("tracked"),
    "Processes whose absence is a fault, or changes the priority.",
    { status: "accepted", refersTo: "process" },
  ),
  track_bfd: row(
    lines("tracked"),
    "BFD sessions whose going down is a fault, or changes the priority.",
    { status: "accepted", refersTo: "bfd" },
  ),
  track_src_ip: row(flag, "Fault while the configured source address is absent.", {
    status: "accepted",
  }),

  // Packets
  mcast_src_ip: row({ type: "address" }, "Source address of multicast adverts.", {
    default: "the interface's primary address",
    classic:
      "Configuration error: VRRP instance[{name}] malformed src address[{value}]. Skipping...",
  }),
  mcast_dst_ip: row({ type: "address", multicast: true }, "Multicast group of this instance.", {
    default: "vrrp_mcast_group4 of global_defs",
    classic: "({name}) mcast_dst_ip {value} not multicast. Skipping...",
  }),
  unicast_src_ip: row({ type: "address" }, "Source address of unicast adverts.", {
    default: "the interface's primary address",
    classic:
      "Configuration error: VRRP instance[{name}] malformed src address[{value}]. Skipping...",
  }),
  unicast_peer: row(
    lines("unicast-peer"),
    "Send to these routers instead of the multicast group, and listen to them.",
  ),
  unicast_ttl: row(integer(0, 255), "TTL of unicast adverts.", {
    default: "255",
    classic: "({name}): TTL '{value}' not valid - must be between 0 & 255",
  }),
  unicast_fault_no_peer: row(flag, "Unicast without peers is a fault.", { status: "accepted" }),
  check_unicast_src: row(flag, "Drop unicast adverts from routers that are no peers."),
  old_unicast_checksum: row(choice("never"), "Checksum of keepalived up to 1.3.6.", {
    status: "accepted",
    optional: true,
  }),
  v3_checksum_as_v2: row(
    boolean,
    "Version 3 over IPv4 without the pseudo header, as RFC 9568 says.",
    { default: "off" },
  ),
  kernel_rx_buf_size: row(integer(0, 4294967295), "Receive buffer of the socket, in bytes.", {
    status: "accepted",
  }),
  authentication: row(block(authentication), "Password of VRRPv2."),
  auth_hmac: row(block(authHmac), "Signed adverts.", { status: "accepted" }),

  // Gratuitous ARP
  garp_master_delay: row(
    seconds(0, secondsMax),
    "Seconds until the second burst of gratuitous ARPs; 0 for none.",
    { default: "5", classic: "({name}): garp_master_delay '{value}' invalid - ignoring" },
  ),
  garp_master_repeat: row(integer(1, 4294967295, "clamped"), "Gratuitous ARPs of a burst.", {
    default: "5",
    classic: "({name}): garp_master_repeat must be greater than 0, setting to 1",
  }),
  garp_master_refresh: row(
    seconds(0, 4294967),
    "Seconds between gratuitous ARPs while master; 0 for none.",
    { default: "0" },
  ),
  garp_master_refresh_repeat: row(
    integer(1, 4294967295, "clamped"),
    "Gratuitous ARPs of each refresh.",
    {
      default: "1",
      classic: "({name}): garp_master_refresh_repeat must be greater than 0, setting to 1",
    },
  ),
  garp_lower_prio_delay: row(
    seconds(0, secondsMax),
    "Seconds until the second burst after a losing advert.",
    { default: "garp_master_delay" },
  ),
  garp_lower_prio_repeat: row(
    integer(0, 4294967295),
    "Gratuitous ARPs after a losing advert; 0 for none.",
    { default: "garp_master_repeat" },
  ),
  garp_extra_if: row(words, "Gratuitous ARPs on other interfaces of the addresses.", {
    status: "accepted",
    emptyIgnored: "({name}): garp_extra_if specified without time - ignoring",
  }),
  vmac_garp_intvl: row(words, "Former name.", {
    status: "accepted",
    deprecatedBy: "garp_extra_if",
  }),

  // Virtual MAC
  use_vmac: row(words, "Run on an interface with the virtual router's MAC address.", {
    status: "accepted",
  }),
  vmac_xmit_base: row(flag, "Send adverts from the base interface.", { status: "accepted" }),
  use_vmac_addr: row(flag, "Virtual MACs for addresses on other interfaces, too.", {
    status: "accepted",
  }),
  use_ipvlan: row(words, "Run on an ipvlan interface.", { status: "accepted" }),
  vrf: row(interfaceName, "VRF of a unicast instance without interface.", { status: "accepted" }),

  // Telling others
  notify: row(script, "Run at every change, with what and who.", { status: "accepted" }),
  notify_master: row(script, "Run when it becomes master.", { status: "accepted" }),
  notify_backup: row(script, "Run when it becomes backup.", { status: "accepted" }),
  notify_fault: row(script, "Run when a fault begins.", { status: "accepted" }),
  notify_stop: row(script, "Run when the daemon stops.", { status: "accepted" }),
  notify_deleted: row(script, "Run when a reload removes the instance.", {
    status: "accepted",
    optional: true,
  }),
  notify_master_rx_lower_pri: row(script, "Run when a master hears a losing advert.", {
    status: "accepted",
  }),
  notify_priority_changes: row(boolean, "Tell about changes of the priority, too.", {
    status: "accepted",
  }),
  smtp_alert: row(boolean, "Send mail at every change.", {
    status: "accepted",
    classic: "Invalid vrrp_instance smtp_alert parameter {value}",
  }),

  // The rest
  debug: row(integer(0, 4), "Debug level.", {
    status: "accepted",
    classic: "({name}) Debug value '{value}' not valid; must be between 0-4",
  }),
  linkbeat_use_polling: row(flag, "No effect since keepalived 2.", {
    status: "accepted",
    deprecatedBy: "linkbeat_interfaces",
  }),
  native_ipv6: row(flag, "No effect.", {
    status: "accepted",
    deprecatedBy: "IPv6 addresses alone",
    classic: "({name}) Cannot specify native_ipv6 with IPv4 addresses",
  }),
  lvs_sync_daemon_interface: row(interfaceName, "Former place of the setting.", {
    status: "accepted",
    deprecatedBy: "lvs_sync_daemon in global_defs",
    classic: "({name}) Specifying lvs_sync_daemon_interface against a vrrp is deprecated.",
  }),
} as const;

export const vrrpInstanceDirectives = {
  profile: row(
    choice("compat", "rfc9568"),
    "`compat` does as keepalived; `rfc9568` as the RFC where the two differ.",
    { default: "compat" },
  ),
} as const;

export const vrrpInstance: BlockSpec = {
  name: "vrrp_instance",
  doc: "One virtual router on one interface.",
  keywords: vrrpInstanceKeywords,
  directives: vrrpInstanceDirectives,
};
