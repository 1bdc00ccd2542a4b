import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";

/**
 * `forward(x)` with a gradient written by hand: fewer and cheaper operations than the ones found automatically. `save` what
 * `backward` needs; it gets them back with `dy`, the gradient of the result, and returns the gradient of `x`.
 */
export function withGradient(
  x: Tensor,
  forward: (x: Tensor, save: (tensors: Tensor[]) => void) => Tensor,
  backward: (dy: Tensor, saved: readonly Tensor[]) => Tensor,
): Tensor {
  const operation = tf.customGrad((...inputs) => {
    const [input, save] = inputs as [Tensor, (tensors: Tensor[]) => void];
    const gradFunc = (dy: Tensor, saved: Tensor[]) => backward(dy, saved);
    return { value: forward(input, save), gradFunc };
  });
  return operation(x);
}
