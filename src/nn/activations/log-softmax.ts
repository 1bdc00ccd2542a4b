import { elementwise, type SameShape } from "../elementwise.js";

/**
 * ln of the softmax along the last axis, also where that is too small for a number (PyTorch's LogSoftmax), shape kept. The loss
 * "crossEntropy" takes logits: do not put this before it.
 */
export function logSoftmax(): SameShape {
  return elementwise("logSoftmax()", 4, (x) => x.logSoftmax());
}
