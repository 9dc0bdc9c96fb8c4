// `vrrp_script`, `vrrp_track_process`, `track_file` and `bfd_instance` to the model, and to the table
// of names that `track_*` lines may use. A block that lacks what it cannot do without is dropped with
// a message, as keepalived does; what refers to it then finds nothing.

import type { IpAddress } from "../base/ip.ts";
import { familyOf, parseIp } from "../base/ip.ts";
import { microseconds, milliseconds, seconds } from "../base/time.ts";
import { firstOf, namedBlock } from "./blocks.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import type {
  BfdModel,
  TrackFileModel,
  TrackingModel,
  TrackProcessModel,
  TrackScriptModel,
  Weight,
} from "./model-tracking.ts";
import type { Statement } from "./parser.ts";
import { statementSpan } from "./parser.ts";
import { bfdKeywords, fileKeywords, processKeywords, scriptKeywords } from "./schema/tracking.ts";
import type { ScriptOwner, ScriptUsers } from "./script-users.ts";
import type { Settings } from "./settings.ts";
import type { TrackingKind } from "./tracking-table.ts";
import { TrackingTable } from "./tracking-table.ts";

export type CompiledTracking = {
  readonly model: TrackingModel;
  readonly table: TrackingTable;
  /** Who runs each script of the model, by its name. */
  readonly owners: ReadonlyMap<string, { readonly owner: ScriptOwner; readonly at: Statement }>;
};

type Draft = {
  readonly scripts: TrackScriptModel[];
  readonly processes: TrackProcessModel[];
  readonly files: TrackFileModel[];
  readonly bfds: BfdModel[];
};

const noWeight: Weight = { amount: 0, reverse: false };

/** `statements`: the outermost level. */
export function compileTracking(
  statements: readonly Statement[],
  users: ScriptUsers,
  sink: DiagnosticSink,
): CompiledTracking {
  const table = new TrackingTable();
  const owners = new Map<string, { readonly owner: ScriptOwner; readonly at: Statement }>();
  const model: Draft = { scripts: [], processes: [], files: [], bfds: [] };
  for (const [at, statement] of statements.entries()) {
    const kind = kinds.get(statement.keyword.text);
    const name = statement.words[0]?.text;
    if (kind === undefined || name === undefined || statement.spec === undefined) continue;
    let usable = true;
    let amount = 0;
    if (kind === "script") {
      const script = compileScript(statement, name, users, sink);
      usable = script !== undefined;
      if (script !== undefined) {
        amount = script.model.weight.amount;
        const known = owners.has(name);
        if (known) reportRepeated(statement, name, sink);
        else {
          model.scripts.push(script.model);
          owners.set(name, { owner: script.owner, at: statement });
        }
      }
    } else if (kind === "process") {
      const process = compileProcess(statement, name, sink);
      usable = process !== undefined;
      amount = process?.weight.amount ?? 0;
      if (process !== undefined) model.processes.push(process);
    } else if (kind === "file") {
      const file = compileFile(statement, name, users, sink);
      usable = file !== undefined;
      amount = file?.weight.amount ?? 0;
      if (file !== undefined) model.files.push(file);
    } else amount = addBfd(statement, name, model.bfds, sink);
    table.add(kind, name, { at, span: statementSpan(statement), usable, amount });
  }
  return { model, table, owners };
}

const kinds: ReadonlyMap<string, TrackingKind> = new Map([
  ["vrrp_script", "script"],
  ["vrrp_track_process", "process"],
  ["track_file", "file"],
  ["vrrp_track_file", "file"],
  ["bfd_instance", "bfd"],
]);

function reportRepeated(statement: Statement, name: string, sink: DiagnosticSink): void {
  sink.report("config/repeated", statementSpan(statement), {
    message: `there is a ${statement.keyword.text} \`${name}\` already, which is the one that counts`,
    testExit: 0,
  });
}

