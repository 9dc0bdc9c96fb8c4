// Lines of `static_routes`, `virtual_routes`, `static_rules` and `virtual_rules`, in iproute2's words.
// A line with a mistake is left out; what keepalived changes about a good one is said.

import type { Family } from "../base/ip.ts";
import { familyOf, parseIp } from "../base/ip.ts";
import type { DiagnosticCode, DiagnosticSink, DiagnosticText } from "./diagnostics.ts";
import { spellingFix } from "./fix.ts";
import type { Token } from "./lexer.ts";
import type { RouteModel, RoutingOption, RuleModel } from "./model-routing.ts";
import type { Statement } from "./parser.ts";
import { statementSpan } from "./parser.ts";
import type { RoutingWord } from "./schema/routing.ts";
import { routeTypes, routeWords, ruleActions, ruleWords } from "./schema/routing.ts";

export type RoutingContext = {
  readonly sink: DiagnosticSink;
  /** Names of this machine's interfaces, where they must exist. */
  readonly interfaces?: ReadonlySet<string>;
  /** What rules without a preference get next; counts down over the whole configuration. */
  readonly preferences: { next: number };
};

/** Preferences of rules that do not say: counting down from here. */
export const firstPreference = 16384;

const ourProtocol = "18";

type Draft = { readonly options: RoutingOption[]; family: Family | undefined };

/** A route, or undefined when the line is left out. */
export function readRoute(line: Statement, context: RoutingContext): RouteModel | undefined {
  const { sink } = context;
  const words = [line.keyword, ...line.words];
  const draft: Draft = { options: [], family: undefined };
  let type = "unicast";
  let destination: string | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const { text } = word;
    // What follows them has a grammar of its own, which only the kernel knows in full.
    if (text === "nexthop" || text === "or" || text === "encap" || text === "as") {
      draft.options.push({
        word: text,
        value: words
          .slice(i + 1)
          .map((each) => each.text)
          .join(" "),
      });
      break;
    }
    if (text === "inet" || text === "inet6") draft.family = text === "inet" ? "ipv4" : "ipv6";
    else if (routeTypes.includes(text) && destination === undefined) type = text;
    else if (text === "default6") {
      // The former way to write `inet6 default`.
      draft.family = "ipv6";
      destination = "default";
    } else if (text === "to") continue;
    else if (Object.hasOwn(routeWords, text)) {
      const next = readOption(words, i, routeWords, draft, context, "VROUTE nexthop");
      if (next === undefined) return undefined;
      i = next;
    } else if (destination === undefined) {
      const found = prefixOf(text, draft);
      if (found === undefined) {
        reportUnknown(word, sink, [
          `VRRP parsed invalid IP ${text}. skipping IP...`,
          `unknown route keyword ${text}`,
        ]);
        return undefined;
      }
      destination = found;
    } else {
      reportUnknown(word, sink, [
        `VRRP parsed invalid IP ${text}. skipping IP...`,
        `unknown route keyword ${text}`,
      ]);
      return undefined;
    }
  }
  if (destination === undefined) {
    report(
      sink,
      "routing/line",
      line,
      "a route needs a destination",
      "Route must have a destination",
    );
    return undefined;
  }
  const family = draft.family ?? "ipv4";
  const full = destination === "default" ? (family === "ipv4" ? "0.0.0.0/0" : "::/0") : destination;
  return {
    family,
    type,
    destination: full,
    options: draft.options,
    tracked: isTracked(line, full, draft, sink),
  };
}

/** keepalived notices the removal of a route only on an interface, and only of its own protocol. */
function isTracked(
  line: Statement,
  destination: string,
  { options }: Draft,
  sink: DiagnosticSink,
): boolean {
  const has = (word: string) => options.some((each) => each.word === word);
  if (has("no_track")) return false;
  if (!has("dev")) {
    report(
      sink,
      "routing/not-tracked",
      line,
      "a route without `dev` cannot be tracked",
      `Warning - cannot track route ${destination} with no interface specified, not tracking`,
      "`no_track` says that this is meant",
    );
    return false;
  }
  reportProtocol(line, options, "Route", sink);
  return true;
}

function reportProtocol(
  line: Statement,
  options: readonly RoutingOption[],
  what: "Route" | "Rule",
  sink: DiagnosticSink,
): void {
  const protocol = options.find(({ word }) => word === "protocol")?.value;
  if (protocol === undefined || protocol === ourProtocol || protocol === "keepalived") return;
  report(
    sink,
    "routing/not-tracked",
    line,
    `a tracked ${what.toLowerCase()} has keepalived's own protocol, ${ourProtocol}`,
    `${what} cannot be tracked if protocol is not RTPROT_KEEPALIVED(18), resetting protocol`,
    "`no_track` keeps the protocol of the line",
  );
}

