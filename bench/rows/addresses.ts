// From exec to the first advert, and from there until so many addresses are in the kernel and each
// has been announced once. The instance owns its addresses, so it is master as soon as it runs.

import type { Bench } from "../bench.ts";
import { announcements, vrrpFrames } from "../capture.ts";
import { type ContenderName, configuration, start } from "../contender.ts";

export type AddressesRow = {
  /** µs from exec to the first advert. */
  readonly firstAdvert: number;
  /** µs from the first advert to the first announcement of the last address. */
  readonly announced: number;
};

/** One start with `count` addresses besides the advertised one. */
export async function measureAddresses(
  bench: Bench,
  name: ContenderName,
  count: number,
): Promise<AddressesRow> {
  const excluded = Array.from({ length: count }, (_, i) => `10.78.${i >> 8}.${i & 255}/32`);
  const conf = configuration([
    { name: "VI_1", vrid: 21, priority: 255, interval: 1, address: "10.77.9.21/24", excluded },
  ]);
  const wire = await bench.capture();
  const daemon = start(bench, name, "a0", `addresses-${name}`, conf);
  await bench.wait(2 + count / 1000);
  const frames = await wire.stop();
  await daemon.stop();
  const first = vrrpFrames(frames)[0];
  if (first === undefined) throw new Error(`${name}: no advert`);
  const heard = new Map<string, number>();
  for (const { at, address } of announcements(frames)) {
    if (!heard.has(address)) heard.set(address, at);
  }
  if (heard.size < count + 1) {
    throw new Error(`${name}: ${heard.size} of ${count + 1} addresses announced`);
  }
  return {
    firstAdvert: first.at - daemon.startedAt,
    announced: Math.max(...heard.values()) - first.at,
  };
}

/** Starts with `instances` owners: µs from exec to the first advert, and to the last instance's first. */
export async function measureStart(
  bench: Bench,
  name: ContenderName,
  instances: number,
): Promise<{ readonly first: number; readonly all: number }> {
  const conf = configuration(
    Array.from({ length: instances }, (_, i) => ({
      name: `VI_${i + 1}`,
      vrid: i + 1,
      priority: 255,
      interval: 1,
      address: `10.77.8.${i + 1}/32`,
    })),
  );
  const wire = await bench.capture();
  const daemon = start(bench, name, "a0", `start-${name}`, conf);
  await bench.wait(2.5);
  const adverts = vrrpFrames(await wire.stop());
  await daemon.stop();
  const firsts = new Map<number, number>();
  for (const { vrid, at } of adverts) if (!firsts.has(vrid)) firsts.set(vrid, at);
  if (firsts.size < instances) throw new Error(`${name}: ${firsts.size} of ${instances} heard`);
  const times = [...firsts.values()].map((at) => at - daemon.startedAt);
  return { first: Math.min(...times), all: Math.max(...times) };
}
