// `npm run bench`: Understudy and keepalived side by side in one run on the same virtual LAN, as whole
// processes; the table goes to bench/RESULTS.md. `--quick` makes it short and writes nothing.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release } from "node:os";
import { fileURLToPath } from "node:url";
import { type Bench, openBench } from "./bench.ts";
import { type ContenderName, contenders, inTurn } from "./contender.ts";
import { figure, median, onceMore, percentile } from "./numbers.ts";
import { measureAddresses, measureStart } from "./rows/addresses.ts";
import { type AdvertsRow, measureAdverts } from "./rows/adverts.ts";
import { measureLoad } from "./rows/load.ts";
import { instancesText, measureParse, type ParseRow, realServersText } from "./rows/parse.ts";
import { measureTakeover } from "./rows/takeover.ts";

type Row = { readonly what: string; readonly unit: string } & Readonly<
  Record<ContenderName, number>
> & {
    readonly note?: string;
  };

const quick = process.argv.includes("--quick");
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7);

const measurements: Readonly<Record<string, (bench: Bench) => Promise<readonly Row[]>>> = {
  takeover: takeoverRows,
  adverts: advertRows,
  addresses: addressRows,
  start: startRows,
  load: loadRows,
  parse: parseRows,
};

async function main(): Promise<void> {
  const bench = openBench();
  const rows: Row[] = [];
  const from = performance.now();
  const loadBefore = loadavg()[0] ?? Number.NaN;
  try {
    for (const [name, measure] of Object.entries(measurements)) {
      if (only !== undefined && only !== name) continue;
      process.stderr.write(`bench: ${name} ...\n`);
      const measured = await measure(bench);
      rows.push(...measured);
      process.stdout.write(`${tableOf(measured)}\n`);
    }
  } finally {
    bench.close();
  }
  if (!quick && only === undefined) {
    const file = fileURLToPath(new URL("../../bench/RESULTS.md", import.meta.url));
    const minutes = (performance.now() - from) / 60_000;
    writeFileSync(file, resultsPage(rows, { minutes, loadBefore }));
    process.stdout.write(`written to ${file}\n`);
  }
}

async function takeoverRows(bench: Bench): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const interval of [1, 0.1, 0.01]) {
    const rounds = quick ? 2 : interval === 1 ? 5 : 11;
    for (const { way, lateness } of await measureTakeover(bench, interval, rounds)) {
      const row = (fraction: number, name: string): Row => ({
        what: `take-over later than ideal, advert_int ${interval}, ${way}, ${name} of ${rounds}`,
        unit: "ms",
        understudy: percentile(lateness.understudy, fraction) / 1000,
        keepalived: percentile(lateness.keepalived, fraction) / 1000,
      });
      rows.push(row(0.5, "median"), row(1, "worst"));
    }
  }
  return rows;
}

async function advertRows(bench: Bench): Promise<readonly Row[]> {
  const rounds = quick ? 1 : 3;
  const measured: Record<ContenderName, AdvertsRow[]> = { understudy: [], keepalived: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of inTurn(round)) {
      measured[name].push(await measureAdverts(bench, name, 254, quick ? 5 : 15));
    }
  }
  const single: Partial<Record<ContenderName, AdvertsRow>> = {};
  for (const name of contenders) single[name] = await measureAdverts(bench, name, 1, 2);
  const row = (what: string, unit: string, of: (row: AdvertsRow) => number): Row => ({
    what,
    unit,
    understudy: median(measured.understudy.map(of)),
    keepalived: median(measured.keepalived.map(of)),
  });
  return [
    row("CPU per advert sent, 254 instances at 0.1 s", "us", (r) => r.cpuPerSent),
    row("CPU per advert received, 254 instances at 0.1 s", "us", (r) => r.cpuPerReceived),
    row("advert jitter p50", "ms", (r) => r.jitter.p50 / 1000),
    row("advert jitter p99", "ms", (r) => r.jitter.p99 / 1000),
    row("advert jitter p99.9", "ms", (r) => r.jitter.p999 / 1000),
    row("memory (PSS, all processes), 254 instances, master", "MB", (r) => r.memory),
    {
      what: "memory (PSS, all processes), 1 instance, master",
      unit: "MB",
      understudy: single.understudy?.memory ?? Number.NaN,
      keepalived: single.keepalived?.memory ?? Number.NaN,
    },
  ];
}

