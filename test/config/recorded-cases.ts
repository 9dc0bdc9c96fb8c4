// Small configurations of virtual servers with what keepalived 2.2.7 said about each, from
// virtual-servers/recorded.txt. The text of a case is put into the smallest configuration around it.

import { readFileSync } from "node:fs";
import { sourceFolder } from "./config-text.ts";

export type RecordedCase = {
  /** The place and what stands there, as in the file. */
  readonly name: string;
  readonly text: string;
  readonly exit: number;
  /** `(Line N) ...`, or without a place. */
  readonly lines: readonly string[];
};

const head = "lb_algo rr\nlb_kind NAT\nprotocol TCP\n";
const service = (inside: string) => `virtual_server 192.0.2.9 80 {\n${head}${inside}\n}\n`;
const server = (inside: string) => `real_server 192.0.2.20 80 {\n${inside}\n}`;
const emptyServer = "real_server 192.0.2.20 80 {\n}";

/** A case as a whole file. */
export function textOfCase(name: string): string {
  const at = name.indexOf(" ");
  const place = at < 0 ? name : name.slice(0, at);
  const inside = (at < 0 ? "" : name.slice(at + 1)).replaceAll("|", "\n");
  if (place.startsWith("C:")) return service(server(`${place.slice(2)} {\n${inside}\n}`));
  switch (place) {
    case "V":
      return service(`${inside}\n${server("weight 1")}`);
    case "R":
      return service(server(inside));
    case "U":
      return service(server(`HTTP_GET {\nurl {\npath /\n${inside}\n}\n}`));
    case "H":
      return `virtual_server ${inside} {\n${head}${emptyServer}\n}\n`;
    case "G":
      return `virtual_server_group G {\n${inside}\n}\nvirtual_server group G {\n${head}${emptyServer}\n}\n`;
    default:
      return `${inside}\n`;
  }
}

/** Every case of the file. */
export function recordedCases(): readonly RecordedCase[] {
  const cases: { name: string; text: string; exit: number; lines: string[] }[] = [];
  for (const line of readFileSync(`${sourceFolder}virtual-servers/recorded.txt`, "utf8").split(
    "\n",
  )) {
    if (line === "" || line.startsWith("#")) continue;
    const last = cases.at(-1);
    if (!line.startsWith("  ")) {
      cases.push({ name: line, text: textOfCase(line), exit: Number.NaN, lines: [] });
    } else if (last !== undefined && Number.isNaN(last.exit)) last.exit = Number(line);
    else last?.lines.push(line.trim());
  }
  return cases;
}
