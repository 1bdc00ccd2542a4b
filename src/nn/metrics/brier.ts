import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { areValues } from "../losses/targets.js";
import { type KnownMetric, meanOf } from "./metric.js";

/**
 * Mean over positions of the squared distance between predicted and true probabilities (Brier 1950), 0 … 2: `prediction: [..., classes]`
 * are logits, `target: [...]` class indices (int32) or [..., classes] one-hot rows. With one logit: (σ(x) − y)², 0 … 1. As scikit-learn's
 * `brier_score_loss`. Throws ShapeError.
 */
export function brier(): KnownMetric {
  return meanOf("brier", (prediction: Tensor, target: Tensor) => {
    const same = areValues("brier", prediction, target);
    const width = prediction.shape[prediction.rank - 1]!;
    if (width === 1 || prediction.rank < 2) {
      return {
        values: prediction
          .sigmoid()
          .sub(same ? target : target.expandDims(-1))
          .square(),
      };
    }
    const truth = same ? target : tf.oneHot(target.toInt() as tf.Tensor1D, width).toFloat();
    return { values: prediction.softmax().sub(truth).square().sum(-1) };
  });
}
