import { checkOptions } from "../../tensor/arguments.js";
import { callText } from "../layer.js";
import { checkIndex } from "../losses/cross-entropy.js";
import { type ClassOptions, decisions } from "./decisions.js";
import { type KnownMetric, meanOf } from "./metric.js";

/**
 * The share, 0 … 1, of positions whose highest score is the target. `prediction: [..., classes]`, `target: [...]` class
 * indices (int32), or one-hot rows. With one score instead of classes: see binaryAccuracy. Throws ShapeError.
 */
export function accuracy(options: ClassOptions = {}): KnownMetric {
  checkOptions("accuracy", options, ["ignoreIndex"]);
  const { ignoreIndex } = options;
  checkIndex("accuracy: ignoreIndex", ignoreIndex);
  const each = (prediction: Parameters<KnownMetric>[0], target: Parameters<KnownMetric>[1]) => {
    const { predicted, actual, counts } = decisions("accuracy", prediction, target, ignoreIndex);
    const right = predicted.equal(actual).toFloat();
    return ignoreIndex === undefined ? { values: right } : { values: right.mul(counts), shares: counts };
  };
  return meanOf("accuracy", each, callText("accuracy", [], options));
}
