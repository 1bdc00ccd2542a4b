import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireSame } from "./targets.js";

/** Mean of |prediction − target|, both of the same shape, as PyTorch's `L1Loss`. Throws ShapeError. */
export function meanAbsoluteError(options: LossOptions = {}): KnownLoss {
  return makeLoss("meanAbsoluteError", options, [], {
    targets: { kind: "values" },
    each(prediction, target) {
      requireSame("meanAbsoluteError", prediction, target);
      return { values: prediction.sub(target).abs() };
    },
  });
}
