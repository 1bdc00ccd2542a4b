import * as tf from "../../runtime/tf.js";
import { positiveNumber } from "../../tensor/arguments.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { overlap } from "./overlap.js";

/** What {@link dice} takes. */
export interface DiceOptions extends LossOptions {
  /** Added above and below, so that what is rightly empty costs nothing. Default 1e-5. */
  readonly smooth?: number;
}

/**
 * Mean over examples and classes of 1 − 2 |A ∩ B| / (|A| + |B|) between predicted and true areas (arXiv 1606.04797, without squares).
 * `prediction: [batch, ..., classes]` are logits; `target` of the same shape, 0 or 1 each, or [batch, ...] class indices. As MONAI's
 * `DiceLoss`. Throws ShapeError, ValueError.
 */
export function dice(options: DiceOptions = {}): KnownLoss {
  const { smooth = 1e-5 } = options;
  positiveNumber("dice: smooth", smooth);
  return makeLoss("dice", options, ["smooth"], {
    targets: { kind: "either", range: [0, 1] },
    each(prediction, target) {
      const { both, predicted, actual } = overlap("dice", prediction, target);
      return { values: tf.sub(1, both.mul(2).add(smooth).div(predicted.add(actual).add(smooth))) };
    },
  });
}
