import { elementwise, type SameShape } from "../elementwise.js";

/** 1 / (1 + e⁻ˣ), shape kept. */
export function sigmoid(): SameShape {
  return elementwise("sigmoid()", 1, (x) => x.sigmoid());
}
