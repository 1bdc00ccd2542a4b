/** The mean of the gradients and the mean of their squares, which Adam and its kin remember. */
import type { Tensor } from "../runtime/tf.js";
import { numberIn, positiveNumber } from "../tensor/arguments.js";

/** How long they remember. */
export interface Moments {
  /** Decay of the mean of the gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the corrected mean square. Default 1e-8. */
  readonly epsilon?: number;
}

/** Filled in. Throws ValueError. */
export function checkMoments(what: string, options: Moments): Required<Moments> {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  numberIn(`${what}: beta1`, beta1, 0, 1);
  numberIn(`${what}: beta2`, beta2, 0, 1);
  positiveNumber(`${what}: epsilon`, epsilon);
  return { beta1, beta2, epsilon };
}

/** Both after another gradient. */
export function moved(
  mean: Tensor,
  meanSquare: Tensor,
  gradient: Tensor,
  beta1: number,
  beta2: number,
): [mean: Tensor, meanSquare: Tensor] {
  return [faded(mean, gradient, beta1), faded(meanSquare, gradient.square(), beta2)];
}

/** A running mean after another value: `beta` of it stays. */
export function faded(mean: Tensor, value: Tensor, beta: number): Tensor {
  return mean.add(value.sub(mean).mul(1 - beta));
}
