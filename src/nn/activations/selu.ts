import { elementwise, type SameShape } from "../elementwise.js";

/**
 * λ x where it is above 0, else λ α (eˣ − 1), with the λ and α that keep mean 0 and variance 1 from layer to layer (arXiv
 * 1706.02515; PyTorch's SELU), shape kept. Start its layers with `initial: "lecunNormal"`, and drop with `alphaDropout`.
 */
export function selu(): SameShape {
  return elementwise("selu()", 4, (x) => x.selu());
}
