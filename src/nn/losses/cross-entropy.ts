import { ValueError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { numberIn, show } from "../../tensor/arguments.js";
import { sparseCrossEntropy } from "../../tensor/cross-entropy.js";
import { classWeights } from "./class-weights.js";
import { type Each, type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { areValues } from "./targets.js";

/** What {@link crossEntropy} takes. */
export interface CrossEntropyOptions extends LossOptions {
  /** The share of each target that is spread evenly over all classes (arXiv 1512.00567, section 7). Default 0. */
  readonly labelSmoothing?: number;
  /** Positions with this class index count nothing. Default: all count. */
  readonly ignoreIndex?: number;
  /** How much each class counts, [classes]. With class indices the mean is that of all weights. Default 1 each. */
  readonly weight?: readonly number[];
}

/**
 * Mean of −ln softmax(prediction)[target], in nats. `prediction: [..., classes]` are logits, `target: [...]` class indices (int32), or
 * distributions over the classes (one-hot rows, too) of the prediction's shape: then the mean of −Σ target · ln softmax(prediction).
 * As PyTorch's `CrossEntropyLoss`, but 0 instead of NaN where all positions are ignored. Throws ShapeError, ValueError; RuntimeError
 * for an index that is no class.
 */
export function crossEntropy(options: CrossEntropyOptions = {}): KnownLoss {
  const { labelSmoothing = 0, ignoreIndex, weight } = options;
  numberIn("crossEntropy: labelSmoothing", labelSmoothing, 0, 1);
  checkIndex("crossEntropy: ignoreIndex", ignoreIndex);
  const weights = classWeights("crossEntropy: weight", weight);
  return makeLoss("crossEntropy", options, ["labelSmoothing", "ignoreIndex", "weight"], {
    targets: { kind: "either", distributions: true, ignored: ignoreIndex },
    each(prediction, target) {
      const values = areValues("crossEntropy", prediction, target, ignoreIndex);
      if (values && ignoreIndex !== undefined) {
        const expected = "class indices as targets with it";
        throw new ValueError({ what: "crossEntropy: ignoreIndex", expected, got: "distributions" });
      }
      const table = weights?.(prediction.shape[prediction.rank - 1]!);
      return values
        ? ofDistributions(prediction, target, labelSmoothing, table)
        : ofClasses(prediction, target, labelSmoothing, ignoreIndex, table);
    },
  });
}

/** Throws ValueError unless it is a whole number or nothing. */
export function checkIndex(what: string, index: unknown): void {
  if (index === undefined || Number.isSafeInteger(index)) return;
  throw new ValueError({ what, expected: "a whole number", got: show(index) });
}

function ofClasses(
  prediction: Tensor,
  target: Tensor,
  labelSmoothing: number,
  ignored: number | undefined,
  table: Tensor | undefined,
): Each {
  const classes = prediction.shape[prediction.rank - 1]!;
  const logits = prediction.reshape([-1, classes]);
  const given = target.flatten().toInt();
  const counts = ignored === undefined ? undefined : given.notEqual(tf.scalar(ignored, "int32"));
  const labels = counts === undefined ? given : tf.where(counts, given, tf.zerosLike(given));
  let values: Tensor = sparseCrossEntropy(logits, labels);
  let shares: Tensor | undefined = counts?.toFloat();
  if (table !== undefined) {
    const weight = tf.gather(table, labels as tf.Tensor1D);
    values = values.mul(weight);
    shares = shares?.mul(weight) ?? weight;
  }
  if (labelSmoothing > 0) {
    const surprises = logits.logSoftmax();
    const all = (table === undefined ? surprises : surprises.mul(table)).sum(1).mul(-labelSmoothing / classes);
    values = values.mul(1 - labelSmoothing).add(all);
  }
  if (counts !== undefined) values = values.mul(counts.toFloat());
  const shaped = (tensor: Tensor) => tensor.reshape(target.shape);
  return { values: shaped(values), ...(shares !== undefined && { shares: shaped(shares) }) };
}

function ofDistributions(prediction: Tensor, target: Tensor, labelSmoothing: number, table: Tensor | undefined): Each {
  const classes = prediction.shape[prediction.rank - 1]!;
  const smooth = labelSmoothing === 0 ? target : target.mul(1 - labelSmoothing).add(labelSmoothing / classes);
  const surprises = prediction.logSoftmax().mul(smooth);
  return { values: (table === undefined ? surprises : surprises.mul(table)).sum(-1).neg() };
}
