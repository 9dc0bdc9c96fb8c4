// What keepalived checks and adjusts when a virtual server has been read as a whole: defaults that it
// reports, ports, the quorum. The order is its own; its messages name no line.

import { familyOf } from "../base/ip.ts";
import { seconds } from "../base/time.ts";
import { firstScript, readSnmpName } from "./compile-real-server.ts";
import { familyOfEntry } from "./compile-service-group.ts";
import type { DiagnosticCode } from "./diagnostics.ts";
import type {
  ReadVirtualServer,
  RealServerDraft,
  SorryServerDraft,
  VirtualServerDraft,
} from "./lvs-context.ts";
import { blockPlace, serverText, serviceText } from "./lvs-context.ts";
import type {
  ForwardingModel,
  PersistenceModel,
  RealServerModel,
  ServiceEntry,
  SorryServerModel,
  VirtualServerGroupModel,
  VirtualServerModel,
} from "./model-virtual-server.ts";
import type { Statement } from "./parser.ts";
import type { Span } from "./source.ts";

type Groups = ReadonlyMap<string, VirtualServerGroupModel>;

/** The service while it is checked: its entries, and how it is shown. */
type Checked = {
  readonly draft: VirtualServerDraft;
  /** Of a group; otherwise empty. */
  readonly entries: readonly ServiceEntry[];
  /** Nothing but firewall marks. */
  readonly marked: boolean;
  /** With the protocol as far as it is known. */
  readonly shown: string;
  readonly forwarding: ForwardingModel;
};

/** The model of a virtual server, or nothing when keepalived ignores it. */
export function checkVirtualServer(
  { draft, realServers, sorryServer }: ReadVirtualServer,
  groups: Groups,
): VirtualServerModel | undefined {
  const { service, settings } = draft;
  const sorry = sorryOfFamily(sorryServer, draft);
  const entries = entriesOf(draft, groups);
  if (entries === undefined) return undefined;
  if (realServers.length === 0) {
    report(draft, "lvs/no-real-servers", draft.span, {
      message: "a virtual server needs a real server",
      note: "it is ignored",
      classic: `Virtual server ${serviceText(draft)} has no real servers - ignoring`,
    });
    return undefined;
  }
  const isMark = (entry: ServiceEntry) => entry.kind === "fwmark";
  const marked = service.kind === "fwmark" || (entries.length > 0 && entries.every(isMark));
  const haSuspend = checkSuspend(draft, service.kind === "fwmark" || entries.some(isMark));
  checkProtocol(draft, marked);
  const shown = serviceText(draft);
  const onePacket = checkOnePacket(draft, marked, shown);
  const allPorts = checkZeroPort(draft, entries, shown);
  const scheduler = checkScheduler(draft, shown);
  const forwarding = checkForwarding(draft, realServers, shown);
  const checked: Checked = { draft, entries, marked, shown, forwarding };
  const servers = checkServers(withoutDuplicates(realServers, draft, shown), checked);
  const sorryModel = checkSorry(sorry, servers, checked);
  const { quorum, hysteresis } = checkQuorum(servers, draft, shown);
  const persistence = persistenceOf(draft, allPorts);
  const quorumUp = firstScript(settings.all("quorum_up"), draft);
  const quorumDown = firstScript(settings.all("quorum_down"), draft);
  const smtpAlert = settings.value("smtp_alert");
  const snmpName = readSnmpName(settings.all("snmp_name"), "virtual", draft);
  return {
    service,
    family: draft.family ?? "ipv4",
    ...(marked || draft.protocol === undefined ? {} : { protocol: draft.protocol }),
    scheduler,
    schedulerFlags: schedulerFlags(draft),
    onePacket,
    forwarding,
    ...(persistence === undefined ? {} : { persistence }),
    haSuspend,
    omega: settings.value("omega") === true,
    quorum,
    hysteresis,
    ...(quorumUp === undefined ? {} : { quorumUp }),
    ...(quorumDown === undefined ? {} : { quorumDown }),
    ...(smtpAlert === undefined ? {} : { smtpAlert }),
    ...(snmpName === undefined ? {} : { snmpName }),
    ...(sorryModel === undefined ? {} : { sorryServer: sorryModel }),
    realServers: servers,
  };
}

type Text = {
  readonly message: string;
  readonly classic?: string;
  readonly note?: string;
  readonly testExit?: number;
  readonly classicAt?: Span;
};

const report = (draft: VirtualServerDraft, code: DiagnosticCode, span: Span, text: Text): void =>
  draft.sink.report(code, span, text);

