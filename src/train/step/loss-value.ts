import { known, type Loss, type Reduced, reduce } from "../../nn/losses/loss.js";
import type * as tf from "../../runtime/tf.js";
import { scalarOf } from "../../tensor/scalar.js";

/**
 * The loss of a batch, a scalar, of the library or a function of the user's. `weights` as {@link reduce} has them; a function of the
 * user's cannot be weighed. Throws ShapeError where it is more than one number.
 */
export function lossValue(loss: Loss, prediction: tf.Tensor, target: tf.Tensor, weights?: tf.Tensor): Reduced {
  const ours = known(loss);
  const { value, ...rest } =
    ours === undefined ? { value: loss(prediction, target) } : reduce(ours, prediction, target, weights);
  return { ...rest, value: scalarOf("loss", value, "End the loss with .mean().") };
}
