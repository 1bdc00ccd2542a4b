import { type AverageOptions, classMetric, share } from "./class-counts.js";
import type { KnownMetric } from "./metric.js";

/**
 * The harmonic mean of precision and recall over the whole data set: 0 … 1. `prediction: [..., classes]` are scores, `target: [...]` class
 * indices (int32). As scikit-learn's `f1_score`. Throws ShapeError, ValueError.
 */
export function f1(options: AverageOptions = {}): KnownMetric {
  return classMetric("f1", options, ({ right, said, actual }) => share(2 * right, said + actual));
}
