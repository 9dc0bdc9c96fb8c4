// Settings of `global_defs` whose words have a form of their own: bits, lists, a host with a port, a
// number after a keyword. Each is checked as keepalived 2.2.7 checks it, with its own text.

import { parseIp } from "../base/ip.ts";
import type { Machine } from "../ports/machine.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import type { Token } from "./lexer.ts";
import type { Statement } from "./parser.ts";

type Check = (
  words: readonly Token[],
  report: (word: Token | undefined, message: string, classic: string, before?: string) => void,
  machine: Machine | undefined,
) => void;

/** Checks what the rows of `global_defs` cannot say; `statements`: the contents of every block. */
export function checkGlobalWords(
  statements: readonly Statement[],
  machine: Machine | undefined,
  sink: DiagnosticSink,
): void {
  for (const statement of statements) {
    const { keyword, words } = statement;
    if (keyword.text === "notification_email") reportNobody(statement, sink);
    if (keyword.text === "smtp_server" && words.length === 0) {
      sink.report("config/missing-value", keyword.span, {
        message: "`smtp_server` needs a host",
        note: "keepalived ends at once when it meets this",
        classic:
          "*** Configuration line starting `smtp_server` is missing a parameter after keyword `smtp_server` at word position 2",
      });
    }
    const check = Object.hasOwn(checks, keyword.text) ? checks[keyword.text] : undefined;
    if (check === undefined || words.length === 0 || statement.spec === undefined) continue;
    check(
      words,
      (word, message, classic, before) =>
        sink.report("config/value-type", (word ?? keyword).span, {
          message,
          classic,
          ...(before === undefined ? {} : { classicBefore: before }),
        }),
      machine,
    );
  }
}

/** keepalived means the line of the closing brace. */
function reportNobody({ keyword, body, close }: Statement, sink: DiagnosticSink): void {
  if (body === undefined || body.length > 0 || close === undefined) return;
  sink.report("config/empty-block", close, {
    message: `\`${keyword.text}\` names nobody`,
    classic: `Warning - empty ${keyword.text} block`,
  });
}

const umaskBit = /^I(R|W|X|RWX)(USR|GRP|OTH)$/;

const affinity =
  (process: string): Check =>
  (words, report) => {
    for (const word of words) {
      if (/^[0-9]+$/.test(word.text) && Number(word.text) <= 4095) continue;
      report(
        word,
        "a processor is a number from 0",
        `Invalid cpu_id:${/^[+-]?[0-9]/.test(word.text) ? Number.parseInt(word.text, 10) : 0} specified for ${process} process`,
        /^[+-]?[0-9]+$/.test(word.text) ? undefined : `invalid number '${word.text}'`,
      );
    }
  };

/** `[all] SECONDS`. */
const extraInterface =
  (keyword: string): Check =>
  (words, report) => {
    const time = words[0]?.text === "all" ? words[1] : words[0];
    if (time === undefined) {
      report(
        words[0],
        "a time in seconds is missing",
        `${keyword} specified without time - ignoring`,
      );
    } else if (!/^[0-9]+$/.test(time.text) || Number(time.text) < 1 || Number(time.text) > 86400) {
      report(
        time,
        `${keyword} must be between 1 and 86400 seconds`,
        `${keyword} '${time.text}' invalid - ignoring`,
        numberText(time.text, 1, 86400),
      );
    }
  };

const flushOnStop: Check = ([word], report) => {
  if (word !== undefined && word.text !== "VS")
    report(word, "only `VS` may follow", `Unknown lvs_flush_on_stop type ${word.text}`);
};

const checks: Readonly<Record<string, Check>> = {
  umask: ([word], report) => {
    const text = word?.text ?? "";
    if (/^[0-9]/.test(text)) {
      const value = Number(/^0[0-7]+$/.test(text) ? `0o${text}` : text);
      if (!(value <= 0o777)) report(word, "a umask has nine bits", `invalid umask value ${text}`);
      return;
    }
    const wrong = text.split("|").find((bit) => !umaskBit.test(bit));
    if (wrong !== undefined)
      report(word, `\`${wrong}\` is no umask bit`, `Unknown umask bit ${wrong}`);
  },
  vrrp_cpu_affinity: affinity("vrrp"),
  checker_cpu_affinity: affinity("checker"),
  bfd_cpu_affinity: affinity("bfd"),
  include_check: (words, report) => {
    const kinds = ["read", "match", "wildcard_match", "brace_match"];
    for (const word of words) {
      const kind = word.text.replace(/^[+-]/, "");
      if (!kinds.includes(kind))
        report(word, `\`${kind}\` is no check`, `Unknown include_check type '${kind}' - ignoring`);
    }
  },
  smtp_server: ([host, port], report, machine) => {
    const name = host?.text ?? "";
    const wrongPort =
      port !== undefined && !(/^[0-9]+$/.test(port.text) && Number(port.text) <= 65535);
    const unknown = parseIp(name) === undefined && machine?.hasHost?.(name) === false;
    if (!wrongPort && !unknown) return;
    report(
      unknown ? host : port,
      unknown ? `the mail server \`${name}\` is not known` : "a port is a number up to 65535",
      `Invalid smtp server ${name} ${port?.text ?? "25"}`,
      wrongPort ? `invalid number '${port.text}'` : undefined,
    );
  },
  smtp_connect_timeout: ([word], report) => {
    if (word !== undefined && /^\+?0+$/.test(word.text))
      report(word, "0 is taken for 1", "smtp_conect_timeout must be greater than 0, setting to 1");
  },
  vrrp_garp_extra_if: extraInterface("vrrp_garp_extra_if"),
  vrrp_vmac_garp_intvl: extraInterface("vrrp_vmac_garp_intvl"),
  vrrp_rx_bufs_policy: (words, report) => {
    for (const word of words) {
      if (/^(MTU|ADVERT)$/i.test(word.text)) continue;
      if (/^[0-9]+$/.test(word.text) && Number(word.text) < 2 ** 32) continue;
      report(
        word,
        "the policy is MTU, ADVERT or a number of bytes",
        `Invalid vrrp_rx_bufs_policy ${word.text}`,
        `invalid number '${word.text}'`,
      );
    }
  },
  snmp_socket: (words, report) => {
    if (words.length > 1)
      report(
        words[1],
        "a socket is one word",
        "Too many parameters specified for snmp_socket - ignoring",
      );
  },
  lvs_timeouts: (words, report) => {
    if (words.length < 2) {
      report(words[0], "a name and seconds", "lvs_timeouts requires at least one option");
      return;
    }
    for (let i = 0; i < words.length; i++) {
      const word = words[i];
      if (/^(tcp|tcpfin|udp)$/.test(word?.text ?? "")) i++;
      else
        report(
          word,
          `\`${word?.text}\` is no timeout`,
          `Unknown option ${word?.text} specified for lvs_timeouts`,
        );
    }
  },
  lvs_flush_on_stop: flushOnStop,
  lvs_flush_onstop: flushOnStop,
};

/** keepalived's words for a number without a sign that is none, or is outside its range. */
function numberText(word: string, min: number, max: number): string {
  if (!/^[+-]?[0-9]+$/.test(word)) return `invalid number '${word}'`;
  if (word.startsWith("-")) return `negative number '${word}'`;
  return Number(word) >= 2 ** 32
    ? `number '${word}' outside unsigned integer range`
    : `number '${word}' outside range [${min}, ${max}]`;
}
