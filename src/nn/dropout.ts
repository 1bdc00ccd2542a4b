import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { numberIn } from "../tensor/arguments.js";
import type { Random } from "../tensor/random.js";
import { sizeOf } from "../tensor/shape.js";
import type { SameShape } from "./elementwise.js";
import { callText, makeLayer } from "./layer.js";
import type { Forward } from "./module.js";
import type { Scope } from "./scope.js";

/**
 * In training, sets a share `rate` of the values to 0 and multiplies the others by 1 / (1 − rate) (Srivastava et al. 2014);
 * otherwise does nothing. Shape kept. Throws ValueError.
 */
export function dropout(rate: number): SameShape {
  numberIn("dropout: rate", rate, 0, 1);
  return makeLayer<SameShape>({
    label: callText("dropout", [rate]),
    build: (input, scope) => ({ output: input, flops: sizeOf(input), forward: dropper(rate, scope) }),
  });
}

/** {@link dropout} for layers made of it: the same seed and place give the same masks, step for step. */
export function dropper(rate: number, scope: Scope): (x: Tensor, context: Forward) => Tensor {
  if (rate === 0) return (x) => x;
  const random = scope.random();
  return (x, { training }) => (training ? x.mul(mask(x.shape, rate, random)) : x);
}

/** The mask holds the factor already, so that dropout is one multiplication. */
function mask(shape: number[], rate: number, random: Random): Tensor {
  const values = new Float32Array(sizeOf(shape));
  const limit = rate * 2 ** 32;
  const factor = 1 / (1 - rate);
  for (let i = 0; i < values.length; i++) values[i] = random.bits() < limit ? 0 : factor;
  return tf.tensor(values, shape, "float32");
}
