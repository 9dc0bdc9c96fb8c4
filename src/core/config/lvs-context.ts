// What the parts that compile virtual servers share: names that stand before them in the file, where
// to report, and the names under which keepalived shows services and servers.

import type { Family, IpAddress } from "../base/ip.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import type {
  ForwardingModel,
  RealServerModel,
  ServiceModel,
  SorryServerModel,
} from "./model-virtual-server.ts";
import type { Statement } from "./parser.ts";
import { statementSpan } from "./parser.ts";
import type { virtualServerKeywords } from "./schema/virtual-server.ts";
import type { ScriptUse } from "./script-security.ts";
import type { ScriptUsers } from "./script-users.ts";
import type { Settings } from "./settings.ts";
import type { Span } from "./source.ts";

export type VirtualServerSettings = Settings<typeof virtualServerKeywords>;

/** What checks may name, as far as the file has been read: keepalived wants it in this order. */
export type KnownNames = {
  readonly trackFiles: ReadonlySet<string>;
  readonly bfdSessions: ReadonlySet<string>;
};

/** Who runs scripts, and those that have been met. */
export type CheckScripts = { readonly users: ScriptUsers; readonly uses: ScriptUse[] };

/** A virtual server while its block is read from top to bottom; the order of keywords matters. */
export type VirtualServerDraft = {
  readonly service: ServiceModel;
  readonly statement: Statement;
  readonly span: Span;
  readonly settings: VirtualServerSettings;
  readonly names: KnownNames;
  readonly sink: DiagnosticSink;
  readonly scripts: CheckScripts;
  /** How many virtual servers before it use the same group; keepalived shows it as a port. */
  readonly ordinal: number;
  family?: Family;
  scheduler?: string;
  forwarding?: ForwardingModel;
  protocol?: "TCP" | "UDP" | "SCTP";
  granularity?: string;
};

/** A server whose forwarding may still come from the virtual server. */
export type RealServerDraft = Omit<RealServerModel, "forwarding"> & {
  readonly forwarding?: ForwardingModel;
  readonly span: Span;
};

/** A sorry server whose forwarding may still come from the virtual server. */
export type SorryServerDraft = Omit<SorryServerModel, "forwarding"> & {
  readonly statement: Statement;
  readonly forwarding?: SorryServerModel["forwarding"];
};

/** A virtual server whose block has been read. */
export type ReadVirtualServer = {
  readonly draft: VirtualServerDraft;
  readonly realServers: readonly RealServerDraft[];
  readonly sorryServer?: SorryServerDraft;
};

/** `tcp`, or `none` while no protocol is known. */
const protocolText = (protocol: string | undefined): string => (protocol ?? "none").toLowerCase();

/** `[192.0.2.9]:tcp:80`, `FWM 3` or `[name]:0`. */
export function serviceText({ service, protocol, ordinal }: VirtualServerDraft): string {
  if (service.kind === "fwmark") return `FWM ${service.mark}`;
  if (service.kind === "group") return `[${service.name}]:${ordinal}`;
  return serverText(service.address, service.port, protocol);
}

/** `[192.0.2.20]:tcp:80`. */
export const serverText = (
  address: IpAddress,
  port: number,
  protocol: string | undefined,
): string => `[${address}]:${protocolText(protocol)}:${port}`;

/** Where a block begins for people, and where keepalived is when it checks the block as a whole. */
export const blockPlace = (statement: Statement): { span: Span; classicAt: Span } => {
  const span = statementSpan(statement);
  return { span, classicAt: statement.close ?? span };
};
