import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";

/** How fast rotary positions turn. */
export interface RotaryOptions {
  /** The slowest pair turns once in nearly 2π × `base` positions. Default 10000. */
  readonly base?: number;
}

/**
 * Rotary positions (arXiv 2104.09864, formula 34): turns each pair (2i, 2i + 1) of `x: [batch, heads, time, size]` by position ×
 * base^(−2i / size), so that the product of a query and a key knows how far they are apart. `position`: int32 [batch], where the one
 * token of each stands; default: from 0 on, at most `longest`.
 */
export function rotator(
  longest: number,
  size: number,
  { base = 10_000 }: RotaryOptions,
): (x: Tensor, position?: Tensor) => Tensor {
  const angle = (index: number) => Math.floor(index / size) * base ** ((-2 * Math.floor((index % size) / 2)) / size);
  const length = { length: longest * size };
  const cosines = Float32Array.from(length, (_, index) => Math.cos(angle(index)));
  // For what the other one of the pair adds: (a, b) → (a cos − b sin, b cos + a sin).
  const sines = Float32Array.from(length, (_, index) => (index % 2 === 0 ? -1 : 1) * Math.sin(angle(index)));
  return (x, position) => {
    const time = x.shape[2]!;
    const rows = (values: Float32Array) =>
      position === undefined
        ? tf.tensor(values.subarray(0, time * size), [time, size], "float32")
        : tf.gather(tf.tensor(values, [longest, size], "float32"), position as tf.Tensor1D).reshape([-1, 1, 1, size]);
    const others = x.reshape([-1, 2]).reverse(1).reshape(x.shape);
    return x.mul(rows(cosines)).add(others.mul(rows(sines)));
  };
}
