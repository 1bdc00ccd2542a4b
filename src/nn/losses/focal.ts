import { ValueError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { numberIn, show } from "../../tensor/arguments.js";
import { sparseCrossEntropy } from "../../tensor/cross-entropy.js";
import { binarySurprise } from "./binary-cross-entropy.js";
import { classWeights } from "./class-weights.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { areValues } from "./targets.js";

/** What {@link focal} takes. */
export interface FocalOptions extends LossOptions {
  /** How much less the easy examples count; with 0 this is the cross entropy. Default 2. */
  readonly gamma?: number;
  /** For targets of 0 and 1: how much 1 counts, 0 counting 1 − alpha (0.25 in the paper). For classes: one number each. Default: all 1. */
  readonly alpha?: number | readonly number[];
}

/** Keeps the slope of a power of nothing finite. */
const tiny = 1e-30;

/**
 * Mean of −alpha (1 − p)^gamma ln p, p the probability of the truth (arXiv 1708.02002). `prediction` are logits; `target` of the same
 * shape: 0 or 1 each, as Keras's `BinaryFocalCrossentropy`; or `prediction: [..., classes]` and `target: [...]` class indices, with
 * the softmax. Throws ShapeError, ValueError.
 */
export function focal(options: FocalOptions = {}): KnownLoss {
  const { gamma = 2, alpha } = options;
  numberIn("focal: gamma", gamma, 0);
  const weights = typeof alpha === "number" ? undefined : classWeights("focal: alpha", alpha);
  if (typeof alpha === "number" && !(alpha >= 0 && alpha <= 1)) {
    throw new ValueError({ what: "focal: alpha", expected: "a number from 0 to 1", got: show(alpha) });
  }
  /** (1 − p)^gamma · surprise */
  const dim = (surprise: Tensor, improbable: Tensor) =>
    gamma === 0 ? surprise : tf.maximum(improbable, tiny).pow(gamma).mul(surprise);
  return makeLoss("focal", options, ["gamma", "alpha"], {
    targets: { kind: "either", range: [0, 1] },
    each(prediction, target) {
      if (areValues("focal", prediction, target)) {
        if (weights !== undefined) throw onlyOne(alpha);
        const no = tf.sub(1, target);
        const improbable = target.mul(prediction.neg().sigmoid()).add(no.mul(prediction.sigmoid()));
        const values = dim(binarySurprise(prediction, target), improbable);
        return { values: alpha === undefined ? values : values.mul(target.mul(alpha).add(no.mul(1 - Number(alpha)))) };
      }
      if (typeof alpha === "number") throw oneEach(alpha);
      const classes = prediction.shape[prediction.rank - 1]!;
      const labels = target.flatten().toInt();
      const surprise = sparseCrossEntropy(prediction.reshape([-1, classes]), labels);
      const values = dim(surprise, surprise.neg().expm1().neg());
      const table = weights?.(classes);
      const weighed = table === undefined ? values : values.mul(tf.gather(table, labels as tf.Tensor1D));
      return { values: weighed.reshape(target.shape) };
    },
  });
}

function onlyOne(alpha: unknown): ValueError {
  return new ValueError({ what: "focal: alpha", expected: "one number for targets of 0 and 1", got: show(alpha) });
}

function oneEach(alpha: unknown): ValueError {
  return new ValueError({ what: "focal: alpha", expected: "a list, one number a class", got: show(alpha) });
}
