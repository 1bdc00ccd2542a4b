import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireSame } from "./targets.js";

/** Mean of (prediction − target)², both of the same shape, as PyTorch's `MSELoss`. Throws ShapeError. */
export function meanSquaredError(options: LossOptions = {}): KnownLoss {
  return makeLoss("meanSquaredError", options, [], {
    targets: { kind: "values" },
    each(prediction, target) {
      requireSame("meanSquaredError", prediction, target);
      return { values: prediction.sub(target).square() };
    },
  });
}
