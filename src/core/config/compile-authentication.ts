// The `authentication` block of an instance to its model. Passwords are bytes on the wire, so a text
// is cut after 8 bytes of UTF-8, not after 8 characters, and the model holds one character per byte.

import { isStrict } from "./compile-strict.ts";
import { valueFix } from "./fix.ts";
import type { InstanceContext } from "./instance-context.ts";
import type { NotRunInstance } from "./model.ts";
import type { Statement } from "./parser.ts";
import { authenticationKeywords, authHmacKeywords } from "./schema/vrrp-instance.ts";
import { Settings } from "./settings.ts";

const passwordLengthMax = 8;

/** AH cannot be run yet; whoever gets it keeps the instance out. */
export function readAuthentication(
  context: InstanceContext,
  version: 2 | 3,
): NotRunInstance["authentication"] {
  const { settings: instance, sink, name } = context;
  checkHmac(context);
  const blocks = instance.all("authentication");
  const block = blocks.at(-1);
  if (block === undefined) return { kind: "none" };
  const body = blocks.flatMap(({ statement }): readonly Statement[] => statement.body ?? []);
  const settings = new Settings(authenticationKeywords, body, sink, name);
  const type = settings.last("auth_type");
  const given = settings.last("auth_pass");
  const password = given === undefined ? undefined : cutPassword(given.value);
  if (given !== undefined && password?.cut === true) {
    const word = given.statement.words[0] ?? given.statement.keyword;
    sink.report("instance/password-cut", word.span, {
      message: `a VRRP password has at most ${passwordLengthMax} bytes`,
      note: "the rest is cut off; the other routers must cut it, too",
      classic: `Truncating auth_pass to ${passwordLengthMax} characters`,
    });
  }
  if (type === undefined) return { kind: "none" };
  if (isStrict(context)) {
    sink.report("instance/strict", block.statement.keyword.span, {
      message: "strict mode has no authentication; it is ignored",
      classic: `(${name}) Strict mode does not support authentication. Ignoring.`,
      unplaced: true,
    });
    return { kind: "none" };
  }
  if (version === 3) {
    sink.report("instance/authentication-ignored", block.statement.keyword.span, {
      message: "VRRPv3 has no authentication; it is ignored",
      note: "use `version 2` with all routers of the group, or remove the block",
      classic: `(${name}) VRRP version 3 does not support authentication. Ignoring.`,
    });
    return { kind: "none" };
  }
  if (password === undefined || password.text === "") {
    if (settings.attempt("auth_pass") === undefined) {
      sink.report("instance/no-password", block.statement.keyword.span, {
        message: "there is no auth_pass, so nothing is authenticated",
        classic: `(${name}) Authentication specified but no password given. Ignoring`,
      });
    }
    return { kind: "none" };
  }
  if (type.value === "PASS") return { kind: "pass", password: password.text };
  sink.report("instance/authentication-not-implemented", type.statement.keyword.span, {
    message: "`auth_type AH` is not implemented yet",
    note: `${name} is left out, since it would not be heard by its peers`,
    ...valueFix(type.statement, "PASS", false),
  });
  return { kind: "ah", password: password.text };
}

/** Signing is not acted on yet; what is said about it is read, so that mistakes are told now. */
function checkHmac({ settings, sink, name }: InstanceContext): void {
  const blocks = settings.all("auth_hmac");
  const body = blocks.flatMap(({ statement }): readonly Statement[] => statement.body ?? []);
  // Its own message covers the keywords inside.
  new Settings(authHmacKeywords, body, sink, name, true);
}

/** The first 8 bytes of the UTF-8 text, as one character for each byte. */
function cutPassword(text: string): { readonly text: string; readonly cut: boolean } {
  const bytes = utf8Bytes(text);
  return { text: bytes.slice(0, passwordLengthMax), cut: bytes.length > passwordLengthMax };
}

/** The UTF-8 bytes of a text, each as one character; half a surrogate pair becomes U+FFFD. */
function utf8Bytes(text: string): string {
  const wellFormed = text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    "\ufffd",
  );
  return encodeURIComponent(wellFormed).replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
