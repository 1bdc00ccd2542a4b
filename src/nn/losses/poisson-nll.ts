import * as tf from "../../runtime/tf.js";
import { positiveNumber, trueOrFalse } from "../../tensor/arguments.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireSame } from "./targets.js";

/** What {@link poissonNll} takes. */
export interface PoissonNllOptions extends LossOptions {
  /** Whether predictions are logarithms of rates, which any number is, or the rates themselves. Default true. */
  readonly logInput?: boolean;
  /** Adds ln target!, by Stirling's formula, which no gradient needs. Default false. */
  readonly full?: boolean;
  /** Added to rates before their logarithm is taken. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Mean of rate − target · ln rate: how unlikely counts are (but for a constant) that are drawn from Poisson distributions of these
 * rates. Both of the same shape, targets from 0, as PyTorch's `PoissonNLLLoss`. Throws ShapeError, ValueError.
 */
export function poissonNll(options: PoissonNllOptions = {}): KnownLoss {
  const { logInput = true, full = false, epsilon = 1e-8 } = options;
  trueOrFalse("poissonNll: logInput", logInput);
  trueOrFalse("poissonNll: full", full);
  positiveNumber("poissonNll: epsilon", epsilon);
  return makeLoss("poissonNll", options, ["logInput", "full", "epsilon"], {
    targets: { kind: "values", range: [0, Number.POSITIVE_INFINITY] },
    each(prediction, target) {
      requireSame("poissonNll", prediction, target);
      const values = logInput
        ? prediction.exp().sub(target.mul(prediction))
        : prediction.sub(target.mul(prediction.add(epsilon).log()));
      return { values: full ? values.add(stirling(target)) : values };
    },
  });
}

/** ln n! about, 0 up to 1. */
function stirling(n: tf.Tensor): tf.Tensor {
  const safe = tf.maximum(n, 1);
  const about = safe
    .mul(safe.log())
    .sub(safe)
    .add(
      safe
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    );
  return tf.where(n.greater(1), about, tf.zerosLike(about));
}
