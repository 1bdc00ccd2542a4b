import { ValueError } from "../errors.js";
import { nearest } from "../nearest.js";
import type { JointLoss } from "../nn/joint-loss.js";
import { type KnownLoss, known, type Loss } from "../nn/losses/loss.js";
import { type LossName, loss } from "../nn/losses/names.js";
import { accuracy } from "../nn/metrics/accuracy.js";
import { asKnown, type KnownMetric, type Metric } from "../nn/metrics/metric.js";
import { type MetricName, metric } from "../nn/metrics/names.js";
import { adam, adamW } from "../optim/adam.js";
import type { Optimizer } from "../optim/optimizer.js";
import { sgd } from "../optim/sgd.js";
import { type Precision, precisions } from "../runtime/index.js";
import { checkOptions, numberIn, oneOf, positiveInteger, show } from "../tensor/arguments.js";
import {
  type CheckpointOptions,
  type CheckpointSettings,
  checkpointSettings,
} from "./checkpoint/checkpoint-options.js";
import { assertObservers, type Observer } from "./observer.js";
import { type RunOptions, type RunSettings, runOptionNames, runSettings } from "./run-options.js";
import { type Clip, type ClipOptions, clipLimits, clipNames, clipOf } from "./step/clip.js";
import type { Weighing } from "./weighing.js";

