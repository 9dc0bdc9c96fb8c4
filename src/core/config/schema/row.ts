// Short words to write the keyword tables with.

import type { BlockSpec, KeywordSpec, LineKind } from "./spec.ts";

export const flag = { type: "flag" } as const;
export const boolean = { type: "boolean" } as const;
export const text = { type: "text" } as const;
export const words = { type: "words" } as const;
export const script = { type: "script" } as const;
export const interfaceName = { type: "interface" } as const;
export const skippedBlock = { type: "skipped-block" } as const;

/** Both ends included; `clamped` takes the nearest end for a value outside. */
export const integer = (min: number, max: number, outside?: "clamped") =>
  outside === undefined
    ? ({ type: "integer", min, max } as const)
    : ({ type: "integer", min, max, outside } as const);

/** Decimal seconds, both ends included. */
export const seconds = (min: number, max: number) => ({ type: "seconds", min, max }) as const;

/** Decimal milliseconds, both ends included. */
export const milliseconds = (min: number, max: number) =>
  ({ type: "milliseconds", min, max }) as const;

/** A weight from -max to max, and perhaps `reverse`. */
export const weight = (max: 253 | 254, of: string) => ({ type: "weight", max, of }) as const;
/** One of these, in any case. */
export const anyCase = (...of: readonly string[]) =>
  ({ type: "choice", of, anyCase: true }) as const;

/** Words that are read elsewhere, at least one; `form` shows them to people. */
export const form = (form: string) => ({ type: "words", form, needed: true }) as const;

export const choice = (...of: readonly string[]) => ({ type: "choice", of }) as const;
/** A block with more than a name before its brace. */
export const headedBlock = (inner: BlockSpec, header: string) =>
  ({ type: "block", block: inner, header }) as const;
export const block = (inner: BlockSpec, name?: "required" | "optional") =>
  name === undefined
    ? ({ type: "block", block: inner } as const)
    : ({ type: "block", block: inner, name } as const);
export const lines = (kind: LineKind) => ({ type: "lines", lines: kind }) as const;

type RowOptions = Omit<KeywordSpec, "value" | "doc" | "status"> & {
  readonly status?: KeywordSpec["status"];
};

/** One keyword. It runs, unless `status` says otherwise. */
export const row = <Value extends KeywordSpec["value"]>(
  value: Value,
  doc: string,
  options: RowOptions = {},
): KeywordSpec & { readonly value: Value } => ({ status: "runs", ...options, value, doc });
