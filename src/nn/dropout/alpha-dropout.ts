import { numberIn } from "../../tensor/arguments.js";
import { sizeOf } from "../../tensor/shape.js";
import type { SameShape } from "../elementwise.js";
import { callText, makeLayer } from "../layer.js";

/** What a selu comes down to far below 0 is minus this: λ α. */
const floor = 1.7580993408473766;

/**
 * A dropout for layers of `selu`: in training, a share `rate` of the values becomes what a selu gives far below 0, and all are
 * scaled and shifted so that mean 0 and variance 1 stay (arXiv 1706.02515; PyTorch's AlphaDropout); otherwise does nothing. Shape
 * kept. Throws ValueError.
 */
export function alphaDropout(rate: number): SameShape {
  numberIn("alphaDropout: rate", rate, 0, 1);
  const scale = 1 / Math.sqrt((floor ** 2 * rate + 1) * (1 - rate));
  return makeLayer<SameShape>({
    label: callText("alphaDropout", [rate]),
    build(input, scope) {
      const random = scope.random();
      return {
        output: input,
        flops: sizeOf(input) * 3,
        causal: true,
        forward(x, { training }) {
          if (!training || rate === 0) return x;
          const kept = random.uniform(x.shape).greaterEqual(rate).toFloat();
          return x
            .add(floor)
            .mul(kept)
            .mul(scale)
            .add(scale * floor * (rate - 1));
        },
      };
    },
  });
}
