import type { Batch, Dataset } from "../../data/dataset.js";
import * as tf from "../../runtime/tf.js";

/** A batch and how much each of its examples counts. */
export interface Drawn extends Batch {
  /** [batch]; undefined where all count alike. */
  readonly weights?: tf.Tensor;
}

/** Draws the examples, has `work` done with them, and frees them when it is done, at once or later. `samples`: a weight each. */
export function withBatch<T>(
  dataset: Dataset,
  indices: readonly number[],
  work: (batch: Drawn) => T | Promise<T>,
  samples?: ArrayLike<number>,
): T | Promise<T> {
  // Clones, because what a data set gives may be its own.
  const { x, y } = tf.tidy(() => {
    const batch = dataset.batch(indices);
    return { x: batch.x.clone(), y: batch.y.clone() };
  });
  const weights = samples && tf.tensor1d(Float32Array.from(indices, (index) => samples[index]!));
  const drawn = weights === undefined ? [x, y] : [x, y, weights];
  const free = (): void => tf.dispose(drawn);
  let result: T | Promise<T> | undefined;
  try {
    result = work(drawnOf(drawn));
    return result instanceof Promise ? result.finally(free) : result;
  } finally {
    if (!(result instanceof Promise)) free();
  }
}

/** The tensors of a batch as what a compiled function takes. */
export function tensorsOf({ x, y, weights }: Drawn): tf.Tensor[] {
  return weights === undefined ? [x, y] : [x, y, weights];
}

/** {@link tensorsOf} undone. */
export function drawnOf([x, y, weights]: readonly tf.Tensor[]): Drawn {
  return { x: x!, y: y!, ...(weights !== undefined && { weights }) };
}
