import { elementwise, type SameShape } from "../elementwise.js";

/** x tanh(ln(1 + eˣ)) (arXiv 1908.08681; PyTorch's Mish), shape kept. */
export function mish(): SameShape {
  return elementwise("mish()", 6, (x) => x.mul(x.softplus().tanh()));
}
