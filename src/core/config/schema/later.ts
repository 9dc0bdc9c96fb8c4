// Rows of blocks that are read and checked as a whole and not acted on yet: one message for the
// outermost block says so, and its keywords are silent about it.

import { row } from "./row.ts";
import type { KeywordSpec } from "./spec.ts";

type LaterOptions = Omit<KeywordSpec, "value" | "doc" | "status" | "covered">;

/** One keyword that its block's message covers. */
export const later = <Value extends KeywordSpec["value"]>(
  value: Value,
  doc: string,
  options: LaterOptions = {},
): KeywordSpec & { readonly value: Value } =>
  row(value, doc, { ...options, status: "accepted", covered: true });
