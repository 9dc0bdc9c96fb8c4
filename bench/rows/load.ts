// A minute with every core busy: how often does a backup take over from a master that is alive? Both
// pairs run at the same time under the same load.

import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import type { Bench } from "../bench.ts";
import { type VrrpFrame, vrrpFrames } from "../capture.ts";
import { type ContenderName, configuration, contenders, start } from "../contender.ts";

const vrids = { understudy: 31, keepalived: 32 } as const;

/** Spurious take-overs in `duration` seconds at an advert interval in seconds. */
export async function measureLoad(
  bench: Bench,
  interval: number,
  duration: number,
): Promise<Readonly<Record<ContenderName, number>>> {
  const conf = (name: ContenderName, priority: number) =>
    configuration([
      { name: "VI_1", vrid: vrids[name], priority, interval, address: `10.77.9.${vrids[name]}/24` },
    ]);
  const daemons = contenders.flatMap((name, i) => [
    start(bench, name, `a${i}`, `load-${name}-a`, conf(name, 200)),
    start(bench, name, `b${i}`, `load-${name}-b`, conf(name, 100)),
  ]);
  await bench.wait(4 * interval + 2);
  const hogs = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ["-e", "for (;;) {}"], { stdio: "ignore" }),
  );
  let adverts: readonly VrrpFrame[];
  try {
    const wire = await bench.capture();
    await bench.wait(duration);
    adverts = vrrpFrames(await wire.stop());
  } finally {
    for (const hog of hogs) hog.kill("SIGKILL");
  }
  await Promise.all(daemons.map((daemon) => daemon.stop()));
  const spurious = (name: ContenderName) =>
    adverts.filter(({ vrid, priority }, i) => {
      if (vrid !== vrids[name] || priority !== 100) return false;
      const before = adverts.slice(0, i).findLast((advert) => advert.vrid === vrid);
      return before?.priority !== 100;
    }).length;
  return { understudy: spurious("understudy"), keepalived: spurious("keepalived") };
}
