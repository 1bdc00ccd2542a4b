/** Steps as long as the weights allow: what LAMB and LARS have in common. */
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { squaredNorm } from "../tensor/norm.js";
import type { Rule } from "./rule.js";

/** `times × ‖weight‖ / ‖vector‖`, both over all their numbers, a scalar; 1 where either is zero. */
export function trustRatio(weight: Tensor, vector: Tensor, times = 1): Tensor {
  const [size, length] = [squaredNorm([weight]).sqrt(), squaredNorm([vector]).sqrt()];
  return tf.where(size.greater(0).logicalAnd(length.greater(0)), size.mul(times).div(length), tf.scalar(1));
}

/** `rule` whose movements are made as long as `rate × ‖weight‖` (arXiv 1904.00962). */
export function trusted(rule: Rule): Rule {
  return {
    slots: (shape) => rule.slots(shape),
    // A rate of 1 inside: a movement of length 0 could not be made longer.
    scalars: (step, rate) => [...rule.scalars(step, 1), rate],
    move(weight, gradient, slots, scalars) {
      const [direction, ...moved] = rule.move(weight, gradient, slots, scalars.slice(0, -1));
      return [direction!.mul(trustRatio(weight, direction!).mul(scalars.at(-1)!)), ...moved];
    },
  };
}
