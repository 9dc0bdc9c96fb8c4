// What `--version` prints. Exporters and packaging scripts read keepalived's text: they expect its
// name and a 2.x version first and look for `--enable-json`; both are true of what we offer, and the
// same line says who we are.

import { readFileSync } from "node:fs";
import { release } from "node:os";

/** The keepalived release whose language and formats are followed. */
export const compatibleWith = "2.3.4";

/** Our own version, from package.json. */
export const version: string = readVersion();

export function versionText(): string {
  return [
    `Keepalived v${compatibleWith} compatible, Understudy v${version}`,
    "",
    `Running on Linux ${release()}, Node.js ${process.versions.node}`,
    "",
    "configure options: --enable-json",
    "",
    "Config options:  VRRP VRRP_AUTH JSON",
    "",
  ].join("\n");
}

function readVersion(): string {
  const packageFile = new URL("../../../../package.json", import.meta.url);
  const parsed: unknown = JSON.parse(readFileSync(packageFile, "utf8"));
  return typeof parsed === "object" && parsed !== null && "version" in parsed
    ? String(parsed.version)
    : "unknown";
}
