import { type AverageOptions, classMetric, share } from "./class-counts.js";
import type { KnownMetric } from "./metric.js";

/**
 * Of what is not of a class, the share that was not said to be, over the whole data set: 0 … 1. `prediction: [..., classes]` are scores,
 * `target: [...]` class indices (int32). As torchmetrics' `Specificity`. Throws ShapeError, ValueError.
 */
export function specificity(options: AverageOptions = {}): KnownMetric {
  return classMetric("specificity", options, ({ right, said, actual, all }) =>
    share(all - said - actual + right, all - actual),
  );
}