function compileScript(
  statement: Statement,
  name: string,
  users: ScriptUsers,
  sink: DiagnosticSink,
): { readonly model: TrackScriptModel; readonly owner: ScriptOwner } | undefined {
  const { settings, dropped } = namedBlock(scriptKeywords, statement, name, sink);
  for (const keyword of ["interval", "timeout"] as const) {
    const zero = settings.last(keyword);
    if (zero?.value !== 0) continue;
    sink.report("config/value-clamped", statementSpan(zero.statement), {
      message: `${keyword} 0 is taken as 1`,
      fix: `${keyword} 1`,
      classic: `(${name}): vrrp script ${keyword} must be greater than 0, setting to 1`,
    });
  }
  const script = settings.value("script");
  if (script === undefined || script.command === "") {
    dropped("script/no-command", {
      message: `\`${name}\` has no script`,
      classic: `No script set for vrrp_script ${name} - removing`,
    });
    return undefined;
  }
  const user = settings.last("user");
  const [own, group] = user?.statement.words.map(({ text }) => text) ?? [];
  const model = {
    ...script,
    ...(own === undefined ? {} : { user: own }),
    ...(group === undefined ? {} : { group }),
  };
  const owner = users.ownerOf(model, settings.last("script")?.statement ?? statement);
  if (owner.kind === "unknown") {
    sink.report("script/unknown-user", statementSpan(user?.statement ?? statement), {
      message: `this machine has no user or group \`${[own, group].filter(Boolean).join(" ")}\``,
      note: `${name} is not run`,
      classic: `Unable to set uid/gid for script ${quoted(script.command)}`,
    });
    return undefined;
  }
  if (owner.kind === "no-default") {
    dropped("script/unknown-user", {
      message: `there is no user to run \`${name}\``,
      note: "`script_user` of global_defs, or `user` here, names one",
      classic: `Unable to set default user for vrrp script ${name} - removing`,
    });
    return undefined;
  }
  const atLeastOne = (keyword: "interval" | "timeout") => {
    const value = settings.value(keyword);
    return value === 0 ? seconds(1) : value;
  };
  const interval = atLeastOne("interval") ?? seconds(1);
  return {
    owner,
    model: {
      name,
      script: model,
      interval,
      timeout: atLeastOne("timeout") ?? interval,
      weight: settings.value("weight") ?? noWeight,
      rise: settings.value("rise") ?? 1,
      fall: settings.value("fall") ?? 1,
      initFail: settings.value("init_fail") ?? false,
    },
  };
}

/** The words of a command as keepalived shows them. */
export const quoted = (command: string): string =>
  command
    .trim()
    .split(/[ \t]+/)
    .map((word) => `'${word}'`)
    .join(" ");

function compileProcess(
  statement: Statement,
  name: string,
  sink: DiagnosticSink,
): TrackProcessModel | undefined {
  const { settings, dropped } = namedBlock(processKeywords, statement, name, sink);
  const process = firstOf(
    settings.all("process"),
    sink,
    (word) => `Process already set for track process ${name} - ignoring ${word}`,
  );
  const weight = firstOf(
    settings.all("weight"),
    sink,
    (word) => `Weight already set for track process ${name} - ignoring ${word}`,
  );
  const match = settings.last("param_match")?.statement.words[0];
  const unknown = match !== undefined && match.text !== "initial" && match.text !== "partial";
  if (unknown) {
    sink.report("config/value-choice", match.span, {
      message: "param_match must be initial or partial, or stand alone",
      classic: `Invalid param_match type ${match.text} - ignoring`,
    });
  }
  const [path, ...parameters] = process?.statement.words.map(({ text }) => text) ?? [];
  if (path === undefined) {
    const attempt = settings.attempt("process");
    if (attempt?.spec !== undefined) {
      sink.report("config/missing-value", attempt.keyword.span, {
        message: "`process` needs a value",
        classic:
          "*** Configuration line starting `process` is missing a parameter after keyword `process` at word position 2",
      });
      return undefined;
    }
    dropped("tracking/nothing-to-track", {
      message: `\`${name}\` names no process`,
      classic: `track process '${name}' process name not specified`,
    });
    return undefined;
  }
  const both = settings.value("delay") ?? microseconds(0);
  const quorum = settings.value("quorum") ?? 1;
  const quorumMax = quorumMaxOf(settings, quorum, sink);
  return {
    name,
    process: path,
    parameters,
    match:
      unknown || match === undefined ? "exact" : match.text === "initial" ? "initial" : "partial",
    fullCommand: settings.value("full_command") ?? parameters.length > 0,
    weight: weight?.value ?? noWeight,
    quorum,
    ...(quorumMax === undefined ? {} : { quorumMax }),
    terminateDelay: settings.value("terminate_delay") ?? both,
    forkDelay: settings.value("fork_delay") ?? both,
  };
}

