import { elementwise, type SameShape } from "../elementwise.js";

/** max(x, 0), shape kept. */
export function relu(): SameShape {
  return elementwise("relu()", 1, (x) => x.relu());
}
