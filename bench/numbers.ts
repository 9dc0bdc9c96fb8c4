// The few statistics that the tables quote, and the patience with a shared machine. Percentiles are
// nearest-rank: every figure is one that was really measured.

/** The value below which `fraction` (0 to 1) of the samples lie; NaN of no samples. */
export function percentile(samples: readonly number[], fraction: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(fraction * sorted.length) - 1));
  return sorted[rank] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** `1.234`: at most `digits` decimals, `-` for nothing measured. */
export const figure = (value: number, digits = 2): string =>
  Number.isFinite(value) ? value.toFixed(digits) : "-";

/** Tries a round again that a stall of the machine spoiled, and says so. */
export async function onceMore<T>(round: () => Promise<T>): Promise<T> {
  try {
    return await round();
  } catch (reason) {
    process.stderr.write(`bench: once more, because ${String(reason)}\n`);
    return round();
  }
}
