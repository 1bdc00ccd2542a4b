import { inspect } from "node:util";

/** Tried rates that are no advice: the first ones, where the smoothed loss still settles, and the last. */
const [skippedFirst, skippedLast] = [10, 1];
/** Two are left to compare. */
const fewest = skippedFirst + skippedLast + 1;

/** How the loss behaved while the learning rate rose: see `train.findLearningRate`. It displays itself as a figure. */
export class RateCurve {
  readonly model: string;
  /** The optimizer as the user wrote it: `adam(0.001)`. */
  readonly optimizer: string;
  /** Rising, each the same number of times the one before it. */
  readonly rates: Float64Array;
  /** Of the batch that was learned from at that rate. */
  readonly losses: Float64Array;
  /** The losses' exponential average, without the pull towards zero of its start. */
  readonly smoothed: Float64Array;
  /** Whether the loss grew so much, or became NaN, that larger rates were not tried. */
  readonly diverged: boolean;
  /** The rate where the smoothed loss falls most steeply (over the logarithm of the rate); undefined where it falls nowhere. */
  readonly suggestion: number | undefined;

  constructor(curve: Pick<RateCurve, "model" | "optimizer" | "rates" | "losses" | "smoothed" | "diverged">) {
    this.model = curve.model;
    this.optimizer = curve.optimizer;
    this.rates = curve.rates;
    this.losses = curve.losses;
    this.smoothed = curve.smoothed;
    this.diverged = curve.diverged;
    const at = steepest(curve.smoothed);
    this.suggestion = at === undefined ? undefined : curve.rates[at];
  }

  /** In a line: `100 rates from 1e-7 to 1: the loss falls most steeply at 0.00631`. */
  toString(): string {
    const { rates, suggestion, diverged } = this;
    const short = (value: number | undefined) => Number((value ?? Number.NaN).toPrecision(3));
    const nothing =
      rates.length > fewest
        ? "the loss falls nowhere"
        : `too few to say where the loss falls, give more than ${fewest}`;
    const found = suggestion === undefined ? nothing : `the loss falls most steeply at ${short(suggestion)}`;
    const tried = `${rates.length} rates from ${short(rates[0])} to ${short(rates.at(-1))}${diverged ? ", where it diverged" : ""}`;
    return `${tried}: ${found}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** Where the values fall most from their left to their right neighbour, as numpy.gradient has it; undefined where they do not. */
export function steepest(values: ArrayLike<number>): number | undefined {
  const end = values.length - skippedLast;
  let [best, least] = [undefined as number | undefined, 0];
  for (let at = skippedFirst; at < end; at++) {
    const [left, right] = [Math.max(at - 1, skippedFirst), Math.min(at + 1, end - 1)];
    const slope = (values[right]! - values[left]!) / (right - left);
    if (slope < least) [best, least] = [at, slope];
  }
  return best;
}

/** Exponential averages of values, without the pull towards zero of the start (as Adam's means). */
export class Smoothed {
  #mean = 0;
  #count = 0;
  readonly #share: number;

  /** `share`: of each new value. */
  constructor(share: number) {
    this.#share = share;
  }

  add(value: number): number {
    this.#mean = (1 - this.#share) * this.#mean + this.#share * value;
    return this.#mean / (1 - (1 - this.#share) ** ++this.#count);
  }
}
