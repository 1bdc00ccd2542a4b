import { ValueError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import { checkOptions, show } from "../../tensor/arguments.js";
import { callText } from "../layer.js";
import { requireSame } from "../losses/targets.js";
import { type KnownMetric, meanOf } from "./metric.js";

/** What {@link binaryAccuracy} takes. */
export interface BinaryAccuracyOptions {
  /** The probability above which the answer is yes, between 0 and 1. Default 0.5. */
  readonly threshold?: number;
}

/**
 * The share, 0 … 1, of values that are on the right side: `prediction` are logits, `target` of the same shape is 1 or 0. As
 * Keras's `BinaryAccuracy` of probabilities. Throws ShapeError, ValueError.
 */
export function binaryAccuracy(options: BinaryAccuracyOptions = {}): KnownMetric {
  checkOptions("binaryAccuracy", options, ["threshold"]);
  const { threshold = 0.5 } = options;
  if (!(typeof threshold === "number" && threshold > 0 && threshold < 1)) {
    const expected = "a number between 0 and 1";
    throw new ValueError({ what: "binaryAccuracy: threshold", expected, got: show(threshold) });
  }
  const least = Math.log(threshold / (1 - threshold));
  const each = (prediction: Tensor, target: Tensor) => {
    requireSame("binaryAccuracy", prediction, target);
    const right = prediction.greater(least).equal(target.greater(0.5));
    // NaN is on no side.
    return { values: right.logicalAnd(prediction.isNaN().logicalNot()).toFloat() };
  };
  return meanOf("binaryAccuracy", each, callText("binaryAccuracy", [], options));
}
