import { elementwise, type SameShape } from "../elementwise.js";
import { hardGate } from "./hard-sigmoid.js";

/** x times its `hardSigmoid`, a silu of simple parts (arXiv 1905.02244; PyTorch's Hardswish), shape kept. */
export function hardSwish(): SameShape {
  return elementwise("hardSwish()", 5, (x) => x.mul(hardGate(x)));
}