async function addressRows(bench: Bench): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const count of [1000, 5000]) {
    const announced: Record<ContenderName, number[]> = { understudy: [], keepalived: [] };
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      for (const name of inTurn(round)) {
        const row = await onceMore(() => measureAddresses(bench, name, count));
        announced[name].push(row.announced);
      }
    }
    rows.push({
      what: `first advert until ${count} addresses are in the kernel and announced, median of ${quick ? 1 : 5}`,
      unit: "ms",
      understudy: median(announced.understudy) / 1000,
      keepalived: median(announced.keepalived) / 1000,
    });
  }
  return rows;
}

async function startRows(bench: Bench): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const rounds = quick ? 1 : 5;
  for (const instances of [1, 254]) {
    const first: Record<ContenderName, number[]> = { understudy: [], keepalived: [] };
    for (let round = 0; round < rounds; round++) {
      for (const name of inTurn(round)) {
        first[name].push((await onceMore(() => measureStart(bench, name, instances))).all);
      }
    }
    rows.push({
      what: `exec until the first advert of ${instances === 1 ? "the instance" : `all ${instances} instances`}, median of ${rounds}`,
      unit: "ms",
      understudy: median(first.understudy) / 1000,
      keepalived: median(first.keepalived) / 1000,
    });
  }
  return rows;
}

async function loadRows(bench: Bench): Promise<readonly Row[]> {
  const duration = quick ? 10 : 60;
  const spurious = await measureLoad(bench, 0.1, duration);
  return [
    {
      what: `spurious take-overs in ${duration} s with every core busy, advert_int 0.1`,
      unit: "",
      ...spurious,
    },
  ];
}

/** Three sizes of each file, so that growth can be seen. */
async function parseRows(bench: Bench): Promise<readonly Row[]> {
  const files: (readonly [string, string])[] = [];
  for (const count of [100, 1_000, 10_000])
    files.push([`${count} instances`, instancesText(count)]);
  for (const lines of [1_000, 10_000, 100_000])
    files.push([`a virtual server of ${lines} lines`, realServersText(lines)]);
  const rows: Row[] = [];
  for (const [what, text] of files) {
    const measured: Record<ContenderName, ParseRow[]> = { understudy: [], keepalived: [] };
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      for (const name of contenders) measured[name].push(await measureParse(bench, name, text));
    }
    const row = (of: string, unit: string, pick: (row: ParseRow) => number): Row => ({
      what: `-t, ${what}, ${of}`,
      unit,
      understudy: median(measured.understudy.map(pick)),
      keepalived: median(measured.keepalived.map(pick)),
    });
    rows.push(row("whole process", "ms", ({ time }) => time));
    rows.push(row("peak memory", "MB", ({ memory }) => memory));
  }
  return rows;
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, unit, understudy, keepalived }) => {
    const ratio = keepalived === 0 ? "-" : figure(understudy / keepalived);
    return `| ${what} | ${unit} | ${figure(understudy)} | ${figure(keepalived)} | ${ratio} |`;
  });
  return lines.join("\n");
}

type Circumstances = { readonly minutes: number; readonly loadBefore: number };

function resultsPage(rows: readonly Row[], { minutes, loadBefore }: Circumstances): string {
  const version = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  ).version;
  return `# Understudy beside keepalived

Made by \`npm run bench\` in ${figure(minutes, 0)} minutes: both daemons as whole processes, in one run, on one
virtual LAN (a bridge and veth pairs in network namespaces). Times come from the kernel's stamps of
a capture on the bridge; the ratio is Understudy over keepalived. How each row is measured, and how
to read it: [README.md](README.md).

- Machine: ${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, Linux ${release()}; load average before the run ${figure(loadBefore)}
- Understudy ${version} on Node.js ${process.versions.node}
- ${keepalivedVersion()}

| what | unit | Understudy | keepalived | ratio |
|---|---|---|---|---|
${tableOf(rows)}
`;
}

/** keepalived prints its version on standard error. */
function keepalivedVersion(): string {
  const { stderr } = spawnSync("keepalived", ["-v"], { encoding: "utf8" });
  return stderr.split("\n")[0] ?? "keepalived";
}

await main();
