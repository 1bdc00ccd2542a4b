import { checkOptions, positiveNumber } from "../../tensor/arguments.js";
import { elementwise, type SameShape } from "../elementwise.js";
import { callText } from "../layer.js";
import { exponentialBelow } from "./elu.js";

/** What {@link celu} takes. */
export interface CeluOptions {
  /** What it comes down to far below 0 is −alpha. Default 1. */
  readonly alpha?: number;
}

/**
 * x where it is above 0, else α (e^(x / α) − 1): an elu whose slope is 1 on both sides of 0 for any α (arXiv 1704.07483;
 * PyTorch's CELU), shape kept. Throws ValueError.
 */
export function celu(options: CeluOptions = {}): SameShape {
  checkOptions("celu", options, ["alpha"]);
  const { alpha = 1 } = options;
  positiveNumber("celu: alpha", alpha);
  return elementwise(callText("celu", [], options), 4, (x) => exponentialBelow(x, alpha, alpha));
}
