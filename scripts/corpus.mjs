// `npm run corpus -- [DIR] [--table]`: how far `-t` agrees with keepalived over a folder of
// configurations. Builds first when needed; options are test/config/corpus/main.ts's.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

setUp();
const main = fileURLToPath(new URL("../dist/test/config/corpus/main.js", import.meta.url));
const done = spawnSync(process.execPath, [main, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = done.status ?? 1;
