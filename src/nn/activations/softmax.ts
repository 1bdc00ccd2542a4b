import { elementwise, type SameShape } from "../elementwise.js";

/** eˣ over its sum along the last axis, shape kept. The loss "crossEntropy" takes logits: do not put this before it. */
export function softmax(): SameShape {
  return elementwise("softmax()", 3, (x) => x.softmax());
}
