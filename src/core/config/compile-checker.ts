// One checker of a real server to its model, or nothing where keepalived leaves it out. Values that
// the checker does not name come from the real server, from the virtual server, or are its own
// (keepalived.md section 1.18).

import type { IpAddress } from "../base/ip.ts";
import { familyOf } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import { seconds } from "../base/time.ts";
import { compileHttpCheck } from "./compile-http-check.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import type { CheckScripts, KnownNames } from "./lvs-context.ts";
import { blockPlace } from "./lvs-context.ts";
import type { ScriptModel } from "./model-script.ts";
import type {
  CheckConnectionModel,
  CheckerModel,
  CheckTimingModel,
} from "./model-virtual-server.ts";
import type { Statement } from "./parser.ts";
import type { CheckerKind } from "./schema/checkers.ts";
import {
  bfdKeywords,
  checkerKeywords,
  commonKeywords,
  dnsKeywords,
  fileKeywords,
  httpKeywords,
  miscKeywords,
  smtpKeywords,
  udpKeywords,
} from "./schema/checkers.ts";
import type { Setting } from "./settings.ts";
import { Settings } from "./settings.ts";
import { integerRangeText } from "./values.ts";

/** What a checker takes when it does not say otherwise. */
export type CheckDefaults = {
  readonly retry?: number;
  readonly delayBeforeRetry?: Microseconds;
  readonly warmup?: Microseconds;
  readonly delayLoop: Microseconds;
  readonly connectTimeout: Microseconds;
  readonly alpha: boolean;
};

export type CheckerContext = {
  readonly address: IpAddress;
  readonly port: number;
  /** The server, as keepalived shows it. */
  readonly server: string;
  readonly defaults: CheckDefaults;
  readonly names: KnownNames;
  /** BFD sessions that this server's checkers follow already. */
  readonly followed: Set<string>;
  readonly sink: DiagnosticSink;
  readonly scripts: CheckScripts;
};

export const isChecker = (keyword: string): keyword is CheckerKind =>
  Object.hasOwn(checkerKeywords, keyword);

/** Reads one checker; undefined when it is left out. */
export function compileChecker(
  kind: CheckerKind,
  statement: Statement,
  context: CheckerContext,
): CheckerModel | undefined {
  switch (kind) {
    case "HTTP_GET":
    case "SSL_GET":
      return httpCheck(kind === "SSL_GET" ? "https" : "http", statement, context);
    case "TCP_CHECK":
    case "PING_CHECK":
      return plainCheck(kind === "TCP_CHECK" ? "tcp" : "ping", statement, context);
    case "SMTP_CHECK":
      return smtpCheck(statement, context);
    case "DNS_CHECK":
      return dnsCheck(statement, context);
    case "UDP_CHECK":
      return udpCheck(statement, context);
    case "MISC_CHECK":
      return miscCheck(statement, context);
    case "FILE_CHECK":
      return fileCheck(statement, context);
    case "BFD_CHECK":
      return bfdCheck(statement, context);
  }
}

type CommonSettings = Pick<Settings<typeof commonKeywords>, "value" | "last" | "all">;

const bodyOf = ({ body }: Statement): readonly Statement[] => body ?? [];

function timingOf(
  settings: Pick<Settings<Omit<typeof miscKeywords, "misc_path">>, "value">,
  { defaults }: CheckerContext,
  own: { readonly retry: number; readonly delayBeforeRetry?: Microseconds },
): CheckTimingModel {
  const delayLoop = settings.value("delay_loop") ?? defaults.delayLoop;
  const logAllFailures = settings.value("log_all_failures");
  return {
    retry: settings.value("retry") ?? defaults.retry ?? own.retry,
    delayBeforeRetry:
      settings.value("delay_before_retry") ??
      defaults.delayBeforeRetry ??
      own.delayBeforeRetry ??
      delayLoop,
    warmup: settings.value("warmup") ?? defaults.warmup ?? delayLoop,
    delayLoop,
    alpha: settings.value("alpha") ?? defaults.alpha,
    ...(logAllFailures === undefined ? {} : { logAllFailures }),
  };
}

