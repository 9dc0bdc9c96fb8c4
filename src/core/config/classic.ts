// keepalived's own words for what is wrong, for `understudyd -t` and for logs that people grep. Only
// what keepalived says, too, has such words; what is found after the reading has no place in them.

import type { Diagnostic, DiagnosticCode } from "./diagnostics.ts";
import type { LoadedConfig } from "./load.ts";
import type { Span } from "./source.ts";
import { LineIndex } from "./source.ts";

/** Found when the whole file has been read, so that keepalived names no line. */
const withoutPlace: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  "config/missing-brace",
  "config/unreadable",
  "config/value-rounded",
  "instance/no-vrid",
  "instance/duplicate-vrid",
  "instance/no-interface",
  "instance/no-address",
  "instance/no-address-v2",
  "instance/authentication-ignored",
  "instance/no-password",
  "instance/preempt-conflict",
  "instance/unicast-without-peers",
  "instance/own-interface-tracked",
  "lvs/no-real-servers",
  "lvs/duplicate-server",
  "lvs/no-protocol",
  "lvs/no-scheduler",
  "lvs/no-forwarding",
  "lvs/no-effect",
  "lvs/ports",
  "lvs/zero-port",
  "lvs/quorum",
  "lvs/sorry-inhibit",
]);

/** One line for each, as keepalived's `--config-test` writes them. */
export function classicLines(loaded: LoadedConfig): readonly string[] {
  const { diagnostics, consequences, sources } = loaded;
  const indexes = new Map<string, LineIndex>();
  const lines: string[] = [];
  const placeOf = (span: Span): string => {
    const index = indexes.get(span.file) ?? new LineIndex(sources.get(span.file) ?? "");
    indexes.set(span.file, index);
    return `(${span.file}: Line ${index.positionOf(span.start).line}) `;
  };
  const placed = ({ code, span, classicAt, unplaced }: Diagnostic): string =>
    unplaced === true || withoutPlace.has(code) ? "" : placeOf(classicAt ?? span);
  for (const diagnostic of diagnostics) {
    for (const text of [diagnostic.classicBefore, diagnostic.classic])
      if (text !== undefined) lines.push(placed(diagnostic) + text);
  }
  const said = new Set(lines);
  for (const { span, classic } of consequences) {
    const line = placeOf(span) + classic;
    if (!said.has(line)) lines.push(line);
  }
  if (diagnostics.some(({ code }) => code === "instance/unknown-interface"))
    lines.push("Non-existent interface specified in configuration");
  return lines;
}
