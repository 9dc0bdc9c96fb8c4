// The keywords of `global_defs { }`: the daemon itself, and defaults for all instances.

import {
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

export const globalKeywords = {
  // Processes, files, security
  process_names: row(flag, "Set the names of the processes.", { status: "accepted" }),
  process_name: row(text, "Name of the parent process.", { status: "accepted" }),
  vrrp_process_name: row(text, "Name of the VRRP process.", { status: "accepted" }),
  checker_process_name: row(text, "Name of the checker process.", { status: "accepted" }),
  lvs_process_name: row(text, "Former name.", {
    status: "accepted",
    deprecatedBy: "checker_process_name",
    deprecatedSilently: true,
  }),
  bfd_process_name: row(text, "Name of the BFD process.", { status: "accepted" }),
  use_symlink_paths: row(boolean, "Keep symbolic links in script paths.", {
    status: "accepted",
    since: "after 2.2.7",
  }),
  set_supplementary_groups: row(boolean, "Scripts get their user's supplementary groups.", {
    status: "accepted",
    since: "after 2.2.7",
  }),
  router_id: row(text, "Name of this machine in mails and SNMP.", {
    default: "the host name",
    emptyIgnored: "routerid name missing - ignoring",
  }),
  startup_script: row(script, "Run once before anything starts.", {
    status: "accepted",
    emptyIgnored: "startup script missing",
  }),
  startup_script_timeout: row(integer(1, 1000), "Seconds.", {
    status: "accepted",
    default: "10",
    emptyIgnored: "startup_script_timeout requires value",
    classic: "startup_script_timeout '{value}' must be in [1, 1000] - ignoring",
  }),
  shutdown_script: row(script, "Run once after everything has stopped.", {
    status: "accepted",
    emptyIgnored: "shutdown script missing",
  }),
  shutdown_script_timeout: row(integer(1, 1000), "Seconds.", {
    status: "accepted",
    default: "10",
    emptyIgnored: "shutdown_script_timeout requires value",
    classic: "shutdown_script_timeout '{value}' must be in [1, 1000] - ignoring",
  }),
  script_user: row(words, "User and group that run scripts.", {
    status: "accepted",
    emptyIgnored: "No script username specified",
    default: "keepalived_script if it exists, else root",
  }),
  enable_script_security: row(flag, "Refuse scripts of root that others may write.", {
    status: "accepted",
  }),
  umask: row(text, "For created files.", { status: "accepted", default: "0177" }),
  random_seed: row(integer(0, 4294967295), "Seed of random numbers.", {
    status: "accepted",
    classic: "random_seed {value} invalid",
  }),
  max_auto_priority: row(
    integer(-1, 99),
    "Highest real-time priority after late timers; 0 never raises it.",
    {
      status: "accepted",
      optional: true,
      default: "0",
      classic: "max_auto_priority '{value}' must be in [0, 99] (or -1 to disable) - ignoring",
    },
  ),
  min_auto_priority_delay: row(integer(1, 10000000), "Lateness in µs that raises the priority.", {
    status: "accepted",
    default: "1000000",
    emptyIgnored: "min_auto_priority_delay requires delay time",
    classic: "min_auto_priority_delay '{value}' must be in [1, 10000000] - ignoring",
  }),
  vrrp_priority: row(integer(-20, 19), "Nice value of the VRRP process.", {
    status: "accepted",
    emptyIgnored: "No vrrp process priority specified",
    classic: "Invalid vrrp process priority specified",
  }),
  checker_priority: row(integer(-20, 19), "Nice value of the checker process.", {
    status: "accepted",
    emptyIgnored: "No checker process priority specified",
    classic: "Invalid checker process priority specified",
  }),
  bfd_priority: row(integer(-20, 19), "Nice value of the BFD process.", {
    status: "accepted",
    emptyIgnored: "No bfd process priority specified",
    classic: "Invalid bfd process priority specified",
  }),
  vrrp_no_swap: row(flag, "Lock memory. Not done here: it would end a Node process.", {
    status: "accepted",
  }),
  checker_no_swap: row(flag, "Lock memory of the checker process.", { status: "accepted" }),
  bfd_no_swap: row(flag, "Lock memory of the BFD process.", { status: "accepted" }),
  vrrp_rt_priority: row(
    integer(0, 99, "clamped"),
    "Real-time priority (SCHED_RR) of the thread that sends adverts; 0 for none.",
    {
      default: "a low one, when permitted",
      emptyIgnored: "No vrrp process real-time priority specified",
      classic: "vrrp process real-time priority '{value}' invalid",
    },
  ),
  checker_rt_priority: row(
    integer(1, 99, "clamped"),
    "Real-time priority of the checker process.",
    {
      status: "accepted",
      emptyIgnored: "No checker process real-time priority specified",
      classic: "checker process real-time priority '{value}' invalid",
    },
  ),
  bfd_rt_priority: row(integer(1, 99, "clamped"), "Real-time priority of the BFD process.", {
    status: "accepted",
    emptyIgnored: "No bfd process real-time priority specified",
    classic: "bfd process real-time priority '{value}' invalid",
  }),
  vrrp_cpu_affinity: row(words, "Processors of the VRRP process.", {
    status: "accepted",
    emptyIgnored: "No vrrp cpu_id set specified",
  }),
  checker_cpu_affinity: row(words, "Processors of the checker process.", {
    status: "accepted",
    emptyIgnored: "No checker cpu_id set specified",
  }),
  bfd_cpu_affinity: row(words, "Processors of the BFD process.", {
    status: "accepted",
    emptyIgnored: "No bfd cpu_id set specified",
  }),
  vrrp_rlimit_rttime: row(
    integer(1, 4294967295),
    "µs that the real-time thread may run without a pause.",
    { default: "10000", classic: "Invalid vrrp real-time limit - {value}" },
  ),
  vrrp_rlimit_rtime: row(integer(1, 4294967295), "Former name.", {
    deprecatedBy: "vrrp_rlimit_rttime",
    deprecatedSilently: true,
  }),
  checker_rlimit_rttime: row(integer(1, 4294967295), "As vrrp_rlimit_rttime.", {
    status: "accepted",
    classic: "Invalid checker real-time limit - {value}",
  }),
  checker_rlimit_rtime: row(integer(1, 4294967295), "Former name.", {
    status: "accepted",
    deprecatedBy: "checker_rlimit_rttime",
    deprecatedSilently: true,
  }),
  bfd_rlimit_rttime: row(integer(1, 4294967295), "As vrrp_rlimit_rttime.", {
    status: "accepted",
    classic: "Invalid bfd real-time limit - {value}",
  }),
  bfd_rlimit_rtime: row(integer(1, 4294967295), "Former name.", {
    status: "accepted",
    deprecatedBy: "bfd_rlimit_rttime",
    deprecatedSilently: true,
  }),
  process_monitor_rcv_bufs: row(
    integer(0, 4294967295),
    "Receive buffer for process events, in bytes.",
    {
      status: "accepted",
      emptyIgnored: "process_monitor_rcv_bufs size missing",
      classic: "process_monitor_rcv_bufs size ({value}) invalid",
    },
  ),
  process_monitor_rcv_bufs_force: row(boolean, "Beyond the system's limit.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global process_monitor_rcv_bufs_force specified",
  }),
  vrrp_netlink_cmd_rcv_bufs: row(
    integer(0, 4294967295),
    "Receive buffer of netlink commands, in bytes.",
    {
      status: "accepted",
      emptyIgnored: "vrrp_netlink_cmd_rcv_bufs size missing",
      classic: "vrrp_netlink_cmd_rcv_bufs size ({value}) invalid",
    },
  ),
  vrrp_netlink_cmd_rcv_bufs_force: row(boolean, "Beyond the system's limit.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global vrrp_netlink_cmd_rcv_bufs_force specified",
  }),
  vrrp_netlink_monitor_rcv_bufs: row(
    integer(0, 4294967295),
    "Receive buffer of netlink events, in bytes.",
    {
      status: "accepted",
      emptyIgnored: "vrrp_netlink_monitor_rcv_bufs size missing",
      classic: "vrrp_netlink_monitor_rcv_bufs size ({value}) invalid",
    },
  ),
  vrrp_netlink_monitor_rcv_bufs_force: row(boolean, "Beyond the system's limit.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global vrrp_netlink_monitor_rcv_bufs_force specified",
  }),
  lvs_netlink_cmd_rcv_bufs: row(integer(0, 4294967295), "The same for the checker process.", {
    status: "accepted",
    emptyIgnored: "lvs_netlink_cmd_rcv_bufs size missing",
    classic: "lvs_netlink_cmd_rcv_bufs size ({value}) invalid",
  }),
  lvs_netlink_cmd_rcv_bufs_force: row(boolean, "Beyond the system's limit.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global lvs_netlink_cmd_rcv_bufs_force specified",
  }),
  lvs_netlink_monitor_rcv_bufs: row(integer(0, 4294967295), "The same for the checker process.", {
    status: "accepted",
    emptyIgnored: "lvs_netlink_monitor_rcv_bufs size missing",
    classic: "lvs_netlink_monitor_rcv_bufs size ({value}) invalid",
  }),
  lvs_netlink_monitor_rcv_bufs_force: row(boolean, "Beyond the system's limit.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global lvs_netlink_monitor_rcv_bufs_force specified",
  }),
  reload_check_config: row(
    text,
    "Check a configuration before reloading it. Understudy always does.",
    { status: "accepted", optional: true },
  ),
  reload_time_file: row(text, "File with the time of the next reload.", {
    status: "accepted",
    emptyIgnored: "reload_time_file invalid",
  }),
  reload_repeat: row(flag, "Keep that file after the reload.", { status: "accepted" }),
  reload_file: row(text, "File that exists while the configuration is read.", {
    status: "accepted",
    optional: true,
  }),
  include_check: row(words, "What `include` refuses.", { status: "accepted", optional: true }),
  config_save_dir: row(text, "Folder for dumps before and after a reload.", { status: "accepted" }),
  tmp_config_directory: row(text, "Folder for the copy of the configuration. Not needed here.", {
    status: "accepted",
    emptyIgnored: "tmp_config_directory missing directory name",
  }),
  data_use_instance: row(boolean, "Instance name in the names of dumps.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global date_use_instance specified",
  }),
  json_version: row(integer(1, 2), "Layout of the JSON dump.", {
    status: "accepted",
    default: "1",
    since: "after 2.2.7",
  }),
  iproute_usr_dir: row(text, "Where rt_tables and so on are.", {
    status: "accepted",
    since: "after 2.2.7",
  }),
  iproute_etc_dir: row(text, "Where rt_tables and so on are.", {
    status: "accepted",
    since: "after 2.2.7",
  }),
  state_dump_file: row(text, "File for the state dump.", {
    status: "accepted",
    since: "after 2.2.7",
  }),
  stats_dump_file: row(text, "File for the statistics dump.", {
    status: "accepted",
    since: "after 2.2.7",
  }),
  json_dump_file: row(text, "File for the JSON dump.", {
    status: "accepted",
    since: "after 2.2.7",
  }),

  // E-mail
  notification_email: row(lines("text"), "Who gets mail.", { status: "accepted" }),
  notification_email_from: row(words, "Sender of mail.", {
    status: "accepted",
    emptyIgnored: "emailfrom missing - ignoring",
  }),
  smtp_server: row(words, "Mail server, and perhaps its port.", { status: "accepted" }),
  smtp_helo_name: row(text, "Our name towards the mail server.", {
    status: "accepted",
    optional: true,
  }),
  smtp_connect_timeout: row(seconds(0, 4294), "Seconds.", {
    status: "accepted",
    default: "30",
    classic: "smtp_connect_timeout '{value}' must be in [0, 4294] - ignoring",
  }),
  smtp_alert: row(boolean, "Mail for everything.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global smtp_alert specified",
  }),
  smtp_alert_vrrp: row(boolean, "Mail for instances.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global smtp_alert_vrrp specified",
  }),
  smtp_alert_checker: row(boolean, "Mail for real servers.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global smtp_alert_checker specified",
  }),
  no_email_faults: row(flag, "No mail for faults.", { status: "accepted" }),
  no_checker_emails: row(boolean, "Mail only when a real server changes.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global no_checker_emails specified",
  }),
  checker_log_all_failures: row(boolean, "Log every failed try.", {
    status: "accepted",
    classic: "Invalid value for checker_log_all_failures specified",
  }),

  // Defaults of instances
  dynamic_interfaces: row(
    choice("allow_if_changes"),
    "A missing interface is a fault, not an error.",
    { optional: true, classic: "Unknown dynamic_interfaces option '{value}'" },
  ),
  default_interface: row(interfaceName, "Interface of static addresses without `dev`.", {
    status: "accepted",
    default: "eth0",
    emptyIgnored: "default_interface requires interface name",
  }),
  disable_local_igmp: row(flag, "No IGMP reports for 224.0.0.0/24.", { status: "accepted" }),
  vrrp_mcast_group4: row(
    { type: "address", family: "ipv4", multicast: true },
    "Multicast group of IPv4 adverts.",
    { default: "224.0.0.18", classic: "vrrp_mcast_group4 [{value}] is not multicast. Skipping" },
  ),
  vrrp_mcast_group6: row(
    { type: "address", family: "ipv6", multicast: true },
    "Multicast group of IPv6 adverts.",
    { status: "accepted", default: "ff02::12" },
  ),
  vrrp_version: row(integer(2, 3), "Version of instances that do not say.", {
    default: "2",
    classic: "VRRP Error: Version must be either 2 or 3",
  }),
  vrrp_garp_master_delay: row(seconds(0, 4294.967295), "Default of garp_master_delay.", {
    default: "5",
    classic: "vrrp_garp_master_delay '{value}' invalid - ignoring",
  }),
  vrrp_garp_master_repeat: row(
    integer(1, 4294967295, "clamped"),
    "Default of garp_master_repeat.",
    { default: "5", classic: "vrrp_garp_master_repeat must be greater than 0, setting to 1" },
  ),
  vrrp_garp_master_refresh: row(seconds(0, 4294967), "Default of garp_master_refresh.", {
    default: "0",
    classic: "Invalid vrrp_garp_master_refresh '{value}' - ignoring",
  }),
  vrrp_garp_master_refresh_repeat: row(
    integer(1, 4294967295, "clamped"),
    "Default of garp_master_refresh_repeat.",
    {
      default: "1",
      classic: "vrrp_garp_master_refresh_repeat must be greater than 0, setting to 1",
    },
  ),
  vrrp_garp_lower_prio_delay: row(seconds(0, 4294.967295), "Default of garp_lower_prio_delay.", {
    classic: "vrrp_garp_lower_prio_delay '{value}' invalid - ignoring",
  }),
  vrrp_garp_lower_prio_repeat: row(integer(0, 2147483647), "Default of garp_lower_prio_repeat.", {
    classic: "Invalid vrrp_garp_lower_prio_repeat '{value}'",
  }),
  vrrp_garp_interval: row(
    seconds(0.000001, 4294.967295),
    "Least seconds between two gratuitous ARPs on an interface.",
    { default: "no limit", classic: "vrrp_garp_interval '{value}' is invalid" },
  ),
  vrrp_gna_interval: row(seconds(0.000001, 4294.967295), "The same for neighbour advertisements.", {
    status: "accepted",
    classic: "vrrp_gna_interval '{value}' is invalid",
  }),
  vrrp_min_garp: row(
    boolean,
    "One gratuitous ARP at a take-over, none later, where nothing else is said.",
    { classic: "Invalid value for vrrp_min_garp specified" },
  ),
  vrrp_garp_extra_if: row(words, "Gratuitous ARPs on other interfaces of the addresses.", {
    status: "accepted",
    emptyIgnored: "vrrp_garp_extra_if specified without time - ignoring",
  }),
  vrrp_vmac_garp_intvl: row(words, "Former name.", {
    status: "accepted",
    deprecatedBy: "vrrp_garp_extra_if",
    emptyIgnored: "vrrp_vmac_garp_intvl specified without time - ignoring",
  }),
  vrrp_lower_prio_no_advert: row(boolean, "Default of lower_prio_no_advert.", {
    default: "off",
    classic: "Invalid value for vrrp_lower_prio_no_advert specified",
  }),
  vrrp_higher_prio_send_advert: row(boolean, "Default of higher_prio_send_advert.", {
    default: "off",
    classic: "Invalid value for vrrp_higher_prio_send_advert specified",
  }),
  vrrp_owner_ignore_adverts: row(boolean, "Default of owner_ignore_adverts.", {
    default: "off",
    since: "after 2.2.7",
  }),
  vrrp_down_timer_adverts: row(integer(1, 100), "Default of down_timer_adverts.", {
    default: "3",
    classic: "Invalid vrrp_down_timer_adverts [1:100] '{value}'",
  }),
  vrrp_check_unicast_src: row(flag, "Default of check_unicast_src."),
  vrrp_skip_check_adv_addr: row(boolean, "Default of skip_check_adv_addr.", {
    default: "off",
    quiet: true,
  }),
  vrrp_strict: row(boolean, "Refuse what the RFC does not have.", {
    status: "accepted",
    quiet: true,
  }),
  v3_checksum_as_v2: row(boolean, "Default of v3_checksum_as_v2.", {
    default: "off",
    since: "after 2.2.7",
  }),
  vrrp_iptables: row(words, "Chains for firewall rules.", {
    status: "accepted",
    optional: true,
    deprecatedBy: "nftables",
    classic:
      "iptables not supported, using nftables instead. Please replace 'vrrp_iptables and 'vrrp_ipsets' with 'nftables' config option",
  }),
  vrrp_ipsets: row(words, "Sets for firewall rules.", { status: "accepted", optional: true }),
  nftables: row(text, "Table for firewall rules.", { status: "accepted", optional: true }),
  nftables_priority: row(integer(-2147483648, 2147483647), "Priority of the chain.", {
    status: "accepted",
    default: "-1",
    classic: "invalid nftables chain priority '{value}'",
  }),
  nftables_ifindex: row(flag, "Rules name interfaces by index.", { status: "accepted" }),
  nftables_counters: row(flag, "Rules count.", { status: "accepted" }),
  vrrp_rx_bufs_policy: row(words, "Size of receive buffers: MTU, ADVERT or bytes.", {
    status: "accepted",
    emptyIgnored: "vrrp_rx_bufs_policy missing",
  }),
  vrrp_rx_bufs_multiplier: row(integer(1, 4294967295), "Packets that fit into them.", {
    status: "accepted",
    default: "3",
    emptyIgnored: "Invalid vrrp_rx_bufs_multiplier",
    classic: "Invalid vrrp_rx_bufs_multiplier {value}",
  }),
  vrrp_startup_delay: row(
    seconds(0.001, 4294.967295),
    "Seconds after start in which adverts are ignored and deadlines held.",
    { default: "0", classic: "vrrp_startup_delay '{value}' is invalid" },
  ),
  vrrp_delay_after_boot: row(
    seconds(0.001, 4294.967295),
    "The same, counted from the machine's start.",
    { status: "accepted", since: "after 2.2.7" },
  ),
  log_unknown_vrids: row(flag, "Log adverts with a VRID that is not configured."),
  vmac_prefix: row(text, "Start of the names of VMAC interfaces.", {
    status: "accepted",
    default: "vrrp",
  }),
  vmac_addr_prefix: row(text, "Start of the names of VMAC interfaces for addresses.", {
    status: "accepted",
    default: "vrrp",
  }),
  vrrp_notify_priority_changes: row(boolean, "Tell about changes of priorities, too.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global vrrp_notify_priority_changes specified",
  }),

  // Notification pipes
  notify_fifo: row(words, "Pipe that gets every change.", {
    status: "accepted",
    emptyIgnored: "No notify_fifo name specified",
  }),
  notify_fifo_script: row(script, "Reads that pipe.", {
    status: "accepted",
    emptyIgnored: "No notify_fifo_script specified",
  }),
  vrrp_notify_fifo: row(words, "Pipe for instances and groups.", {
    status: "accepted",
    emptyIgnored: "No vrrp_notify_fifo name specified",
  }),
  vrrp_notify_fifo_script: row(script, "Reads that pipe.", {
    status: "accepted",
    emptyIgnored: "No vrrp_notify_fifo_script specified",
  }),
  lvs_notify_fifo: row(words, "Pipe for virtual and real servers.", {
    status: "accepted",
    emptyIgnored: "No lvs_notify_fifo name specified",
  }),
  lvs_notify_fifo_script: row(script, "Reads that pipe.", {
    status: "accepted",
    emptyIgnored: "No lvs_notify_fifo_script specified",
  }),
  fifo_write_vrrp_states_on_reload: row(flag, "Write every state after a reload.", {
    status: "accepted",
  }),

  // SNMP and D-Bus
  snmp_socket: row(text, "Where the SNMP agent listens.", {
    status: "accepted",
    emptyIgnored: "SNMP error : snmp socket name missing",
  }),
  enable_traps: row(flag, "Send traps.", { status: "accepted" }),
  enable_snmp_vrrp: row(flag, "Serve KEEPALIVED-MIB for instances.", { status: "accepted" }),
  enable_snmp_keepalived: row(flag, "Former name.", {
    status: "accepted",
    deprecatedBy: "enable_snmp_vrrp",
    deprecatedSilently: true,
  }),
  enable_snmp_checker: row(flag, "Serve KEEPALIVED-MIB for virtual servers.", {
    status: "accepted",
  }),
  enable_snmp_rfc: row(flag, "Serve the MIBs of the RFCs.", { status: "accepted" }),
  enable_snmp_rfcv2: row(flag, "Serve VRRP-MIB.", { status: "accepted" }),
  enable_snmp_rfcv3: row(flag, "Serve VRRPv3-MIB.", { status: "accepted" }),
  snmp_vs_stats_update_interval: row(seconds(0.001, 30), "Seconds.", {
    status: "accepted",
    default: "5",
    since: "after 2.2.7",
  }),
  snmp_rs_stats_update_interval: row(seconds(0.001, 30), "Seconds.", {
    status: "accepted",
    default: "5",
    since: "after 2.2.7",
  }),
  enable_dbus: row(flag, "Serve on D-Bus.", { status: "accepted" }),
  dbus_service_name: row(text, "Name on the bus.", {
    status: "accepted",
    default: "org.keepalived.Vrrp1",
    emptyIgnored: "dbus_service_name missing - ignoring",
  }),
  dbus_no_interface_name: row(text, "Name of instances without interface.", {
    status: "accepted",
    default: "none",
    since: "after 2.2.7",
  }),

  // Virtual servers
  lvs_timeouts: row(words, "Timeouts of IPVS.", {
    status: "accepted",
    emptyIgnored: "lvs_timeouts requires at least one option",
  }),
  lvs_flush: row(flag, "Empty IPVS at start.", { status: "accepted" }),
  lvs_flush_on_stop: row(text, "Empty IPVS at stop.", { status: "accepted", optional: true }),
  lvs_flush_onstop: row(text, "Former name.", {
    status: "accepted",
    optional: true,
    deprecatedBy: "lvs_flush_on_stop",
    deprecatedSilently: true,
  }),
  lvs_sync_daemon: row(words, "Synchronise IPVS connections.", {
    status: "accepted",
    emptyIgnored: "lvs_sync_daemon requires interface",
  }),
  rs_init_notifies: row(boolean, "Notify for real servers at start, too.", {
    status: "accepted",
    classic: "Invalid value '{value}' for global rs_init_notifies specified",
  }),
  nftables_ipvs: row(text, "Table for virtual server groups.", {
    status: "accepted",
    optional: true,
  }),
  nftables_ipvs_priority: row(integer(-2147483648, 2147483647), "Priority of the chain.", {
    status: "accepted",
    classic: "invalid ipvs nftables chain priority '{value}'",
  }),
  nftables_ipvs_start_fwmark: row(integer(1, 4294967295), "First mark.", {
    status: "accepted",
    default: "1000",
    classic: "invalid ipvs nftables start_fwmark priority '{value}'",
  }),
} as const;

export const globalDirectives = {
  vrrp_rt_priority: row(
    integer(0, 0),
    "Never real-time. In a comment, because keepalived would make 1 of it.",
  ),
} as const;

export const globalDefs: BlockSpec = {
  name: "global_defs",
  doc: "The daemon itself, and defaults for all instances.",
  keywords: globalKeywords,
  directives: globalDirectives,
};
