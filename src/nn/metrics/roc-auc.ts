import type { KnownMetric } from "./metric.js";
import { rankingMetric, type ScoreOptions } from "./scores.js";

/**
 * The area under the ROC curve: how likely a true position has a higher score than one that is not, ties counting half, over the whole
 * data set: 0 … 1, 0.5 for guessing, NaN where all are true or none. `prediction: [..., classes]` are logits, `target: [...]` class
 * indices (int32): each class against the rest, by its probability; one logit, or two, are a yes or no. As scikit-learn's `roc_auc_score`
 * with "ovr". Throws ShapeError, ValueError; DataError for predictions that are not finite.
 */
export function rocAuc(options: ScoreOptions = {}): KnownMetric {
  return rankingMetric("rocAuc", options, ({ right, wrong }) => {
    const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
    let [above, area] = [0, 0];
    right.forEach((count, place) => {
      area += wrong[place]! * (above + count / 2);
      above += count;
    });
    return area / (above * total(wrong));
  });
}
