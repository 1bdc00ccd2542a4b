import * as tf from "../../runtime/tf.js";
import { positiveNumber } from "../../tensor/arguments.js";
import { alike, embeddings } from "./embeddings.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";

/** What {@link contrastive} takes. */
export interface ContrastiveOptions extends LossOptions {
  /** The distance from which on two that are not alike cost nothing. Default 1. */
  readonly margin?: number;
}

/** Keeps the slope of a root of nothing finite. */
const tiny = 1e-12;

/**
 * Mean of ½ d² for pairs that are alike, of ½ max(0, margin − d)² for others, d their distance (Hadsell, Chopra and LeCun 2006, whose
 * Y is 1 for pairs that are not). `prediction: [batch, 2, features]` are pairs of embeddings, `target: [batch]` is 1 where they are
 * alike, else 0. Throws ShapeError, ValueError.
 */
export function contrastive(options: ContrastiveOptions = {}): KnownLoss {
  const { margin = 1 } = options;
  positiveNumber("contrastive: margin", margin);
  return makeLoss("contrastive", options, ["margin"], {
    targets: { kind: "any", range: [0, 1] },
    each(prediction, target) {
      const [a, b] = embeddings("contrastive", prediction, 2) as [tf.Tensor, tf.Tensor];
      const same = alike("contrastive", prediction, target);
      const squared = a.sub(b).square().sum(-1);
      const apart = tf.sub(margin, tf.maximum(squared, tiny).sqrt()).relu().square();
      return { values: same.mul(squared).add(tf.sub(1, same).mul(apart)).mul(0.5) };
    },
  });
}
