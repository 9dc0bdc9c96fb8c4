// keepalived.conf to the model of the node: the one way in for the daemon, `check` and the tests.
// Errors do not stop the reading; all that is found comes back, and a model as far as keepalived
// itself would run with the file.

import type { ConfigFileRefusal, ConfigFiles } from "../ports/config-files.ts";
import type { Machine } from "../ports/machine.ts";
import { compileGlobal } from "./compile-global.ts";
import { compileSyncGroups, compileTrackGroups } from "./compile-groups.ts";
import type { CompiledInstance } from "./compile-instance.ts";
import { compileInstance } from "./compile-instance.ts";
import { compileInterfaces } from "./compile-interfaces.ts";
import { compileTracking } from "./compile-tracking.ts";
import { compileLoadBalancing } from "./compile-virtual-server.ts";
import type { Consequence } from "./consequences.ts";
import { consequencesOf } from "./consequences.ts";
import type { Diagnostic, DiagnosticCode } from "./diagnostics.ts";
import { DiagnosticSink, diagnosticCodes, refuses } from "./diagnostics.ts";
import type { InstanceModel, NodeModel } from "./model.ts";
import type { GroupsModel } from "./model-groups.ts";
import type { Statement } from "./parser.ts";
import { parse, statementSpan } from "./parser.ts";
import { readLines } from "./reader.ts";
import { firstPreference, readRoute, readRule } from "./routing-lines.ts";
import { root, rootKeywords } from "./schema/root.ts";
import { checkScripts } from "./script-security.ts";
import { ScriptUsers } from "./script-users.ts";
import { scriptUses } from "./script-uses.ts";
import { Settings } from "./settings.ts";
import type { Sources, Span } from "./source.ts";
import { joinSpans } from "./source.ts";
import { hasEntries } from "./tracked-lines.ts";
import type { TrackingTable } from "./tracking-table.ts";

export type LoadOptions = {
  /** `-i`: decides `@id` lines; keepalived's default is the host name up to the first dot. */
  readonly configId?: string;
  /** Names of the interfaces of this machine; absent: whatever the file names is taken to exist. */
  readonly interfaces?: readonly string[];
  /** Scripts, users and namespaces of this machine; absent: as with `interfaces`. */
  readonly machine?: Machine;
};

export type LoadedConfig = {
  /** Undefined when keepalived would refuse the whole configuration. */
  readonly model: NodeModel | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** What keepalived says besides, because it does not recover from a mistake of structure. */
  readonly consequences: readonly Consequence[];
  readonly sources: Sources;
  /** The tree that the model was made from, for whoever asks where something was said. */
  readonly statements: readonly Statement[];
  /** Why the main file could not be read at all. */
  readonly refusal?: ConfigFileRefusal;
};

/** Reads, parses, checks and compiles a configuration. Never throws, whatever the text. */
export function loadConfig(
  path: string,
  files: ConfigFiles,
  options: LoadOptions = {},
): LoadedConfig {
  const sink = new DiagnosticSink();
  const reading = readLines(path, files, options.configId ?? "", sink);
  const { sources, refusal } = reading;
  if (refusal !== undefined)
    return {
      model: undefined,
      diagnostics: sink.diagnostics(),
      consequences: [],
      sources,
      statements: [],
      refusal,
    };
  const statements = parse(reading.lines, root, sink);
  const model = compileNode(statements, options, sink);
  const diagnostics = sink.diagnostics();
  const accepted = diagnostics.some(refuses) ? undefined : model;
  const consequences = diagnostics.some(({ code }) => structural.has(code))
    ? consequencesOf(reading.lines, root)
    : [];
  return { model: accepted, diagnostics, consequences, sources, statements };
}

/** Where keepalived reads what follows as if it stood elsewhere, or says the same once more. */
const structural: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  "config/undefined-name",
  "config/unterminated-quote",
  "config/missing-brace",
  "config/extra-brace",
  "config/unexpected-brace",
  "config/expected-brace",
  "config/unknown-keyword",
  "config/misplaced-keyword",
]);

/**
 * The exit status of keepalived's `--config-test`: 0 nothing said, 5 something reported, 6 a file
 * that cannot be read, 2 a missing value. What only Understudy says does not count.
 */
export function configTestExit(loaded: LoadedConfig): number {
  let exit = 0;
  for (const { code, testExit } of loaded.diagnostics) {
    const each = testExit ?? diagnosticCodes[code].testExit;
    // A missing value ends keepalived on the spot.
    if (each === 2) return 2;
    exit = Math.max(exit, each);
  }
  return exit;
}

