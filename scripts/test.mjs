// Runs the tests: `node scripts/test.mjs [GROUP] [PATH-PART...] [--rewrite] [--seed N] [--count N]`.
// Prepares the checkout first (setup.mjs, peers.mjs), so that it is the only command that a fresh
// machine needs. Every file is a process of its own; what can disturb nothing runs side by side, what
// measures time runs alone. The last line is `N passed, N failed`, the exit code is 0 only when
// something passed and nothing failed.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { installPeers } from "./peers.mjs";
import { setUp } from "./setup.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tests = join(root, "dist", "test");

/** Folders of test/, how many files at once, and whether namespaces are made. */
const groups = {
  pure: {
    folders: ["unit", "conformance", "property", "config", "sim", "regressions", "tidy"],
    atOnce: availableParallelism(),
  },
  contract: { folders: ["contract"], atOnce: 1, privileged: true },
  netns: { folders: ["netns"], atOnce: 1, privileged: true, loud: true },
  interop: { folders: ["interop"], atOnce: 1, privileged: true, loud: true },
  swarm: { folders: ["sim"], atOnce: 1, loud: true, timeoutMs: 3_600_000 },
};

/** What the words of the command line run. */
const selections = {
  all: ["lint", "pure", "contract", "netns", "interop"],
  check: ["lint", "pure", "contract"],
  netns: ["netns"],
  interop: ["interop"],
  swarm: ["swarm"],
};

const fileTimeoutMs = 240_000;
const total = { passed: 0, failed: 0, skipped: 0 };
const notRun = [];
const problems = [];

