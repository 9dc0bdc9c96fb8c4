// For keywords.test.ts: what blocks need besides the keyword that is tried, and values of keywords
// whose rows say too little to make them from.

/** Words between a block's keyword and its brace. */
export const headers: Readonly<Record<string, string>> = {
  virtual_server: "192.0.2.9 80",
  virtual_server_group: "G",
  real_server: "192.0.2.20 80",
};

/** By block: lines by the keyword that they hold; `before` stands before everything. */
export const companions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  vrrp_instance: {
    interface: "interface eth0",
    virtual_router_id: "virtual_router_id 51",
    virtual_ipaddress: "virtual_ipaddress {\n192.0.2.10\n}",
  },
  vrrp_script: { script: 'script "/bin/true"' },
  vrrp_track_process: { process: "process sshd" },
  track_file: { file: "file /run/load" },
  bfd_instance: { neighbor_ip: "neighbor_ip 192.0.2.1" },
  MISC_CHECK: { misc_path: 'misc_path "/bin/true"' },
  virtual_server: {
    protocol: "protocol TCP",
    lb_algo: "lb_algo rr",
    lb_kind: "lb_kind NAT",
    sorry_server: "sorry_server 192.0.2.99 80",
    real_server: "real_server 192.0.2.21 80 {\n}",
  },
};

type Sample = {
  readonly good?: readonly string[];
  readonly bad?: readonly string[];
  /** There are no bad ones: whatever follows is taken, or is nobody's business. */
  readonly anything?: true;
};
const anything = { bad: [], anything: true } as const;

const forwarding = {
  good: ["NAT", "DR", "TUN", "TUN type gue port 6080", "TUN type gre csum"],
  bad: ["nat", "TUN type foo"],
};
const tracked = { good: ["word"], bad: ["word wait 2"] };

