import type { Attribute } from "../runtime/attributes.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";

/** tfjs-node's way to run an operation of TensorFlow. What it runs has no gradient. */
export interface Native {
  executeMultipleOutputs(operation: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
}

/** TensorFlow, or undefined where JavaScript computes in its place. */
export function nativeBackend(): Native | undefined {
  const backend = tf.backend() as object as Native;
  return "executeMultipleOutputs" in backend ? backend : undefined;
}
