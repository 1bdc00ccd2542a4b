import { elementwise, type SameShape } from "../elementwise.js";

/** ln σ(x), also where σ(x) is too small for a number (PyTorch's LogSigmoid), shape kept. */
export function logSigmoid(): SameShape {
  return elementwise("logSigmoid()", 3, (x) => x.logSigmoid());
}
