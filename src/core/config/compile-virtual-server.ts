// `SSL`, `virtual_server_group` and `virtual_server` to their models, in the order of the file. What
// keepalived adjusts when all has been read is in check-virtual-server.ts.

import { familyOf } from "../base/ip.ts";
import { checkVirtualServer } from "./check-virtual-server.ts";
import { compileRealServer } from "./compile-real-server.ts";
import { compileServiceGroup, readMarkNumber } from "./compile-service-group.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import { spellingFix } from "./fix.ts";
import { readForwarding } from "./forwarding.ts";
import type {
  CheckScripts,
  KnownNames,
  ReadVirtualServer,
  RealServerDraft,
  SorryServerDraft,
  VirtualServerDraft,
} from "./lvs-context.ts";
import type {
  ServiceModel,
  SslModel,
  VirtualServerGroupModel,
  VirtualServerModel,
} from "./model-virtual-server.ts";
import type { Statement } from "./parser.ts";
import { statementSpan } from "./parser.ts";
import { sslKeywords } from "./schema/ssl.ts";
import { virtualServerKeywords } from "./schema/virtual-server.ts";
import { checkScripts } from "./script-security.ts";
import type { ScriptUsers } from "./script-users.ts";
import { readPort, readServerAddress } from "./service-address.ts";
import { Settings } from "./settings.ts";
import { integerRangeText } from "./values.ts";

export type LoadBalancing = {
  readonly virtualServers: readonly VirtualServerModel[];
  readonly virtualServerGroups: readonly VirtualServerGroupModel[];
  readonly ssl?: SslModel;
};

/** Compiles the load-balancing blocks of the outermost level. */
export function compileLoadBalancing(
  statements: readonly Statement[],
  users: ScriptUsers,
  sink: DiagnosticSink,
): LoadBalancing {
  const trackFiles = new Set<string>();
  const bfdSessions = new Set<string>();
  const names: KnownNames = { trackFiles, bfdSessions };
  const groups = new Map<string, VirtualServerGroupModel>();
  const read: ReadVirtualServer[] = [];
  const ssls: Statement[] = [];
  const scripts: CheckScripts = { users, uses: [] };
  reportInactive(statements, sink);
  for (const statement of statements) {
    const [name] = statement.words;
    if (statement.spec === undefined || statement.body === undefined) continue;
    switch (statement.keyword.text) {
      case "track_file":
      case "vrrp_track_file":
        if (name !== undefined) trackFiles.add(name.text);
        break;
      case "bfd_instance":
        if (name !== undefined) bfdSessions.add(name.text);
        break;
      case "SSL":
        ssls.push(statement);
        break;
      case "virtual_server_group": {
        const group = compileServiceGroup(statement, sink);
        if (group !== undefined && !groups.has(group.name)) groups.set(group.name, group);
        break;
      }
      case "virtual_server": {
        const server = readVirtualServer(statement, read, names, scripts, sink);
        if (server !== undefined) read.push(server);
        break;
      }
    }
  }
  const ssl = compileSsl(ssls, sink);
  const virtualServers = read.flatMap((each) => checkVirtualServer(each, groups) ?? []);
  checkScripts(scripts.uses, users, sink, "check ");
  return {
    virtualServers,
    virtualServerGroups: [...groups.values()],
    ...(ssl === undefined ? {} : { ssl }),
  };
}

/** Once for each file, however many services it has. */
function reportInactive(statements: readonly Statement[], sink: DiagnosticSink): void {
  const first = statements.find(
    ({ keyword, spec, body }) =>
      spec !== undefined &&
      body !== undefined &&
      ["virtual_server", "virtual_server_group", "SSL"].includes(keyword.text),
  );
  if (first === undefined) return;
  sink.report("config/not-implemented", first.keyword.span, {
    message: "virtual servers are read and checked, and not run yet",
    note: "nothing is set up in the kernel for them; VRRP is not affected",
  });
}

const sslFields = { password: "password", ca: "cafile", certificate: "certfile", key: "keyfile" };

