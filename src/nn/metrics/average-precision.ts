import type { KnownMetric } from "./metric.js";
import { rankingMetric, type ScoreOptions } from "./scores.js";

/**
 * The mean, over the true positions of the data set, of the precision among all that score at least as high: 0 … 1, NaN where nothing is
 * true. `prediction: [..., classes]` are logits, `target: [...]` class indices (int32): each class against the rest, by its probability;
 * one logit, or two, are a yes or no. As scikit-learn's `average_precision_score`. Throws ShapeError, ValueError; DataError for
 * predictions that are not finite.
 */
export function averagePrecision(options: ScoreOptions = {}): KnownMetric {
  return rankingMetric("averagePrecision", options, ({ right, wrong }) => {
    let [found, seen, sum] = [0, 0, 0];
    right.forEach((count, place) => {
      found += count;
      seen += count + wrong[place]!;
      sum += (count * found) / seen;
    });
    return sum / found;
  });
}
