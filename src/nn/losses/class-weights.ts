import { ValueError } from "../../errors.js";
import * as tf from "../../runtime/tf.js";
import { show } from "../../tensor/arguments.js";

/**
 * What makes the weights of classes, one a class, a tensor once the number of classes is known; undefined where there are none.
 * Throws ValueError for what is no list of numbers from 0, and for another number of them.
 */
export function classWeights(
  what: string,
  weights: readonly number[] | undefined,
): ((classes: number) => tf.Tensor1D) | undefined {
  if (weights === undefined) return undefined;
  const fits = Array.isArray(weights) && weights.every((one) => Number.isFinite(one) && one >= 0);
  if (!fits || weights.length === 0) {
    throw new ValueError({ what, expected: "a list of numbers from 0, one a class", got: show(weights) });
  }
  return (classes) => {
    if (classes === weights.length) return tf.tensor1d([...weights]);
    throw new ValueError({ what, expected: `${classes} numbers, one a class`, got: `${weights.length}` });
  };
}
