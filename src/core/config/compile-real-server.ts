// One `real_server` to its model. Its block is read when the virtual server's keywords before it are
// known, for these decide its family; values that it inherits may stand anywhere in that block.

import type { IpAddress } from "../base/ip.ts";
import { familyOf } from "../base/ip.ts";
import { seconds } from "../base/time.ts";
import type { CheckDefaults } from "./compile-checker.ts";
import { compileChecker, isChecker } from "./compile-checker.ts";
import { readForwarding } from "./forwarding.ts";
import type { RealServerDraft, VirtualServerDraft } from "./lvs-context.ts";
import { blockPlace, serverText } from "./lvs-context.ts";
import type { ScriptModel } from "./model-script.ts";
import type { CheckerModel, ForwardingModel } from "./model-virtual-server.ts";
import type { Statement } from "./parser.ts";
import { statementSpan } from "./parser.ts";
import { realServerKeywords } from "./schema/virtual-server.ts";
import { readPort, readServerAddress } from "./service-address.ts";
import type { Setting } from "./settings.ts";
import { Settings } from "./settings.ts";

/** Reads one server; undefined when keepalived skips it. */
export function compileRealServer(
  statement: Statement,
  draft: VirtualServerDraft,
): RealServerDraft | undefined {
  const { sink, settings: service } = draft;
  const place = readHeader(statement, draft);
  if (place === undefined) return undefined;
  const { address, port } = place;
  const body = statement.body ?? [];
  const settings = new Settings(realServerKeywords, body, sink);
  const method = settings.last("lvs_method")?.statement;
  const forwarding = method === undefined ? undefined : readForwarding(method, "real", sink);
  const checkers = compileCheckers(body, settings, place, draft);
  if (!familyFits(statement, address, forwarding ?? draft.forwarding, draft)) return undefined;
  const notifyUp = firstScript(settings.all("notify_up"), draft);
  const notifyDown = firstScript(settings.all("notify_down"), draft);
  const smtpAlert = settings.value("smtp_alert");
  const snmpName = readSnmpName(settings.all("snmp_name"), "real", draft);
  return {
    address,
    port,
    span: statementSpan(statement),
    ...(forwarding === undefined ? {} : { forwarding }),
    weight: settings.value("weight") ?? service.value("weight") ?? 1,
    upperThreshold: settings.value("uthreshold") ?? 0,
    lowerThreshold: settings.value("lthreshold") ?? 0,
    inhibitOnFailure:
      settings.value("inhibit_on_failure") ?? service.value("inhibit_on_failure") === true,
    ...(notifyUp === undefined ? {} : { notifyUp }),
    ...(notifyDown === undefined ? {} : { notifyDown }),
    ...(smtpAlert === undefined ? {} : { smtpAlert }),
    ...(snmpName === undefined ? {} : { snmpName }),
    checkers,
  };
}

type Place = { readonly address: IpAddress; readonly port: number };

/** `ADDRESS [PORT]`. */
function readHeader(statement: Statement, { sink }: VirtualServerDraft): Place | undefined {
  const [host, portWord] = statement.words;
  if (host === undefined) return undefined;
  const address = readServerAddress(host.text);
  const port = readPort(portWord?.text);
  if (address !== undefined && port.kind === "port") return { address, port: port.port };
  const wrong = address === undefined ? host : (portWord ?? host);
  sink.report("lvs/address", wrong.span, {
    message:
      address === undefined
        ? `\`${host.text}\` is no IP address`
        : "the port must be between 1 and 65535",
    note: "the server is skipped",
    ...(address !== undefined && port.kind === "wrong" ? { classicBefore: port.classic } : {}),
    classic: `Invalid real server ip address/port ${host.text}/${portWord?.text ?? "(null)"} - skipping`,
  });
  return undefined;
}

function compileCheckers(
  body: readonly Statement[],
  settings: Settings<typeof realServerKeywords>,
  { address, port }: Place,
  { settings: service, names, sink, scripts, protocol }: VirtualServerDraft,
): readonly CheckerModel[] {
  const retry = settings.value("retry") ?? service.value("retry");
  const delayBeforeRetry =
    settings.value("delay_before_retry") ?? service.value("delay_before_retry");
  const warmup = settings.value("warmup") ?? service.value("warmup");
  const defaults: CheckDefaults = {
    ...(retry === undefined ? {} : { retry }),
    ...(delayBeforeRetry === undefined ? {} : { delayBeforeRetry }),
    ...(warmup === undefined ? {} : { warmup }),
    delayLoop: settings.value("delay_loop") ?? service.value("delay_loop") ?? seconds(60),
    connectTimeout:
      settings.value("connect_timeout") ?? service.value("connect_timeout") ?? seconds(5),
    alpha: settings.value("alpha") ?? service.value("alpha") === true,
  };
  const server = serverText(address, port, protocol);
  const followed = new Set<string>();
  const context = { address, port, server, defaults, names, sink, scripts, followed };
  return body.flatMap((each) => {
    const kind = each.keyword.text;
    if (each.spec === undefined || each.body === undefined || !isChecker(kind)) return [];
    return compileChecker(kind, each, context) ?? [];
  });
}

/** The first server decides where the service leaves it open; a tunnel may carry either family. */
function familyFits(
  statement: Statement,
  address: IpAddress,
  forwarding: ForwardingModel | undefined,
  draft: VirtualServerDraft,
): boolean {
  if (forwarding?.kind === "tunnel") return true;
  draft.family ??= familyOf(address);
  if (draft.family === familyOf(address)) return true;
  const { span, classicAt } = blockPlace(statement);
  draft.sink.report("lvs/family", span, {
    message: `${address} is not of the family of the virtual server`,
    note: "the server is skipped; a tunnel could carry it, if `TUN` stood before",
    classic: `Address family of virtual server and real server ${address} don't match - skipping real server.`,
    classicAt,
  });
  return false;
}

/** Of scripts, the first counts. */
export function firstScript(
  given: readonly Setting<ScriptModel>[],
  { service, sink, scripts: { users, uses } }: VirtualServerDraft,
): ScriptModel | undefined {
  const [first, ...others] = given;
  if (first !== undefined) {
    const { value: script, statement } = first;
    const owner = users.ownerOf(script, statement);
    uses.push({ script, owner, span: statementSpan(statement) });
  }
  const name = service.kind === "group" ? service.name : "(null)";
  for (const { statement, value } of others) {
    const keyword = statement.keyword.text;
    sink.report("config/repeated", statement.keyword.span, {
      message: `\`${keyword}\` was given before; this one is ignored`,
      classic: `(${name}) ${keyword} script already specified - ignoring ${value.command}`,
    });
  }
  return first?.value;
}

/** Exactly one word. */
export function readSnmpName(
  given: readonly { readonly statement: Statement }[],
  whose: "real" | "virtual",
  { sink }: VirtualServerDraft,
): string | undefined {
  let name: string | undefined;
  for (const { statement } of given) {
    const [word, extra] = statement.words;
    if (word !== undefined && extra === undefined) name = word.text;
    else {
      sink.report("config/value-type", (extra ?? statement.keyword).span, {
        message: "`snmp_name` is one word",
        note: "it is ignored",
        classic: `${whose} server snmp_name missing or extra parameters`,
      });
    }
  }
  return name;
}
