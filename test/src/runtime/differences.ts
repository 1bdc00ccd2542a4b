/** The oracles of gradients: central differences, and a look at what is read on the host. */
import type { Binding } from "../../../src/runtime/binding.js";
import * as tf from "../../../src/runtime/tf.js";

type Function1 = (x: tf.Tensor) => tf.Tensor;

/** Steps of the five-point formula, whose error falls with the fourth power of the step. */
const stencil = [
  [1, 8 / 12],
  [-1, -8 / 12],
  [2, -1 / 12],
  [-2, 1 / 12],
] as const;

/**
 * How far the gradient of `f` is from differences of its values, along three directions: what `f` gives is weighed with random
 * numbers `dy`; (gradient · direction) is held against the derivative along it. float32 allows about 1e-4 for values around 1.
 *
 * @param step how far to go from `x` at most, of each value; smaller than the way to the next kink.
 * @returns the largest difference as a part of what it is a difference of (of 1 at least).
 */
export function gradientError(f: Function1, x: tf.Tensor, step = 0.02): number {
  const values = x.dataSync().slice();
  const dy = tf.tidy(() => random(f(x).shape, 11));
  const gradient = tf.grad(f)(x, dy).dataSync();
  const errors = [1, 2, 3].map((seed) => {
    const direction = random(x.shape, seed).dataSync();
    const along = dot(gradient, direction);
    let difference = 0;
    for (const [steps, weight] of stencil) {
      const moved = Float32Array.from(values, (value, i) => value + (steps / 2) * step * (direction[i] as number));
      difference += weight * tf.tidy(() => dot(f(tf.tensor(moved, x.shape)).dataSync(), dy.dataSync()));
    }
    difference /= step / 2;
    const error = Math.abs(along - difference) / Math.max(1, Math.abs(difference));
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  });
  return Math.max(...errors);
}

/** The same for the second derivative: of the gradient of `f`, against differences of it. */
export function secondGradientError(f: Function1, x: tf.Tensor, step = 0.02): number {
  const dy = tf.tidy(() => random(f(x).shape, 12));
  return gradientError((x) => tf.grad(f)(x, dy), x, step);
}

/** Numbers from -1 to 1, the same ones for the same seed. */
export function random(shape: readonly number[], seed: number): tf.Tensor {
  return tf.randomUniform([...shape], -1, 1, "float32", seed);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** How many tensors `run` brings back to the host. */
export function hostReads(run: () => unknown): number {
  const backend = tf.backend() as unknown as { binding: Binding };
  const { binding } = backend;
  let reads = 0;
  const tensorDataSync = (id: number) => {
    reads++;
    return binding.tensorDataSync(id);
  };
  backend.binding = { ...binding, tensorDataSync };
  try {
    run();
  } finally {
    backend.binding = binding;
  }
  return reads;
}
