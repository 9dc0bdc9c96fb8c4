// What the parts that compile an instance share: its settings, the defaults, and where to report.

import type { IpAddress } from "../base/ip.ts";
import type { InstanceDefaults } from "./compile-global.ts";
import type { DiagnosticCode, DiagnosticSink, DiagnosticText } from "./diagnostics.ts";
import type { RoutingContext } from "./routing-lines.ts";
import type { vrrpInstanceKeywords } from "./schema/vrrp-instance.ts";
import type { Setting, Settings } from "./settings.ts";
import type { Span } from "./source.ts";
import type { TrackingTable } from "./tracking-table.ts";

export type InstanceSettings = Settings<typeof vrrpInstanceKeywords>;

export type InstanceContext = {
  readonly name: string;
  /** Keyword and name, for what concerns the whole instance. */
  readonly span: Span;
  readonly settings: InstanceSettings;
  readonly defaults: InstanceDefaults;
  readonly sink: DiagnosticSink;
  /** Names of the interfaces of this machine, where they are known and must exist. */
  readonly interfaces?: ReadonlySet<string>;
  /** The closing brace of the instance. */
  readonly close?: Span;
  readonly vmacNames: Map<string, string>;
  readonly routing: RoutingContext;
  readonly tracking: TrackingTable;
  /** Place among the blocks of the file; what is tracked must stand further up. */
  readonly at: number;
};

/** The place of a setting's value. */
export const valueSpan = ({ statement }: Setting<unknown>): Span =>
  (statement.words[0] ?? statement.keyword).span;

/** keepalived keeps one source address, whichever keyword it came by. */
export const sourceAddress = (settings: InstanceSettings): Setting<IpAddress> | undefined =>
  settings.last("unicast_src_ip") ?? settings.last("mcast_src_ip");

/**
 * Reports a keyword that the instance cannot do without. When it stands there misspelt, that message
 * becomes an error instead; when its value was refused, enough has been said.
 */
export function reportMissing(
  { settings, sink, span, name }: InstanceContext,
  keyword: keyof typeof vrrpInstanceKeywords,
  code: DiagnosticCode,
  text: DiagnosticText,
): void {
  const attempt = settings.attempt(keyword);
  if (attempt === undefined) sink.report(code, span, text);
  else if (attempt.meant !== undefined)
    sink.escalate(attempt.keyword.span, `${name} cannot run without \`${keyword}\``);
}
