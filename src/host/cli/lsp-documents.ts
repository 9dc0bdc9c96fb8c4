// The documents that an editor has open, and the projects that they belong to. A text that the editor
// changed counts before the one on disk. A file that another one includes is read as part of it, so
// that what it means there is what is said about it.

import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ok } from "../../core/base/result.ts";
import type { LinePosition } from "../../core/language/line-positions.ts";
import { LinePositions } from "../../core/language/line-positions.ts";
import type { Analysis, Place } from "../../core/language/project.ts";
import { analyse } from "../../core/language/project.ts";
import type { ConfigFiles } from "../../core/ports/config-files.ts";
import { configFiles } from "../daemon/config-files.ts";

export type OpenDocument = {
  /** As the editor writes it. */
  readonly uri: string;
  readonly path: string;
  readonly version: number;
  readonly text: string;
  readonly positions: LinePositions;
};

/** A change as the protocol has it; without a range, the whole text. */
export type TextChange = {
  readonly text: string;
  readonly range?: { readonly start: LinePosition; readonly end: LinePosition };
};

/** A document as a file of what was read. */
export type DocumentAnalysis = {
  readonly analysis: Analysis;
  /** Its name in `analysis.sources`. */
  readonly file: string;
};

/** Folders above a file in which the main file that includes it is looked for. */
const foldersAbove = 2;

export class LspDocuments {
  /** Grows with every change of any text. */
  generation = 0;
  configId: string;
  private readonly open = new Map<string, OpenDocument>();
  private readonly analyses = new Map<string, Analysis>();
  private readonly files: ConfigFiles;

  constructor(configId: string, disk: ConfigFiles = configFiles) {
    this.configId = configId;
    this.files = {
      read: (path) => {
        const document = this.open.get(normalize(path));
        return document === undefined ? disk.read(path) : ok(document.text);
      },
      glob: (pattern) => disk.glob(pattern),
    };
  }

  all(): readonly OpenDocument[] {
    return [...this.open.values()];
  }

  byUri(uri: string): OpenDocument | undefined {
    return this.open.get(pathOf(uri));
  }

  put(uri: string, version: number, text: string): void {
    const path = pathOf(uri);
    this.open.set(path, { uri, path, version, text, positions: new LinePositions(text) });
    this.invalidate();
  }

  change(uri: string, version: number, changes: readonly TextChange[]): void {
    for (const { text, range } of changes) {
      const document = this.byUri(uri);
      if (document === undefined || range === undefined) {
        this.put(uri, version, text);
        continue;
      }
      const start = document.positions.offsetOf(range.start);
      const end = Math.max(start, document.positions.offsetOf(range.end));
      this.put(uri, version, document.text.slice(0, start) + text + document.text.slice(end));
    }
  }

  close(uri: string): void {
    this.open.delete(pathOf(uri));
    this.invalidate();
  }

  /** Forgets what was read; the disk may have changed. */
  invalidate(): void {
    this.generation++;
    this.analyses.clear();
  }

  /** What is known about a document, as part of the file that includes it where there is one. */
  analysisOf(document: OpenDocument): DocumentAnalysis {
    const { path } = document;
    for (const main of this.possibleMains(path)) {
      const analysis = this.analysisFrom(main);
      const file = [...analysis.sources.keys()].find((each) => normalize(each) === path);
      if (file !== undefined) return { analysis, file };
    }
    return { analysis: this.analysisFrom(path), file: path };
  }

  /** The place of a position in an open document, with what is known there. */
  placeOf(
    uri: string,
    position: LinePosition,
  ): { readonly analysis: Analysis; readonly place: Place } | undefined {
    const document = this.byUri(uri);
    if (document === undefined) return undefined;
    const { analysis, file } = this.analysisOf(document);
    return { analysis, place: { file, offset: document.positions.offsetOf(position) } };
  }

  /** The URI of a file, as the editor writes it where it has it open. */
  uriOf(file: string): string {
    const path = normalize(file);
    const document = this.open.get(path) ?? this.open.get(file);
    if (document !== undefined) return document.uri;
    return path.startsWith("/") ? pathToFileURL(path).href : file;
  }

  private analysisFrom(main: string): Analysis {
    const known = this.analyses.get(main);
    if (known !== undefined) return known;
    const analysis = analyse({ main, files: this.files, configId: this.configId });
    this.analyses.set(main, analysis);
    return analysis;
  }

  private possibleMains(path: string): readonly string[] {
    const found: string[] = [];
    let folder = dirname(path);
    for (let i = 0; path.startsWith("/") && i <= foldersAbove; i++) {
      const main = join(folder, "keepalived.conf");
      if (main !== path && (this.open.has(main) || existsSync(main))) found.push(main);
      folder = dirname(folder);
    }
    const others = [...this.open.keys()].filter((each) => each !== path && !found.includes(each));
    return [...found, ...others];
  }
}

/** The path of a `file:` URI; another URI stands for itself. */
export function pathOf(uri: string): string {
  try {
    return normalize(fileURLToPath(uri));
  } catch {
    return uri;
  }
}
