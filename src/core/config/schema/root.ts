// The outermost level of keepalived.conf: which blocks and settings may stand there. Blocks that no
// part of Understudy reads yet are known by name, so that their braces are skipped as a whole.

import { globalDefs } from "./global-defs.ts";
import { groupsRoot } from "./groups.ts";
import { block, flag, headedBlock, integer, lines, row, skippedBlock, text } from "./row.ts";
import type { BlockSpec } from "./spec.ts";
import { ssl } from "./ssl.ts";
import { trackingRoot } from "./tracking.ts";
import { virtualServer } from "./virtual-server.ts";
import { vrrpInstance } from "./vrrp-instance.ts";

const later = { status: "accepted", repeats: true } as const;

export const rootKeywords = {
  global_defs: row(block(globalDefs), globalDefs.doc, { repeats: true }),
  vrrp_instance: row(block(vrrpInstance, "required"), vrrpInstance.doc, {
    repeats: true,
    introduces: "instance",
    nameless: "vrrp_instance must have a name",
  }),

  ...groupsRoot,
  ...trackingRoot,
  static_ipaddress: row(skippedBlock, "Addresses that are always there.", later),
  static_routes: row(lines("route"), "Routes that are always there.", later),
  static_rules: row(lines("rule"), "Routing rules that are always there.", later),
  SSL: row(block(ssl), ssl.doc, { ...later, covered: true }),
  virtual_server: row(
    headedBlock(virtualServer, "ADDRESS [PORT] or fwmark N or group NAME"),
    virtualServer.doc,
    { ...later, covered: true },
  ),
  virtual_server_group: row(
    { type: "lines", lines: "service", name: "required" },
    "Addresses, ranges and firewall marks of a load-balanced service.",
    { ...later, covered: true, introduces: "virtual-server-group" },
  ),

  net_namespace: row(text, "Network namespace to run in.", { status: "accepted" }),
  net_namespace_ipvs: row(text, "Network namespace of IPVS.", {
    status: "accepted",
    optional: true,
  }),
  namespace_with_ipsets: row(flag, "Allow ipsets in namespaces.", { status: "accepted" }),
  instance: row(text, "Name of this daemon among several.", { status: "accepted" }),
  use_pid_dir: row(flag, "PID files in a folder of their own.", { status: "accepted" }),
  child_wait_time: row(integer(0, 4294967295), "Seconds to wait at shutdown.", {
    status: "accepted",
  }),
  linkbeat_use_polling: row(flag, "Poll all interfaces.", { status: "accepted" }),
} as const;

export const root: BlockSpec = {
  name: "the outermost level",
  doc: "What may stand outside all braces.",
  keywords: rootKeywords,
};