const plainTiming = (context: CheckerContext): CheckTimingModel => ({
  retry: context.defaults.retry ?? 1,
  delayBeforeRetry: context.defaults.delayBeforeRetry ?? seconds(1),
  warmup: context.defaults.warmup ?? context.defaults.delayLoop,
  delayLoop: context.defaults.delayLoop,
  alpha: context.defaults.alpha,
});

const interfaceNameMax = 15;

function connectionOf(
  settings: CommonSettings,
  statement: Statement,
  context: CheckerContext,
): CheckConnectionModel {
  const { sink } = context;
  const { address, bindAddress } = addressesOf(settings, context);
  const bindInterface = interfaceOf(settings.last("bind_if"), sink);
  if (isLinkLocal(address) && bindInterface === undefined) {
    const { span, classicAt } = blockPlace(statement);
    sink.report("check/address", span, {
      message: `${address} is a link-local address, so the check needs \`bind_if\``,
      classic: `Checker link local address ${address} requires a bind_if`,
      classicAt,
    });
  }
  const bindPort = settings.value("bind_port");
  const mark = settings.value("fwmark");
  return {
    address,
    port: settings.value("connect_port") ?? context.port,
    ...(bindAddress === undefined ? {} : { bindAddress }),
    ...(bindPort === undefined ? {} : { bindPort }),
    ...(bindInterface === undefined ? {} : { bindInterface }),
    timeout: settings.value("connect_timeout") ?? context.defaults.connectTimeout,
    ...(mark === undefined ? {} : { mark }),
  };
}

const isLinkLocal = (address: IpAddress): boolean => /^fe[89ab][0-9a-f]:/.test(address);

function interfaceOf(given: Setting<string> | undefined, sink: DiagnosticSink): string | undefined {
  if (given === undefined || given.value.length <= interfaceNameMax) return given?.value;
  sink.report("check/value", (given.statement.words[0] ?? given.statement.keyword).span, {
    message: `the name of an interface has at most ${interfaceNameMax} characters`,
    classic: `Interface name ${given.value} is too long - ignoring`,
  });
  return undefined;
}

/** Each of the two must fit the other as far as the file has been read. */
function addressesOf(
  settings: CommonSettings,
  { address: server, sink }: CheckerContext,
): { readonly address: IpAddress; readonly bindAddress?: IpAddress } {
  let address = server;
  let bindAddress: IpAddress | undefined;
  const given = [
    ...settings.all("connect_ip").map((each) => ({ ...each, what: "connect_ip" as const })),
    ...settings.all("bindto").map((each) => ({ ...each, what: "bindto" as const })),
  ].sort((a, b) => a.statement.keyword.span.start - b.statement.keyword.span.start);
  for (const { value, what, statement } of given) {
    const other = what === "bindto" ? address : (bindAddress ?? value);
    if (familyOf(value) === familyOf(other)) {
      if (what === "bindto") bindAddress = value;
      else address = value;
      continue;
    }
    const counterpart = what === "bindto" ? "connect_ip" : "bindto";
    sink.report("check/address", (statement.words[0] ?? statement.keyword).span, {
      message: `a connection between ${value} and ${other} is not possible`,
      note: "this address is ignored",
      classic: `${what} address ${value} does not match address family of ${counterpart} - skipping`,
    });
  }
  return bindAddress === undefined ? { address } : { address, bindAddress };
}

function httpCheck(
  kind: "http" | "https",
  statement: Statement,
  context: CheckerContext,
): CheckerModel | undefined {
  const settings = new Settings(httpKeywords, bodyOf(statement), context.sink);
  const check = compileHttpCheck(kind, statement, settings, context.sink);
  const connection = connectionOf(settings, statement, context);
  if (check === undefined) return undefined;
  const timing = timingOf(settings, context, { retry: 1, delayBeforeRetry: seconds(3) });
  const former = settings.value("nb_get_retry");
  const retry = settings.value("retry") ?? former ?? timing.retry;
  return { ...check, connection, timing: { ...timing, retry } };
}

