import type { Dataset } from "../data/dataset.js";
import { ValueError } from "../errors.js";
import { type Loss, type LossName, loss, lossNames } from "../nn/losses.js";
import { type Metric, type MetricName, metric, metricNames } from "../nn/metrics.js";
import { adam, adamW } from "../optim/adam.js";
import type { Optimizer } from "../optim/optimizer.js";
import { sgd } from "../optim/sgd.js";
import { type Precision, precisions } from "../runtime/index.js";
import { checkOptions, numberIn, oneOf, positiveInteger, show } from "../tensor/arguments.js";
import { type CheckpointOptions, type CheckpointSettings, checkpointSettings } from "./checkpoint-options.js";
import { type Clip, type ClipOptions, clipLimits, clipNames, clipOf } from "./clip.js";
import type { Observer } from "./observer.js";

/** Optimizers with the rate that most people start with: 0.01 for sgd, 0.001 for the others. */
const optimizerNames = ["sgd", "adam", "adamW"] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/** How {@link fit} trains. */
export interface FitOptions extends ClipOptions {
  readonly loss: LossName | Loss;
  /** Give the same object to a later run and it goes on with what it remembers of the weights. */
  readonly optimizer: OptimizerName | Optimizer;
  /** Passes over the data. Default 1. */
  readonly epochs?: number;
  /** Examples a step; the last batch of an epoch may be smaller. Default 32. */
  readonly batchSize?: number;
  /** Measured at the end of every epoch. */
  readonly validate?: Dataset;
  /** Default: accuracy for crossEntropy, nothing else. */
  readonly metrics?: readonly (MetricName | Metric)[];
  /** Draws the order of the examples, another one in every epoch. Default 0. */
  readonly seed?: number;
  readonly observers?: readonly Observer[];
  /** Stops the run at the end of a step, as Stop in a notebook does. */
  readonly signal?: AbortSignal;
  /** Ends the run after so many steps, in the middle of an epoch if need be. */
  readonly maxSteps?: number;
  /**
   * `"mixed-bf16"`: matrix products and convolutions of a step compute in bfloat16, weights and all else stay float32. Faster on a
   * GPU and on processors with AMX or AVX512-BF16. `"mixed-fp16"`: in float16, with dynamic loss scaling. Default "float32".
   */
  readonly precision?: Precision;
  /** `"xla"`: compile the step with XLA, which fuses operations; the first step then takes seconds. */
  readonly jit?: "xla";
  /**
   * Cuts each batch into so many parts, one after the other, and moves the weights once by the mean of their gradients: the memory
   * of a small batch, the step of a large one. Layers that look at a batch as a whole (batchNorm) see the parts. Default 1.
   */
  readonly accumulate?: number;
  /** Saves the run now and then, so that it survives the end of its process. Default: no. */
  readonly checkpoint?: CheckpointOptions;
}

/** What is measured beside the loss. */
export interface NamedMetric {
  readonly name: string;
  readonly measure: Metric;
}

/** A loss and metrics, found by their names. */
export interface Criteria {
  /** The loss as the user gave it. */
  readonly given: LossName | Loss;
  readonly lossName: string;
  readonly loss: Loss;
  readonly metrics: readonly NamedMetric[];
}

/** {@link FitOptions} checked and filled in. */
export interface Settings extends Criteria, Required<ClipOptions> {
  /** As they were given. */
  readonly options: FitOptions;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  readonly batchSize: number;
  readonly validate: Dataset | undefined;
  readonly seed: number;
  readonly observers: readonly Observer[];
  readonly signal: AbortSignal | undefined;
  readonly maxSteps: number;
  readonly precision: Precision;
  readonly jit: "xla" | undefined;
  readonly clip: Clip | undefined;
  readonly accumulate: number;
  readonly checkpoint: CheckpointSettings | undefined;
}

const known = [
  "loss",
  "optimizer",
  "epochs",
  "batchSize",
  "validate",
  "metrics",
  "seed",
  "observers",
  "signal",
  "maxSteps",
  "precision",
  "jit",
  ...clipNames,
  "accumulate",
  "checkpoint",
] satisfies (keyof FitOptions)[];

/** Throws ValueError for an option that is unknown, of the wrong kind or out of range. */
export function settings(options: FitOptions): Settings {
  checkOptions("fit", options, known);
  const { epochs = 1, batchSize = 32, seed = 0, maxSteps } = options;
  positiveInteger("fit: epochs", epochs);
  positiveInteger("fit: batchSize", batchSize);
  numberIn("fit: seed", seed, 0);
  if (maxSteps !== undefined) positiveInteger("fit: maxSteps", maxSteps);
  const { precision = "float32", jit, accumulate = 1 } = options;
  oneOf("fit: precision", precision, precisions);
  if (jit !== undefined) oneOf("fit: jit", jit, ["xla"]);
  positiveInteger("fit: accumulate", accumulate);
  const { checkpoint } = options;
  return {
    options,
    precision,
    jit,
    ...clipLimits(options),
    clip: clipOf(options),
    accumulate,
    checkpoint: checkpoint === undefined ? undefined : checkpointSettings("fit: checkpoint", checkpoint),
    ...criteria("fit", options.loss, options.metrics),
    optimizer: optimizer(options.optimizer),
    epochs,
    batchSize,
    validate: options.validate,
    seed,
    observers: options.observers ?? [],
    signal: options.signal,
    maxSteps: maxSteps ?? Number.POSITIVE_INFINITY,
  };
}

/** The loss and the metrics with these names. Throws ValueError. */
export function criteria(
  what: string,
  lossOrName: LossName | Loss,
  metrics: readonly (MetricName | Metric)[] | undefined,
): Criteria {
  if (typeof lossOrName !== "function") oneOf(`${what}: loss`, lossOrName, lossNames);
  const wanted = metrics ?? (lossOrName === "crossEntropy" ? ["accuracy"] : []);
  if (!Array.isArray(wanted)) {
    throw new ValueError({ what: `${what}: metrics`, expected: `a list like ["accuracy"]`, got: show(wanted) });
  }
  return {
    given: lossOrName,
    lossName: nameOf(lossOrName, "loss"),
    loss: loss(lossOrName),
    metrics: wanted.map((one: MetricName | Metric) => {
      if (typeof one !== "function") oneOf(`${what}: metrics`, one, metricNames);
      return { name: nameOf(one, "metric"), measure: metric(one) };
    }),
  };
}

function nameOf(given: string | { readonly name: string }, otherwise: string): string {
  return typeof given === "string" ? given : given.name || otherwise;
}

function optimizer(given: OptimizerName | Optimizer): Optimizer {
  if (typeof given === "object" && given !== null && typeof given.step === "function" && "learningRate" in given) {
    return given;
  }
  if (typeof given !== "string") {
    const expected = `an optimizer or the name of one (${optimizerNames.join(", ")})`;
    const hint = "Write optim.adam(1e-3).";
    throw new ValueError({ what: "fit: optimizer", expected, got: show(given), hint });
  }
  oneOf("fit: optimizer", given, optimizerNames);
  if (given === "sgd") return sgd(0.01);
  return given === "adam" ? adam(0.001) : adamW(0.001);
}