/** A rule, or undefined when the line is left out. */
export function readRule(line: Statement, context: RoutingContext): RuleModel | undefined {
  const { sink, preferences } = context;
  const words = [line.keyword, ...line.words];
  const draft: Draft = { options: [], family: undefined };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const { text } = word;
    if (text === "inet" || text === "inet6") draft.family = text === "inet" ? "ipv4" : "ipv6";
    else if (ruleActions.includes(text)) {
      if (!addAction(draft, text, word, sink)) return undefined;
    } else if (text === "type") continue;
    else if (Object.hasOwn(ruleWords, text)) {
      const isAction = text === "table" || text === "lookup" || text === "goto";
      if (isAction && hasAction(draft)) {
        reportActions(word, sink);
        return undefined;
      }
      const next = readOption(words, i, ruleWords, draft, context, "rule");
      if (next === undefined) return undefined;
      i = next;
    } else {
      reportUnknown(word, sink, [undefined, `Unknown rule option ${text}`]);
      return undefined;
    }
  }
  return finishRule(line, draft, sink, preferences);
}

const actionWords = new Set(["table", "goto", ...ruleActions]);
const hasAction = ({ options }: Draft): boolean =>
  options.some(({ word }) => actionWords.has(word));

function addAction(draft: Draft, action: string, word: Token, sink: DiagnosticSink): boolean {
  if (hasAction(draft)) {
    reportActions(word, sink);
    return false;
  }
  draft.options.push({ word: action, value: true });
  return true;
}

function reportActions(word: Token, sink: DiagnosticSink): void {
  sink.report("routing/line", word.span, {
    message: "a rule has one action only",
    note: "the line is left out",
    classic:
      "Cannot specify more than one of table/nop/goto/blackhole/prohibit/unreachable for rule",
  });
}

function finishRule(
  line: Statement,
  draft: Draft,
  sink: DiagnosticSink,
  preferences: { next: number },
): RuleModel | undefined {
  const { options } = draft;
  const said = (word: string) => options.find((each) => each.word === word)?.value;
  if (!hasAction(draft)) {
    report(
      sink,
      "routing/line",
      line,
      "a rule needs an action, such as `table`",
      "No action specified for rule - ignoring",
    );
    return undefined;
  }
  const given = said("preference");
  const target = said("goto");
  if (target !== undefined && (given === undefined || Number(given) >= Number(target))) {
    const classic =
      given === undefined
        ? `Invalid rule - goto target ${target} specified without preference`
        : `Invalid rule - preference ${given} >= goto target ${target}`;
    report(
      sink,
      "routing/line",
      line,
      "`goto` must lead to a rule with a higher preference",
      classic,
    );
    return undefined;
  }
  const suppresses = said("suppress_prefixlength") ?? said("suppress_ifgroup") ?? said("realms");
  if (suppresses !== undefined && said("table") === undefined) {
    report(
      sink,
      "routing/line",
      line,
      "this rule leads to no table",
      "suppressor/realm specified for non table action - skipping",
    );
    return undefined;
  }
  const preference = given === undefined ? preferences.next-- : Number(given);
  if (given === undefined) {
    report(
      sink,
      "routing/no-preference",
      line,
      `this rule says no preference; it gets ${preference}`,
      `Rule has no preference specified - setting to ${preference}. This is probably not what you want.`,
      "`preference N` says where among the rules it stands",
    );
  }
  const tracked = said("no_track") === undefined;
  if (tracked) reportProtocol(line, options, "Rule", sink);
  return { family: draft.family ?? "ipv4", options, preference, tracked };
}

/** Reads the word at `at` and its value; gives the place of the last word read. */
function readOption(
  words: readonly Token[],
  at: number,
  table: Readonly<Record<string, RoutingWord>>,
  draft: Draft,
  context: RoutingContext,
  what: "VROUTE nexthop" | "rule",
): number | undefined {
  const { sink } = context;
  const word = words[at];
  const spec = word === undefined ? undefined : table[word.text];
  if (word === undefined || spec === undefined) return undefined;
  const name = spec.alias ?? word.text;
  if (spec.value.type === "none") {
    draft.options.push({ word: name, value: true });
    return at;
  }
  if (word.text === "gw") {
    sink.report("config/deprecated", word.span, {
      message: "`gw` is deprecated",
      note: "use via instead",
      classic: '"gw" for routes is deprecated. Please use "via"',
    });
  }
  let end = at + 1;
  while (skipped(words[end]?.text, spec)) end++;
  const value = words[end];
  if (value === undefined) {
    sink.report("config/missing-value", word.span, {
      message: `\`${word.text}\` needs a value`,
      note: "keepalived ends at once when it meets this",
      classic: `*** Configuration line starting \`${words[0]?.text}\` is missing a parameter after keyword \`${word.text}\` at word position ${at + 2}`,
    });
    return undefined;
  }
  const refusal = refusalOf(value.text, spec, draft, context, what);
  if (refusal !== undefined) {
    const classic = refusal.classic ?? spec.classic;
    sink.report("routing/line", value.span, {
      message: `\`${value.text}\` cannot be the value of \`${word.text}\`${refusal.message}`,
      note: "the line is left out",
      ...(classic === undefined
        ? {}
        : { classic: classic.replace("{value}", value.text).replace("{word}", word.text) }),
      ...(refusal.before === undefined ? {} : { classicBefore: refusal.before }),
    });
    return undefined;
  }
  draft.options.push({ word: name, value: value.text });
  return end;
}

