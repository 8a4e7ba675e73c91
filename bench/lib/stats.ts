/** What a run of samples says. Percentiles are samples that occurred (nearest rank), in the samples' own unit. */
export interface Stats {
  n: number;
  min: number;
  mean: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** The smallest sample that at least `percent` of all samples do not exceed. */
export function percentile(sorted: readonly number[], percent: number): number {
  if (sorted.length === 0) throw new RangeError("a percentile needs a sample");
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1] ?? Number.NaN;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Throws RangeError for no samples, and for one that is not a number: a bench that measured nothing must not pass. */
export function stats(samples: readonly number[]): Stats {
  if (samples.some((sample) => !Number.isFinite(sample))) throw new RangeError("a sample is not a number");
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    n: sorted.length,
    min: rounded(percentile(sorted, 0)),
    mean: rounded(sorted.reduce((sum, sample) => sum + sample, 0) / sorted.length),
    p50: rounded(percentile(sorted, 50)),
    p95: rounded(percentile(sorted, 95)),
    p99: rounded(percentile(sorted, 99)),
    max: rounded(percentile(sorted, 100)),
  };
}
