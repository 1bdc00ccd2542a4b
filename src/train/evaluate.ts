import type { Dataset } from "../data/dataset.js";
import { InterruptedError } from "../errors.js";
import type { Loss, LossName } from "../nn/losses.js";
import type { Metric, MetricName } from "../nn/metrics.js";
import type { Model } from "../nn/module.js";
import { checkOptions, positiveInteger } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import { checkData, hasClasses, type Matching } from "./checks.js";
import { measure } from "./measure.js";
import { criteria } from "./options.js";
import { remembered } from "./runs.js";
import { Watch } from "./watch.js";

/** How {@link evaluate} judges. */
export interface EvaluateOptions {
  /** Default: what the model was last trained with; for a new model crossEntropy for classes, meanSquaredError for values. */
  readonly loss?: LossName | Loss;
  /** Default: accuracy for crossEntropy, nothing else. */
  readonly metrics?: readonly (MetricName | Metric)[];
  /** Default 128. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

/** The mean loss over all examples, and the metrics by their names. */
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
  checkOptions("evaluate", options, ["loss", "metrics", "batchSize", "signal"]);
  const { batchSize = 128 } = options;
  positiveInteger("evaluate: batchSize", batchSize);
  checkData("evaluate", model, dataset, "");
  const chosen = criteria("evaluate", options.loss ?? usualLoss(model, dataset), options.metrics);
  checkData("evaluate", model, dataset, chosen.lossName);
  const means = await measure(model, dataset, chosen, batchSize, new Watch(options.signal));
  if (means !== undefined) return { loss: means.loss, ...means.metrics };
  const expected = `a look at all ${dataset.size} examples of ${dataset.name}`;
  throw new InterruptedError({ what: "evaluate", expected, got: "a stop before the end" });
}

function usualLoss(model: Model, dataset: Dataset): LossName | Loss {
  return remembered(model).criteria?.given ?? (hasClasses(model, dataset) ? "crossEntropy" : "meanSquaredError");
}
