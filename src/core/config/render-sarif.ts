// Diagnostics as a SARIF 2.1.0 log (OASIS), which code hosts show beside the changed lines. One run
// with one rule for each code that occurs, one result for each diagnostic, and the edits of fixes.
// Columns count UTF-16 units from 1, as the editors do.

import type { Diagnostic, FixEdit } from "./diagnostics.ts";
import { diagnosticCodes } from "./diagnostics.ts";
import { fitsText } from "./fix.ts";
import type { Sources, Span } from "./source.ts";
import { LineIndex } from "./source.ts";

/** What was found in one configuration and the files it includes. */
export type SarifInput = {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
};

/** The log as an object for JSON; `version` is that of the tool. */
export function sarifLog(checked: readonly SarifInput[], version: string): object {
  const codes = new Set(checked.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)));
  const rules = [...codes].sort();
  const ruleIndexes = new Map(rules.map((code, i) => [code, i]));
  const results = checked.flatMap(({ diagnostics, sources }) => {
    const places = new Places(sources);
    return diagnostics.map((each) => ({
      ruleId: each.code,
      ruleIndex: ruleIndexes.get(each.code) ?? -1,
      ...resultOf(each, places),
    }));
  });
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "understudy",
            version,
            rules: rules.map((code) => ({
              id: code,
              shortDescription: { text: diagnosticCodes[code].doc },
              defaultConfiguration: { level: diagnosticCodes[code].severity },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results,
      },
    ],
  };
}

function resultOf(diagnostic: Diagnostic, places: Places): object {
  const { severity, message, note, fix, span, related = [], edit } = diagnostic;
  const text = [message, note, fix === undefined ? undefined : `fix: ${fix}`]
    .filter((part) => part !== undefined)
    .join("; ");
  return {
    level: severity,
    message: { text },
    locations: [{ physicalLocation: places.location(span) }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((each, id) => ({
            id,
            message: { text: each.label },
            physicalLocation: places.location(each.span),
          })),
        }),
    ...(edit === undefined || !places.holds(edit) ? {} : { fixes: [fixOf(edit, fix, places)] }),
  };
}

const fixOf = (edit: FixEdit, fix: string | undefined, places: Places): object => ({
  description: { text: fix ?? edit.text },
  artifactChanges: [
    {
      artifactLocation: { uri: uriOf(edit.span.file) },
      replacements: [
        { deletedRegion: places.region(edit.span), insertedContent: { text: edit.text } },
      ],
    },
  ],
});

class Places {
  private readonly sources: Sources;
  private readonly indexes = new Map<string, LineIndex>();

  constructor(sources: Sources) {
    this.sources = sources;
  }

  location(span: Span): object {
    return { artifactLocation: { uri: uriOf(span.file) }, region: this.region(span) };
  }

  region({ file, start, end }: Span): object {
    const known = this.indexes.get(file);
    const index = known ?? new LineIndex(this.sources.get(file) ?? "");
    if (known === undefined) this.indexes.set(file, index);
    const first = index.positionOf(start);
    const last = index.positionOf(end);
    return {
      startLine: first.line,
      startColumn: first.column,
      endLine: last.line,
      endColumn: last.column,
    };
  }

  holds(edit: FixEdit): boolean {
    return fitsText(edit, this.sources);
  }
}

/** A path as a URI: absolute ones with their scheme, others relative to where the tool was run. */
function uriOf(path: string): string {
  const wellFormed = path.replace(/[\ud800-\udfff]/g, "\ufffd");
  const encoded = wellFormed.split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${encoded}` : encoded;
}