/** Checked at the end of the block, so that words after the sorry server count. */
function sorryOfFamily(
  sorry: SorryServerDraft | undefined,
  draft: VirtualServerDraft,
): SorryServerDraft | undefined {
  const forwarding = sorry?.forwarding ?? draft.forwarding;
  if (sorry === undefined || forwarding?.kind === "tunnel" || draft.family === undefined)
    return sorry;
  if (familyOf(sorry.address) === draft.family) return sorry;
  report(draft, "lvs/family", valueSpan(sorry.statement), {
    message: `${sorry.address} is not of the family of the virtual server`,
    note: "it is skipped",
    classic: `Address family of virtual server and sorry server ${sorry.address} don't match - skipping sorry server.`,
    classicAt: blockPlace(draft.statement).classicAt,
  });
  return undefined;
}

const valueSpan = ({ keyword, words }: Statement): Span => (words[0] ?? keyword).span;

/** What the group of the service holds; undefined when it cannot be used with this service. */
function entriesOf(draft: VirtualServerDraft, groups: Groups): readonly ServiceEntry[] | undefined {
  const { service, statement } = draft;
  if (service.kind !== "group") return [];
  const group = groups.get(service.name);
  const name = statement.words[1]?.span ?? draft.span;
  if (group === undefined) {
    report(draft, "lvs/unknown-group", name, {
      message: `there is no usable virtual_server_group \`${service.name}\``,
      note: "the virtual server is ignored",
    });
    return undefined;
  }
  const families = new Set(group.entries.flatMap(familyOfEntry));
  const wrong = [...families].find((each) => draft.family !== undefined && each !== draft.family);
  if (wrong === undefined) return group.entries;
  report(draft, "lvs/family", name, {
    message: `${service.name} holds ${wrong === "ipv4" ? "IPv4" : "IPv6"}, its real servers do not`,
    note: "the virtual server is ignored",
    testExit: 0,
  });
  return undefined;
}

function checkSuspend(draft: VirtualServerDraft, hasMark: boolean): boolean {
  const given = draft.settings.last("ha_suspend");
  if (given === undefined) return false;
  if (!hasMark) return true;
  report(draft, "lvs/no-effect", given.statement.keyword.span, {
    message: "`ha_suspend` needs an address, and a firewall mark has none",
    note: "it is ignored",
    classic: `Virtual server ${serviceText(draft)}: cannot use ha_suspend with fwmarks - clearing ha_suspend`,
  });
  return false;
}

function checkProtocol(draft: VirtualServerDraft, marked: boolean): void {
  const shown = serviceText(draft);
  if (!marked && draft.protocol === undefined) {
    report(draft, "lvs/no-protocol", draft.span, {
      message: "no `protocol` is set, so this is a service for UDP",
      classic: `Virtual server ${shown}: no protocol set - defaulting to UDP`,
    });
    draft.protocol = "UDP";
  } else if (marked && draft.protocol !== undefined) {
    const given = draft.settings.last("protocol");
    report(draft, "lvs/no-effect", given?.statement.keyword.span ?? draft.span, {
      message: "a firewall mark decides about the protocol",
      note: "`protocol` is ignored",
      classic: `Warning: Virtual server ${shown}: protocol specified for fwmark - protocol will be ignored`,
    });
  }
}

function checkOnePacket(draft: VirtualServerDraft, marked: boolean, shown: string): boolean {
  const given = draft.settings.last("ops");
  if (given === undefined || marked || draft.protocol === "UDP") return given !== undefined;
  report(draft, "lvs/no-effect", given.statement.keyword.span, {
    message: "`ops` needs `protocol UDP`",
    note: "it is ignored",
    classic: `Virtual server ${shown}: one packet scheduling requires UDP - resetting`,
  });
  return false;
}

/** True when the service is for all ports. */
function checkZeroPort(
  draft: VirtualServerDraft,
  entries: readonly ServiceEntry[],
  shown: string,
): boolean {
  const { service } = draft;
  const allPorts =
    (service.kind === "address" && service.port === 0) ||
    entries.some((each) => each.kind !== "fwmark" && each.port === 0);
  if (!allPorts || draft.settings.last("persistence_timeout") !== undefined) return allPorts;
  report(draft, "lvs/zero-port", draft.span, {
    message: "a service for all ports must be persistent",
    note: "persistence_timeout 360 is used",
    classic: `Virtual server ${shown}: zero port only valid for persistent services - setting`,
  });
  return true;
}

function checkScheduler(draft: VirtualServerDraft, shown: string): string {
  if (draft.scheduler !== undefined) return draft.scheduler;
  report(draft, "lvs/no-scheduler", draft.span, {
    message: "no `lb_algo` is set, so the scheduler is wlc",
    classic: `Virtual server ${shown}: no scheduler set, setting default 'wlc'`,
  });
  return "wlc";
}