/** Of several, the last counts. */
function compileSsl(statements: readonly Statement[], sink: DiagnosticSink): SslModel | undefined {
  let model: SslModel | undefined;
  for (const statement of statements) {
    if (model !== undefined) {
      sink.report("config/repeated", statement.keyword.span, {
        message: "`SSL` was given before; this block replaces it",
        classic: "SSL context already specified - replacing",
      });
    }
    const settings = new Settings(sslKeywords, statement.body ?? [], sink);
    for (const keyword of Object.keys(sslKeywords) as (keyof typeof sslKeywords)[]) {
      for (const { statement: again } of settings.all(keyword).slice(1)) {
        sink.report("config/repeated", again.keyword.span, {
          message: `\`${keyword}\` was given before; this one replaces it`,
          classic: `SSL ${sslFields[keyword]} already specified - replacing`,
        });
      }
    }
    const [password, authorityFile] = [settings.value("password"), settings.value("ca")];
    const [certificateFile, keyFile] = [settings.value("certificate"), settings.value("key")];
    model = {
      ...(password === undefined ? {} : { password }),
      ...(authorityFile === undefined ? {} : { authorityFile }),
      ...(certificateFile === undefined ? {} : { certificateFile }),
      ...(keyFile === undefined ? {} : { keyFile }),
    };
  }
  return model;
}

function readVirtualServer(
  statement: Statement,
  before: readonly ReadVirtualServer[],
  names: KnownNames,
  scripts: CheckScripts,
  sink: DiagnosticSink,
): ReadVirtualServer | undefined {
  const service = readService(statement, sink);
  if (service === undefined) return undefined;
  const body = statement.body ?? [];
  const settings = new Settings(virtualServerKeywords, body, sink);
  const span = statementSpan(statement);
  const ordinal =
    service.kind === "group"
      ? before.filter(
          ({ draft: { service: other } }) => other.kind === "group" && other.name === service.name,
        ).length
      : 0;
  const draft: VirtualServerDraft = {
    service,
    statement,
    span,
    settings,
    names,
    sink,
    scripts,
    ordinal,
  };
  if (service.kind === "address") draft.family = familyOf(service.address);
  const realServers: RealServerDraft[] = [];
  let sorryServer: SorryServerDraft | undefined;
  for (const each of body) {
    if (each.spec === undefined) continue;
    const { keyword } = each;
    if (keyword.text === "real_server") {
      const server = each.body === undefined ? undefined : compileRealServer(each, draft);
      if (server !== undefined) realServers.push(server);
    } else if (keyword.text.startsWith("sorry_server"))
      sorryServer = readSorryServer(each, sorryServer, draft);
    else readOrdered(each, draft);
  }
  return { draft, realServers, ...(sorryServer === undefined ? {} : { sorryServer }) };
}

/** `ADDRESS [PORT]`, `fwmark N` or `group NAME`. */
function readService(statement: Statement, sink: DiagnosticSink): ServiceModel | undefined {
  const [first, second] = statement.words;
  if (first === undefined) return undefined;
  if ((first.text === "fwmark" || first.text === "group") && second === undefined) {
    sink.report("config/missing-value", first.span, {
      message: `\`${first.text}\` needs a ${first.text === "group" ? "name" : "number"}`,
      note: "keepalived crashes on this",
    });
    return undefined;
  }
  if (first.text === "group" && second !== undefined) return { kind: "group", name: second.text };
  if (first.text === "fwmark" && second !== undefined) {
    const reading = readMarkNumber(second.text);
    if (reading.kind === "mark" && reading.mark > 0) return { kind: "fwmark", mark: reading.mark };
    sink.report("lvs/address", second.span, {
      message: "a firewall mark is a number from 1 to 4294967295",
      note: "the virtual server is skipped",
      ...(reading.kind === "mark"
        ? {}
        : {
            classicBefore: reading.classic,
            classic: `virtual server fwmark '${second.text}' must be in [0, 4294967295] - ignoring`,
          }),
    });
    return undefined;
  }
  const address = readServerAddress(first.text);
  const port = readPort(second?.text);
  if (address !== undefined && port.kind === "port")
    return { kind: "address", address, port: port.port };
  const wrong = address === undefined ? first : (second ?? first);
  const shown = second === undefined ? ` ${first.text}` : `/port ${first.text}/${second.text}`;
  sink.report("lvs/address", wrong.span, {
    message:
      address === undefined
        ? `\`${first.text}\` is no IP address, \`fwmark\` or \`group\``
        : "the port must be between 1 and 65535",
    note: "the virtual server is skipped",
    ...(address !== undefined && port.kind === "wrong" ? { classicBefore: port.classic } : {}),
    classic: `Invalid virtual server IP address${shown} - skipping`,
  });
  return undefined;
}

const hashFlags = ["hashed", "sh-port", "sh-fallback", "mh-port", "mh-fallback"];

