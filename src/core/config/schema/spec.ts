// The shape of the keyword tables: one row for each keyword says what it takes, what it means and
// whether we act on it. The parser, the checks of values, the suggestions and the reference pages
// all read these rows; there is no second list.

import type { Family } from "../../base/ip.ts";

export type ValueSpec =
  /** No value; the keyword alone says yes. */
  | { readonly type: "flag" }
  /** `on`, `true`, `yes` or `off`, `false`, `no`; nothing means on. */
  | { readonly type: "boolean" }
  | {
      readonly type: "integer";
      readonly min: number;
      readonly max: number;
      /** What an outside value becomes: unused, or the nearest one inside. */
      readonly outside?: "clamped";
    }
  /** Decimal seconds, held in µs. */
  | { readonly type: "seconds"; readonly min: number; readonly max: number }
  /** One of some words; with `anyCase` however it is spelt, and read as the word of the list. */
  | { readonly type: "choice"; readonly of: readonly string[]; readonly anyCase?: true }
  | { readonly type: "text" }
  | { readonly type: "interface" }
  /** `tailIgnored`: a `-` or `/` and what follows count for nothing. */
  | {
      readonly type: "address";
      readonly family?: Family;
      readonly multicast?: true;
      readonly tailIgnored?: true;
    }
  /** Decimal milliseconds, held in µs. */
  | { readonly type: "milliseconds"; readonly min: number; readonly max: number }
  /** `N [reverse]`; `of` is what keepalived calls the thing that has it. */
  | { readonly type: "weight"; readonly max: 253 | 254; readonly of: string }
  /** Any words; whoever compiles the block reads them. `needed`: there must be one. */
  | { readonly type: "words"; readonly form?: string; readonly needed?: true }
  /** A command in quotes, then perhaps a user and a group. */
  | { readonly type: "script" }
  /** Keywords in braces; `name` stands before them, `header` shows what else may. */
  | {
      readonly type: "block";
      readonly block: BlockSpec;
      readonly name?: "required" | "optional";
      readonly header?: string;
    }
  /** Lines in braces that are no keywords. */
  | { readonly type: "lines"; readonly lines: LineKind; readonly name?: "required" }
  /** A block of which only the braces are read so far. */
  | { readonly type: "skipped-block" };

/** What a block's name is a name of, so that other places can refer to it. */
export type NameKind =
  | "instance"
  | "sync-group"
  | "script"
  | "file"
  | "process"
  | "bfd"
  | "track-group"
  | "virtual-server-group";

/** What the lines of a value block hold. */
export type LineKind =
  | "address"
  | "route"
  | "rule"
  | "service"
  | "tracked"
  | "tracked-interface"
  | "unicast-peer"
  | "text";

export type KeywordSpec = {
  readonly value: ValueSpec;
  readonly doc: string;
  /** `runs`: has its effect. `accepted`: read and checked, not acted on yet. */
  readonly status: "runs" | "accepted";
  /** Without it, this holds; as people would write it. */
  readonly default?: string;
  /** The value may be left out. */
  readonly optional?: true;
  /** May stand several times. */
  readonly repeats?: true;
  /** The word after it is a new name of this kind. */
  readonly introduces?: NameKind;
  /** Its value, or the first word of each of its lines, is a name of this kind. */
  readonly refersTo?: NameKind;
  /** The version of keepalived that first knew it, where that is not an old one. */
  readonly since?: string;
  /** keepalived takes whatever word for yes, and says nothing. */
  readonly quiet?: true;
  /** What to write instead of it. */
  readonly deprecatedBy?: string;
  /** keepalived's `-t` says nothing about it. */
  readonly deprecatedSilently?: true;
  /** keepalived's own words for a refused value; `{name}` is the instance, `{value}` the word. */
  readonly classic?: string;
  /** keepalived says `classic` of any word that is no number, and not of its digits alone. */
  readonly wholeWord?: true;
  /** Its words where the keyword is deprecated; otherwise `classic` says that, too. */
  readonly classicDeprecated?: string;
  /** The one message that the block of this keyword is not acted on speaks for it, too. */
  readonly covered?: true;
  /** Without its value the keyword is reported and ignored; otherwise keepalived ends at once. */
  readonly emptyIgnored?: true | string;
  /** A block without its name is skipped, with these words; otherwise keepalived ends at once. */
  readonly nameless?: string;
  /** Told when a value is refused: why, and which value to suggest in place of the nearest one. */
  readonly advice?: { readonly note: string; readonly instead?: string };
};

export type KeywordTable = Readonly<Record<string, KeywordSpec>>;

export type BlockSpec = {
  readonly name: string;
  readonly doc: string;
  readonly keywords: KeywordTable;
  /** What may stand in a comment `#understudy ...`, where keepalived does not see it. */
  readonly directives?: KeywordTable;
};

/** True when a keyword is followed by braces. */
export const takesBlock = (spec: KeywordSpec): boolean =>
  spec.value.type === "block" || spec.value.type === "lines" || spec.value.type === "skipped-block";