function checkForwarding(
  draft: VirtualServerDraft,
  servers: readonly RealServerDraft[],
  shown: string,
): ForwardingModel {
  if (draft.forwarding !== undefined) return draft.forwarding;
  if (servers.every((each) => each.forwarding !== undefined)) return { kind: "nat" };
  report(draft, "lvs/no-forwarding", draft.span, {
    message: "no `lb_kind` is set, so packets are forwarded by NAT",
    classic: `Virtual server ${shown}: no forwarding method set, setting default NAT`,
  });
  return { kind: "nat" };
}

function withoutDuplicates(
  servers: readonly RealServerDraft[],
  draft: VirtualServerDraft,
  shown: string,
): readonly RealServerDraft[] {
  const seen = new Set<string>();
  return servers.filter((server) => {
    const text = serverText(server.address, server.port, draft.protocol);
    if (!seen.has(text)) {
      seen.add(text);
      return true;
    }
    report(draft, "lvs/duplicate-server", server.span, {
      message: `${server.address} port ${server.port} is a real server already`,
      note: "this one is removed",
      classic: `VS ${shown}: real server ${text} is duplicated - removing second rs`,
    });
    return false;
  });
}

function checkServers(
  servers: readonly RealServerDraft[],
  checked: Checked,
): readonly RealServerModel[] {
  return servers.map(({ span, forwarding: own, ...server }) => {
    const forwarding = own ?? checked.forwarding;
    const port = forwarding.kind === "nat" ? server.port : checkedPort(server, span, checked);
    return { ...server, forwarding, port };
  });
}

/** Without NAT, packets arrive at the port of the service. */
function checkedPort(
  { address, port }: Pick<RealServerModel, "address" | "port">,
  span: Span,
  { draft, entries, shown }: Checked,
): number {
  const { service } = draft;
  const server = serverText(address, port, draft.protocol);
  if (service.kind === "address") {
    if (port !== 0 && port !== service.port) {
      report(draft, "lvs/ports", span, {
        message: `without NAT, the port is that of the service, ${service.port}`,
        note: `${port} is not used`,
        classic: `WARNING - virtual server ${shown} and real server ${server} ports don't match - resetting`,
      });
    }
    return service.port;
  }
  if (port === 0) return 0;
  if (service.kind === "fwmark") {
    report(draft, "lvs/ports", span, {
      message: "without NAT, servers of a firewall mark have no port of their own",
      note: `${port} is not used`,
      classic: `WARNING - fwmark virtual server ${shown}, real server ${server} has port specified - clearing`,
    });
    return 0;
  }
  const lines = groupPortLines(entries, port, shown, server);
  if (lines.length > 0) {
    report(draft, "lvs/ports", span, {
      message: `without NAT, the port is that of each entry of ${service.name}`,
      note: `${port} is not used where an entry has another, or is a firewall mark`,
      classic: lines.join("\n"),
    });
  }
  return port;
}

/** One line for all marks of a group, then one for each entry with another port. */
function groupPortLines(
  entries: readonly ServiceEntry[],
  port: number,
  shown: string,
  server: string,
): readonly string[] {
  const marks = entries.some((each) => each.kind === "fwmark")
    ? [
        `WARNING - fwmark virtual server ${shown}, real server ${server} has port specified - port will be ignored`,
      ]
    : [];
  const others = entries.flatMap((entry) =>
    entry.kind === "fwmark" || entry.port === port
      ? []
      : [
          `virtual server ${shown}:[${entryText(entry)}] and real server ${server} ports don't match`,
        ],
  );
  return [...marks, ...others];
}

const entryText = (entry: Exclude<ServiceEntry, { kind: "fwmark" }>): string =>
  entry.kind === "range"
    ? `${entry.first}-${entry.last},${entry.port}`
    : `${entry.address},${entry.port}`;

function checkSorry(
  sorry: SorryServerDraft | undefined,
  servers: readonly RealServerModel[],
  checked: Checked,
): SorryServerModel | undefined {
  if (sorry === undefined) return undefined;
  const { draft, shown } = checked;
  const { address } = sorry;
  const forwarding = sorry.forwarding ?? checked.forwarding;
  const port = forwarding.kind === "nat" ? sorry.port : checkedSorryPort(sorry, checked);
  const twin = servers.find((each) => each.address === address && each.port === port);
  let { inhibit } = sorry;
  if (twin !== undefined && twin.inhibitOnFailure !== inhibit) {
    inhibit = twin.inhibitOnFailure;
    const server = serverText(address, port, draft.protocol);
    report(draft, "lvs/sorry-inhibit", valueSpan(sorry.statement), {
      message: "this is also a real server, so both are inhibited on failure, or neither",
      note: `the sorry server is ${inhibit ? "" : "not "}inhibited`,
      classic: `Virtual server ${shown}: real server ${server} matches sorry server, but inhibit setting differs, ${inhibit ? "sett" : "clear"}ing on sorry server`,
    });
  }
  return { address, port, forwarding, inhibit };
}

