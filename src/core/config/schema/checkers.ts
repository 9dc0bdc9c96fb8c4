// The keywords of the ten checkers of a real server, with the ones that they share. What each stands
// for is described in keepalived.md section 1.18.

import { later } from "./later.ts";
import {
  anyCase,
  block,
  boolean,
  flag,
  form,
  integer,
  script,
  seconds,
  text,
  words,
} from "./row.ts";
import type { BlockSpec, KeywordTable } from "./spec.ts";

const address = { type: "address", tailIgnored: true } as const;
const port = integer(1, 65535);
const unsigned = integer(0, 4_294_967_295);
/** keepalived counts microseconds in 64 bits. */
export const secondsMax = 18_446_744_073_709.55;
export const secondsMin = 0.000_001;
export const connectTimeout = seconds(secondsMin, 4294.967295);

/** When and how often to check. */
const timingKeywords = {
  retry: later(unsigned, "Checks that may fail in a row before the server counts as down.", {
    default: "the real server's, else 1; DNS_CHECK 3, MISC_CHECK 0",
    classic: "Invalid retry connection value '{value}'",
  }),
  delay_before_retry: later(seconds(0, secondsMax), "Seconds before checking again.", {
    default: "the real server's, else 1; HTTP_GET and SSL_GET 3, DNS_CHECK delay_loop",
    classic: "Invalid delay_before_retry connection value '{value}'",
  }),
  warmup: later(seconds(0, secondsMax), "The first check comes within so many seconds.", {
    default: "delay_loop",
    classic: "Invalid warmup connection value '{value}'",
  }),
  delay_loop: later(seconds(secondsMin, secondsMax), "Seconds between checks.", {
    default: "the real server's",
    classic: "delay_loop '{value}' is invalid - ignoring",
  }),
  alpha: later(boolean, "The server counts as down until its first check.", {
    default: "the real server's",
    classic: "Invalid alpha parameter {value}",
  }),
  log_all_failures: later(boolean, "Log every failed check.", {
    default: "checker_log_all_failures",
    classic: "Invalid log_all_failures parameter {value}",
  }),
} as const;

/** Where to connect to, and from where. */
const connectionKeywords = {
  connect_ip: later(address, "Address to check.", {
    default: "the real server's",
    classic: "Invalid connect_ip address {value} - ignoring",
  }),
  connect_port: later(port, "Port to check.", {
    default: "the real server's",
    classic: "Invalid checker connect_port '{value}'",
  }),
  bindto: later(address, "Source address of the check.", {
    classic: "Invalid bindto address {value} - ignoring",
  }),
  bind_port: later(port, "Source port of the check.", {
    classic: "Invalid checker bind_port '{value}'",
  }),
  bind_if: later(text, "Interface of the check; needed for link-local addresses."),
  connect_timeout: later(connectTimeout, "Seconds to wait for an answer.", {
    default: "the real server's",
    classic: "connect_timeout {value} invalid - ignoring",
  }),
  fwmark: later(unsigned, "Mark on the packets of the check.", {
    classic: "Invalid fwmark connection value '{value}'",
  }),
} as const;

export const commonKeywords = { ...connectionKeywords, ...timingKeywords } as const;

export const urlKeywords = {
  path: later(text, "What to ask for, such as `/`."),
  digest: later(form("MD5 in 32 hexadecimal digits"), "The answer must have this digest.", {
    repeats: true,
  }),
  status_code: later(words, "Statuses that are right: `N` or `N-M`, from 100 to 599.", {
    default: "200-299",
    repeats: true,
  }),
  virtualhost: later(text, "Name in the Host header.", {
    default: "the checker's",
    emptyIgnored: "Missing HTTP_GET virtualhost name",
  }),
  regex: later(script, "Pattern that the answer must match.", { optional: true }),
  regex_no_match: later(flag, "The answer must not match."),
  regex_options: later(words, "Options of PCRE2, such as `caseless` and `dotall`."),
  regex_min_offset: later(words, "Bytes of the answer that the pattern skips."),
  regex_max_offset: later(words, "Where a match must begin at the latest."),
  regex_stack: later(words, "`START MAX`: bytes for the matcher's stack."),
} as const;

export const url: BlockSpec = {
  name: "url",
  doc: "One page to ask for; several are asked in turn.",
  keywords: urlKeywords,
};

export const httpKeywords = {
  ...commonKeywords,
  url: later(block(url), url.doc, { repeats: true }),
  virtualhost: later(text, "Name in the Host header.", {
    default: "the real server's",
    emptyIgnored: "HTTP_GET virtualhost name missing",
  }),
  http_protocol: later(anyCase("1.0", "1.0C", "1.1"), "1.0C asks to close the connection.", {
    default: "1.0",
    classic: "Invalid http_protocol version {value}",
    emptyIgnored: "Missing http_protocol version",
  }),
  enable_sni: later(boolean, "Send the server's name when TLS begins.", {
    default: "off",
    classic: "Invalid enable_sni parameter {value}",
  }),
  fast_recovery: later(boolean, "Do not wait between urls when starting or recovering.", {
    default: "off",
    classic: "Invalid fast_recovery parameter {value}",
  }),
  nb_get_retry: later(unsigned, "Former name.", {
    deprecatedBy: "retry",
    classic: "Invalid nb_get_retry value '{value}'",
    classicDeprecated: "nb_get_retry is deprecated - please use 'retry'",
  }),
} as const;