function plainCheck(
  kind: "tcp" | "ping",
  statement: Statement,
  context: CheckerContext,
): CheckerModel {
  const settings = new Settings(commonKeywords, bodyOf(statement), context.sink);
  return {
    kind,
    connection: connectionOf(settings, statement, context),
    timing: timingOf(settings, context, { retry: 1, delayBeforeRetry: seconds(1) }),
  };
}

function smtpCheck(statement: Statement, context: CheckerContext): CheckerModel {
  const settings = new Settings(smtpKeywords, bodyOf(statement), context.sink);
  // Its values are those of a checker of its own, which nobody is to write any more.
  for (const host of settings.all("host"))
    new Settings(commonKeywords, bodyOf(host.statement), context.sink);
  const heloName = settings.value("helo_name");
  return {
    kind: "smtp",
    connection: connectionOf(settings, statement, context),
    timing: timingOf(settings, context, { retry: 1, delayBeforeRetry: seconds(1) }),
    ...(heloName === undefined ? {} : { heloName }),
  };
}

function dnsCheck(statement: Statement, context: CheckerContext): CheckerModel {
  const { sink } = context;
  const settings = new Settings(dnsKeywords, bodyOf(statement), sink);
  let name: string | undefined;
  for (const given of settings.all("name")) {
    const [word] = given.statement.words;
    if (word === undefined) continue;
    if (name !== undefined) {
      sink.report("config/repeated", word.span, {
        message: "`name` was given before; this one is ignored",
        classic: "DNS_CHECK name already specified - ignoring",
      });
    } else if (hasEmptyLabel(word.text)) {
      sink.report("check/value", word.span, {
        message: `\`${word.text}\` has a label that keepalived takes for empty`,
        note: "labels before a dot need two characters; it is ignored",
        classic: `DNS_CHECK name '${word.text}' has empty label - ignoring`,
      });
    } else name = word.text;
  }
  return {
    kind: "dns",
    type: settings.value("type") ?? "SOA",
    name: name ?? ".",
    connection: connectionOf(settings, statement, context),
    timing: timingOf(settings, context, { retry: 3 }),
  };
}

/** keepalived wants two characters before each dot, though one makes a label. */
const hasEmptyLabel = (name: string): boolean =>
  name !== "." &&
  name
    .split(".")
    .slice(0, -1)
    .some((label) => label.length < 2);

function udpCheck(statement: Statement, context: CheckerContext): CheckerModel {
  const { sink } = context;
  const settings = new Settings(udpKeywords, bodyOf(statement), sink);
  const payload = hexOf(settings.last("payload"), "payload", sink);
  const reply = hexOf(settings.last("require_reply"), "reply", sink);
  const replyLengthMin = settings.value("min_reply_length") ?? 0;
  const replyLengthMax = settings.value("max_reply_length") ?? 255;
  if (replyLengthMin > replyLengthMax) {
    const { span, classicAt } = blockPlace(statement);
    if (reply === undefined || reply === "")
      sink.report("check/value", span, {
        message: `no answer is longer than ${replyLengthMin} and shorter than ${replyLengthMax} bytes`,
        classic: `UDP_CHECK min_reply length ${replyLengthMin} > max_reply_length ${replyLengthMax} - will always fail`,
        classicAt,
      });
  }
  return {
    kind: "udp",
    ...(payload === undefined ? {} : { payload }),
    ...(reply === undefined ? {} : { reply }),
    replyLengthMin,
    replyLengthMax,
    connection: connectionOf(settings, statement, context),
    timing: timingOf(settings, context, { retry: 1, delayBeforeRetry: seconds(1) }),
  };
}

