// The keywords of groups and of interfaces as such: instances that change state together or hold
// static items, interfaces that share a limit or are polled or may flap.

import { block, boolean, flag, interfaceName, lines, row, script, seconds } from "./row.ts";
import type { BlockSpec } from "./spec.ts";

const later = { status: "accepted" } as const;
const tracked = (refersTo: "script" | "file" | "process" | "bfd") =>
  row(lines("tracked"), "As in an instance, for all its members.", { ...later, refersTo });

export const syncGroupKeywords = {
  group: row(lines("text"), "The instances.", { ...later, refersTo: "instance" }),
  track_interface: row(
    lines("tracked-interface"),
    "As in an instance, for all its members.",
    later,
  ),
  track_script: tracked("script"),
  track_file: tracked("file"),
  track_process: tracked("process"),
  track_bfd: tracked("bfd"),
  notify: row(script, "Run at every change, with what and who.", later),
  notify_master: row(script, "Run when it becomes master.", later),
  notify_backup: row(script, "Run when it becomes backup.", later),
  notify_fault: row(script, "Run when a fault begins.", later),
  notify_stop: row(script, "Run when the daemon stops.", later),
  smtp_alert: row(boolean, "Send mail at every change.", {
    ...later,
    classic: "Invalid vrrp_group smtp_alert parameter {value}",
  }),
  notify_priority_changes: row(boolean, "Tell about changes of priorities, too.", {
    ...later,
    classic: "({name}) Invalid value '{value}' for sync group notify_priority_changes specified",
  }),
  global_tracking: row(flag, "Former way to track.", {
    ...later,
    deprecatedBy: "the track blocks of the group",
    classic:
      "({name}) global_tracking is deprecated. Use track_interface/script/file on the sync group",
  }),
  sync_group_tracking_weight: row(flag, "Weights count in this group.", later),
} as const;

export const syncGroupBlock: BlockSpec = {
  name: "vrrp_sync_group",
  doc: "Instances that change state together.",
  keywords: syncGroupKeywords,
};

export const trackGroupKeywords = {
  group: row(lines("text"), "The instances.", { ...later, refersTo: "instance" }),
} as const;

export const trackGroupBlock: BlockSpec = {
  name: "track_group",
  doc: "Instances that are at fault when a static item that names this group cannot be there.",
  keywords: trackGroupKeywords,
};

const gap = (keyword: string, of: string) =>
  row(seconds(0, 2147.483647), `Least seconds between two ${of} of all its interfaces.`, {
    ...later,
    classic: `garp_group ${keyword} '{value}' invalid`,
  });

export const garpGroupKeywords = {
  garp_interval: gap("garp_interval", "gratuitous ARPs"),
  gna_interval: gap("gna_interval", "neighbour advertisements"),
  interface: row(interfaceName, "An interface.", later),
  interfaces: row(lines("text"), "More interfaces.", later),
} as const;

export const garpGroupBlock: BlockSpec = {
  name: "garp_group",
  doc: "Interfaces that share a limit of announcements.",
  keywords: garpGroupKeywords,
};

/** The rows of the outermost level for these blocks. */
export const groupsRoot = {
  vrrp_sync_group: row(block(syncGroupBlock, "required"), syncGroupBlock.doc, {
    ...later,
    repeats: true,
    introduces: "sync-group",
    nameless: "vrrp_sync_group must have a name - skipping",
  }),
  track_group: row(block(trackGroupBlock, "required"), trackGroupBlock.doc, {
    ...later,
    repeats: true,
    introduces: "track-group",
    nameless: "track_group must have a name - skipping",
  }),
  garp_group: row(block(garpGroupBlock), garpGroupBlock.doc, { ...later, repeats: true }),
  linkbeat_interfaces: row(lines("text"), "Interfaces that are polled, each perhaps with a way.", {
    ...later,
    repeats: true,
  }),
  interface_up_down_delays: row(
    lines("text"),
    "`IF DOWN [UP]`: seconds that a change of an interface must last, 0 to 255.",
    { ...later, repeats: true },
  ),
} as const;
