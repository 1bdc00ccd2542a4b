import * as tf from "../../runtime/tf.js";
import { positiveNumber } from "../../tensor/arguments.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireSame } from "./targets.js";

/** What {@link huber} takes. */
export interface HuberOptions extends LossOptions {
  /** The error from which on the loss grows linearly. Default 1. */
  readonly delta?: number;
}

/**
 * Mean of ½ e² where the error e is within ±delta, and of delta (|e| − ½ delta) outside (Huber 1964), both of the same shape, as
 * PyTorch's `HuberLoss`. Throws ShapeError, ValueError.
 */
export function huber(options: HuberOptions = {}): KnownLoss {
  const { delta = 1 } = options;
  positiveNumber("huber: delta", delta);
  return makeLoss("huber", options, ["delta"], {
    targets: { kind: "values" },
    each(prediction, target) {
      requireSame("huber", prediction, target);
      return { values: huberValues(prediction, target, delta) };
    },
  });
}

/** The loss of each position, of two tensors of one shape. */
export function huberValues(prediction: tf.Tensor, target: tf.Tensor, delta: number): tf.Tensor {
  const error = prediction.sub(target).abs();
  // Both pieces are ½ m² + delta (|e| − m), m the smaller of |e| and delta.
  const inner = tf.minimum(error, delta);
  return inner.square().mul(0.5).add(error.sub(inner).mul(delta));
}
