// `npm run bench`: prepares the machine as `npm test` does, then measures Understudy and keepalived
// side by side. Options are bench/main.ts's. Without keepalived there is nothing to measure against,
// and nothing is written.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { installPeers } from "./peers.mjs";
import { setUp } from "./setup.mjs";

setUp();
const missing = installPeers(["keepalived", "tcpdump", "ip"]);
if (missing.length > 0) {
  process.stderr.write(`understudy: no measurements without ${missing.join(", ")}\n`);
  process.exitCode = 1;
} else {
  const main = fileURLToPath(new URL("../dist/bench/main.js", import.meta.url));
  const done = spawnSync(process.execPath, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exitCode = done.status ?? 1;
}