/** Whichever of the two stands further down is ignored when they do not fit together. */
function quorumMaxOf(
  settings: Settings<typeof processKeywords>,
  quorum: number,
  sink: DiagnosticSink,
): number | undefined {
  const max = settings.last("quorum_max");
  const least = settings.last("quorum");
  if (max === undefined || max.value >= quorum || least === undefined) return max?.value;
  const maxIsLater = max.statement.keyword.span.start > least.statement.keyword.span.start;
  const [later, classic] = maxIsLater
    ? [max, "quorum_max is less than quorum - ignoring"]
    : [least, "Quorum is greater than quorum_max - ignoring"];
  sink.report("config/value-range", statementSpan(later.statement), {
    message: "quorum_max is less than quorum",
    note: "this line is ignored",
    classic,
  });
  return maxIsLater ? undefined : max.value;
}

function compileFile(
  statement: Statement,
  name: string,
  { machine }: ScriptUsers,
  sink: DiagnosticSink,
): TrackFileModel | undefined {
  const { settings, dropped } = namedBlock(fileKeywords, statement, name, sink);
  const file = firstOf(
    settings.all("file"),
    sink,
    (word) => `File already set for track file ${name} - ignoring ${word}`,
  );
  const weight = firstOf(
    settings.all("weight"),
    sink,
    (word) => `Weight already set for track file ${name} - ignoring ${word}`,
  );
  const init = readInit(settings, name, sink);
  if (file === undefined) {
    dropped("tracking/nothing-to-track", {
      message: `\`${name}\` names no file`,
      classic: `No file set for track_file ${name} - ignoring`,
    });
    return undefined;
  }
  const facts = machine?.file(file.value);
  if (init !== undefined && facts !== undefined && facts.kind !== "file") {
    dropped("tracking/nothing-to-track", {
      message: `\`${file.value}\` is no regular file, so it cannot be written at start`,
      classic: `Cannot initialise track file ${name} - it is not a regular file`,
    });
  }
  return {
    name,
    path: file.value,
    weight: weight?.value ?? { amount: 1, reverse: false },
    ...(init === undefined ? {} : { init }),
  };
}

/** `init_file [N] [overwrite]`. */
function readInit(
  settings: Settings<typeof fileKeywords>,
  name: string,
  sink: DiagnosticSink,
): TrackFileModel["init"] {
  const all = settings.all("init_file");
  let init: TrackFileModel["init"];
  for (const { statement } of all) {
    let value = 0;
    let overwrite = false;
    for (const word of statement.words) {
      if (word.text === "overwrite") overwrite = true;
      else if (!/^[+-]?[0-9]+$/.test(word.text)) {
        sink.report("config/value-choice", word.span, {
          message: "init_file takes a number and `overwrite`",
          classic: `Unknown track file init option ${word.text}`,
        });
      } else if (Math.abs(Number(word.text)) > 254) {
        sink.report("config/value-range", word.span, {
          message: "a number outside -254 to 254 has the same effect as the nearest one inside",
          classic: `Track file ${name} init value ${word.text} is outside sensible range [-254, 254]`,
        });
        value = Number(word.text);
      } else value = Number(word.text);
    }
    init = { value, overwrite };
  }
  return init;
}

const bfdNameMax = 31;

