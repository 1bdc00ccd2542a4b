import { ValueError } from "../../errors.js";
import * as tf from "../../runtime/tf.js";
import { positiveNumber, show } from "../../tensor/arguments.js";
import { classWeights } from "./class-weights.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireClasses } from "./targets.js";

/** What {@link multiMargin} takes. */
export interface MultiMarginOptions extends LossOptions {
  /** By how much the right class should be ahead. Default 1. */
  readonly margin?: number;
  /** The power of each shortfall, 1 or 2. Default 1. */
  readonly p?: 1 | 2;
  /** How much each class counts, [classes]. Default 1 each. */
  readonly weight?: readonly number[];
}

/**
 * The hinge loss for several classes (Weston and Watkins 1999): mean of Σ max(0, margin − x[target] + x[i])^p / classes over the
 * other classes i. `prediction: [..., classes]` are scores, `target: [...]` class indices (int32), as PyTorch's `MultiMarginLoss`.
 * Throws ShapeError, ValueError.
 */
export function multiMargin(options: MultiMarginOptions = {}): KnownLoss {
  const { margin = 1, p = 1, weight } = options;
  positiveNumber("multiMargin: margin", margin);
  if (p !== 1 && p !== 2) throw new ValueError({ what: "multiMargin: p", expected: "1 or 2", got: show(p) });
  const weights = classWeights("multiMargin: weight", weight);
  return makeLoss("multiMargin", options, ["margin", "p", "weight"], {
    targets: { kind: "classes" },
    each(prediction, target) {
      requireClasses("multiMargin", prediction, target);
      const classes = prediction.shape[prediction.rank - 1]!;
      const right = tf.oneHot(target.toInt() as tf.Tensor1D, classes).toFloat();
      const score = prediction.mul(right).sum(-1, true);
      const short = prediction.sub(score).add(margin).relu();
      const others = (p === 2 ? short.square() : short).mul(tf.sub(1, right));
      const table = weights?.(classes);
      const values = others.sum(-1).div(classes);
      return { values: table === undefined ? values : values.mul(right.mul(table).sum(-1)) };
    },
  });
}
