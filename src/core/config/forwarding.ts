// How packets reach a server: `NAT`, `DR` or `TUN` with the kind of tunnel. keepalived keeps the method
// when it cannot read the words after it, and then tunnels as IP in IP.

import type { DiagnosticSink } from "./diagnostics.ts";
import { spellingFix } from "./fix.ts";
import type { Token } from "./lexer.ts";
import type { ForwardingModel } from "./model-virtual-server.ts";
import type { Statement } from "./parser.ts";
import { readPort } from "./service-address.ts";

const methods = { NAT: "nat", DR: "direct", TUN: "tunnel" } as const;
const checksums = { nocsum: "none", csum: "full", remcsum: "remote" } as const;
const tunnelTypes = ["ipip", "gre", "gue"] as const;

type Tunnel = Extract<ForwardingModel, { kind: "tunnel" }>;
type TunnelDraft = { -readonly [Key in keyof Tunnel]: Tunnel[Key] };

/** Undefined when the first word is no method; `whose` is how keepalived names the server. */
export function readForwarding(
  { keyword, words }: Statement,
  whose: "virtual" | "real" | "sorry",
  sink: DiagnosticSink,
): ForwardingModel | undefined {
  const [first, ...rest] = words;
  if (first === undefined) return undefined;
  const method = Object.hasOwn(methods, first.text)
    ? methods[first.text as keyof typeof methods]
    : undefined;
  if (method === undefined) {
    sink.report("lvs/forwarding", first.span, {
      message: `${keyword.text} must be NAT, DR or TUN`,
      ...spellingFix(first, Object.keys(methods), { before: keyword.text }),
      classic: `PARSER : unknown [${first.text}] routing method for ${whose} server.`,
    });
    return undefined;
  }
  const tunnel = readTunnel(rest, first, whose, sink);
  if (method !== "tunnel") return { kind: method };
  return tunnel ?? { kind: "tunnel", type: "ipip", checksum: "none" };
}

function readTunnel(
  words: readonly Token[],
  method: Token,
  whose: string,
  sink: DiagnosticSink,
): ForwardingModel | undefined {
  const tunnel: TunnelDraft = { kind: "tunnel", type: "ipip", checksum: "none" };
  const wrong = (word: Token, message: string, classic: string, before?: string) => {
    sink.report("lvs/forwarding", word.span, {
      message,
      classic,
      ...(before === undefined ? {} : { classicBefore: before }),
    });
    return undefined;
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? method;
    const value = words[i + 1];
    if (word.text === "type") {
      if (value === undefined)
        return wrong(word, "`type` needs a value", `Missing tunnel type for ${whose} server.`);
      const type = tunnelTypes.find((each) => each === value.text);
      const known = `Unknown tunnel type ${value.text} for ${whose} server.`;
      if (type === undefined) return wrong(value, "a tunnel is of ipip, gre or gue", known);
      tunnel.type = type;
      i++;
    } else if (word.text === "port") {
      if (value === undefined)
        return wrong(word, "`port` needs a value", `Missing port for ${whose} server gue tunnel.`);
      const reading = readPort(value.text);
      if (reading.kind === "wrong" || reading.port === 0) {
        const before =
          reading.kind === "wrong" ? reading.classic : "number '0' outside range [1, 65535]";
        const classic = `Invalid gue tunnel port ${value.text} for ${whose} server.`;
        return wrong(value, "the port must be between 1 and 65535", classic, before);
      }
      tunnel.port = reading.port;
      i++;
    } else if (Object.hasOwn(checksums, word.text)) {
      tunnel.checksum = checksums[word.text as keyof typeof checksums];
    } else {
      const classic = `Invalid tunnel option ${word.text} for ${whose} server.`;
      return wrong(word, `unknown word \`${word.text}\` of a tunnel`, classic);
    }
  }
  return checkTunnel(tunnel, (message, classic) => wrong(words.at(-1) ?? method, message, classic));
}

function checkTunnel(
  tunnel: TunnelDraft,
  wrong: (message: string, classic: string) => undefined,
): ForwardingModel | undefined {
  if ((tunnel.type === "gue") !== (tunnel.port !== undefined))
    return wrong(
      "a gue tunnel needs a port, and no other tunnel has one",
      "gue tunnels require port, otherwise cannot have port.",
    );
  if (tunnel.type === "ipip" && tunnel.checksum !== "none")
    return wrong("ipip has no checksum", "ipip tunnels do not support checksum option.");
  if (tunnel.type === "gre" && tunnel.checksum === "remote")
    return wrong(
      "gre has no remote checksum",
      "gre tunnels do not support remote checksum option.",
    );
  return tunnel;
}
