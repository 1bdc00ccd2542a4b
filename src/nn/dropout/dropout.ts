import type { Tensor } from "../../runtime/tf.js";
import { numberIn } from "../../tensor/arguments.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { SameShape } from "../elementwise.js";
import { callText, makeLayer } from "../layer.js";
import type { Forward } from "../module.js";
import type { Scope } from "../scope.js";

/**
 * In training, sets a share `rate` of the values to 0 and multiplies the others by 1 / (1 − rate) (Srivastava et al. 2014);
 * otherwise does nothing. Shape kept. Throws ValueError.
 */
export function dropout(rate: number): SameShape {
  numberIn("dropout: rate", rate, 0, 1);
  return makeLayer<SameShape>({
    label: callText("dropout", [rate]),
    build: (input, scope) => ({ output: input, flops: sizeOf(input), causal: true, forward: dropper(rate, scope) }),
  });
}

/**
 * {@link dropout} for layers made of it: the same seed and place give the same masks, step for step. `together`: the shape of a
 * mask for x of some shape, with 1 for the axes that are dropped as a whole; by default each value has its own chance.
 */
export function dropper(
  rate: number,
  scope: Scope,
  together: (shape: Shape) => Shape = (shape) => shape,
): (x: Tensor, context: Forward) => Tensor {
  if (rate === 0) return (x) => x;
  const random = scope.random();
  const factor = 1 / (1 - rate);
  // The mask holds the factor already, so that dropout and its gradient are one multiplication each.
  const mask = (shape: Shape) => random.uniform(shape).greaterEqual(rate).toFloat().mul(factor);
  return (x, { training }) => (training ? x.mul(mask(together(x.shape))) : x);
}