function compileNode(
  statements: readonly Statement[],
  options: LoadOptions,
  sink: DiagnosticSink,
): NodeModel | undefined {
  // Reports the rows of the outermost level; the blocks are read below.
  const settings = new Settings(rootKeywords, statements, sink);
  const globals = settings.all("global_defs").flatMap(({ statement }) => statement.body ?? []);
  const {
    global,
    defaults,
    settings: globalSettings,
  } = compileGlobal(globals, sink, options.machine);
  const users = new ScriptUsers(globalSettings, options.machine, sink);
  const tracking = compileTracking(statements, users, sink);
  const places = new Map(statements.map((statement, at) => [statement, at]));
  const known =
    options.interfaces === undefined || global.dynamicInterfaces
      ? {}
      : { interfaces: new Set(options.interfaces) };
  const vmacNames = new Map<string, string>();
  const routing = { sink, preferences: { next: firstPreference }, ...known };
  const lines = (keyword: "static_routes" | "static_rules") =>
    settings.all(keyword).flatMap(({ statement: { body = [] } }) => body);
  const statics = {
    routes: lines("static_routes").flatMap((line) => readRoute(line, routing) ?? []),
    rules: lines("static_rules").flatMap((line) => readRule(line, routing) ?? []),
  };
  const balancing = compileLoadBalancing(statements, users, sink);
  const compiled: CompiledInstance[] = [];
  const names = new Map<string, Span>();
  for (const { statement } of settings.all("vrrp_instance")) {
    const name = instanceName(statement, names, sink);
    if (name === undefined) continue;
    const span = statementSpan(statement);
    const at = places.get(statement) ?? 0;
    const surroundings = {
      defaults,
      sink,
      vmacNames,
      routing,
      tracking: tracking.table,
      at,
      ...known,
    };
    compiled.push(compileInstance(statement, name, span, surroundings));
  }
  const groups = {
    ...compileInterfaces(statements, known.interfaces, sink),
    ...compileGroups(statements, tracking.table, names, sink),
  };
  const distinct = checkVrids(compiled, sink);
  if (!distinct || compiled.some(({ kind }) => kind === "refused")) return undefined;
  const instances = compiled.flatMap((each) => (each.kind === "model" ? [each.model] : []));
  const notRun = compiled.flatMap((each) => (each.kind === "not-run" ? [each.model] : []));
  if (compiled.length > 0 && !sink.refused())
    checkScripts(scriptUses(statements, tracking, users), users, sink);
  return {
    global,
    instances,
    ...(notRun.length === 0 ? {} : { notRun }),
    ...(hasEntries(statics) ? { statics } : {}),
    ...(hasEntries(groups) ? { groups } : {}),
    ...(hasEntries(tracking.model) ? { tracking: tracking.model } : {}),
    ...balancing,
  };
}

function compileGroups(
  statements: readonly Statement[],
  tracking: TrackingTable,
  names: ReadonlyMap<string, Span>,
  sink: DiagnosticSink,
): Pick<GroupsModel, "syncGroups" | "trackGroups"> {
  const instances = sink.refused() ? undefined : new Set(names.keys());
  const context = { sink, tracking, instances };
  return {
    trackGroups: compileTrackGroups(statements, context),
    syncGroups: compileSyncGroups(statements, context),
  };
}

/** The name, unless there is none or somebody has it already. */
function instanceName(
  statement: Statement,
  names: Map<string, Span>,
  sink: DiagnosticSink,
): string | undefined {
  const [word, extra] = statement.words;
  if (word === undefined) return undefined;
  if (extra !== undefined) {
    const words = statement.words.map(({ text }) => text);
    const span = joinSpans(word.span, (statement.words.at(-1) ?? word).span);
    sink.report("config/missing-name", extra.span, {
      message: "the name of an instance is one word",
      note: "keepalived skips this instance",
      fix: `vrrp_instance ${words.join("_")}`,
      edit: { span, replaces: words.join(" "), text: words.join("_"), safe: false },
      classic: "vrrp_instance must have a name",
    });
    return undefined;
  }
  if (names.has(word.text)) {
    sink.report("instance/duplicate-name", word.span, {
      message: `there is an instance \`${word.text}\` already; this one is ignored`,
      classic: `vrrp instance ${word.text} already defined`,
    });
    return undefined;
  }
  names.set(word.text, word.span);
  return word.text;
}

/** keepalived.md 2.8e: one VRID for each family, interface and group, or unicast pair. */
function checkVrids(compiled: readonly CompiledInstance[], sink: DiagnosticSink): boolean {
  const holders = new Map<string, string>();
  let distinct = true;
  for (const each of compiled) {
    if (each.kind === "refused") continue;
    const { model, span } = each;
    const keys = vridKeys(model);
    const holder = keys.map((key) => holders.get(key)).find((found) => found !== undefined);
    for (const key of keys) holders.set(key, model.name);
    if (holder === undefined) continue;
    distinct = false;
    sink.report("instance/duplicate-vrid", span, {
      message: `${holder} and ${model.name} both use virtual_router_id ${model.vrid}`,
      note: "on one interface, every virtual router needs a number of its own",
      classic:
        model.transport.kind === "unicast"
          ? `(${holder}) duplicate VRID conflict with ${model.name} VRID ${model.vrid}`
          : `${holder} and ${model.name} both use VRID ${model.vrid} with IPv${model.family === "ipv4" ? 4 : 6} on interface ${model.interface ?? ""}`,
    });
  }
  return distinct;
}

function vridKeys({
  vrid,
  family,
  transport,
  source,
  ...model
}: Omit<InstanceModel, "authentication">): readonly string[] {
  const base = `${vrid} ${family} ${model.interface ?? ""}`;
  if (transport.kind === "multicast") return [`${base} ${transport.group}`];
  return transport.peers.map((peer) => `${base} ${source ?? ""} to ${peer.address}`);
}
