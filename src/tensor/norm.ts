import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { nativeBackend } from "./native.js";

/** The sum of the squares of all values in all tensors, a scalar: infinite or NaN if one of them is. Not differentiable. */
export function squaredNorm(tensors: readonly Tensor[]): Tensor {
  const native = nativeBackend();
  if (native === undefined) return tf.addN(tensors.map((tensor) => tensor.square().sum()));
  // TensorFlow's halves the sum.
  const halves = tensors.map((tensor) => native.executeMultipleOutputs("L2Loss", [], [tensor], 1)[0]!);
  return tf.addN(halves).mul(2);
}
