// `virtual_server_group NAME { }` to its model: lines with addresses, ranges of addresses and firewall
// marks. A line that cannot be read is left out, a group without any line is removed.

import { familyOf } from "../base/ip.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import { blockPlace } from "./lvs-context.ts";
import type { ServiceEntry, VirtualServerGroupModel } from "./model-virtual-server.ts";
import type { Statement } from "./parser.ts";
import { readPort, readRange } from "./service-address.ts";
import { integerRangeText } from "./values.ts";

const markMax = 4_294_967_295;

/** The group, unless it has no name or nothing is left of it. */
export function compileServiceGroup(
  statement: Statement,
  sink: DiagnosticSink,
): VirtualServerGroupModel | undefined {
  const [name, extra] = statement.words;
  const { keyword } = statement;
  if (name === undefined || extra !== undefined) {
    sink.report("config/missing-value", (extra ?? keyword).span, {
      message: `\`${keyword.text}\` needs a name, which is one word`,
      note: "keepalived ends at once when it meets this",
      classic:
        name === undefined
          ? `*** Configuration line starting \`${keyword.text}\` is missing a parameter after keyword \`${keyword.text}\` at word position 2`
          : "*** Configuration line starting `***MISSING ***` is missing a parameter at word position 1",
    });
    return undefined;
  }
  const entries = (statement.body ?? []).flatMap((line) => readEntry(line, name.text, sink) ?? []);
  const wrong = wrongGroup(name.text, entries);
  if (wrong === undefined) return { name: name.text, entries };
  const { span, classicAt } = blockPlace(statement);
  sink.report("lvs/empty-group", span, { ...wrong, classicAt, note: "it is removed" });
  return undefined;
}

function wrongGroup(
  name: string,
  entries: readonly ServiceEntry[],
): { readonly message: string; readonly classic: string } | undefined {
  if (entries.length === 0) {
    return {
      message: `the group ${name} has no entries`,
      classic: `virtual server group ${name} has no entries - removing`,
    };
  }
  const families = new Set(entries.flatMap(familyOfEntry));
  const openMark = entries.some((each) => each.kind === "fwmark" && each.family === undefined);
  if (families.size < 2 || !openMark) return undefined;
  return {
    message: `${name} has both families, so its firewall marks must say which is theirs`,
    classic: `virtual server group ${name} cannot have IPv4, IPv6 and fwmark without family - removing`,
  };
}

/** The family of an address or a range; of a mark, the one it names. */
export const familyOfEntry = (entry: ServiceEntry) => {
  if (entry.kind === "fwmark") return entry.family === undefined ? [] : [entry.family];
  return [familyOf(entry.kind === "range" ? entry.first : entry.address)];
};

function readEntry(line: Statement, group: string, sink: DiagnosticSink): ServiceEntry | undefined {
  if (line.keyword.text === "fwmark") return readMark(line, group, sink);
  const { text, span } = line.keyword;
  const [portWord] = line.words;
  const range = readRange(text);
  const classic = `Invalid virtual server group IP address ${text} ${portWord === undefined ? "" : `/port/${portWord.text}`} - skipping`;
  if (range === undefined) {
    sink.report("lvs/address", span, {
      message: `\`${text}\` is no address, range of addresses, network or \`fwmark\``,
      note: "the line is skipped",
      classic,
    });
    return undefined;
  }
  if (range.kind === "wrong") {
    sink.report("lvs/range", span, {
      message: range.message,
      note: "the line is skipped",
      classic: range.classic,
    });
    return undefined;
  }
  const port = readPort(portWord?.text);
  if (port.kind === "wrong") {
    sink.report("lvs/address", portWord?.span ?? span, {
      message: "the port must be between 1 and 65535, or 0 for any",
      note: "the line is skipped",
      classicBefore: port.classic,
      classic,
    });
    return undefined;
  }
  const { first, last } = range;
  return first === last
    ? { kind: "address", address: first, port: port.port }
    : { kind: "range", first, last, port: port.port };
}

/** `fwmark N [inet|inet6]`. */
function readMark(line: Statement, group: string, sink: DiagnosticSink): ServiceEntry | undefined {
  const [value, family] = line.words;
  if (value === undefined) {
    sink.report("config/missing-value", line.keyword.span, {
      message: "`fwmark` needs a number",
      note: "keepalived ends at once when it meets this",
      classic:
        "*** Configuration line starting `fwmark` is missing a parameter after keyword `fwmark` at word position 2",
    });
    return undefined;
  }
  const mark = readMarkNumber(value.text);
  if (mark.kind === "wrong") {
    sink.report("config/value-range", value.span, {
      message: `a firewall mark is a number from 0 to ${markMax}`,
      classicBefore: mark.classic,
      classic: `(${group}): fwmark '${value.text}' must be in [0, ${markMax}] - ignoring`,
    });
    return undefined;
  }
  if (family === undefined) return { kind: "fwmark", mark: mark.mark };
  if (family.text === "inet") return { kind: "fwmark", mark: mark.mark, family: "ipv4" };
  if (family.text === "inet6") return { kind: "fwmark", mark: mark.mark, family: "ipv6" };
  sink.report("config/value-choice", family.span, {
    message: "the family of a firewall mark is inet or inet6",
    note: "the line is skipped",
    classic: `(${group}): fwmark '${mark.mark}' family ${family.text} unknown - ignoring`,
  });
  return undefined;
}

export type MarkReading =
  | { readonly kind: "mark"; readonly mark: number }
  | { readonly kind: "wrong"; readonly classic: string };

/** A firewall mark, 32 bits. */
export function readMarkNumber(word: string): MarkReading {
  if (!/^[+-]?[0-9]+$/.test(word)) return { kind: "wrong", classic: `invalid number '${word}'` };
  const mark = Number(word);
  if (mark >= 0 && mark <= markMax && !word.startsWith("-")) return { kind: "mark", mark };
  return { kind: "wrong", classic: integerRangeText(word, mark, 0, markMax) };
}
