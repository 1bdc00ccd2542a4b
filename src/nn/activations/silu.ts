import type { Tensor } from "../../runtime/tf.js";
import { withQuickGradient } from "../../tensor/gradient.js";
import { elementwise, type SameShape } from "../elementwise.js";

/** x σ(x), also called swish (arXiv 1702.03118; PyTorch's SiLU), shape kept. */
export function silu(): SameShape {
  return elementwise("silu()", 5, swish);
}

/** {@link silu} for layers made of it. Its derivative is σ(x) + y (1 − σ(x)), y the result. */
export function swish(x: Tensor): Tensor {
  return withQuickGradient(
    x,
    (value, save) => {
      const gate = value.sigmoid();
      const result = value.mul(gate);
      save([gate, result]);
      return result;
    },
    (dy, [gate, result]) => dy.mul(gate!.add(result!.mul(gate!.neg().add(1)))),
  );
}