/** Optimizers with the rate that most people start with: 0.01 for sgd, 0.001 for the others. */
const optimizerNames = ["sgd", "adam", "adamW"] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/** How {@link fit} trains. */
export interface FitOptions extends ClipOptions, RunOptions {
  /** Default: what the model was last trained with; for a new model crossEntropy for classes, meanSquaredError for values. */
  readonly loss?: LossName | Loss;
  /** Default "adam". Give the same object to a later run and it goes on with what it remembers of the weights. */
  readonly optimizer?: OptimizerName | Optimizer;
  /** Passes over the data. Default 1. */
  readonly epochs?: number;
  /** Examples a step; the last batch of an epoch may be smaller. Default 32. */
  readonly batchSize?: number;
  /**
   * What is measured beside the loss, of each batch and of the whole validation set: names, `nn.metrics.f1({ average: "micro" })`, or
   * functions. Default: accuracy for crossEntropy, nothing else.
   */
  readonly metrics?: readonly (MetricName | Metric)[];
  /**
   * How much the loss of each class counts, by its index or its name, 1 where nothing is said; the sum is divided by the number of
   * examples as ever. As Keras's `class_weight`: validation is not weighed. For losses of `nn.losses`.
   */
  readonly classWeight?: Readonly<Record<string, number>> | readonly number[];
  /** How much the loss of each example counts, in the order of the data set, as Keras's `sample_weight`. For losses of `nn.losses`. */
  readonly sampleWeight?: ArrayLike<number>;
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
  /** As the user gave it, or as its name stands for. */
  readonly given: Metric;
  readonly metric: KnownMetric;
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
export interface Settings extends Criteria, RunSettings, Required<ClipOptions> {
  /** As they were given. */
  readonly options: FitOptions;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly observers: readonly Observer[];
  readonly signal: AbortSignal | undefined;
  readonly maxSteps: number;
  readonly precision: Precision;
  readonly jit: "xla" | undefined;
  readonly clip: Clip | undefined;
  readonly accumulate: number;
  readonly checkpoint: CheckpointSettings | undefined;
  /** How much examples count; all alike until the data set is known. */
  readonly weighing: Weighing;
}

/** Of {@link FitOptions}. */
export const fitOptionNames = [
  "loss",
  "optimizer",
  "epochs",
  "batchSize",
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
  "classWeight",
  "sampleWeight",
  ...runOptionNames,
] satisfies (keyof FitOptions)[];

/**
 * Throws ValueError for an option that is unknown, of the wrong kind or out of range. `usual`: the loss where none is given; it throws
 * what is wrong with the model or the data.
 */
export function settings(options: FitOptions, usual: () => LossName | Loss): Settings {
  checkOptions("fit", options, fitOptionNames);
  const { epochs = 1, batchSize = 32, seed = 0, maxSteps } = options;
  positiveInteger("fit: epochs", epochs);
  positiveInteger("fit: batchSize", batchSize);
  numberIn("fit: seed", seed, 0);
  if (maxSteps !== undefined) positiveInteger("fit: maxSteps", maxSteps);
  const { precision = "float32", jit, accumulate = 1 } = options;
  oneOf("fit: precision", precision, precisions);
  if (jit !== undefined) oneOf("fit: jit", jit, ["xla"]);
  positiveInteger("fit: accumulate", accumulate);
  const { checkpoint, observers = [] } = options;
  assertObservers("fit: observers", observers);
  const judged = criteria("fit", options.loss ?? usual(), options.metrics);
  const measured = ["loss", ...judged.metrics.map(({ name, metric }) => (metric.many ? `${name}[…]` : name))];
  return {
    options,
    precision,
    jit,
    ...clipLimits(options),
    clip: clipOf(options),
    accumulate,
    checkpoint: checkpoint === undefined ? undefined : checkpointSettings("fit: checkpoint", checkpoint),
    weighing: {},
    ...judged,
    ...runSettings(options, measured),
    optimizer: optimizer(options.optimizer ?? "adam"),
    epochs,
    batchSize,
    seed,
    observers,
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
  const chosen = loss(lossOrName, `${what}: loss`);
  const ours = known(chosen);
  if (ours?.reduction === "none") {
    const got = `${ours.name} with reduction "none"`;
    throw new ValueError({ what: `${what}: loss`, expected: "one number", got, hint: "Leave the reduction out." });
  }
  const wanted = metrics ?? usualMetrics(ours);
  // Several losses at once are told one by one.
  const parts = "parts" in chosen ? (chosen as JointLoss).parts : [];
  if (!Array.isArray(wanted)) {
    throw new ValueError({ what: `${what}: metrics`, expected: `a list like ["accuracy"]`, got: show(wanted) });
  }
  return {
    given: lossOrName,
    lossName: chosen.name || "loss",
    loss: chosen,
    metrics: withNames([...parts, ...wanted].map((one: MetricName | Metric) => metric(one, `${what}: metrics`))),
  };
}

const accuracies = new WeakMap<KnownLoss, Metric>();

/** What is measured where nobody says what: always the same for the same loss. */
function usualMetrics(loss: KnownLoss | undefined): readonly (MetricName | Metric)[] {
  if (loss?.name !== "crossEntropy") return [];
  const { ignored } = loss.targets;
  if (ignored === undefined) return ["accuracy"];
  const usual = accuracies.get(loss) ?? accuracy({ ignoreIndex: ignored });
  accuracies.set(loss, usual);
  return [usual];
}

/** Each under a name of its own: where two have the same, with their options, and at last with a number. */
function withNames(metrics: readonly Metric[]): NamedMetric[] {
  const count = (names: readonly string[], name: string) => names.filter((other) => other === name).length;
  const short = metrics.map(({ name }) => name || "metric");
  const long = metrics.map((one, index) =>
    count(short, short[index]!) > 1 ? asKnown(one).label || short[index]! : short[index]!,
  );
  return metrics.map((given, index) => {
    const before = count(long.slice(0, index), long[index]!);
    return { name: before === 0 ? long[index]! : `${long[index]} ${before + 1}`, given, metric: asKnown(given) };
  });
}

function optimizer(given: OptimizerName | Optimizer): Optimizer {
  if (typeof given === "object" && given !== null && typeof given.step === "function" && "learningRate" in given) {
    return given;
  }
  if (!optimizerNames.includes(given as OptimizerName)) {
    const like = typeof given === "string" ? nearest(given, optimizerNames) : undefined;
    throw new ValueError({
      what: "fit: optimizer",
      expected: `${optimizerNames.map((name) => `"${name}"`).join(" or ")}, or an optimizer`,
      got: show(given),
      hint: `${like === undefined ? "" : `Did you mean '${like}'? `}Others come with a learning rate: optim.rmsProp(1e-3).`,
    });
  }
  if (given === "sgd") return sgd(0.01);
  return given === "adam" ? adam(0.001) : adamW(0.001);
}
