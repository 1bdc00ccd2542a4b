import * as tf from "../../runtime/tf.js";
import { checkOptions, positiveInteger } from "../../tensor/arguments.js";
import { callText } from "../layer.js";
import { requireClasses } from "../losses/targets.js";
import { type KnownMetric, meanOf } from "./metric.js";

/** What {@link topKAccuracy} takes. */
export interface TopKAccuracyOptions {
  /** How many of the highest scores. Default 5. */
  readonly k?: number;
}

/**
 * The share, 0 … 1, of positions whose target is among the k highest scores; a target that ties with others counts as the highest of
 * them, one that is no class or whose score is NaN as none of them. `prediction: [..., classes]`, `target: [...]` class indices (int32), as Keras's `SparseTopKCategoricalAccuracy`. Throws
 * ShapeError, ValueError.
 */
export function topKAccuracy(options: TopKAccuracyOptions = {}): KnownMetric {
  checkOptions("topKAccuracy", options, ["k"]);
  const { k = 5 } = options;
  positiveInteger("topKAccuracy: k", k);
  const each = (prediction: tf.Tensor, target: tf.Tensor) => {
    requireClasses("topKAccuracy", prediction, target);
    const mine = tf.oneHot(target.toInt() as tf.Tensor1D, prediction.shape[prediction.rank - 1]!, 1, 0, "bool");
    const score = tf.where(mine, prediction, tf.scalar(Number.NEGATIVE_INFINITY)).max(-1, true);
    // What is ahead is counted, instead of sorting; NaN is ahead of everything.
    const ahead = prediction.lessEqual(score).logicalNot().toFloat().sum(-1);
    return { values: ahead.less(k).logicalAnd(mine.any(-1)).toFloat() };
  };
  return meanOf("topKAccuracy", each, callText("topKAccuracy", [], options));
}
