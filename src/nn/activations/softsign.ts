import { elementwise, type SameShape } from "../elementwise.js";

/** x / (1 + |x|) (PyTorch's Softsign), shape kept. */
export function softsign(): SameShape {
  return elementwise("softsign()", 3, (x) => x.div(x.abs().add(1)));
}
