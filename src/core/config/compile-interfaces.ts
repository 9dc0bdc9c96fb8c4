// What a configuration says of interfaces as such, outside of instances: `garp_group`,
// `linkbeat_interfaces` and `interface_up_down_delays`, to the model.

import type { Microseconds } from "../base/time.ts";
import { microseconds } from "../base/time.ts";
import { namedBlock } from "./blocks.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import type { Token } from "./lexer.ts";
import type { GarpGroupModel, GroupsModel, InterfaceDelayModel } from "./model-groups.ts";
import type { Statement } from "./parser.ts";
import { garpGroupKeywords } from "./schema/groups.ts";

type InterfaceParts = Pick<GroupsModel, "garpGroups" | "polledInterfaces" | "interfaceDelays">;

/** `interfaces`: the names that exist, where they are known and must exist. */
export function compileInterfaces(
  statements: readonly Statement[],
  interfaces: ReadonlySet<string> | undefined,
  sink: DiagnosticSink,
): InterfaceParts {
  const lines = (keyword: string) =>
    statements.filter((each) => each.keyword.text === keyword).flatMap(({ body = [] }) => body);
  const taken = new Set<string>();
  return {
    garpGroups: statements
      .filter(({ keyword }) => keyword.text === "garp_group")
      .flatMap((statement) => garpGroup(statement, { interfaces, taken, sink }) ?? []),
    polledInterfaces: lines("linkbeat_interfaces").flatMap(
      (line) => polledInterface(line, interfaces, sink) ?? [],
    ),
    interfaceDelays: lines("interface_up_down_delays").flatMap(
      (line) => interfaceDelay(line, interfaces, sink) ?? [],
    ),
  };
}

function garpGroup(
  statement: Statement,
  {
    interfaces,
    taken,
    sink,
  }: {
    readonly interfaces: ReadonlySet<string> | undefined;
    readonly taken: Set<string>;
    readonly sink: DiagnosticSink;
  },
): GarpGroupModel | undefined {
  const { settings, dropped } = namedBlock(garpGroupKeywords, statement, "", sink);
  const garp = settings.value("garp_interval");
  const na = settings.value("gna_interval");
  const named = settings.all("interface").flatMap(({ statement: { words } }) => words.slice(0, 1));
  for (const { statement: list } of settings.all("interfaces")) {
    if ((list.body ?? []).length > 0) continue;
    sink.report("group/no-members", list.keyword.span, {
      message: "the list of interfaces is empty",
      ...(list.close === undefined ? {} : { classicAt: list.close }),
      classic: "Warning - empty garp_group interfaces block",
    });
  }
  const listed = settings
    .all("interfaces")
    .flatMap(({ statement: { body = [] } }) =>
      body.flatMap((line) => [line.keyword, ...line.words]),
    );
  const members: string[] = [];
  for (const word of [...named, ...listed]) {
    if (interfaces !== undefined && !interfaces.has(word.text)) {
      reportUnknown(
        word,
        sink,
        `WARNING - interface ${word.text} specified for garp_group doesn't exist`,
      );
    } else if (taken.has(word.text)) {
      sink.report("config/repeated", word.span, {
        message: `${word.text} is in a garp_group already`,
        classic: `garp_group already specified for ${word.text} - ignoring`,
      });
    } else members.push(word.text);
  }
  if (garp === undefined && na === undefined) {
    if (
      settings.attempt("garp_interval") === undefined &&
      settings.attempt("gna_interval") === undefined
    )
      dropped("group/no-members", {
        message: "a garp_group without garp_interval or gna_interval limits nothing",
        classic: "garp group 0 does not have any delay set - removing",
      });
    return undefined;
  }
  for (const member of members) taken.add(member);
  const zero = microseconds(0);
  return { interfaces: members, garpInterval: garp ?? zero, naInterval: na ?? zero };
}

function reportUnknown(word: Token, sink: DiagnosticSink, classic: string, testExit = 5): void {
  sink.report("interface/unknown", word.span, {
    message: `this machine has no interface \`${word.text}\``,
    note: "the line has no effect",
    classic,
    testExit,
  });
}

const polls = new Set(["MII", "ETHTOOL", "IOCTL"]);

/** `IF [MII|ETHTOOL|IOCTL]`. */
function polledInterface(
  line: Statement,
  interfaces: ReadonlySet<string> | undefined,
  sink: DiagnosticSink,
): string | undefined {
  const { text } = line.keyword;
  if (interfaces !== undefined && !interfaces.has(text)) {
    reportUnknown(
      line.keyword,
      sink,
      `unknown interface ${text} specified for linkbeat interface`,
      4,
    );
    return undefined;
  }
  const [way, more] = line.words;
  const extra = way !== undefined && !polls.has(way.text) ? way : more;
  if (extra !== undefined && way !== undefined) {
    sink.report("config/value-choice", extra.span, {
      message: "after a polled interface stands MII, ETHTOOL, IOCTL or nothing",
      classic: `extra characters ${way.text} in linkbeat interface`,
    });
  }
  return text;
}

const delayMax = 255;

/** `IF DOWN [UP]`, in seconds. */
function interfaceDelay(
  line: Statement,
  interfaces: ReadonlySet<string> | undefined,
  sink: DiagnosticSink,
): InterfaceDelayModel | undefined {
  const { text } = line.keyword;
  if (interfaces !== undefined && !interfaces.has(text)) {
    reportUnknown(line.keyword, sink, `unknown interface ${text} specified for up/down delay`, 4);
    return undefined;
  }
  const [down, up, extra] = line.words;
  if (down === undefined || extra !== undefined) {
    const few = down === undefined;
    sink.report("config/value-type", (extra ?? line.keyword).span, {
      message: few ? `no delay follows ${text}` : "an interface has two delays, down and up",
      note: few ? "the line has no effect" : "the rest of the line is ignored",
      // Only newer versions than 2.2 say so.
      testExit: 0,
    });
    if (few) return undefined;
  }
  const read = (word: Token | undefined): Microseconds | undefined => {
    if (word === undefined) return microseconds(0);
    const value = /^([0-9]+\.?[0-9]*|\.[0-9]+)$/.test(word.text) ? Number(word.text) : Number.NaN;
    if (value <= delayMax) return microseconds(Math.round(value * 1_000_000));
    sink.report(Number.isNaN(value) ? "config/value-type" : "config/value-range", word.span, {
      message: `a delay must be between 0 and ${delayMax} seconds`,
      classic: Number.isNaN(value)
        ? `invalid number '${word.text}'`
        : `number '${word.text}' outside range [0.000000, ${delayMax}.000000]`,
    });
    return undefined;
  };
  const downFor = read(down);
  const upFor = read(up);
  if (downFor === undefined || upFor === undefined) return undefined;
  return { interface: text, down: downFor, up: upFor };
}
