import { type AverageOptions, classMetric, share } from "./class-counts.js";
import type { KnownMetric } from "./metric.js";

/**
 * Of what was said to be of a class, the share that is, over the whole data set: 0 … 1, 0 where nothing was. `prediction: [..., classes]`
 * are scores, `target: [...]` class indices (int32). As scikit-learn's `precision_score`. Throws ShapeError, ValueError.
 */
export function precision(options: AverageOptions = {}): KnownMetric {
  return classMetric("precision", options, ({ right, said }) => share(right, said));
}