async function main() {
  const { selection, parts, env } = parseArguments(process.argv.slice(2));
  setUp();
  if (selection !== "check" && selection !== "swarm") installPeers();
  const scratch = mkdtempSync(join(tmpdir(), "understudy-test-"));
  try {
    for (const name of selections[selection]) {
      if (name === "lint") lint();
      else await runGroup(name, groups[name], { parts, env, scratch });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  summarize();
}

function parseArguments(args) {
  const env = {};
  const parts = [];
  let selection;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--rewrite") env.UNDERSTUDY_REWRITE = "1";
    else if (arg === "--seed") env.UNDERSTUDY_SEED = args[++i];
    else if (arg === "--count") env.UNDERSTUDY_COUNT = args[++i];
    else if (selection === undefined && arg in selections) selection = arg;
    else parts.push(arg.replace(/\.ts$/, ""));
  }
  selection ??= "all";
  if (selection === "swarm" && env.UNDERSTUDY_SEED === undefined) env.UNDERSTUDY_COUNT ??= "3000";
  return { selection, parts, env };
}

/** Biome's word on format and lint counts as one test. */
function lint() {
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  const done = spawnSync(process.execPath, [biome, "check", "--colors=off", "."], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  if (done.status === 0) total.passed++;
  else fail("lint", "biome check", `${done.stdout}${done.stderr}`.trim());
  say(`lint: ${done.status === 0 ? "clean" : "not clean"}`);
}

async function runGroup(name, group, options) {
  const files = group.folders
    .flatMap((folder) => testFilesIn(join(tests, folder)))
    .filter((file) => options.parts.every((part) => relative(tests, file).includes(part)));
  if (files.length === 0) return;
  const prefix = group.privileged ? privilegedPrefix() : [];
  if (prefix === undefined && group.loud) {
    for (const file of files) {
      notRun.push({ file: relative(tests, file), name: "all of it", reason: noPrivilege });
      total.skipped++;
    }
    return;
  }
  const before = { ...total };
  const started = performance.now();
  const waiting = [...files];
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      await runFile(file, prefix ?? [], group, options);
  };
  await Promise.all(Array.from({ length: group.atOnce }, worker));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const count = (key) => total[key] - before[key];
  say(`${name}: ${count("passed")} passed, ${count("failed")} failed in ${seconds} s`);
}

const noPrivilege = "needs root, or a kernel that lets users make namespaces";

/** What to put before a command that makes namespaces; undefined where that cannot be. */
function privilegedPrefix() {
  if (process.getuid?.() === 0) return [];
  const prefix = ["unshare", "--user", "--map-root-user", "--net", "--mount"];
  if (spawnSync(prefix[0], [...prefix.slice(1), "true"]).status !== 0) return undefined;
  return [...prefix, "env", "UNDERSTUDY_USER_NAMESPACE=1"];
}

/** Runs one compiled test file and adds up what its tests say. */
async function runFile(file, prefix, group, { env, scratch }) {
  const name = relative(tests, file).replace(/\.js$/, ".ts");
  const report = join(scratch, `${name.replaceAll("/", "-")}.jsonl`);
  const started = performance.now();
  const { code, signal, output } = await execute(
    [
      ...prefix,
      process.execPath,
      "--enable-source-maps",
      `--test-reporter=${join(root, "scripts", "test-reporter.mjs")}`,
      `--test-reporter-destination=${report}`,
      file,
    ],
    env,
    group.timeoutMs ?? fileTimeoutMs,
  );
  const lines = existsSync(report) ? readFileSync(report, "utf8").split("\n") : [];
  const results = lines.filter((line) => line !== "").map((line) => JSON.parse(line));
  const failed = results.filter((test) => !test.passed && !test.onlyChildrenFailed);
  for (const test of results) count(name, test);
  if (failed.length > 0 && output.trim() !== "") problems.push(`  output of ${name}:\n${output}`);
  if (results.length === 0) fail(name, "the file itself", output || "it has no tests");
  else if (code !== 0 && failed.length === 0) {
    fail(name, "the file itself", `ended with ${code ?? signal}\n${output}`);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (group.loud) say(`  ${failed.length === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
}

function count(file, test) {
  if (test.onlyChildrenFailed) return;
  if (!test.passed) fail(file, test.name, test.error ?? "");
  else if (test.skip === undefined || test.skip === false) total.passed++;
  else if (typeof test.skip !== "string") fail(file, test.name, "skipped without a reason");
  else {
    total.skipped++;
    notRun.push({ file, name: test.name, reason: test.skip });
  }
}

/** Runs to the end or the time limit; the whole process group dies with it. */
function execute(command, env, timeoutMs) {
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), {
      cwd: root,
      env: { ...process.env, ...env, NODE_OPTIONS: "" },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    running.add(child);
    let output = "";
    const keep = (chunk) => {
      if (output.length < 100_000) output += chunk;
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const limit = setTimeout(() => {
      keep(`took longer than ${timeoutMs / 1000} s\n`);
      stop(child, "SIGTERM");
    }, timeoutMs);
    const lastResort = setTimeout(() => stop(child, "SIGKILL"), timeoutMs + 5_000);
    child.on("close", (code, signal) => {
      clearTimeout(limit);
      clearTimeout(lastResort);
      running.delete(child);
      resolve({ code, signal, output });
    });
  });
}

const running = new Set();

function stop(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

function testFilesIn(folder) {
  if (!existsSync(folder)) return [];
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...testFilesIn(path));
    else if (entry.name.endsWith(".test.js") && hasSource(path)) found.push(path);
  }
  return found.sort();
}

/** dist/ may still hold what was compiled from a file that is gone. */
const hasSource = (path) =>
  existsSync(join(root, "test", relative(tests, path).replace(/\.js$/, ".ts")));

function fail(file, name, error) {
  total.failed++;
  problems.push(`FAILED ${file}: ${name}\n${error.replace(/^/gm, "    ")}\n`);
}

function summarize() {
  for (const problem of problems) process.stdout.write(`\n${problem}`);
  if (notRun.length > 0) say("\nNot run:");
  for (const { file, name, reason } of notRun) say(`  ${file}: ${name}: ${reason}`);
  if (total.passed + total.failed === 0) say("No test matches.");
  const skips = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  say(`\n${total.passed} passed, ${total.failed} failed${skips}`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    for (const child of running) stop(child, "SIGTERM");
    process.exit(130);
  });
}

await main();