function checkedSorryPort(
  { port, statement }: SorryServerDraft,
  { draft, entries, shown }: Checked,
): number {
  const { service } = draft;
  if (service.kind === "address") {
    if (port !== 0 && port !== service.port)
      reportSorryPort(
        `WARNING - virtual server ${shown} and sorry server ports don't match - resetting`,
      );
    return service.port;
  }
  if (port === 0) return 0;
  if (service.kind === "fwmark") {
    reportSorryPort(
      `WARNING - virtual server ${shown}, sorry server has port specified - clearing`,
    );
    return 0;
  }
  if (entries.some((each) => each.kind === "fwmark"))
    reportSorryPort(
      `WARNING - fwmark virtual server ${shown}, sorry server has port specified - port will be ignored`,
    );
  else if (entries.some((each) => each.kind !== "fwmark" && each.port !== port))
    reportSorryPort(
      `WARNING - virtual server ${shown}, sorry server has port specified - port will be ignored`,
    );
  return port;

  function reportSorryPort(classic: string): void {
    report(draft, "lvs/ports", valueSpan(statement), {
      message: "without NAT, the port of the sorry server is that of the service",
      note: `${port} is not used`,
      classic,
    });
  }
}

/** The quorum can be at most what all servers weigh, and the hysteresis is below it. */
function checkQuorum(
  servers: readonly RealServerModel[],
  draft: VirtualServerDraft,
  shown: string,
): { readonly quorum: number; readonly hysteresis: number } {
  const weight = servers.reduce((sum, each) => sum + each.weight, 0);
  const given = draft.settings.last("quorum");
  let quorum = given?.value ?? 1;
  if (quorum > weight) {
    report(draft, "lvs/quorum", spanOfSetting(given, draft), {
      message: `a quorum of ${quorum} can never be reached: all servers together weigh ${weight}`,
      note: `${weight} is used`,
      classic: `Warning - quorum ${quorum} for ${shown} exceeds total weight of real servers ${weight}, reducing quorum to ${weight}`,
    });
    quorum = weight;
  }
  const dampener = draft.settings.last("hysteresis");
  const hysteresis = dampener?.value ?? 0;
  if (hysteresis < quorum) return { quorum, hysteresis };
  report(draft, "lvs/quorum", spanOfSetting(dampener, draft, draft.statement.keyword.span), {
    message: `hysteresis must be below the quorum, which is ${quorum}`,
    note: `${Math.max(0, quorum - 1)} is used`,
    // keepalived counts without a sign: one less than nothing is its greatest number.
    classic: `Virtual server ${shown}: hysteresis ${hysteresis} >= quorum ${quorum}; setting hysteresis to ${(quorum - 1) >>> 0}`,
  });
  return { quorum, hysteresis: Math.max(0, quorum - 1) };
}

const spanOfSetting = (
  setting: { readonly statement: Statement } | undefined,
  draft: VirtualServerDraft,
  otherwise: Span = draft.span,
): Span => (setting === undefined ? otherwise : valueSpan(setting.statement));

const flagKeywords = [
  ["flag-1", 1],
  ["hashed", 1],
  ["sh-fallback", 1],
  ["mh-fallback", 1],
  ["flag-2", 2],
  ["sh-port", 2],
  ["mh-port", 2],
  ["flag-3", 3],
] as const;

function schedulerFlags({ settings, scheduler }: VirtualServerDraft): readonly number[] {
  const hashing = scheduler === "sh" || scheduler === "mh";
  const flags = flagKeywords.flatMap(([keyword, flag]) =>
    settings.value(keyword) === true && (hashing || keyword.startsWith("flag")) ? [flag] : [],
  );
  return [...new Set(flags)];
}

const persistenceDefault = 360;
const engineNameMax = 16;

/** How clients stay; undefined when they do not. */
function persistenceOf(
  { settings, granularity, sink }: VirtualServerDraft,
  allPorts: boolean,
): PersistenceModel | undefined {
  const timeout = settings.last("persistence_timeout");
  const engine = settings.last("persistence_engine");
  const [word] = engine?.statement.words ?? [];
  if (word !== undefined && word.text.length >= engineNameMax) {
    sink.report("lvs/persistence", word.span, {
      message: `the name of a persistence engine has fewer than ${engineNameMax} characters`,
      note: "it is cut",
      classic: `persistence_name too long, truncating - ${word.text}`,
    });
  }
  if (timeout === undefined && !allPorts) return undefined;
  const given = Number(timeout?.value);
  return {
    timeout: seconds(given > 0 ? given : persistenceDefault),
    ...(granularity === undefined ? {} : { granularity }),
    ...(word === undefined ? {} : { engine: word.text.slice(0, engineNameMax - 1) }),
  };
}
