import { numberIn } from "../../tensor/arguments.js";
import { sizeOf } from "../../tensor/shape.js";
import type { SameShape } from "../elementwise.js";
import { callText, makeLayer } from "../layer.js";

/**
 * In training, adds numbers from the normal distribution with mean 0 and this deviation (Keras's GaussianNoise); otherwise does
 * nothing. Shape kept. Throws ValueError.
 */
export function gaussianNoise(deviation: number): SameShape {
  numberIn("gaussianNoise: deviation", deviation, 0);
  return makeLayer<SameShape>({
    label: callText("gaussianNoise", [deviation]),
    build(input, scope) {
      const random = scope.random();
      return {
        output: input,
        flops: sizeOf(input) * 2,
        causal: true,
        forward: (x, { training }) => (training && deviation > 0 ? x.add(random.normal(x.shape).mul(deviation)) : x),
      };
    },
  });
}
