import { ShapeError, ValueError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { show } from "../../tensor/arguments.js";
import { sameShape, showShape } from "../../tensor/shape.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireSame } from "./targets.js";

/** What {@link quantile} takes. */
export interface QuantileOptions extends LossOptions {
  /** The quantile that is predicted, between 0 and 1, or several of them. Default 0.5: the median. */
  readonly at?: number | readonly number[];
}

/**
 * The pinball loss (Koenker and Bassett 1978): mean of q e where the target is e above the prediction, of (1 − q) |e| where it is
 * below, so that the best prediction is the quantile q. Both of the same shape; with a list of quantiles `prediction: [..., quantiles]`,
 * `target: [...]` or [..., 1]. As scikit-learn's `mean_pinball_loss`. Throws ShapeError, ValueError.
 */
export function quantile(options: QuantileOptions = {}): KnownLoss {
  const { at = 0.5 } = options;
  const list = typeof at === "number" ? [at] : at;
  if (!Array.isArray(list) || list.length === 0 || !list.every((q) => typeof q === "number" && q > 0 && q < 1)) {
    const expected = "a number between 0 and 1, or a list of them";
    throw new ValueError({ what: "quantile: at", expected, got: show(at) });
  }
  const several = typeof at !== "number";
  return makeLoss("quantile", options, ["at"], {
    targets: { kind: "values", ...(several && { shape: (output) => [...output.slice(0, -1), 1] }) },
    each(prediction, target) {
      const error = (several ? column(prediction, target, list.length) : same(prediction, target)).sub(prediction);
      const levels = several ? tf.tensor1d([...list]) : tf.scalar(list[0]!);
      return { values: tf.maximum(error.mul(levels), error.mul(levels.sub(1))) };
    },
  });
}

function same(prediction: Tensor, target: Tensor): Tensor {
  requireSame("quantile", prediction, target);
  return target;
}

/** The targets as [..., 1], beside their quantiles. */
function column(prediction: Tensor, target: Tensor, quantiles: number): Tensor {
  const positions = prediction.shape.slice(0, -1);
  if (prediction.shape.at(-1) === quantiles) {
    if (sameShape(target.shape, positions)) return target.expandDims(-1);
    if (sameShape(target.shape, [...positions, 1])) return target;
  }
  const expected = `predictions [..., ${quantiles}] and targets [...] of as many positions`;
  const got = `${showShape(prediction.shape)} and ${showShape(target.shape)}`;
  throw new ShapeError({ what: "quantile", expected, got });
}
