import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, positiveInteger } from "../../tensor/arguments.js";
import { callText } from "../layer.js";
import { decisions, totals } from "./decisions.js";
import { type KnownMetric, streaming } from "./metric.js";

/** What {@link expectedCalibrationError} takes. */
export interface CalibrationOptions {
  /** How many bins of equal width the probabilities are sorted into. Default 15. */
  readonly bins?: number;
}

/**
 * By how much the probability of what a model says misses how often it is right, over the whole data set: 0 … 1 (arXiv 1706.04599,
 * equation 3): Σ |right − probability| over bins of the probability. `prediction: [..., classes]` are logits, `target: [...]` class indices
 * (int32); one logit is a yes or no, two classes. Throws ShapeError, ValueError.
 */
export function expectedCalibrationError(options: CalibrationOptions = {}): KnownMetric {
  checkOptions("expectedCalibrationError", options, ["bins"]);
  const { bins = 15 } = options;
  positiveInteger("expectedCalibrationError: bins", bins);
  const state = (prediction: Tensor, target: Tensor): Tensor[] => {
    const { predicted, actual, binary } = decisions("expectedCalibrationError", prediction, target);
    const sure = binary ? prediction.abs().sigmoid().flatten() : prediction.softmax().max(-1).flatten();
    // NaN, whatever whole number it becomes, goes to a bin, too, and makes the result NaN.
    const bin = tf.maximum(tf.minimum(sure.mul(bins).floor(), bins - 1).toInt(), tf.scalar(0, "int32"));
    const right = predicted.equal(actual).toFloat();
    return [tf.stack([totals(bin, right.sub(sure), bins)]), tf.fill([1], sure.size)];
  };
  const parts = {
    gather: "sum" as const,
    state,
    result: ([gaps, all]: Parameters<KnownMetric["result"]>[0]) =>
      Array.from(gaps!.values).reduce((sum, gap) => sum + Math.abs(gap), 0) / all!.values[0]!,
  };
  return streaming("expectedCalibrationError", parts, callText("expectedCalibrationError", [], options));
}
