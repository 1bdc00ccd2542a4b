import type { Dataset } from "../data/dataset.js";
import { InterruptedError, NonFiniteError, ValueError } from "../errors.js";
import type { Model } from "../nn/module.js";
import { checkOptions, numberIn, positiveInteger, positiveNumber } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import { keepAll } from "./as-before.js";
import type { Matching } from "./checks.js";
import { Clock } from "./clock.js";
import { HistoryLog } from "./history.js";
import { type FitOptions, fitOptionNames } from "./options.js";
import { RateCurve, Smoothed } from "./rate-curve.js";
import { prepare } from "./steps.js";
import type { Training } from "./training.js";
import { Watch } from "./watch.js";

/** What {@link findLearningRate} tries: options of `fit` that a step knows of, and rates. */
export interface FindLearningRateOptions
  extends Omit<
    FitOptions,
    "epochs" | "fastDevRun" | "maxSteps" | "validate" | "observers" | "earlyStopping" | "quiet"
  > {
  /** The smallest rate. Default 1e-7. */
  readonly from?: number;
  /** The largest. Default 1. */
  readonly to?: number;
  /** How many, one step each. Default 100. */
  readonly steps?: number;
  /** The share of each new loss in the smoothed one. Default 0.05. */
  readonly smoothing?: number;
  /** Larger rates are not tried when the smoothed loss is so many times its best. Default 4. */
  readonly stopAt?: number;
}

/**
 * The learning-rate range test (arXiv 1506.01186, section 3.3): trains for some steps with a rate that rises exponentially, and finds
 * where the loss falls most steeply, as Lightning's `lr_find`. Afterwards weights, optimizer, history and random numbers are as they
 * were, to the bit. Throws what `fit` throws for arguments that do not fit, and InterruptedError when it is stopped.
 */
export async function findLearningRate<M extends Model, J extends Shape>(
  model: M,
  dataset: Dataset<J> & Matching<J, M["inputShape"]>,
  options: FindLearningRateOptions = {},
): Promise<RateCurve> {
  // Options that a run has besides are no mistake: they come with the others from where those were written down.
  checkOptions("findLearningRate", options, ["from", "to", "steps", "smoothing", "stopAt", ...fitOptionNames]);
  const { from = 1e-7, to = 1, steps = 100, smoothing = 0.05, stopAt = 4, ...rest } = options;
  positiveNumber("findLearningRate: from", from);
  positiveNumber("findLearningRate: to", to);
  positiveInteger("findLearningRate: steps", steps);
  if (from >= to) {
    const got = `from ${from}, to ${to}`;
    throw new ValueError({ what: "findLearningRate", expected: "a largest rate above the smallest", got });
  }
  if (!(smoothing > 0 && smoothing <= 1)) {
    const got = String(smoothing);
    throw new ValueError({ what: "findLearningRate: smoothing", expected: "a share above 0, at most 1", got });
  }
  numberIn("findLearningRate: stopAt", stopAt, 1);
  const perEpoch = Math.max(1, Math.ceil(dataset.size / (rest.batchSize ?? 32)));
  const epochs = Math.ceil(steps / perEpoch);
  const training = prepare(model, dataset, { ...rest, epochs, maxSteps: steps, quiet: true }, new HistoryLog());
  const rates = Float64Array.from(
    { length: steps },
    (_, index) => from * (to / from) ** (index / Math.max(1, steps - 1)),
  );
  const putBack = keepAll(model, training.settings.optimizer);
  const watch = new Watch(rest.signal);
  try {
    const tried = await climb(training, rates, new Smoothed(smoothing), stopAt, watch);
    const { length } = tried.losses;
    return new RateCurve({
      model: model.name,
      optimizer: training.settings.optimizer.label,
      rates: rates.slice(0, length),
      losses: Float64Array.from(tried.losses),
      smoothed: Float64Array.from(tried.smoothed),
      diverged: length < steps,
    });
  } finally {
    training.rest();
    watch.whole(putBack);
  }
}

/** The losses and the smoothed losses, a step a rate, until they diverge. */
async function climb(
  training: Training,
  rates: Float64Array,
  average: Smoothed,
  stopAt: number,
  watch: Watch,
): Promise<{ losses: number[]; smoothed: number[] }> {
  const clock = new Clock();
  const { optimizer } = training.settings;
  const [losses, smoothed]: [number[], number[]] = [[], []];
  let best = Number.POSITIVE_INFINITY;
  for (const rate of rates) {
    if (watch.stopped) {
      const expected = `${rates.length} rates`;
      throw new InterruptedError({ what: "findLearningRate", expected, got: `a stop after ${losses.length}` });
    }
    if (training.epochPending) training.endEpoch(undefined, clock);
    optimizer.learningRate = rate;
    try {
      const { loss } = await watch.through(watch.whole(() => training.step(clock)));
      losses.push(loss);
    } catch (error) {
      if (error instanceof NonFiniteError && losses.length > 0) break;
      throw error;
    }
    const now = average.add(losses.at(-1)!);
    smoothed.push(now);
    // The average of the first step is that step alone, which chance may have made small.
    if (losses.length > 2 && now > stopAt * best) break;
    if (losses.length > 1) best = Math.min(best, now);
    await watch.rest();
  }
  return { losses, smoothed };
}
