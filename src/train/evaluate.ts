import type { Dataset } from "../data/dataset.js";
import { InterruptedError } from "../errors.js";
import { known, type Loss } from "../nn/losses/loss.js";
import type { LossName } from "../nn/losses/names.js";
import type { Metric } from "../nn/metrics/metric.js";
import type { MetricName } from "../nn/metrics/names.js";
import type { Model } from "../nn/module.js";
import { checkOptions, positiveInteger } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import { checkData, type Matching } from "./checks.js";
import { legible } from "./evaluation-text.js";
import { measure } from "./measure.js";
import { criteria } from "./options.js";
import { usualLoss } from "./usual-loss.js";
import { Watch } from "./watch.js";
import { weighing } from "./weighing.js";

/** How {@link evaluate} judges. */
export interface EvaluateOptions {
  /** Default: what the model was last trained with; for a new model crossEntropy for classes, meanSquaredError for values. */
  readonly loss?: LossName | Loss;
  /** Default: accuracy for crossEntropy, nothing else. */
  readonly metrics?: readonly (MetricName | Metric)[];
  /** How much the loss of each example counts, in the order of the data set; the sum is divided by their number. Default 1 each. */
  readonly sampleWeight?: ArrayLike<number>;
  /** Default 128. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

/** The mean loss over all examples, and what the metrics say of all of them together, by their names: `accuracy`, `f1[cat]`. It reads as lines and tables. */
export type Evaluation = { readonly loss: number } & Readonly<Record<string, number>>;

/**
 * Measures a model on a data set; nothing is trained. Throws what `fit` throws for arguments that do not fit, and
 * InterruptedError when it is stopped.
 */
export async function evaluate<J extends Shape, M extends Model>(
  model: M,
  dataset: Dataset<J> & Matching<J, M["inputShape"]>,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  checkOptions("evaluate", options, ["loss", "metrics", "sampleWeight", "batchSize", "signal"]);
  const { batchSize = 128 } = options;
  positiveInteger("evaluate: batchSize", batchSize);
  checkData("evaluate", model, dataset);
  const chosen = criteria("evaluate", options.loss ?? usualLoss("evaluate", model, dataset), options.metrics);
  checkData("evaluate", model, dataset, { lossName: chosen.lossName, targets: known(chosen.loss)?.targets });
  const { samples } = weighing("evaluate", { sampleWeight: options.sampleWeight }, chosen.loss, model, dataset);
  const means = await measure(model, dataset, chosen, batchSize, new Watch(options.signal), { samples });
  if (means !== undefined) return legible({ loss: means.loss, ...means.metrics });
  const expected = `a look at all ${dataset.size} examples of ${dataset.name}`;
  throw new InterruptedError({ what: "evaluate", expected, got: "a stop before the end" });
}
