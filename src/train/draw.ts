import type { Batch, Dataset } from "../data/dataset.js";
import * as tf from "../runtime/tf.js";

/** Draws the examples, has `work` done with them, and frees them when it is done, at once or later. */
export function withBatch<T>(
  dataset: Dataset,
  indices: readonly number[],
  work: (batch: Batch) => T | Promise<T>,
): T | Promise<T> {
  // Clones, because what a data set gives may be its own.
  const { x, y } = tf.tidy(() => {
    const batch = dataset.batch(indices);
    return { x: batch.x.clone(), y: batch.y.clone() };
  });
  const free = (): void => tf.dispose([x, y]);
  let result: T | Promise<T> | undefined;
  try {
    result = work({ x, y });
    return result instanceof Promise ? result.finally(free) : result;
  } finally {
    if (!(result instanceof Promise)) free();
  }
}