const smtpHostKeywords = connectionKeywords;

const smtpHost: BlockSpec = {
  name: "host",
  doc: "Former way to check several addresses; write several checkers instead.",
  keywords: smtpHostKeywords,
};

export const smtpKeywords = {
  ...commonKeywords,
  helo_name: later(text, "Name in the HELO.", {
    default: "smtpchecker.keepalived.org",
    emptyIgnored: "SMTP_CHECK helo name missing",
  }),
  host: later(block(smtpHost), smtpHost.doc, { repeats: true }),
} as const;

export const dnsKeywords = {
  ...commonKeywords,
  type: later(
    anyCase("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY"),
    "Kind of record to ask for.",
    { default: "SOA", classic: "Unknown DNS check type {value} - ignoring" },
  ),
  name: later(form("NAME"), "Name to ask for, with a dot at its end.", { default: "." }),
} as const;

export const miscKeywords = {
  ...timingKeywords,
  misc_path: later(script, "The command whose exit status is the result.", { optional: true }),
  misc_timeout: later(integer(0, 4294), "Seconds that the command may take.", {
    default: "delay_loop of the virtual server",
    classic: "Invalid misc_timeout value '{value}'",
  }),
  misc_dynamic: later(flag, "An exit status from 2 to 255 sets the weight to two less."),
  user: later(words, "`USER [GROUP]` that runs the command.", { default: "script_user" }),
} as const;

export const udpKeywords = {
  ...commonKeywords,
  payload: later(words, "Bytes to send, in hexadecimal.", { default: "random ones" }),
  require_reply: later(
    words,
    "There must be an answer; with bytes in hexadecimal (`x` for any half byte), this one.",
  ),
  min_reply_length: later(integer(0, 65535), "Least bytes of the answer.", {
    default: "0",
    classic: "UDP_CHECK min length {value} not valid - must be between 0 & 65535",
  }),
  max_reply_length: later(integer(0, 65535), "Most bytes of the answer.", {
    default: "255",
    classic: "UDP_CHECK max length {value} not valid - must be between 0 & 65535",
  }),
} as const;

export const fileKeywords = {
  track_file: later(text, "Name of a `track_file` block that stands before."),
  weight: later(words, "`N [reverse|noreverse]`: what the file's number is multiplied by.", {
    default: "the track_file's",
  }),
} as const;

export const bfdKeywords = {
  name: later(words, "Name of a `bfd_instance` block that stands before."),
  alpha: later(boolean, "The server counts as down until the session is up.", {
    default: "the real server's",
    classic: "Invalid alpha parameter {value}",
  }),
} as const;

const checker = (name: string, doc: string, keywords: KeywordTable): BlockSpec => ({
  name,
  doc,
  keywords,
});

const checkers = {
  HTTP_GET: checker("HTTP_GET", "Asks for pages over HTTP.", httpKeywords),
  SSL_GET: checker("SSL_GET", "Asks for pages over TLS.", httpKeywords),
  TCP_CHECK: checker("TCP_CHECK", "Connects over TCP.", commonKeywords),
  SMTP_CHECK: checker("SMTP_CHECK", "Greets a mail server.", smtpKeywords),
  DNS_CHECK: checker("DNS_CHECK", "Asks a name server.", dnsKeywords),
  MISC_CHECK: checker("MISC_CHECK", "Runs a command.", miscKeywords),
  UDP_CHECK: checker("UDP_CHECK", "Sends a datagram; nobody may refuse it.", udpKeywords),
  PING_CHECK: checker("PING_CHECK", "Sends an ICMP echo.", commonKeywords),
  FILE_CHECK: checker("FILE_CHECK", "Reads a number from a tracked file.", fileKeywords),
  BFD_CHECK: checker("BFD_CHECK", "Follows a BFD session.", bfdKeywords),
} as const;

export type CheckerKind = keyof typeof checkers;
export const checkerKinds = Object.keys(checkers) as readonly CheckerKind[];

const checkerRow = (kind: CheckerKind) =>
  later(block(checkers[kind]), checkers[kind].doc, { repeats: true });

/** The rows of a real server's checkers. */
export const checkerKeywords = {
  HTTP_GET: checkerRow("HTTP_GET"),
  SSL_GET: checkerRow("SSL_GET"),
  TCP_CHECK: checkerRow("TCP_CHECK"),
  SMTP_CHECK: checkerRow("SMTP_CHECK"),
  DNS_CHECK: checkerRow("DNS_CHECK"),
  MISC_CHECK: checkerRow("MISC_CHECK"),
  UDP_CHECK: checkerRow("UDP_CHECK"),
  PING_CHECK: checkerRow("PING_CHECK"),
  FILE_CHECK: checkerRow("FILE_CHECK"),
  BFD_CHECK: checkerRow("BFD_CHECK"),
} as const;