/** Adds the session if it is usable; gives the weight for `track_bfd` in any case. */
function addBfd(
  statement: Statement,
  name: string,
  sessions: BfdModel[],
  sink: DiagnosticSink,
): number {
  const { settings, dropped } = namedBlock(bfdKeywords, statement, name, sink);
  const amount = settings.value("weight")?.amount ?? 0;
  const nameSpan = statement.words[0]?.span ?? statement.keyword.span;
  const head = `Configuration error: BFD instance ${name}`;
  if (name.length > bfdNameMax) {
    sink.report("config/value-range", nameSpan, {
      message: `the name of a BFD session has at most ${bfdNameMax} characters`,
      classicBefore: `BFD name ${name} too long`,
      classic: `${head} name too long (maximum length is ${bfdNameMax} characters) - ignoring`,
    });
    return amount;
  }
  if (sessions.some((each) => each.name === name)) {
    sink.report("config/repeated", nameSpan, {
      message: `there is a BFD session \`${name}\` already; this one is ignored`,
      classicBefore: `BFD ${name} already specified`,
      classic: `${head} already configured - ignoring`,
    });
    return amount;
  }
  const [neighbor, keyword] = readNeighbor(settings, head, sink);
  if (neighbor === undefined) {
    if (keyword === undefined) {
      dropped("tracking/nothing-to-track", {
        message: `\`${name}\` has no neighbor_ip, so there is no session`,
        classic: `${head} has no neighbor address set, disabling instance`,
      });
    }
    return amount;
  }
  const source = readSource(settings, head, sink);
  if (source !== undefined && familyOf(source) !== familyOf(neighbor)) {
    dropped("instance/address-family", {
      message: "both ends of a BFD session must be of one family",
      note: "the session is not run",
      classic: `${head} source address ${source} and neighbor address ${source} are not of the same family, disabling instance`,
    });
    return amount;
  }
  if (sessions.some((each) => each.neighbor === neighbor && each.source === source)) {
    dropped("config/repeated", {
      message: `there is a BFD session with ${neighbor} already; this one is ignored`,
      classic:
        source === undefined
          ? `${head} has duplicate neighbor address ${neighbor}, ignoring instance`
          : `${head} has duplicate source/neighbor address ${source}/${neighbor}, ignoring instance`,
    });
    return amount;
  }
  sessions.push(bfdModel(settings, name, neighbor, source));
  return amount;
}

type BfdSettings = Settings<typeof bfdKeywords>;

function readNeighbor(
  settings: BfdSettings,
  head: string,
  sink: DiagnosticSink,
): readonly [IpAddress | undefined, "neighbor_ip" | undefined] {
  const given = settings.last("neighbor_ip") ?? settings.last("neighbour_ip");
  if (given === undefined) return [undefined, undefined];
  const address = parseIp(given.value);
  if (address !== undefined) return [address, "neighbor_ip"];
  sink.report("config/address", (given.statement.words[0] ?? given.statement.keyword).span, {
    message: `\`${given.value}\` is not an IP address`,
    note: "the session is not run",
    classic: `${head} has malformed neighbor address ${given.value}, ignoring instance`,
  });
  return [undefined, "neighbor_ip"];
}

function readSource(
  settings: BfdSettings,
  head: string,
  sink: DiagnosticSink,
): IpAddress | undefined {
  const given = settings.last("source_ip");
  if (given === undefined) return undefined;
  const address = parseIp(given.value);
  if (address === undefined) {
    sink.report("config/address", (given.statement.words[0] ?? given.statement.keyword).span, {
      message: `\`${given.value}\` is not an IP address`,
      note: "the kernel chooses the source address",
      classic: `${head} has malformed source address ${given.value}, ignoring`,
    });
  }
  return address;
}

function bfdModel(
  settings: BfdSettings,
  name: string,
  neighbor: IpAddress,
  source: IpAddress | undefined,
): BfdModel {
  const instances = settings.value("vrrp") ?? false;
  const servers = settings.value("checker") ?? false;
  const usualTtl = familyOf(neighbor) === "ipv4" ? 255 : 64;
  return {
    name,
    neighbor,
    ...(source === undefined ? {} : { source }),
    receiveInterval: settings.value("min_rx") ?? milliseconds(10),
    sendInterval: settings.value("min_tx") ?? milliseconds(10),
    idleInterval: settings.value("idle_tx") ?? milliseconds(1000),
    multiplier: settings.value("multiplier") ?? 5,
    passive: settings.value("passive") ?? false,
    ttl: settings.value("ttl") ?? settings.value("hoplimit") ?? usualTtl,
    hopsMax: settings.value("max_hops") ?? 0,
    multihop: settings.value("multihop") ?? false,
    weight: settings.value("weight") ?? noWeight,
    forInstances: instances || !servers,
    forServers: servers || !instances,
  };
}