/** By block and keyword; `*` for every block. */
export const samples: Readonly<Record<string, Sample>> = {
  // Lines in braces; without their brace they are bad in any case
  linkbeat_interfaces: { good: ["eth0 MII"], bad: ["eth0 foo"] },
  interface_up_down_delays: { good: ["eth0 0", "eth0 255 255"], bad: ["eth0 256", "eth0 x"] },
  static_ipaddress: { good: ["192.0.2.1/24 dev eth0"], bad: [] },
  static_routes: { good: ["10.0.0.0/8 via 192.0.2.1 dev eth0"], bad: ["10.0.0.0/8 foo"] },
  static_rules: { good: ["from 10.0.0.0/8 table 4 preference 5"], bad: ["from x table 4"] },
  virtual_server_group: { good: ["192.0.2.1-9 80", "fwmark 5"], bad: ["192.0.2.9-3 80", "x 80"] },
  "* virtual_ipaddress": {
    good: ["192.0.2.10/24 dev eth0 scope link label eth0:1"],
    bad: ["192.0.2.256", "192.0.2.10 lable x"],
  },
  "* virtual_ipaddress_excluded": { good: ["2001:db8::1/64"], bad: ["2001:db8::g"] },
  "* virtual_routes": { good: ["default via 192.0.2.1 dev eth0"], bad: ["10.0.0.0/8 metric x"] },
  "* virtual_rules": { good: ["from 10.0.0.0/8 table 4 preference 5"], bad: ["to x table 4"] },
  "* track_interface": { good: ["eth1", "eth1 weight -253"], bad: ["eth1 weight -254"] },
  "* track_script": { ...tracked, bad: [] },
  "vrrp_instance track_file": { ...tracked, bad: [] },
  "vrrp_sync_group track_file": { ...tracked, bad: [] },
  "FILE_CHECK track_file": { good: ["load"], bad: [""] },
  "* track_process": { ...tracked, bad: [] },
  "* track_bfd": { ...tracked, bad: [] },
  "* unicast_peer": { good: ["192.0.2.2 min_ttl 1 max_ttl 255"], bad: ["192.0.2.256"] },
  "vrrp_sync_group track_interface": { good: ["eth1 weight -253"] },
  "* group": { good: ["A\nB"] },
  "* interfaces": { good: ["eth0 eth1"] },

  // global_defs
  "global_defs script_user": { good: ["root root"], bad: [""] },
  "* vrrp_cpu_affinity": { good: ["0 1"], bad: ["0 x"] },
  "* checker_cpu_affinity": { good: ["0 1"], bad: ["0 x"] },
  "* bfd_cpu_affinity": { good: ["0 1"], bad: ["0 x"] },
  "* include_check": { good: ["+match"], bad: ["+foo"] },
  "* notification_email": { good: ["admin@example.org"] },
  "* notification_email_from": { good: ["admin@example.org"], bad: [""] },
  "* smtp_server": { good: ["192.0.2.1 25"], bad: ["", "192.0.2.1 x"] },
  "* vrrp_garp_extra_if": { good: ["5", "all 5"], bad: ["all 0"] },
  "* vrrp_vmac_garp_intvl": { good: ["5"], bad: ["all 0"] },
  "* vrrp_iptables": { good: ["in out"], ...anything },
  "* vrrp_ipsets": { good: ["a b c"], ...anything },
  "* vrrp_rx_bufs_policy": { good: ["MTU", "ADVERT", "4096"], bad: ["BIG"] },
  "* notify_fifo": { good: ["/run/fifo"], bad: [""] },
  "* vrrp_notify_fifo": { good: ["/run/fifo"], bad: [""] },
  "* lvs_notify_fifo": { good: ["/run/fifo"], bad: [""] },
  "* lvs_timeouts": { good: ["tcp 5 tcpfin 5 udp 5"], bad: ["sctp 5"] },
  "* lvs_sync_daemon": { good: ["eth0 A", "eth0 A id 5"], bad: [""] },
  "* umask": { good: ["022", "IRUSR|IXOTH"], bad: ["IFOO"] },
  // 0 is another value in keepalived, which it says
  "* smtp_connect_timeout": { good: ["1", "4294"], bad: ["0", "4295"] },
  "* vrrp_rt_priority": { good: ["1", "99"], bad: ["-1", "100"] },
  "* lvs_flush_on_stop": { good: ["", "VS"], bad: ["RS"] },
  "* lvs_flush_onstop": { good: ["", "VS"], bad: ["RS"] },

  // Instances and what they track
  "* garp_extra_if": { good: ["5", "all 5"], bad: [""] },
  "* vmac_garp_intvl": { good: ["5"], ...anything },
  "* use_vmac": { good: ["", "vrrp.51"], ...anything },
  "* use_ipvlan": { good: ["", "vrrp.51 192.0.2.3/24 bridge"], ...anything },
  "vrrp_script interval": { good: ["1", "4294"], bad: ["0", "x"] },
  "vrrp_script timeout": { good: ["1", "4294"], bad: ["0", "x"] },
  "* process": { good: ["sshd -D"], bad: [""] },
  "* param_match": { good: ["", "initial", "partial"], bad: ["full"] },
  "* init_file": { good: ["", "5", "5 overwrite"], bad: ["x", "255"] },
  "* neighbor_ip": { good: ["192.0.2.1", "2001:db8::1"], bad: ["", "192.0.2.256"] },
  "* source_ip": { good: ["192.0.2.2"], bad: ["", "192.0.2.256"] },

  "auth_hmac key": { good: ['1 "secret"'], bad: [""] },

  // Virtual servers and checks
  "* ip_family": { good: ["inet", "inet6"], bad: ["inet5"] },
  "* sorry_server": { good: ["192.0.2.99 80"], bad: ["192.0.2.99 http"] },
  "* sorry_server_lvs_method": forwarding,
  "* lb_kind": forwarding,
  "* lvs_method": forwarding,
  "* persistence_granularity": { good: ["255.255.255.0"], bad: ["2001:db8::", "x"] },
  "* snmp_name": { good: ["web"], bad: [""] },
  "* bindto": { good: ["192.0.2.1"], bad: ["2001:db8::1", "x"] },
  "* digest": { good: ["d41d8cd98f00b204e9800998ecf8427e"], bad: ["abc"] },
  "* status_code": { good: ["200", "200-299 404"], bad: ["99", "600", "x"] },
  // keepalived's own -t says nothing about a pattern or its options.
  "* regex": { good: ["ok.*"], ...anything },
  "* regex_options": { good: ["caseless dotall"], ...anything },
  "* regex_min_offset": { good: ["0", "5"], ...anything },
  "* regex_max_offset": { good: ["5"], ...anything },
  "* regex_stack": { good: ["1 2"], ...anything },
  "* misc_path": { good: ['"/bin/true -x"'], ...anything },
  "* user": { good: ["root", "root root"], bad: [""] },
  "FILE_CHECK weight": { good: ["1", "-1 reverse"], bad: ["x", "1 rev"] },
  "BFD_CHECK name": { good: ["B"], bad: [""] },
  "DNS_CHECK name": { good: ["example.org."], bad: [""] },
  "* payload": { good: ["0a0b"], bad: ["", "xyz"] },
  "* require_reply": { good: ["", "0a0x"], bad: ["xyz"] },
  // The server's address is not known yet where a host is read.
  "host bindto": { good: ["192.0.2.1"], bad: ["x"] },
};
