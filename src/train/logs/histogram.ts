/** How often values lie where: TensorBoard's histograms. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Upper ends of the buckets, rising; each begins where the one before it ends. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** TensorFlow's own: around zero, each tenth part wider than the one before it (`tsl/lib/histogram`). */
const positive: readonly number[] = (() => {
  const limits: number[] = [];
  for (let limit = 1e-12; limit < 1e20; limit *= 1.1) limits.push(limit);
  return [...limits, Number.MAX_VALUE];
})();
const limits: readonly number[] = [...positive.map((limit) => -limit).reverse(), 0, ...positive];

/** The histogram of some numbers in TensorFlow's buckets. Values that are not finite are left out; none at all gives `count` 0. */
export function histogramOf(values: ArrayLike<number>): Histogram {
  const counts = new Float64Array(limits.length);
  let [min, max, count, sum, sumOfSquares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    counts[bucketOf(value)]! += 1;
    min = Math.min(min, value);
    max = Math.max(max, value);
    count++;
    sum += value;
    sumOfSquares += value * value;
  }
  if (count === 0) return { min: 0, max: 0, count, sum, sumOfSquares, limits: [Number.MAX_VALUE], counts: [0] };
  return { min, max, count, sum, sumOfSquares, ...shortened(counts) };
}

/** The first bucket whose end is above the value. */
function bucketOf(value: number): number {
  let [low, high] = [0, limits.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (limits[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Rows of empty buckets become one. */
function shortened(all: Float64Array): { limits: number[]; counts: number[] } {
  const short = { limits: [] as number[], counts: [] as number[] };
  for (let index = 0; index < all.length; index++) {
    if (all[index] === 0 && all[index + 1] === 0) continue;
    short.limits.push(limits[index]!);
    short.counts.push(all[index]!);
  }
  return short;
}
