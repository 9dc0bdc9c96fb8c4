// `npm run fuzz -- [--seconds N] [--seed N]`: keepalived's verdicts against ours on generated and
// mutated configurations. Needs root and keepalived; options are test/interop/config-fuzz.ts's.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { installPeers } from "./peers.mjs";
import { setUp } from "./setup.mjs";

setUp();
installPeers();
const main = fileURLToPath(new URL("../dist/test/interop/config-fuzz.js", import.meta.url));
const done = spawnSync(process.execPath, [main, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = done.status ?? 1;
