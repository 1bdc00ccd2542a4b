import { type AverageOptions, classMetric, share } from "./class-counts.js";
import type { KnownMetric } from "./metric.js";

/**
 * Of what is of a class, the share that was found, over the whole data set: 0 … 1, 0 where nothing is. `prediction: [..., classes]` are
 * scores, `target: [...]` class indices (int32). As scikit-learn's `recall_score`. Throws ShapeError, ValueError.
 */
export function recall(options: AverageOptions = {}): KnownMetric {
  return classMetric("recall", options, ({ right, actual }) => share(right, actual));
}
