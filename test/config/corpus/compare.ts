// Every configuration of a folder against what keepalived itself said of it (REFERENCE.jsonl, made by
// reference.sh): the exit status of `-t` in both surroundings and for every config-id, whether each of
// its messages with a line number has a diagnostic of ours on that line, and how long we take.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { LoadedConfig, LoadOptions } from "../../../src/core/config/load.ts";
import { configTestExit, loadConfig } from "../../../src/core/config/load.ts";
import { LineIndex } from "../../../src/core/config/source.ts";
import { corpusFiles, listOf, machineOf } from "./surroundings.ts";

/** One line of REFERENCE.jsonl. */
type Verdict = {
  readonly file: string;
  readonly exit: number;
  readonly messages: readonly string[];
  readonly exit_scripts: number;
  readonly messages_scripts?: readonly string[];
  readonly variants?: readonly {
    readonly config_id: string;
    readonly exit: number;
    readonly messages: readonly string[];
  }[];
};

/** One file in one of the surroundings. */
export type Outcome = {
  readonly file: string;
  /** `full`, `scripts`, or `id NAME`. */
  readonly surroundings: string;
  /** keepalived's exit status; 124 for a hang, above 128 for a crash. */
  readonly theirs: number;
  readonly ours: number;
  readonly theirMessages: readonly string[];
  readonly ourMessages: readonly string[];
  /** Messages with a line number, and those of them that no diagnostic of ours is on. */
  readonly placed: number;
  readonly unmatched: readonly string[];
  readonly milliseconds: number;
  readonly lines: number;
  /** What was thrown, which never should be. */
  readonly thrown?: string;
};

const kcorpus = "kcorpus";

/** Compares all files of a folder. It is the working directory meanwhile, as in the reference. */
export function compareCorpus(folder: string): readonly Outcome[] {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return readFileSync(join(folder, "REFERENCE.jsonl"), "utf8")
      .trim()
      .split("\n")
      .flatMap((line) => compareFile(folder, JSON.parse(line)));
  } finally {
    process.chdir(before);
  }
}

function compareFile(folder: string, verdict: Verdict): readonly Outcome[] {
  const { file, messages } = verdict;
  const interfaces = [...listOf(folder, "interfaces.txt"), "lo"];
  const full = { configId: kcorpus, interfaces, machine: machineOf(folder, "full") };
  const scripts = { ...full, machine: machineOf(folder, "scripts") };
  const said = verdict.messages_scripts ?? messages;
  return [
    outcome(file, "full", verdict.exit, messages, full),
    outcome(file, "scripts", verdict.exit_scripts, said, scripts),
    ...(verdict.variants ?? []).map(({ config_id, exit, messages }) =>
      outcome(file, `id ${config_id}`, exit, messages, { ...full, configId: config_id }),
    ),
  ];
}

function outcome(
  file: string,
  surroundings: string,
  theirs: number,
  theirMessages: readonly string[],
  options: LoadOptions,
): Outcome {
  const base = { file, surroundings, theirs, theirMessages };
  const started = performance.now();
  let loaded: LoadedConfig;
  try {
    loaded = loadConfig(file, corpusFiles(file), options);
  } catch (error) {
    const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const nothing = { ours: -1, ourMessages: [], placed: 0, unmatched: [], milliseconds: 0 };
    return { ...base, ...nothing, lines: 1, thrown };
  }
  const milliseconds = performance.now() - started;
  const places = ourPlaces(loaded);
  const placed = new Map<string, string>();
  for (const message of theirMessages) {
    const found = /^\((?:(.*?): )?Line ([0-9]+)\) (.*)/.exec(message);
    if (found !== null) placed.set(message, `${found[1] ?? file}:${found[2]}`);
  }
  return {
    ...base,
    ours: configTestExit(loaded),
    ourMessages: ourMessages(loaded),
    placed: placed.size,
    unmatched: [...placed].filter(([, place]) => !places.has(place)).map(([message]) => message),
    milliseconds,
    lines: [...loaded.sources.values()].reduce((sum, text) => sum + text.split("\n").length, 0),
  };
}

/** `FILE:LINE` of every line that a diagnostic stands on. */
function ourPlaces({ diagnostics, consequences, sources }: LoadedConfig): ReadonlySet<string> {
  const places = new Set<string>();
  const indexes = new Map([...sources].map(([file, text]) => [file, new LineIndex(text)]));
  const placed = diagnostics.flatMap((each) => [each.span, each.classicAt ?? each.span]);
  for (const span of [...placed, ...consequences.map((each) => each.span)]) {
    const index = indexes.get(span.file);
    if (index === undefined) continue;
    const last = index.positionOf(Math.max(span.start, span.end - 1)).line;
    for (let line = index.positionOf(span.start).line; line <= last; line++)
      places.add(`${span.file}:${line}`);
  }
  return places;
}

function ourMessages({ diagnostics, sources }: LoadedConfig): readonly string[] {
  const indexes = new Map([...sources].map(([file, text]) => [file, new LineIndex(text)]));
  return diagnostics.map(({ code, message, span }) => {
    const line = indexes.get(span.file)?.positionOf(span.start).line;
    return `${span.file}:${line} ${code}: ${message}`;
  });
}