/** The keywords whose meaning depends on those before them. */
function readOrdered(statement: Statement, draft: VirtualServerDraft): void {
  const { keyword, words, spec } = statement;
  const { sink } = draft;
  const word = words[0]?.text;
  if (keyword.text === "lb_algo" || keyword.text === "lvs_sched") {
    const known =
      spec?.value.type === "choice" && word !== undefined && spec.value.of.includes(word);
    if (known) draft.scheduler = word;
  } else if (keyword.text === "lb_kind" || keyword.text === "lvs_method") {
    const forwarding = readForwarding(statement, "virtual", sink);
    if (forwarding !== undefined) draft.forwarding = forwarding;
  } else if (keyword.text === "protocol") {
    const upper = word?.toUpperCase();
    if (upper === "TCP" || upper === "UDP" || upper === "SCTP") draft.protocol = upper;
  } else if (keyword.text === "ip_family") readFamily(statement, draft);
  else if (keyword.text === "persistence_granularity") readGranularity(statement, draft);
  else if (hashFlags.includes(keyword.text)) {
    if (draft.scheduler === "sh" || draft.scheduler === "mh") return;
    sink.report("lvs/scheduler-flag", keyword.span, {
      message: `\`${keyword.text}\` must come after \`lb_algo ${keyword.text.startsWith("mh") ? "mh" : "sh"}\``,
      note: "it is ignored",
      classic: `${keyword.text} only applies to sh scheduler - ignoring`,
    });
  }
}

function readFamily({ words }: Statement, draft: VirtualServerDraft): void {
  const [word] = words;
  if (word === undefined) return;
  const family = word.text === "inet" ? "ipv4" : word.text === "inet6" ? "ipv6" : undefined;
  if (family === undefined) {
    draft.sink.report("config/value-choice", word.span, {
      message: "ip_family must be inet or inet6",
      ...spellingFix(word, ["inet", "inet6"], { before: "ip_family" }),
      classic: `unknown address family ${word.text}`,
    });
  } else if (draft.family !== undefined && draft.family !== family) {
    draft.sink.report("lvs/family", word.span, {
      message: `the service, or a server before this, is not of the family ${word.text}`,
      note: "it is ignored",
      classic: `Virtual server specified family ${word.text} conflicts with server family`,
    });
  } else draft.family = family;
}

/** A netmask for IPv4, a length for IPv6; it decides the family where nothing else has. */
function readGranularity({ words }: Statement, draft: VirtualServerDraft): void {
  const [word] = words;
  if (word === undefined) return;
  const { text, span } = word;
  draft.family ??= text.includes(".") ? "ipv4" : "ipv6";
  if (draft.family === "ipv4") {
    // keepalived takes what C's inet_aton takes, one number included.
    if (/^[0-9]+(\.[0-9]+){0,3}$/.test(text)) draft.granularity = text;
    else {
      draft.sink.report("lvs/persistence", span, {
        message: "persistence_granularity of IPv4 is a netmask",
        classic: `Invalid IPv4 persistence_granularity specified - ${text}`,
      });
    }
    return;
  }
  const length = /^[+-]?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (length >= 1 && length <= 128) draft.granularity = text;
  else {
    draft.sink.report("lvs/persistence", span, {
      message: "persistence_granularity of IPv6 is a length from 1 to 128",
      classicBefore: Number.isNaN(length)
        ? `invalid number '${text}'`
        : integerRangeText(text, length, 1, 128),
      classic: `Invalid IPv6 persistence_granularity specified - ${text}`,
    });
  }
}

function readSorryServer(
  statement: Statement,
  before: SorryServerDraft | undefined,
  { sink }: VirtualServerDraft,
): SorryServerDraft | undefined {
  const { keyword, words } = statement;
  if (keyword.text === "sorry_server") {
    const [host, portWord] = words;
    if (host === undefined) return before;
    const address = readServerAddress(host.text);
    const port = readPort(portWord?.text);
    if (address !== undefined && port.kind === "port")
      return { address, port: port.port, inhibit: false, statement };
    const wrong = address === undefined ? host : (portWord ?? host);
    sink.report("lvs/address", wrong.span, {
      message: "a sorry server needs an IP address, and perhaps a port",
      note: "it is skipped",
      ...(address !== undefined && port.kind === "wrong" ? { classicBefore: port.classic } : {}),
      classic: `Invalid sorry server IP address ${host.text} - skipping`,
    });
    return before;
  }
  const method = keyword.text === "sorry_server_lvs_method";
  if (before === undefined) {
    sink.report("lvs/sorry-server", keyword.span, {
      message: `\`${keyword.text}\` must come after \`sorry_server\``,
      note: "it is ignored",
      classic: method
        ? "sorry_server forwarding used without sorry_server"
        : "Ignoring sorry_server inhibit used before or without sorry_server",
    });
    return undefined;
  }
  if (!method) return { ...before, inhibit: true };
  const forwarding = readForwarding(statement, "sorry", sink);
  return forwarding === undefined ? before : { ...before, forwarding };
}
