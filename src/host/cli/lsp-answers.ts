// The answers of core/language in the protocol's words: offsets become lines and characters, files
// become URIs, and what an editor cannot do (snippets, nested outlines) is said in a simpler way.

import { existsSync } from "node:fs";
import type {
  CodeAction,
  CompletionItem,
  Location,
  Diagnostic as LspDiagnostic,
  Hover as LspHover,
  DocumentSymbol as LspSymbol,
  Range,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import type { Result } from "../../core/base/result.ts";
import { err, ok } from "../../core/base/result.ts";
import type { Diagnostic } from "../../core/config/diagnostics.ts";
import { formatText } from "../../core/config/format.ts";
import type { Span } from "../../core/config/source.ts";
import type { Completion } from "../../core/language/completion.ts";
import { completionsAt } from "../../core/language/completion.ts";
import { hoverAt } from "../../core/language/hover.ts";
import type { LinePosition } from "../../core/language/line-positions.ts";
import { LinePositions } from "../../core/language/line-positions.ts";
import { definitionsAt, referencesAt } from "../../core/language/navigation.ts";
import type { Analysis } from "../../core/language/project.ts";
import { quickFixesIn, safeFixesIn } from "../../core/language/quick-fixes.ts";
import { renameAt, renamedAt } from "../../core/language/rename.ts";
import type { DocumentSymbol } from "../../core/language/symbols.ts";
import { symbolsOf } from "../../core/language/symbols.ts";
import type { LspDocuments, OpenDocument } from "./lsp-documents.ts";

/** What the editor said about itself. */
export type ClientAbilities = { readonly snippets: boolean; readonly nestedSymbols: boolean };

/** Numbers of the protocol (3.17), which are part of it and never change. */
const completionKinds = {
  keyword: 14,
  block: 9,
  value: 12,
  name: 18,
  definition: 21,
  file: 17,
} as const satisfies Record<Completion["kind"], CompletionItem["kind"]>;
const symbolKinds = { block: 3, definition: 14 } as const;
const severities = { error: 1, warning: 2 } as const;
const plainText = 1;
const snippet = 2;
const deprecatedTag = 1;
const deprecatedDiagnosticTag = 2;

export class LspAnswers {
  private readonly documents: LspDocuments;
  abilities: ClientAbilities = { snippets: false, nestedSymbols: false };
  private readonly positions = new WeakMap<Analysis, Map<string, LinePositions>>();

  constructor(documents: LspDocuments) {
    this.documents = documents;
  }

  /** What is wrong with a document. */
  diagnostics(document: OpenDocument): LspDiagnostic[] {
    const { analysis, file } = this.documents.analysisOf(document);
    return analysis.diagnostics
      .filter(({ span }) => span.file === file)
      .map((each) => this.lspDiagnostic(analysis, each));
  }

  completion(uri: string, position: LinePosition): CompletionItem[] {
    const found = this.documents.placeOf(uri, position);
    if (found === undefined) return [];
    const { analysis, place } = found;
    return completionsAt(analysis, place).map((each, i) =>
      this.completionItem(each, i, this.rangeOf(analysis, { file: place.file, ...each.replace })),
    );
  }

  hover(uri: string, position: LinePosition): LspHover | null {
    const found = this.documents.placeOf(uri, position);
    const hover = found === undefined ? undefined : hoverAt(found.analysis, found.place);
    if (found === undefined || hover === undefined) return null;
    return {
      contents: { kind: "markdown", value: hover.markdown },
      range: this.rangeOf(found.analysis, hover.span),
    };
  }

  definition(uri: string, position: LinePosition): Location[] {
    const found = this.documents.placeOf(uri, position);
    if (found === undefined) return [];
    return definitionsAt(found.analysis, found.place)
      .filter(({ file }) => found.analysis.sources.has(file) || existsSync(file))
      .map((span) => this.location(found.analysis, span));
  }

  references(uri: string, position: LinePosition, introductions: boolean): Location[] {
    const found = this.documents.placeOf(uri, position);
    if (found === undefined) return [];
    return referencesAt(found.analysis, found.place, { introductions }).map((span) =>
      this.location(found.analysis, span),
    );
  }

  /** What a rename would rename, or null where nothing can be renamed. */
  renamed(uri: string, position: LinePosition): { range: Range; placeholder: string } | null {
    const found = this.documents.placeOf(uri, position);
    const target = found === undefined ? undefined : renamedAt(found.analysis, found.place);
    if (found === undefined || target?.ok !== true) return null;
    const { span, name } = target.value;
    return { range: this.rangeOf(found.analysis, span), placeholder: name };
  }

  /** All edits of a rename, or why there is none. */
  rename(uri: string, position: LinePosition, newName: string): Result<WorkspaceEdit, string> {
    const found = this.documents.placeOf(uri, position);
    if (found === undefined) return err("this document is not open");
    const renamed = renameAt(found.analysis, found.place, newName);
    if (!renamed.ok) return err(renamed.error.reason);
    const changes: Record<string, TextEdit[]> = {};
    for (const span of renamed.value) {
      const target = this.documents.uriOf(span.file);
      changes[target] ??= [];
      changes[target].push({ range: this.rangeOf(found.analysis, span), newText: newName });
    }
    return ok({ changes });
  }

  /** Quick fixes in a range, and all safe ones of the document as one action. */
  codeActions(uri: string, range: Range, only: readonly string[] | undefined): CodeAction[] {
    const document = this.documents.byUri(uri);
    if (document === undefined) return [];
    const { analysis, file } = this.documents.analysisOf(document);
    const wanted = (kind: string) =>
      only?.some((each) => `${kind}.`.startsWith(`${each}.`)) ?? true;
    const start = document.positions.offsetOf(range.start);
    const end = document.positions.offsetOf(range.end);
    const actions: CodeAction[] = [];
    for (const { title, diagnostic, edit } of quickFixesIn(analysis, { file, start, end })) {
      if (!wanted("quickfix")) break;
      actions.push({
        title,
        kind: "quickfix",
        diagnostics: [this.lspDiagnostic(analysis, diagnostic)],
        isPreferred: edit.safe,
        edit: { changes: { [uri]: [this.textEdit(analysis, edit)] } },
      });
    }
    const safe = wanted("source.fixAll") ? safeFixesIn(analysis, file) : [];
    if (safe.length > 0) {
      const changes = { [uri]: safe.map((edit) => this.textEdit(analysis, edit)) };
      actions.push({ title: "Make all safe fixes", kind: "source.fixAll", edit: { changes } });
    }
    return actions;
  }

  symbols(uri: string): LspSymbol[] | SymbolInformation[] {
    const document = this.documents.byUri(uri);
    if (document === undefined) return [];
    const { analysis, file } = this.documents.analysisOf(document);
    const symbols = symbolsOf(analysis, file);
    if (this.abilities.nestedSymbols) return symbols.map((each) => this.lspSymbol(analysis, each));
    return symbols.flatMap((each) => this.flatSymbols(analysis, each));
  }

  /** The whole document in our layout as one edit, or why it stays as it is. */
  formatted(uri: string): Result<TextEdit[], string> {
    const document = this.documents.byUri(uri);
    if (document === undefined) return err("this document is not open");
    const { text, positions } = document;
    const formatted = formatText(text);
    if (!formatted.ok) {
      const { line, reason } = formatted.error;
      return err(line === undefined ? reason : `line ${line}: ${reason}`);
    }
    if (formatted.value === text) return ok([]);
    const range = { start: positions.positionOf(0), end: positions.positionOf(text.length) };
    return ok([{ range, newText: formatted.value }]);
  }

  private lspDiagnostic(analysis: Analysis, diagnostic: Diagnostic): LspDiagnostic {
    const { code, severity, message, note, fix, span, related = [] } = diagnostic;
    const lines = [message, note, fix === undefined ? undefined : `fix: ${fix}`];
    return {
      range: this.rangeOf(analysis, span),
      severity: severities[severity],
      code,
      source: "understudy",
      message: lines.filter((line) => line !== undefined).join("\n"),
      ...(code === "config/deprecated" ? { tags: [deprecatedDiagnosticTag] } : {}),
      ...(related.length === 0
        ? {}
        : {
            relatedInformation: related.map((each) => ({
              location: this.location(analysis, each.span),
              message: each.label,
            })),
          }),
    };
  }

  private completionItem(completion: Completion, index: number, range: Range): CompletionItem {
    const { label, kind, detail, doc, deprecated, repeated, insert } = completion;
    const asSnippet = insert.includes("$0") && this.abilities.snippets;
    const plain = insert.includes("$0") ? label : insert;
    return {
      label,
      kind: completionKinds[kind],
      ...(detail === "" ? {} : { detail }),
      ...(doc === undefined ? {} : { documentation: { kind: "markdown", value: doc } }),
      ...(deprecated === true ? { tags: [deprecatedTag] } : {}),
      sortText: `${repeated === true || deprecated === true ? "1" : "0"}${String(index).padStart(5, "0")}`,
      insertTextFormat: asSnippet ? snippet : plainText,
      textEdit: { range, newText: asSnippet ? insert : plain },
    };
  }

  private textEdit(
    analysis: Analysis,
    edit: { readonly span: Span; readonly text: string },
  ): TextEdit {
    return { range: this.rangeOf(analysis, edit.span), newText: edit.text };
  }

  private lspSymbol(analysis: Analysis, symbol: DocumentSymbol): LspSymbol {
    return {
      name: symbol.name,
      detail: symbol.name === symbol.detail ? "" : symbol.detail,
      kind: symbolKinds[symbol.kind],
      range: this.rangeOf(analysis, symbol.span),
      selectionRange: this.rangeOf(analysis, symbol.selection),
      children: symbol.children.map((child) => this.lspSymbol(analysis, child)),
    };
  }

  private flatSymbols(analysis: Analysis, symbol: DocumentSymbol): SymbolInformation[] {
    const { name, kind, span, children } = symbol;
    const location = this.location(analysis, span);
    return [
      { name, kind: symbolKinds[kind], location },
      ...children.flatMap((child) => this.flatSymbols(analysis, child)),
    ];
  }

  private location(analysis: Analysis, span: Span): Location {
    return { uri: this.documents.uriOf(span.file), range: this.rangeOf(analysis, span) };
  }

  private rangeOf(analysis: Analysis, span: Span): Range {
    const known = this.positions.get(analysis) ?? new Map<string, LinePositions>();
    this.positions.set(analysis, known);
    const positions =
      known.get(span.file) ?? new LinePositions(analysis.sources.get(span.file) ?? "");
    known.set(span.file, positions);
    return { start: positions.positionOf(span.start), end: positions.positionOf(span.end) };
  }
}
