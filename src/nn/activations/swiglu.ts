import { type Gated, gated } from "./gated.js";
import { swish } from "./silu.js";

/**
 * silu of the first half of the features times the second (arXiv 2002.05202): [..., 2 n] → [..., n]. The MLP of a LLaMA is
 * `dense(2 * n, { bias: false }), swiglu(), dense(width, { bias: false })`. Throws ShapeError when built on an odd last axis.
 */
export function swiglu(): Gated<"swiglu"> {
  return gated("swiglu", 6, (gate, value) => swish(gate).mul(value));
}
