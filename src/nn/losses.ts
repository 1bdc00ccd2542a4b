import { ShapeError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import { oneOf } from "../tensor/arguments.js";
import { sparseCrossEntropy } from "../tensor/cross-entropy.js";
import { sameShape, showShape } from "../tensor/shape.js";

/** How wrong a prediction is: the mean over all positions, a scalar. Any such function of tfjs operations can be a loss. */
export type Loss = (prediction: Tensor, target: Tensor) => Tensor;

/** The losses that have a name. */
export const lossNames = ["crossEntropy", "binaryCrossEntropy", "meanSquaredError", "meanAbsoluteError"] as const;
export type LossName = (typeof lossNames)[number];

/** The loss with this name; a function is its own loss. Throws ValueError. */
export function loss(name: LossName | Loss): Loss {
  if (typeof name === "function") return name;
  oneOf("loss", name, lossNames);
  return losses[name];
}

/**
 * Mean of −ln softmax(prediction)[target], in nats. `prediction: [..., classes]` are logits, `target: [...]` class indices
 * (int32), as PyTorch's `cross_entropy`. Throws ShapeError. RuntimeError for an index that is no class.
 */
export function crossEntropy(prediction: Tensor, target: Tensor): Tensor {
  const classes = prediction.shape[prediction.rank - 1] ?? 0;
  if (prediction.rank === 0 || !sameShape(prediction.shape.slice(0, -1), target.shape)) {
    throw new ShapeError({
      what: "crossEntropy",
      expected: `targets ${showShape(prediction.shape.slice(0, -1))} (class indices) for logits ${showShape(prediction.shape)}`,
      got: showShape(target.shape),
    });
  }
  return sparseCrossEntropy(prediction.reshape([-1, classes]), target.flatten().toInt()).mean();
}

/**
 * Mean of −[y ln σ(x) + (1 − y) ln(1 − σ(x))], in nats. `prediction` are logits, `target` of the same shape lies in 0 … 1, as
 * PyTorch's `binary_cross_entropy_with_logits`. Throws ShapeError.
 */
export function binaryCrossEntropy(prediction: Tensor, target: Tensor): Tensor {
  requireSame("binaryCrossEntropy", prediction, target);
  const softplus = prediction.abs().neg().exp().log1p();
  return prediction.relu().sub(prediction.mul(target)).add(softplus).mean();
}

/** Mean of (prediction − target)², both of the same shape. Throws ShapeError. */
export function meanSquaredError(prediction: Tensor, target: Tensor): Tensor {
  requireSame("meanSquaredError", prediction, target);
  return prediction.sub(target).square().mean();
}

/** Mean of |prediction − target|, both of the same shape. Throws ShapeError. */
export function meanAbsoluteError(prediction: Tensor, target: Tensor): Tensor {
  requireSame("meanAbsoluteError", prediction, target);
  return prediction.sub(target).abs().mean();
}

const losses: Record<LossName, Loss> = { crossEntropy, binaryCrossEntropy, meanSquaredError, meanAbsoluteError };

/** Broadcasting [n, 1] against [n] would train on n² pairs and say nothing. */
function requireSame(what: string, prediction: Tensor, target: Tensor): void {
  if (sameShape(prediction.shape, target.shape)) return;
  throw new ShapeError({
    what,
    expected: `targets ${showShape(prediction.shape)}, like the predictions`,
    got: showShape(target.shape),
  });
}
