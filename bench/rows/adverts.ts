// What 254 instances at ten adverts a second cost: CPU for each advert sent and received, how evenly
// the adverts leave, and the memory. One daemon is master of all, a second of the same kind backup.

import type { Bench } from "../bench.ts";
import { type VrrpFrame, vrrpFrames } from "../capture.ts";
import { type ContenderName, configuration, start } from "../contender.ts";
import { percentile } from "../numbers.ts";
import { cpuOf, memoryOf } from "../processes.ts";

export type AdvertsRow = {
  readonly instances: number;
  /** µs of CPU, all processes and threads of the daemon. */
  readonly cpuPerSent: number;
  readonly cpuPerReceived: number;
  /** |gap between two adverts of a VRID - interval|, µs. */
  readonly jitter: { readonly p50: number; readonly p99: number; readonly p999: number };
  readonly adverts: number;
  /** MB, PSS of the master with all its processes. */
  readonly memory: number;
};

/** Watches for `duration` seconds once every instance of the master is heard. */
export async function measureAdverts(
  bench: Bench,
  name: ContenderName,
  instances: number,
  duration: number,
): Promise<AdvertsRow> {
  const interval = 0.1;
  const conf = (priority: number) =>
    configuration(
      Array.from({ length: instances }, (_, i) => ({
        name: `VI_${i + 1}`,
        vrid: i + 1,
        priority,
        interval,
        address: `10.77.8.${i + 1}/32`,
      })),
    );
  const master = start(bench, name, "a0", `many-${name}-a`, conf(200));
  await bench.wait(2);
  const backup = start(bench, name, "b0", `many-${name}-b`, conf(100));
  await bench.wait(4);
  const wire = await bench.capture();
  // The same stretch of time for the books and for the adverts, to some ms of many seconds.
  const before = { master: cpuOf(master.tree()), backup: cpuOf(backup.tree()) };
  await bench.wait(duration);
  const spent = {
    master: cpuOf(master.tree()) - before.master,
    backup: cpuOf(backup.tree()) - before.backup,
  };
  const adverts = vrrpFrames(await wire.stop());
  const memory = memoryOf(master.tree());
  await Promise.all([backup.stop(), master.stop()]);
  const sent = adverts.filter(({ priority }) => priority === 200);
  const deviations = gapsOf(sent).map((gap) => Math.abs(gap - interval * 1e6));
  return {
    instances,
    cpuPerSent: spent.master / sent.length,
    cpuPerReceived: spent.backup / sent.length,
    jitter: {
      p50: percentile(deviations, 0.5),
      p99: percentile(deviations, 0.99),
      p999: percentile(deviations, 0.999),
    },
    adverts: sent.length,
    memory,
  };
}

/** The times between one advert and the next of the same VRID. */
function gapsOf(adverts: readonly VrrpFrame[]): readonly number[] {
  const last = new Map<number, number>();
  const gaps: number[] = [];
  for (const { vrid, at } of adverts) {
    const before = last.get(vrid);
    if (before !== undefined) gaps.push(at - before);
    last.set(vrid, at);
  }
  return gaps;
}