/** Bytes in hexadecimal; a blank ends a byte, so that `f` alone is 0f. */
function hexOf(
  given: { readonly statement: Statement } | undefined,
  what: "payload" | "reply",
  sink: DiagnosticSink,
): string | undefined {
  if (given === undefined) return undefined;
  const { keyword, words } = given.statement;
  if (words.length === 0) {
    if (what === "reply") return "";
    sink.report("check/value", keyword.span, {
      message: "`payload` needs bytes in hexadecimal",
      classic: "UDP_CHECK payload requires a payload",
    });
    return undefined;
  }
  const digits = what === "reply" ? /^[0-9a-fA-FxX]+$/ : /^[0-9a-fA-F]+$/;
  const bytes: string[] = [];
  for (const word of words) {
    for (const part of word.text.split(/\s+/).filter((each) => each !== "")) {
      if (!digits.test(part)) {
        sink.report("check/value", word.span, {
          message: `\`${part}\` is not hexadecimal`,
          note: "it is ignored",
          classic: `Invalid hex string for UDP_CHECK ${what}`,
        });
        return undefined;
      }
      for (let at = 0; at < part.length; at += 2)
        bytes.push(
          part
            .slice(at, at + 2)
            .padStart(2, "0")
            .toLowerCase(),
        );
    }
  }
  return bytes.join("");
}

function miscCheck(statement: Statement, context: CheckerContext): CheckerModel | undefined {
  const { sink } = context;
  const settings = new Settings(miscKeywords, bodyOf(statement), sink);
  const script = settings.value("misc_path");
  const user = settings.last("user")?.statement;
  if (script === undefined || script.command === "") {
    const { span, classicAt } = blockPlace(statement);
    sink.report("check/incomplete", span, {
      message: "MISC_CHECK needs a `misc_path`",
      note: "the check is left out",
      classic: "No script path has been specified for MISC_CHECKER - skipping",
      classicAt,
    });
    return undefined;
  }
  if (user !== undefined && user.words.length === 0) {
    sink.report("check/value", user.keyword.span, {
      message: "`user` needs a name",
      classic: `No user specified for misc checker script ${quotedCommand(script.command)}`,
    });
  }
  const [userName, group] = user?.words ?? [];
  const timeout = settings.value("misc_timeout");
  const run = {
    command: script.command,
    ...(userName === undefined ? {} : { user: userName.text }),
    ...(group === undefined ? {} : { group: group.text }),
  };
  if (!hasOwner(run, statement, user, context)) return undefined;
  return {
    kind: "misc",
    script: run,
    ...(timeout === undefined || timeout === 0 ? {} : { timeout: seconds(timeout) }),
    dynamic: settings.value("misc_dynamic") === true,
    timing: timingOf(settings, context, { retry: 0, delayBeforeRetry: seconds(1) }),
  };
}

/** Whether somebody can run the script; if so, it is looked at with the others. */
function hasOwner(
  script: ScriptModel,
  statement: Statement,
  user: Statement | undefined,
  { sink, scripts: { users, uses } }: CheckerContext,
): boolean {
  const owner = users.ownerOf(script, statement);
  const { span, classicAt } = blockPlace(statement);
  const quoted = quotedCommand(script.command);
  if (owner.kind === "known") {
    const classicInsecure = `Disabling misc script ${quoted} due to insecure`;
    uses.push({ script, owner, span, classicInsecure });
    return true;
  }
  const unknown = owner.kind === "unknown";
  sink.report("script/unknown-user", user?.keyword.span ?? span, {
    message: "nobody is there to run this check",
    note: "the check is left out",
    classicAt: user?.keyword.span ?? classicAt,
    classic: unknown
      ? `Failed to set uid/gid for misc checker script ${quoted} - removing`
      : `Unable to set default user for misc script ${quoted} - removing`,
  });
  return false;
}

/** keepalived shows each word of a command in single quotes. */
export const quotedCommand = (command: string): string =>
  command
    .split(/\s+/)
    .map((word) => `'${word}'`)
    .join(" ");

function fileCheck(statement: Statement, context: CheckerContext): CheckerModel | undefined {
  const { sink, names } = context;
  const settings = new Settings(fileKeywords, bodyOf(statement), sink);
  let trackFile: string | undefined;
  for (const { value, statement: line } of settings.all("track_file")) {
    if (names.trackFiles.has(value)) trackFile = value;
    else {
      sink.report("check/unknown-name", (line.words[0] ?? line.keyword).span, {
        message: `no track_file \`${value}\` stands before this`,
        classic: `track_file ${value} not found`,
      });
    }
  }
  const weights = settings.all("weight").map((each) => readWeight(each.statement, sink));
  if (trackFile === undefined) {
    const { span, classicAt } = blockPlace(statement);
    sink.report("check/incomplete", span, {
      message: "FILE_CHECK needs a `track_file`",
      note: "the check is left out",
      classic: "FILE_CHECK has no track_file specified - ignoring",
      classicAt,
    });
    return undefined;
  }
  const { weight, reverse = false } = weights.at(-1) ?? {};
  const timing = plainTiming(context);
  return {
    kind: "file",
    trackFile,
    ...(weight === undefined ? {} : { weight }),
    reverse,
    timing,
  };
}

