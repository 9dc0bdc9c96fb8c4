// One line of `virtual_ipaddress`: `ADDR[/LEN] [brd ADDR|+|-] [dev IF] [scope S] [label L] ...`. A
// wrong word is reported and left out; without a usable address, with a broken `brd` or `label`, or
// where a word lacks its value, the whole line is skipped, as keepalived does.

import type { Family, IpAddress } from "../base/ip.ts";
import { familyOf, ipBytes, ipOf, parseIp, prefixLengthMax } from "../base/ip.ts";
import type { AddressFlag, AddressScope } from "../ports/kernel.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import { spellingFix } from "./fix.ts";
import type { Token } from "./lexer.ts";
import type { VirtualAddress } from "./model.ts";
import { nearestWord } from "./nearest.ts";
import type { Statement } from "./parser.ts";

type Option = { readonly doc: string; readonly value: boolean; readonly later?: true };

/** The words after the address; `value` says whether another word belongs to it. */
export const addressOptions = {
  brd: { doc: "Broadcast address; `+` sets all host bits, `-` clears them.", value: true },
  broadcast: { doc: "The same as `brd`.", value: true },
  dev: { doc: "Interface, when it is not the instance's.", value: true },
  scope: { doc: "global, site, link, host, nowhere or a number.", value: true },
  label: { doc: "Label of the address, at most 15 characters.", value: true },
  peer: { doc: "The other end of a point-to-point address.", value: true },
  home: { doc: "IPv6 home address.", value: false },
  "-nodad": { doc: "IPv6: do duplicate address detection.", value: false },
  mngtmpaddr: { doc: "IPv6: make temporary addresses of it.", value: false },
  noprefixroute: { doc: "Without the route to its network.", value: false },
  autojoin: { doc: "Join multicast groups on the network.", value: false },
  no_track: { doc: "Its interface going down is no fault.", value: false },
  preferred_lft: {
    doc: "Seconds, `forever` or 0: how long new connections prefer it.",
    value: true,
  },
  use_vmac: { doc: "On the virtual MAC's interface.", value: false, later: true },
  track_group: { doc: "Static addresses only.", value: true, later: true },
} as const satisfies Record<string, Option>;

const scopes: Readonly<Record<string, AddressScope>> = {
  global: "global",
  site: "site",
  link: "link",
  host: "host",
  nowhere: "nowhere",
};

type Draft = { -readonly [Key in keyof VirtualAddress]: VirtualAddress[Key] };
type Context = { readonly sink: DiagnosticSink; readonly line: string; family: Family };

/** The address of a line, or undefined when the line is skipped. */
export function readAddressLine(
  statement: Statement,
  sink: DiagnosticSink,
): { readonly address: VirtualAddress; readonly interfaceToken?: Token } | undefined {
  const first = statement.keyword;
  const [host = "", length] = splitOnce(first.text);
  const address = parseIp(host);
  if (address === undefined) {
    sink.report("config/address", first.span, {
      message: `\`${first.text}\` is not an IP address`,
      note: "the line is skipped",
      classic: `VRRP parsed invalid IP ${first.text}. skipping IP...`,
    });
    return undefined;
  }
  const family = familyOf(address);
  const context: Context = { sink, line: first.text, family };
  const prefixLength = readPrefixLength(first, length, context);
  const draft: Draft = { address, prefixLength, scope: "global", flags: [], track: true };
  const flags = new Set<AddressFlag>(family === "ipv6" ? ["nodad"] : []);
  let interfaceToken: Token | undefined;
  const words = statement.words;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const option = optionOf(word.text);
    if (option === undefined) {
      const meant = reportUnknownOption(word, sink);
      if (meant?.value === true) i++;
      continue;
    }
    const value = option.value ? words[++i] : undefined;
    if (option.value && value === undefined) {
      sink.report("config/address-option", word.span, {
        message: `\`${word.text}\` needs a value`,
        note: "the line is skipped",
        classic: `No ${word.text} parameter specified for ${first.text}`,
      });
      return undefined;
    }
    if (word.text === "dev") interfaceToken = value;
    if (!applyOption(draft, flags, word, value ?? word, context)) return undefined;
  }
  draft.flags = [...flags];
  if (draft.peer !== undefined) forgetPrefix(draft, first, context);
  if (family === "ipv6" && draft.prefixLength === 128 && !("preferredLifetime" in draft))
    draft.preferredLifetime = 0;
  return interfaceToken === undefined ? { address: draft } : { address: draft, interfaceToken };
}

const optionOf = (word: string): Option | undefined =>
  Object.hasOwn(addressOptions, word)
    ? addressOptions[word as keyof typeof addressOptions]
    : undefined;

const splitOnce = (text: string): readonly [string, string?] => {
  const slash = text.indexOf("/");
  return slash < 0 ? [text] : [text.slice(0, slash), text.slice(slash + 1)];
};

function readPrefixLength(token: Token, text: string | undefined, context: Context): number {
  const max = prefixLengthMax[context.family];
  if (text === undefined) return max;
  const length = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (length >= 0 && length <= max) return length;
  context.sink.report("config/address-option", token.span, {
    message: `the prefix length must be between 0 and ${max}`,
    note: `${max} is used`,
    classic: `Invalid address prefix len ${text} for address ${token.text} - using ${max}`,
  });
  return max;
}

