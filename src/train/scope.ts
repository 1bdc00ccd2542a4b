import * as tf from "../runtime/tf.js";

/**
 * Runs `work` and frees every tensor it made. Its result is a plain value: `tf.tidy` would search it for tensors, number by
 * number.
 */
export function scope<T>(work: () => T): T {
  let result: { readonly value: T } | undefined;
  tf.tidy(() => {
    result = { value: work() };
  });
  return result!.value;
}
