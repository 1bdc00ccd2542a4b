import { type Gated, gated } from "./gated.js";

/**
 * The first half of the features times σ of the second (arXiv 1612.08083; PyTorch's GLU): [..., 2 n] → [..., n]. Throws
 * ShapeError when built on an odd last axis.
 */
export function glu(): Gated<"glu"> {
  return gated("glu", 5, (value, gate) => value.mul(gate.sigmoid()));
}
