import type { Tensor } from "../../runtime/tf.js";
import { checkOptions, positiveNumber } from "../../tensor/arguments.js";
import { elementwise, type SameShape } from "../elementwise.js";
import { callText } from "../layer.js";

/** What {@link elu} takes. */
export interface EluOptions {
  /** What it comes down to far below 0 is −alpha. Default 1. */
  readonly alpha?: number;
}

/** x where it is above 0, else α (eˣ − 1) (arXiv 1511.07289; PyTorch's ELU), shape kept. Throws ValueError. */
export function elu(options: EluOptions = {}): SameShape {
  checkOptions("elu", options, ["alpha"]);
  const { alpha = 1 } = options;
  positiveNumber("elu: alpha", alpha);
  const forward = alpha === 1 ? (x: Tensor) => x.elu() : (x: Tensor) => exponentialBelow(x, alpha, 1);
  return elementwise(callText("elu", [], options), 3, forward);
}

/** x where it is above 0, else height · (e^(x / width) − 1): no exponential of a large number, whose gradient would be NaN. */
export function exponentialBelow(x: Tensor, height: number, width: number): Tensor {
  return x.relu().add(x.minimum(0).div(width).expm1().mul(height));
}
