import { positiveNumber } from "../../tensor/arguments.js";
import { huberValues } from "./huber.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireSame } from "./targets.js";

/** What {@link smoothL1} takes. */
export interface SmoothL1Options extends LossOptions {
  /** The error from which on the loss grows linearly. Default 1. */
  readonly beta?: number;
}

/**
 * Mean of ½ e² / beta where the error e is within ±beta, and of |e| − ½ beta outside (arXiv 1504.08083): huber divided by its
 * delta. Both of the same shape, as PyTorch's `SmoothL1Loss`. Throws ShapeError, ValueError.
 */
export function smoothL1(options: SmoothL1Options = {}): KnownLoss {
  const { beta = 1 } = options;
  positiveNumber("smoothL1: beta", beta);
  return makeLoss("smoothL1", options, ["beta"], {
    targets: { kind: "values" },
    each(prediction, target) {
      requireSame("smoothL1", prediction, target);
      return { values: huberValues(prediction, target, beta).div(beta) };
    },
  });
}