const skipped = (text: string | undefined, { lock, value }: RoutingWord): boolean =>
  (lock === true && text === "lock") ||
  (value.type === "address" && (text === "inet" || text === "inet6"));

type Refusal = { readonly message: string; readonly classic?: string; readonly before?: string };

/** Why a value is none, if it is none. */
function refusalOf(
  text: string,
  { value }: RoutingWord,
  draft: Draft,
  { interfaces }: RoutingContext,
  what: "VROUTE nexthop" | "rule",
): Refusal | undefined {
  switch (value.type) {
    case "integer":
      return integerRefusal(text, value.min, value.max);
    case "choice":
      return value.of.includes(text) ? undefined : { message: `: ${value.of.join(", ")}` };
    case "form":
      return value.form.test(text) ? undefined : { message: "" };
    case "table":
      return tableRefusal(text, what);
    case "interface":
      if (interfaces === undefined || interfaces.has(text)) return undefined;
      return {
        message: ", which this machine does not have",
        classic: `WARNING - interface ${text} for ${what} doesn't exist`,
      };
    case "address":
    case "prefix":
      return prefixRefusal(text, draft, what);
    default:
      return undefined;
  }
}

function integerRefusal(text: string, min: number, max: number): Refusal | undefined {
  const number = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return undefined;
  const before = Number.isNaN(number)
    ? text.startsWith("-")
      ? `negative number '${text}'`
      : `invalid number '${text}'`
    : `number '${text}' outside range [${min}, ${max}]`;
  return { message: `, which is ${min} to ${max}`, before };
}

/** iproute2's own names; others stand in files of the machine, which are not read. */
const tableNames = new Set(["main", "local", "default"]);

function tableRefusal(text: string, what: "VROUTE nexthop" | "rule"): Refusal | undefined {
  if (text === "0" && what === "rule") return { message: "", classic: "Table 0 is not valid" };
  if (/^[0-9]+$/.test(text) || tableNames.has(text)) return undefined;
  return { message: ", a number or main, local, default" };
}

function prefixRefusal(
  text: string,
  draft: Draft,
  what: "VROUTE nexthop" | "rule",
): Refusal | undefined {
  const before = draft.family;
  const found = prefixOf(text, draft);
  if (found !== undefined) return undefined;
  const family = familyOfPrefix(text);
  if (family !== undefined && before !== undefined && family !== before) {
    return {
      message: ": the line has addresses of both families",
      classic:
        what === "rule"
          ? "rule specification has mixed IPv4 and IPv6"
          : "Cannot mix IPv4 and IPv6 addresses for route",
    };
  }
  return {
    message: ", which is an address",
    before: `VRRP parsed invalid IP ${text}. skipping IP...`,
  };
}

function familyOfPrefix(text: string): Family | undefined {
  const [host = "", length] = text.split("/");
  const address = parseIp(host);
  if (address === undefined) return undefined;
  const family = familyOf(address);
  if (length === undefined) return family;
  const max = family === "ipv4" ? 32 : 128;
  return /^[0-9]{1,3}$/.test(length) && Number(length) <= max ? family : undefined;
}

/** A prefix of the line's family, which the first one decides. */
function prefixOf(text: string, draft: Draft): string | undefined {
  if (text === "default" || text === "any" || text === "all") return "default";
  const family = familyOfPrefix(text);
  if (family === undefined || (draft.family ?? family) !== family) return undefined;
  draft.family = family;
  return text.includes("/") ? text : `${text}/${family === "ipv4" ? 32 : 128}`;
}

function reportUnknown(
  word: Token,
  sink: DiagnosticSink,
  [before, classic]: readonly [string | undefined, string],
): void {
  sink.report("routing/line", word.span, {
    message: `\`${word.text}\` means nothing here`,
    note: "the line is left out",
    ...spellingFix(word, [...Object.keys(routeWords), ...Object.keys(ruleWords)], { safe: false }),
    ...(before === undefined ? {} : { classicBefore: before }),
    classic,
  });
}

function report(
  sink: DiagnosticSink,
  code: DiagnosticCode,
  line: Statement,
  message: string,
  classic: string,
  note = "the line is left out",
): void {
  const text: DiagnosticText = { message, note, classic };
  sink.report(code, statementSpan(line), text);
}
