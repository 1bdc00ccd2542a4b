import { theEngine } from "../runtime/engine.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";

type Save = (tensors: Tensor[]) => void;

/**
 * `forward(x)` with a gradient written by hand: fewer and cheaper operations than the ones found automatically. `save` what
 * `backward` needs; it gets them back with `dy`, the gradient of the result, and returns the gradient of `x`.
 */
export function withGradient(
  x: Tensor,
  forward: (x: Tensor, save: Save) => Tensor,
  backward: (dy: Tensor, saved: readonly Tensor[]) => Tensor,
): Tensor {
  return withGradients(
    [x],
    ([input], save) => forward(input!, save),
    (dy, saved) => [backward(dy, saved)],
  );
}

/**
 * {@link withGradient} for a `forward` of operations that tfjs can derive. A gradient by hand has none itself, since what it saved
 * is a constant to it: where it is asked for one, the operations answer.
 */
export function withQuickGradient(
  x: Tensor,
  forward: (x: Tensor, save: Save) => Tensor,
  backward: (dy: Tensor, saved: readonly Tensor[]) => Tensor,
): Tensor {
  return withGradient(
    x,
    (value, save) => forward(value, (tensors) => save([value, ...tensors])),
    (dy, [value, ...saved]) => {
      if (theEngine().state.gradientDepth > 0) return tf.grad((x) => forward(x, () => {}))(value!, dy);
      return backward(dy, saved);
    },
  );
}

/** {@link withGradient} for several inputs: `backward` returns a gradient for each, in their order. */
export function withGradients(
  inputs: readonly Tensor[],
  forward: (inputs: readonly Tensor[], save: Save) => Tensor,
  backward: (dy: Tensor, saved: readonly Tensor[]) => Tensor[],
): Tensor {
  const operation = tf.customGrad((...given) => {
    const save = given.pop() as unknown as Save;
    return { value: forward(given as Tensor[], save), gradFunc: backward };
  });
  return operation(...inputs);
}
