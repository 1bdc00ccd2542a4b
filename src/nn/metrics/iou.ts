import { type AverageOptions, classMetric, share } from "./class-counts.js";
import type { KnownMetric } from "./metric.js";

/**
 * Intersection over union of what was said and what is of a class, over all positions of the data set: 0 … 1; by default the mean over
 * the classes that occur, the mean IoU. `prediction: [..., classes]` are scores, `target: [...]` class indices (int32). As
 * scikit-learn's `jaccard_score`. Throws ShapeError, ValueError.
 */
export function iou(options: AverageOptions = {}): KnownMetric {
  return classMetric("iou", options, ({ right, said, actual }) => share(right, said + actual - right));
}
