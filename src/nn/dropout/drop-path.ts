import { numberIn } from "../../tensor/arguments.js";
import { sizeOf } from "../../tensor/shape.js";
import type { SameShape } from "../elementwise.js";
import { callText, makeLayer } from "../layer.js";
import { dropper } from "./dropout.js";

/**
 * Stochastic depth (arXiv 1603.09382): in training, all values of an example are 0 with chance `rate`, or multiplied by
 * 1 / (1 − rate); otherwise nothing happens. Last in a `residual(...)`, it leaves out the branch. Shape kept. Throws ValueError.
 */
export function dropPath(rate: number): SameShape {
  numberIn("dropPath: rate", rate, 0, 1);
  return makeLayer<SameShape>({
    label: callText("dropPath", [rate]),
    build: (input, scope) => ({
      output: input,
      flops: sizeOf(input),
      causal: true,
      forward: dropper(rate, scope, (shape) => shape.map((size, axis) => (axis === 0 ? size : 1))),
    }),
  });
}
