/** Operations that are derived by a formula for them in other operations. */
import { type GradConfig, grad, type Tensor } from "@tensorflow/tfjs-core";
import { gradient } from "./gradient.js";

/** The gradients of a kernel's inputs `names`: those of `formula`, which computes the same in operations that have them. */
export function byFormula<A>(
  kernelName: string,
  names: readonly string[],
  formula: (inputs: readonly Tensor[], attributes: A) => Tensor,
): GradConfig {
  return gradient<A>(kernelName, { inputs: names }, (dy, kept, attributes) => {
    const ofInput = (index: number) => () => {
      const f = (x: Tensor) => formula(kept.with(index, x), attributes);
      return grad(f)(kept[index] as Tensor, dy);
    };
    return Object.fromEntries(names.map((name, index) => [name, ofInput(index)]));
  });
}
