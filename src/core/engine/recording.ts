// What an engine was told and what it wanted, as JSON lines: with the inputs and their instants
// alone the same engine decides the same again, so a recording is a bug report that can be run. A
// first line names the format; bytes are written as {"hex": "..."}.

import { err, ok, type Result } from "../base/result.ts";
import { type Instant, instant } from "../base/time.ts";
import type { EngineEffect } from "./effect.ts";
import type { EngineInput } from "./input.ts";

export type EngineRecord =
  | { readonly at: Instant; readonly input: EngineInput }
  | { readonly at: Instant; readonly timeout: true }
  /** What the record before it led to; absent where it led to nothing. */
  | { readonly at: Instant; readonly effects: readonly EngineEffect[] };

/** Rises when an older reader could no longer replay what a newer writer wrote. */
export const recordingVersion = 1;

/** The first line of a recording. */
export const recordingHeader = (): string =>
  JSON.stringify({ understudyRecording: recordingVersion });

/** One line, without its line end. */
export const encodeRecord = (record: EngineRecord): string =>
  JSON.stringify(record, (_key, value: unknown) =>
    value instanceof Uint8Array ? { hex: hexOf(value) } : value,
  );

/** Whether a line is a header that this version can read. */
export function decodeHeader(line: string): Result<void, string> {
  const parsed = parseJson(line);
  if (!parsed.ok) return parsed;
  const version = fieldOf(parsed.value, "understudyRecording");
  if (version === undefined) return err("not a recording: the first line names no format");
  if (version !== recordingVersion) {
    return err(`format ${String(version)} of recordings is not ${recordingVersion}`);
  }
  return ok(undefined);
}

/** Reads one line after the header. Never throws, whatever the line holds. */
export function decodeRecord(line: string): Result<EngineRecord, string> {
  const parsed = parseJson(line);
  if (!parsed.ok) return parsed;
  const at = fieldOf(parsed.value, "at");
  if (typeof at !== "number" || !Number.isFinite(at)) return err("no instant in `at`");
  if (fieldOf(parsed.value, "timeout") === true) return ok({ at: instant(at), timeout: true });
  const input = fieldOf(parsed.value, "input");
  if (input !== undefined) {
    const wrong = wrongInput(input);
    return wrong === undefined
      ? ok({ at: instant(at), input: input as EngineInput })
      : err(`input: ${wrong}`);
  }
  const effects = fieldOf(parsed.value, "effects");
  if (!Array.isArray(effects) || !effects.every((effect) => typeof kindOf(effect) === "string")) {
    return err("neither an input, a timeout nor effects");
  }
  return ok({ at: instant(at), effects: effects as readonly EngineEffect[] });
}

type FieldCheck = (value: unknown) => boolean;

const isRecord: FieldCheck = (value) => typeof value === "object" && value !== null;
const isList: FieldCheck = (value) => Array.isArray(value);
const isNumber: FieldCheck = (value) => typeof value === "number";
const isText: FieldCheck = (value) => typeof value === "string";
const isBytesList: FieldCheck = (value) =>
  Array.isArray(value) && value.every((item) => item instanceof Uint8Array);

/** The fields that each input must have; what is in them comes from our own writer. */
const inputFields: Readonly<Record<EngineInput["kind"], Readonly<Record<string, FieldCheck>>>> = {
  "kernel-snapshot": {
    snapshot: (value) => isList(fieldOf(value, "links")) && isList(fieldOf(value, "addresses")),
  },
  configure: {
    model: (value) => isRecord(fieldOf(value, "global")) && isList(fieldOf(value, "instances")),
  },
  "link-changed": { link: isRecord },
  "link-removed": { index: isNumber },
  "address-added": { address: isRecord },
  "address-removed": { address: isRecord },
  "packets-received": { socket: isNumber, packets: isBytesList },
  "addresses-added": { instance: isText, addresses: isList, outcomes: isList },
  "socket-refused": { socket: isNumber, error: isRecord },
  shutdown: {},
};

function wrongInput(input: unknown): string | undefined {
  const kind = kindOf(input);
  if (typeof kind !== "string" || !Object.hasOwn(inputFields, kind)) return "unknown kind";
  for (const [field, check] of Object.entries(inputFields[kind as EngineInput["kind"]])) {
    if (!check(fieldOf(input, field))) return `${kind} without a proper ${field}`;
  }
  return undefined;
}

const kindOf = (value: unknown): unknown => fieldOf(value, "kind");

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function parseJson(line: string): Result<unknown, string> {
  try {
    return ok(
      JSON.parse(line, (_key, value: unknown) => {
        const hex = fieldOf(value, "hex");
        if (typeof hex !== "string" || Object.keys(Object(value)).length !== 1) return value;
        return bytesOf(hex) ?? value;
      }),
    );
  } catch {
    return err("not JSON");
  }
}

function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

function bytesOf(hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/.test(hex)) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let place = 0; place < bytes.length; place++) {
    bytes[place] = Number.parseInt(hex.slice(2 * place, 2 * place + 2), 16);
  }
  return bytes;
}
