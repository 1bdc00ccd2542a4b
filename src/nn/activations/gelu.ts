import type { Tensor } from "../../runtime/tf.js";
import { checkOptions, oneOf } from "../../tensor/arguments.js";
import { withQuickGradient } from "../../tensor/gradient.js";
import { elementwise, type SameShape } from "../elementwise.js";
import { callText } from "../layer.js";

/** What {@link gelu} takes. */
export interface GeluOptions {
  /** "none" (default): exact, by the error function. "tanh": the approximation that GPT-2 was trained with. */
  readonly approximate?: "none" | "tanh";
}

/** x Φ(x), Φ the normal distribution function (arXiv 1606.08415), shape kept. Throws ValueError. */
export function gelu(options: GeluOptions = {}): SameShape {
  checkOptions("gelu", options, ["approximate"]);
  const { approximate = "none" } = options;
  oneOf("gelu: approximate", approximate, ["none", "tanh"]);
  return elementwise(callText("gelu", [], options), 5, approximate === "none" ? exactGelu : tanhGelu);
}

/** Its derivative is Φ(x) + x φ(x), φ the normal density. */
export function exactGelu(x: Tensor): Tensor {
  return withQuickGradient(
    x,
    (value, save) => {
      const below = value.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
      save([value, below]);
      return value.mul(below);
    },
    (dy, [value, below]) => {
      const density = value!
        .square()
        .mul(-0.5)
        .exp()
        .mul(1 / Math.sqrt(2 * Math.PI));
      return dy.mul(value!.mul(density).add(below!));
    },
  );
}

function tanhGelu(x: Tensor): Tensor {
  const inner = x.mul(x.square().mul(0.044715).add(1)).mul(Math.sqrt(2 / Math.PI));
  return x.mul(inner.tanh().add(1)).mul(0.5);
}
