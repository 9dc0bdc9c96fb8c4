// `HTTP_GET` and `SSL_GET` to their model: the pages to ask for, each with what makes its answer right.
// A page without a path is left out, and so is a check without a page.

import type { DiagnosticSink } from "./diagnostics.ts";
import type { Token } from "./lexer.ts";
import { blockPlace } from "./lvs-context.ts";
import type { HttpCheckModel, UrlModel } from "./model-virtual-server.ts";
import type { Statement } from "./parser.ts";
import type { httpKeywords } from "./schema/checkers.ts";
import { urlKeywords } from "./schema/checkers.ts";
import { Settings } from "./settings.ts";

const digestLength = 32;
const statusMin = 100;
const statusMax = 599;

/** Undefined when there is no page to ask for. */
export function compileHttpCheck(
  kind: "http" | "https",
  statement: Statement,
  settings: Settings<typeof httpKeywords>,
  sink: DiagnosticSink,
): HttpCheckModel | undefined {
  const urls = settings.all("url").flatMap((each) => compileUrl(each.statement, sink) ?? []);
  if (urls.length === 0) {
    const { span, classicAt } = blockPlace(statement);
    sink.report("check/incomplete", span, {
      message: `${statement.keyword.text} needs a \`url\` with a path`,
      note: "the check is left out",
      classic: "HTTP/SSL_GET checker has no urls specified - ignoring",
      classicAt,
    });
    return undefined;
  }
  const virtualHost = settings.value("virtualhost");
  const version = settings.value("http_protocol");
  return {
    kind,
    urls,
    ...(virtualHost === undefined ? {} : { virtualHost }),
    httpProtocol: version === "1.1" || version === "1.0C" ? version : "1.0",
    serverNameIndication: settings.value("enable_sni") === true,
    fastRecovery: settings.value("fast_recovery") === true,
  };
}

function compileUrl(statement: Statement, sink: DiagnosticSink): UrlModel | undefined {
  const settings = new Settings(urlKeywords, statement.body ?? [], sink);
  const digests = readDigests(settings, sink);
  const statusCodes = settings
    .all("status_code")
    .flatMap((each) => each.statement.words.flatMap((word) => readStatus(word, sink)));
  const path = settings.value("path");
  if (path === undefined) {
    const { span, classicAt } = blockPlace(statement);
    sink.report("check/incomplete", span, {
      message: "a `url` needs a `path`",
      note: "it is left out",
      classic: "HTTP/SSL_GET checker url has no path - ignoring",
      classicAt,
    });
    return undefined;
  }
  const virtualHost = settings.value("virtualhost");
  const pattern = settings.value("regex")?.command;
  return {
    path,
    digests,
    statusCodes: statusCodes.length === 0 ? [[200, 299]] : statusCodes,
    ...(virtualHost === undefined ? {} : { virtualHost }),
    ...(pattern === undefined || pattern === "" ? {} : { pattern }),
    patternMustFail: settings.value("regex_no_match") === true,
  };
}

function readDigests(
  settings: Settings<typeof urlKeywords>,
  sink: DiagnosticSink,
): readonly string[] {
  const digests = new Set<string>();
  for (const { statement } of settings.all("digest")) {
    const [word] = statement.words;
    if (word === undefined) continue;
    const wrong = wrongDigest(word.text, digests);
    if (wrong === undefined) digests.add(word.text.toLowerCase());
    else sink.report("check/value", word.span, wrong);
  }
  return [...digests];
}

function wrongDigest(
  word: string,
  before: ReadonlySet<string>,
): { readonly message: string; readonly classic: string } | undefined {
  if (word.length !== digestLength) {
    return {
      message: `an MD5 digest has ${digestLength} hexadecimal digits, not ${word.length}`,
      classic: `digest '${word}' character length should be ${digestLength} rather than ${word.length}`,
    };
  }
  const at = word.search(/[^0-9a-fA-F]/);
  if (at >= 0) {
    const pair = at - (at % 2);
    // keepalived reads two digits at a time from the end, and has cut off those behind.
    return {
      message: `\`${word[at]}\` is no hexadecimal digit`,
      classic: `Unable to interpret hex digit in '${word.slice(0, pair + 2)}' at offset ${pair}/${pair + 1}`,
    };
  }
  if (!before.has(word.toLowerCase())) return undefined;
  return { message: "this digest was given before", classic: `Digest '${word}' is a duplicate` };
}

/** `N` or `N-M`. */
function readStatus(word: Token, sink: DiagnosticSink): readonly (readonly [number, number])[] {
  const parts = /^([0-9]+)(?:-([0-9]+))?$/.exec(word.text);
  const first = Number(parts?.[1]);
  const last = Number(parts?.[2] ?? parts?.[1]);
  if (parts !== null && first >= statusMin && last <= statusMax && first <= last)
    return [[first, last]];
  sink.report("check/value", word.span, {
    message: `a status is a number from ${statusMin} to ${statusMax}, or a range of them`,
    classic: `Invalid HTTP_GET status code '${word.text}'`,
  });
  return [];
}