/** False when the line is to be skipped. */
function applyOption(
  draft: Draft,
  flags: Set<AddressFlag>,
  word: Token,
  value: Token,
  context: Context,
): boolean {
  const { sink } = context;
  switch (word.text as keyof typeof addressOptions) {
    case "brd":
    case "broadcast":
      return applyBroadcast(draft, value, context);
    case "dev":
      draft.interface = value.text;
      return true;
    case "peer":
      applyPeer(draft, value, context);
      return true;
    case "scope":
      applyScope(draft, value, context);
      return true;
    case "label":
      return applyLabel(draft, value, context);
    case "no_track":
      draft.track = false;
      return true;
    case "-nodad":
      flags.delete("nodad");
      return true;
    case "preferred_lft":
      applyLifetime(draft, value, sink);
      return true;
    case "home":
    case "mngtmpaddr":
    case "noprefixroute":
    case "autojoin":
      flags.add(word.text as AddressFlag);
      return true;
    default:
      sink.report("config/not-implemented", word.span, {
        message: `\`${word.text}\` is accepted and not acted on yet`,
      });
      return true;
  }
}

function applyBroadcast(draft: Draft, value: Token, { sink, family }: Context): boolean {
  const { text } = value;
  if (text === "+" || text === "-") {
    if (family === "ipv4" && draft.prefixLength < 31)
      draft.broadcast = hostBits(draft.address, draft.prefixLength, text === "+");
    return true;
  }
  const broadcast = parseIp(text);
  if (broadcast !== undefined && familyOf(broadcast) === "ipv4" && family === "ipv4") {
    draft.broadcast = broadcast;
    return true;
  }
  sink.report("config/address-option", value.span, {
    message: `\`${text}\` is not an IPv4 broadcast address`,
    note: "the line is skipped",
    classic: `VRRP is trying to assign invalid broadcast ${text}. skipping VIP...`,
  });
  return false;
}

/** The address with every bit beyond the prefix set or cleared. */
function hostBits(address: IpAddress, prefixLength: number, set: boolean): IpAddress {
  const bytes = ipBytes(address);
  for (let bit = prefixLength; bit < bytes.length * 8; bit++) {
    const mask = 0x80 >>> (bit & 7);
    const old = bytes[bit >> 3] ?? 0;
    bytes[bit >> 3] = set ? old | mask : old & ~mask;
  }
  return ipOf(bytes);
}

function applyPeer(draft: Draft, value: Token, { sink, family }: Context): void {
  const peer = parseIp(value.text);
  if (peer !== undefined && familyOf(peer) === family) {
    draft.peer = peer;
    return;
  }
  sink.report("config/address-option", value.span, {
    message: `\`${value.text}\` is not an address that can be the peer`,
    note: "the address is held without it",
    classic: `Invalid peer address ${value.text}`,
  });
}

/** An address with a peer is alone with it: its network would be the peer's, not its own. */
function forgetPrefix(draft: Draft, { span }: Token, { sink, family }: Context): void {
  const max = prefixLengthMax[family];
  if (draft.prefixLength === max) return;
  draft.prefixLength = max;
  sink.report("config/address-option", span, {
    message: "an address with `peer` has no prefix length of its own",
    note: `${max} is used`,
    classic: "Cannot specify address prefix when specifying peer address - ignoring",
  });
}

function applyScope(draft: Draft, value: Token, { sink, line, family }: Context): void {
  const scope = Object.hasOwn(scopes, value.text) ? scopes[value.text] : undefined;
  const number = /^[0-9]{1,3}$/.test(value.text) ? Number(value.text) : Number.NaN;
  const known = scope ?? (number <= 255 ? number : undefined);
  if (known === undefined) {
    sink.report("config/address-option", value.span, {
      message: `unknown scope \`${value.text}\``,
      ...spellingFix(value, Object.keys(scopes), { before: "scope" }),
      classic: `Invalid scope '${value.text}' specified for ${line} - ignoring`,
    });
  } else if (family === "ipv6") {
    sink.report("config/address-option", value.span, {
      message: "IPv6 addresses have no scope of their own",
      classic: `Cannot specify scope for IPv6 addresses (${line}) - ignoring scope`,
    });
  } else draft.scope = known;
}

function applyLabel(draft: Draft, value: Token, { sink, line, family }: Context): boolean {
  if (family === "ipv6") {
    sink.report("config/address-option", value.span, {
      message: "IPv6 addresses have no label",
      classic: `Cannot specify label for IPv6 addresses (${line}) - ignoring label`,
    });
    return true;
  }
  if (value.text.length <= 15) {
    draft.label = value.text;
    return true;
  }
  sink.report("config/address-option", value.span, {
    message: "a label has at most 15 characters",
    note: "the line is skipped",
    classic: `Address label ${value.text} is longer than maximum length 15 - removing address`,
  });
  return false;
}

function applyLifetime(draft: Draft, value: Token, sink: DiagnosticSink): void {
  if (value.text === "forever") {
    delete draft.preferredLifetime;
    return;
  }
  const lifetime = /^[0-9]+$/.test(value.text) ? Number(value.text) : Number.NaN;
  if (lifetime >= 0 && lifetime <= 0xffffffff) draft.preferredLifetime = lifetime;
  else {
    sink.report("config/address-option", value.span, {
      message: "preferred_lft must be a number of seconds or `forever`",
    });
  }
}

/** Returns the option that was probably meant. */
function reportUnknownOption(word: Token, sink: DiagnosticSink): Option | undefined {
  const isAddress = parseIp(splitOnce(word.text)[0]) !== undefined;
  const nearest = nearestWord(word.text, Object.keys(addressOptions));
  sink.report("config/address-option", word.span, {
    message: isAddress
      ? "a second address on one line"
      : `unknown word \`${word.text}\` after an address`,
    ...(isAddress ? { note: "every address needs a line of its own" } : {}),
    ...(isAddress ? {} : spellingFix(word, Object.keys(addressOptions))),
    classic: `Unknown configuration entry '${word.text}' for ip address - ignoring`,
  });
  return nearest === undefined || isAddress ? undefined : optionOf(nearest);
}
