// Makes a checkout ready to run: npm packages when they are missing or other than the lock file
// says, and dist/ when a source file is newer. Plain JavaScript with nothing but Node's own modules,
// because it runs before anything is installed. Silent when there is nothing to do.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs and builds what is missing or stale; ends the process with a clear line when it cannot. */
export function setUp() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) fail(`Node.js 20 or newer is needed; this is ${process.versions.node}`);
  if (!existsSync(join(root, "src"))) return; // an installed package: dist/ came with it
  installPackages();
  if (isStale()) build();
}

function installPackages() {
  if (packagesMatch()) return;
  say("installing npm packages ...");
  run("npm", ["ci"], "npm ci failed: is the npm registry reachable?");
}

/** Compares what npm says it installed with what the lock file asks for; times of files say nothing. */
function packagesMatch() {
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  const wanted = packagesOf(join(root, "package-lock.json"));
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === "") return true;
    const there = installed[path];
    return there === undefined ? optional === true : there.version === version;
  });
}

const packagesOf = (file) =>
  existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : undefined;

function build() {
  say("building ...");
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  run(process.execPath, [tsc, "-b"], "the build failed");
  writeFileSync(stampFile, "");
}

const stampFile = join(root, "dist", ".built");

/** True when a source or a compiler setting is newer than the last complete build. */
function isStale() {
  if (!existsSync(stampFile)) return true;
  const built = modified(stampFile);
  const settings = readdirSync(root).filter((name) => name.startsWith("tsconfig"));
  if (settings.some((name) => modified(join(root, name)) > built)) return true;
  return ["src", "test", "bench"].some((folder) => newestIn(join(root, folder)) > built);
}

function newestIn(folder) {
  if (!existsSync(folder)) return 0;
  let newest = modified(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestIn(path));
    else if (/\.(ts|tsx|json)$/.test(entry.name)) newest = Math.max(newest, modified(path));
  }
  return newest;
}

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function run(command, args, failure) {
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (done.status !== 0) fail(failure);
}

/** To standard error: what a command prints on standard output is its own. */
function say(text) {
  process.stderr.write(`understudy: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) setUp();
