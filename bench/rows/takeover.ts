// How much later than the ideal instant a backup takes over: the ideal is what the formula says, from
// the master's last advert as the wire saw it. The failing master is keepalived for both, so that only
// the backup differs; both pairs live on the same LAN at the same time.

import { centiseconds, microsecondsOf } from "../../src/core/base/time.ts";
import { skewTime } from "../../src/core/vrrp/timers.ts";
import type { Bench } from "../bench.ts";
import { type VrrpFrame, vrrpFrames } from "../capture.ts";
import {
  type ContenderName,
  configuration,
  contenders,
  type Running,
  start,
} from "../contender.ts";
import { onceMore } from "../numbers.ts";

export type TakeoverRow = {
  readonly interval: number;
  readonly way: "hard" | "graceful";
  /** µs later than the ideal instant, one for each round. */
  readonly lateness: Readonly<Record<ContenderName, readonly number[]>>;
};

const vrids = { understudy: 11, keepalived: 12 } as const;
const backupPriority = 100;

/** `rounds` take-overs of each contender, hard and graceful, at an advert interval in seconds. */
export async function measureTakeover(
  bench: Bench,
  interval: number,
  rounds: number,
): Promise<readonly TakeoverRow[]> {
  const backups = contenders.map((name, i) =>
    start(bench, name, `b${i}`, `backup-${name}`, pairConf(name, interval, backupPriority)),
  );
  const lateness = {
    hard: { understudy: [] as number[], keepalived: [] as number[] },
    graceful: { understudy: [] as number[], keepalived: [] as number[] },
  };
  for (let round = 0; round < rounds * 2; round++) {
    const way = round % 2 === 0 ? "hard" : "graceful";
    const measured = await onceMore(() => oneRound(bench, interval, way));
    for (const [name, late] of measured) lateness[way][name].push(late);
  }
  await Promise.all(backups.map((backup) => backup.stop()));
  return (["hard", "graceful"] as const).map((way) => ({ interval, way, lateness: lateness[way] }));
}

async function oneRound(
  bench: Bench,
  interval: number,
  way: "hard" | "graceful",
): Promise<readonly (readonly [ContenderName, number])[]> {
  const wire = await bench.capture("at-once");
  const masters = contenders.map((name, i): readonly [ContenderName, Running] => [
    name,
    start(bench, "keepalived", `a${i}`, `master-${name}`, pairConf(name, interval, 200)),
  ]);
  await bench.wait(4 * interval + 1);
  for (const [, master] of masters) {
    await (way === "hard" ? master.kill() : master.stop());
    await bench.wait(0.2);
  }
  await bench.wait(4 * interval + 0.3);
  const adverts = vrrpFrames(await wire.stop());
  return masters.map(([name]) => [name, latenessOf(adverts, vrids[name], interval)] as const);
}

/** From the last advert of the master to the first of the backup after it, less what the formula says. */
function latenessOf(adverts: readonly VrrpFrame[], vrid: number, interval: number): number {
  const ours = adverts.filter((advert) => advert.vrid === vrid);
  const last = ours.findLast(({ priority }) => priority === 200 || priority === 0);
  if (last === undefined) throw new Error(`VRID ${vrid}: the master was never heard`);
  const takeover = ours.find(({ at, priority }) => at > last.at && priority === backupPriority);
  if (takeover === undefined) throw new Error(`VRID ${vrid}: nobody took over`);
  const advertInterval = microsecondsOf(centiseconds(Math.round(interval * 100)));
  const skew = skewTime(3, backupPriority, advertInterval);
  return takeover.at - last.at - (last.priority === 0 ? skew : 3 * advertInterval + skew);
}

const pairConf = (name: ContenderName, interval: number, priority: number): string =>
  configuration([
    { name: "VI_1", vrid: vrids[name], priority, interval, address: `10.77.9.${vrids[name]}/24` },
  ]);