const weightMax = 2_147_483_647;

/** `N [reverse|noreverse]`. */
function readWeight(
  { keyword, words }: Statement,
  sink: DiagnosticSink,
): { readonly weight?: number; readonly reverse?: boolean } {
  const [number, option] = words;
  if (number === undefined) {
    sink.report("check/value", keyword.span, {
      message: "`weight` needs a number",
      classic: "track file weight missing",
    });
    return {};
  }
  const value = /^[+-]?[0-9]+$/.test(number.text) ? Number(number.text) : Number.NaN;
  if (!(Math.abs(value) <= weightMax)) {
    const before = Number.isNaN(value)
      ? `invalid number '${number.text}'`
      : integerRangeText(number.text, value, -weightMax, weightMax);
    sink.report("config/value-range", number.span, {
      message: `a weight must be between -${weightMax} and ${weightMax}`,
      classicBefore: before,
      classic: `weight for track file must be in [-${weightMax}..${weightMax}] inclusive. Ignoring...`,
    });
    return {};
  }
  if (option !== undefined && option.text !== "reverse" && option.text !== "noreverse") {
    sink.report("config/value-choice", option.span, {
      message: `unknown word \`${option.text}\` after a weight`,
      classic: `unknown track file weight option ${option.text} - ignoring`,
    });
  }
  return { weight: value, reverse: option?.text === "reverse" };
}

function bfdCheck(statement: Statement, context: CheckerContext): CheckerModel | undefined {
  const { sink, names, server, followed } = context;
  const settings = new Settings(bfdKeywords, bodyOf(statement), sink);
  let session: string | undefined;
  const given = settings.all("name");
  for (const { statement: line } of given) {
    const found = readSession(line, session, context);
    if (found === undefined) continue;
    if (names.bfdSessions.has(found)) session = found;
    else {
      sink.report("check/unknown-name", (line.words[0] ?? line.keyword).span, {
        message: `no bfd_instance \`${found}\` stands before this`,
        classic: `(${server}) BFD_CHECK - BFD ${found} not configured`,
      });
    }
  }
  if (given.length === 0) {
    const { span, classicAt } = blockPlace(statement);
    sink.report("check/incomplete", span, {
      message: "BFD_CHECK needs a `name`",
      note: "the check is left out",
      classic: `(${server}) No name has been specified for BFD_CHECKER - skipping`,
      classicAt,
    });
  }
  if (session === undefined) return undefined;
  followed.add(session);
  const alpha = settings.value("alpha") ?? context.defaults.alpha;
  return { kind: "bfd", session, timing: { ...plainTiming(context), alpha } };
}

function readSession(
  { keyword, words }: Statement,
  session: string | undefined,
  { sink, server, followed }: CheckerContext,
): string | undefined {
  const [name, extra] = words;
  if (name === undefined || extra !== undefined) {
    sink.report("check/value", (extra ?? keyword).span, {
      message: "a check follows one BFD session, by its name",
      classic: `(${server}) BFD_CHECK - No or too many names specified - skipping checker`,
    });
  } else if (session !== undefined) {
    sink.report("config/repeated", name.span, {
      message: `this check follows ${session} already`,
      classic: `(${server}) BFD_CHECK - BFD ${session} already specified as ${session}`,
    });
  } else if (followed.has(name.text)) {
    sink.report("config/repeated", name.span, {
      message: `a check of this server follows ${name.text} already`,
      classic: `(${server}) BFD_CHECK - RS already monitoring ${name.text}`,
    });
  } else return name.text;
  return undefined;
}
