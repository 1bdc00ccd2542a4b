import { elementwise, type SameShape } from "../elementwise.js";

/** ln(1 + eˣ), a relu without a corner (PyTorch's Softplus), shape kept. */
export function softplus(): SameShape {
  return elementwise("softplus()", 3, (x) => x.softplus());
}
