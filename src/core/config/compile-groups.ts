// `vrrp_sync_group` and `track_group` to the model: members that exist, each in one group, and what
// the group tracks. Members may be defined further down; keepalived resolves them when all is read.

import { namedBlock } from "./blocks.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import { spellingFix } from "./fix.ts";
import type { Token } from "./lexer.ts";
import type { SyncGroupModel, TrackGroupModel } from "./model-groups.ts";
import type { Statement } from "./parser.ts";
import { statementSpan } from "./parser.ts";
import { syncGroupKeywords, trackGroupKeywords } from "./schema/groups.ts";
import type { Settings } from "./settings.ts";
import { readTracked } from "./tracked-lines.ts";
import type { TrackingTable } from "./tracking-table.ts";

export type GroupsContext = {
  readonly sink: DiagnosticSink;
  readonly tracking: TrackingTable;
  /** Names of all instances; undefined when keepalived does not get as far as to look. */
  readonly instances: ReadonlySet<string> | undefined;
};

/** Every usable sync group. `statements`: the outermost level. */
export function compileSyncGroups(
  statements: readonly Statement[],
  context: GroupsContext,
): readonly SyncGroupModel[] {
  const { sink, tracking, instances } = context;
  const groups: SyncGroupModel[] = [];
  const names = new Set<string>();
  const taken = new Set<string>();
  for (const [at, statement] of statements.entries()) {
    if (statement.keyword.text !== "vrrp_sync_group") continue;
    const name = nameOf(statement, names, sink, "sync group");
    if (name === undefined) continue;
    const { settings } = namedBlock(syncGroupKeywords, statement, name, sink);
    const members = membersOf(settings.all("group"), "sync group", name, sink);
    reportRepeatedScripts(settings, name, sink);
    const tracked = readTracked(
      (keyword) => settings.all(keyword).flatMap(({ statement: { body = [] } }) => body),
      { name, sink, tracking, at },
    );
    if (instances === undefined) continue;
    const found = resolve(members, name, { sink, instances, taken });
    reportSize(statement, name, members.length, found.length, sink);
    if (found.length === 0) continue;
    const weightsCount = settings.value("sync_group_tracking_weight") ?? false;
    groups.push({ name, members: found, tracked, weightsCount });
  }
  return groups;
}

/** Every `track_group`. */
export function compileTrackGroups(
  statements: readonly Statement[],
  { sink, instances }: GroupsContext,
): readonly TrackGroupModel[] {
  const groups: TrackGroupModel[] = [];
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.keyword.text !== "track_group") continue;
    const name = nameOf(statement, names, sink, "track_group");
    if (name === undefined) continue;
    const { settings } = namedBlock(trackGroupKeywords, statement, name, sink);
    const members = membersOf(settings.all("group"), "track group", name, sink);
    const known = members.filter(({ text }) => instances?.has(text) === true);
    groups.push({ name, members: known.map(({ text }) => text) });
  }
  return groups;
}

function nameOf(
  statement: Statement,
  names: Set<string>,
  sink: DiagnosticSink,
  what: "sync group" | "track_group",
): string | undefined {
  const [word, extra] = statement.words;
  const keyword = statement.keyword.text;
  if (word === undefined) return undefined;
  if (extra !== undefined) {
    sink.report("config/missing-name", extra.span, {
      message: "the name of a group is one word",
      note: "keepalived skips this group",
      classic: `${keyword} must have a name - skipping`,
    });
    return undefined;
  }
  if (!names.has(word.text)) {
    names.add(word.text);
    return word.text;
  }
  sink.report("instance/duplicate-name", word.span, {
    message: `there is a group \`${word.text}\` already; this one is ignored`,
    classic: `${what === "track_group" ? what : `vrrp ${what}`} ${word.text} already defined`,
  });
  return undefined;
}

type Lists = readonly { readonly statement: Statement }[];

/** All words of the first `group` block. */
function membersOf(
  blocks: Lists,
  what: "sync group" | "track group",
  name: string,
  sink: DiagnosticSink,
): readonly Token[] {
  const [first, ...others] = blocks;
  for (const { statement } of others) {
    sink.report("config/repeated", statement.keyword.span, {
      message: "a group has one list of members; this one is ignored",
      classic: `Group list already specified for ${what} ${name}`,
    });
  }
  if (first === undefined) return [];
  const { body = [], close, keyword } = first.statement;
  const members = body.flatMap((line) => [line.keyword, ...line.words]);
  if (members.length === 0) {
    sink.report("group/no-members", keyword.span, {
      message: "the list of members is empty",
      ...(close === undefined ? {} : { classicAt: close }),
      classic: `Warning - ${what} ${name} has empty group block`,
    });
  }
  return members;
}

/** The members that exist and are in no other group. */
function resolve(
  members: readonly Token[],
  group: string,
  {
    sink,
    instances,
    taken,
  }: {
    readonly sink: DiagnosticSink;
    readonly instances: ReadonlySet<string>;
    readonly taken: Set<string>;
  },
): readonly string[] {
  const found: string[] = [];
  for (const member of members) {
    const { text, span } = member;
    if (!instances.has(text)) {
      sink.report("group/unknown-member", span, {
        message: `there is no instance \`${text}\``,
        ...spellingFix(member, [...instances], { safe: false }),
        classic: `Virtual router ${text} specified in sync group ${group} doesn't exist - ignoring`,
        unplaced: true,
      });
    } else if (taken.has(text)) {
      sink.report("group/unknown-member", span, {
        message: `\`${text}\` is a member of a sync group already`,
        note: "an instance can be in one group only",
        classic: `Virtual router ${text} cannot exist in more than one sync group; ignoring ${group}`,
        unplaced: true,
      });
    } else {
      taken.add(text);
      found.push(text);
    }
  }
  return found;
}

function reportSize(
  statement: Statement,
  name: string,
  wanted: number,
  found: number,
  sink: DiagnosticSink,
): void {
  if (found > 1) return;
  const classic =
    wanted === 0
      ? `Sync group ${name} has no virtual router(s). removing`
      : found === 0
        ? `Sync group ${name}, no matching virtual router found in group declaration - removing`
        : `Sync group ${name} has only 1 virtual router(s) - this probably isn't what you want`;
  sink.report("group/no-members", statementSpan(statement), {
    message:
      found === 0
        ? `${name} has no member, so it is dropped`
        : `${name} has one member, so it changes nothing`,
    classic,
    unplaced: true,
  });
}

const scripts = [
  "notify",
  "notify_master",
  "notify_backup",
  "notify_fault",
  "notify_stop",
] as const;

function reportRepeatedScripts(
  settings: Settings<typeof syncGroupKeywords>,
  name: string,
  sink: DiagnosticSink,
): void {
  for (const keyword of scripts) {
    for (const { statement, value } of settings.all(keyword).slice(1)) {
      sink.report("config/repeated", statement.keyword.span, {
        message: `\`${keyword}\` was given before; this one is ignored`,
        classic: `vrrp group ${name}: ${keyword} script already specified - ignoring ${value.command}`,
      });
    }
  }
}
