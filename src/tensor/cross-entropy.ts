import { theEngine } from "../runtime/engine.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { withGradient } from "./gradient.js";
import { nativeBackend } from "./native.js";

/**
 * −ln softmax(logits)[label] for each row, in nats: `logits: [n, classes]`, `labels: [n]` (int32) → [n]. Throws RuntimeError for a
 * label that is no class, where TensorFlow computes on the CPU.
 */
export function sparseCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  const native = nativeBackend();
  if (native === undefined) return plainly(logits, labels);
  // One operation makes the losses and their gradients.
  const operation = "SparseSoftmaxCrossEntropyWithLogits";
  const [losses, slopes] = native.executeMultipleOutputs(operation, [], [logits, labels], 2) as [Tensor, Tensor];
  return withGradient(
    logits,
    (x, save) => {
      save([x, slopes, labels]);
      return losses;
    },
    (dy, [x, slopes, labels]) => {
      // Its gradient has none: where it is asked for one, its parts answer.
      const isDerived = theEngine().state.gradientDepth > 0;
      return (isDerived ? x!.softmax().sub(hot(x!, labels!)) : slopes!).mul(dy.expandDims(1));
    },
  );
}

function plainly(logits: Tensor, labels: Tensor): Tensor {
  return logits.logSoftmax().mul(hot(logits, labels)).sum(1).neg();
}

/** 1 at the label of each row, else 0. */
function hot(logits: Tensor, labels: Tensor): Tensor {
  return tf.oneHot(labels as tf.Tensor1D, logits.shape[1]!).toFloat();
}
