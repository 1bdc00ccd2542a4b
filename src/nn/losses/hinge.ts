import * as tf from "../../runtime/tf.js";
import { trueOrFalse } from "../../tensor/arguments.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireSame } from "./targets.js";

/** What {@link hinge} takes. */
export interface HingeOptions extends LossOptions {
  /** Squares the loss of each position. Default false. */
  readonly squared?: boolean;
}

/**
 * Mean of max(0, 1 − y · prediction), y being 1 where the target is above 0, else −1: targets may be 1 and −1, or 1 and 0. Both of
 * the same shape, as Keras's `Hinge` and `SquaredHinge`. Throws ShapeError.
 */
export function hinge(options: HingeOptions = {}): KnownLoss {
  const { squared = false } = options;
  trueOrFalse("hinge: squared", squared);
  return makeLoss("hinge", options, ["squared"], {
    targets: { kind: "values", range: [-1, 1] },
    each(prediction, target) {
      requireSame("hinge", prediction, target);
      const side = target.greater(0).toFloat().mul(2).sub(1);
      const values = tf.sub(1, side.mul(prediction)).relu();
      return { values: squared ? values.square() : values };
    },
  });
}
