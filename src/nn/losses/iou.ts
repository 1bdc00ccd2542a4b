import * as tf from "../../runtime/tf.js";
import { positiveNumber } from "../../tensor/arguments.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { overlap } from "./overlap.js";

/** What {@link iou} takes. */
export interface IouOptions extends LossOptions {
  /** Added above and below, so that what is rightly empty costs nothing. Default 1e-5. */
  readonly smooth?: number;
}

/**
 * Mean over examples and classes of 1 − |A ∩ B| / |A ∪ B| between predicted and true areas (Rahman and Wang 2016), the Jaccard loss.
 * `prediction: [batch, ..., classes]` are logits; `target` of the same shape, 0 or 1 each, or [batch, ...] class indices. As MONAI's
 * `DiceLoss(jaccard=True)` with twice the smoothing. Throws ShapeError, ValueError.
 */
export function iou(options: IouOptions = {}): KnownLoss {
  const { smooth = 1e-5 } = options;
  positiveNumber("iou: smooth", smooth);
  return makeLoss("iou", options, ["smooth"], {
    targets: { kind: "either", range: [0, 1] },
    each(prediction, target) {
      const { both, predicted, actual } = overlap("iou", prediction, target);
      return { values: tf.sub(1, both.add(smooth).div(predicted.add(actual).sub(both).add(smooth))) };
    },
  });
}
