import { elementwise, type SameShape } from "../elementwise.js";

/** Hyperbolic tangent, shape kept. */
export function tanh(): SameShape {
  return elementwise("tanh()", 1, (x) => x.tanh());
}
