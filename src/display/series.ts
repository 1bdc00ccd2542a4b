/** Points x, y for a line. */
export interface Line {
  readonly x: number[];
  readonly y: number[];
}

interface Bucket {
  count: number;
  last: number;
  low: number;
  lowAt: number;
  high: number;
  highAt: number;
  smooth: number;
}

/**
 * A growing series of numbers that never takes more room than `most` buckets: when it is full, neighbours are merged. A
 * bucket keeps its lowest and its highest value, so a spike of one step is still seen after a million.
 */
export class Series {
  private buckets: Bucket[] = [];
  private stride = 1;
  private mean = 0;
  private weight = 0;
  private count = 0;
  private readonly most: number;
  private readonly window: number;

  /**
   * `window`: over how many steps the smoothed line averages, exponentially; over a tenth of those so far at the start of a
   * long run, where the values still fall fast.
   */
  constructor(window: number, most = 400) {
    this.window = Math.max(1, window);
    this.most = most;
  }

  /** Adds the value of a step. Values that are not finite are left out. */
  add(step: number, value: number): void {
    if (!Number.isFinite(value)) return;
    this.count++;
    const memory = Math.exp(-1 / Math.min(this.window, Math.max(3, this.count / 10)));
    this.mean = memory * this.mean + (1 - memory) * value;
    this.weight = memory * this.weight + (1 - memory);
    const point = { count: 1, last: step, low: value, lowAt: step, high: value, highAt: step, smooth: this.smoothed };
    const open = this.buckets.at(-1);
    if (open !== undefined && open.count < this.stride) this.buckets[this.buckets.length - 1] = merged(open, point);
    else this.buckets.push(point);
    if (this.buckets.length > this.most) this.halve();
  }

  /** The exponential average so far, without the pull towards zero of its start. NaN while there is none. */
  get smoothed(): number {
    return this.weight === 0 ? Number.NaN : this.mean / this.weight;
  }

  /** Every value, or the extremes of each bucket, in the order of the steps. */
  raw(): Line {
    const x: number[] = [];
    const y: number[] = [];
    for (const { low, lowAt, high, highAt } of this.buckets) {
      if (lowAt === highAt) push(lowAt, low);
      else if (lowAt < highAt) push(lowAt, low, highAt, high);
      else push(highAt, high, lowAt, low);
    }
    return { x, y };

    function push(...points: number[]): void {
      for (let i = 0; i < points.length; i += 2) {
        x.push(points[i] as number);
        y.push(points[i + 1] as number);
      }
    }
  }

  /** The smoothed line, one point a bucket. */
  line(): Line {
    return { x: this.buckets.map((bucket) => bucket.last), y: this.buckets.map((bucket) => bucket.smooth) };
  }

  private halve(): void {
    const pairs: Bucket[] = [];
    for (let i = 0; i < this.buckets.length; i += 2) {
      const [one, other] = [this.buckets[i] as Bucket, this.buckets[i + 1]];
      pairs.push(other === undefined ? one : merged(one, other));
    }
    this.buckets = pairs;
    this.stride *= 2;
  }
}

function merged(one: Bucket, other: Bucket): Bucket {
  const low = other.low < one.low ? other : one;
  const high = other.high > one.high ? other : one;
  return {
    count: one.count + other.count,
    last: other.last,
    low: low.low,
    lowAt: low.lowAt,
    high: high.high,
    highAt: high.highAt,
    smooth: other.smooth,
  };
}
