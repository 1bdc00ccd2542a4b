import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { areValues } from "./targets.js";

/** How predicted and true areas lie over each other, [batch, classes] each. */
export interface Overlap {
  readonly both: Tensor;
  readonly predicted: Tensor;
  readonly actual: Tensor;
}

/**
 * The soft areas of each class of each example. `prediction: [batch, ..., classes]` are logits: with targets of the same shape (0 or 1
 * each) every class stands for itself, by the sigmoid; with class indices, `target: [batch, ...]`, they share the softmax. Throws
 * ShapeError.
 */
export function overlap(what: string, prediction: Tensor, target: Tensor): Overlap {
  const classes = prediction.shape[prediction.rank - 1] ?? 1;
  const single = areValues(what, prediction, target);
  const mask = single ? target : tf.oneHot(target.toInt() as tf.Tensor1D, classes).toFloat();
  const probability = single ? prediction.sigmoid() : prediction.softmax();
  const area = (tensor: Tensor) => tensor.reshape([prediction.shape[0] ?? 1, -1, classes]).sum(1);
  return { both: area(probability.mul(mask)), predicted: area(probability), actual: area(mask) };
}
