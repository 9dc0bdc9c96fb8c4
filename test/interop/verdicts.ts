// keepalived's own verdict on many texts at once: `-t` on each in one private namespace with the
// interfaces eth0 and eth1, every run bounded, since keepalived hangs and crashes on some.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configTestExit, loadConfig } from "../../src/core/config/load.ts";
import { configFiles } from "../../src/host/daemon/config-files.ts";
import { thisMachine } from "../../src/host/daemon/machine.ts";

export type Compared = {
  readonly text: string;
  /** keepalived's exit status; 124 for a hang, above 128 for a crash. */
  readonly theirs: number;
  readonly ours: number;
  readonly theirMessages: readonly string[];
  readonly ourMessages: readonly string[];
};

const script = `hostname kcorpus; ip link set lo up; ip link add eth0 type veth peer name eth1
ip link set eth0 up; ip link set eth1 up; cd "$1"; shift
for f in "$@"; do
timeout -k 1 3 keepalived --no-syslog -i kcorpus --config-test="$f.log" -f "$f" </dev/null >/dev/null 2>&1
echo $?; done`;

/** Both verdicts on every text. */
export function compareVerdicts(texts: readonly string[]): readonly Compared[] {
  const folder = mkdtempSync(join(tmpdir(), "understudy-verdicts-"));
  try {
    const names = texts.map((text, i) => {
      writeFileSync(join(folder, `${i}.conf`), text);
      return `${i}.conf`;
    });
    const exits = spawnSync(
      "unshare",
      ["--mount", "--net", "--uts", "--pid", "--fork", "sh", "-c", script, "sh", folder, ...names],
      { encoding: "utf8", timeout: 5_000 * (texts.length + 1), maxBuffer: 1 << 26 },
    ).stdout.split("\n");
    return texts.map((text, i) => {
      const path = join(folder, `${i}.conf`);
      const log = existsSync(`${path}.log`) ? readFileSync(`${path}.log`, "utf8") : "";
      const interfaces = ["lo", "eth0", "eth1"];
      const machine = { ...thisMachine(), hasHost: (name: string) => name === "localhost" };
      const loaded = loadConfig(path, configFiles, { configId: "kcorpus", interfaces, machine });
      return {
        text,
        theirs: Number(exits[i]),
        ours: configTestExit(loaded),
        theirMessages: log.split("\n").filter((line) => line !== ""),
        ourMessages: loaded.diagnostics.map(({ code, message }) => `${code}: ${message}`),
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A hang or a crash is no verdict to match: ours must then be an error, whichever. */
export const sameVerdict = ({ theirs, ours }: Compared): boolean =>
  theirs >= 124 ? ours !== 0 : theirs === ours;
