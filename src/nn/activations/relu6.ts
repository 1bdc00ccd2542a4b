import { elementwise, type SameShape } from "../elementwise.js";

/** x between 0 and 6, else the nearer of the two (PyTorch's ReLU6), shape kept. */
export function relu6(): SameShape {
  return elementwise("relu6()", 2, (x) => x.relu6());
}
