import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";

/**
 * Attention with linear biases (arXiv 2108.12409): what is added to the scores of `heads` heads, −slope × |query − key|, [heads,
 * time, time] for positions from 0 on; with `position` (int32 [texts]), of the one query of each that stands there, [texts, heads, 1,
 * time].
 */
export function linearBiases(heads: number, time: number, position?: Tensor): Tensor {
  const keys = tf.range(0, time, 1);
  const queries = position === undefined ? keys.expandDims(1) : position.toFloat().reshape([-1, 1, 1, 1]);
  return queries
    .sub(keys)
    .abs()
    .mul(tf.tensor(slopes(heads), [heads, 1, 1], "float32").neg());
}

/** 2^(−8 / heads), its square and so on; where `heads` is no power of 2, the paper's code takes some of twice as many between. */
export function slopes(heads: number): number[] {
  const power = 2 ** Math.floor(Math.log2(heads));
  const regular = (count: number) => Array.from({ length: count }, (_, index) => 2 ** ((-8 / count) * (index + 1)));
  const between = regular(2 * power).filter((_, index) => index % 2 === 0);
  return [...regular(power), ...between.slice(0, heads - power)];
}
