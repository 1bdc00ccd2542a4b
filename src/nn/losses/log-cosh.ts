import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireSame } from "./targets.js";

/**
 * Mean of ln cosh(prediction − target): half the square of small errors, the size of large ones. Both of the same shape, as
 * Keras's `LogCosh`. Throws ShapeError.
 */
export function logCosh(options: LossOptions = {}): KnownLoss {
  return makeLoss("logCosh", options, [], {
    targets: { kind: "values" },
    each(prediction, target) {
      requireSame("logCosh", prediction, target);
      // cosh itself is infinite from 90 on: ln cosh e = e + ln(1 + (exp(−2e) − 1) / 2).
      const error = prediction.sub(target).abs();
      return { values: error.add(error.mul(-2).expm1().mul(0.5).log1p()) };
    },
  });
}
