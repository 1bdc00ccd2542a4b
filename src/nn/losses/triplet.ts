import { ValueError } from "../../errors.js";
import * as tf from "../../runtime/tf.js";
import { positiveNumber, show, trueOrFalse } from "../../tensor/arguments.js";
import { embeddings } from "./embeddings.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";

/** What {@link triplet} takes. */
export interface TripletOptions extends LossOptions {
  /** By how much the third should be farther from the first than the second. Default 1. */
  readonly margin?: number;
  /** The norm that distances are measured with, 1 or 2. Default 2. */
  readonly p?: 1 | 2;
  /** Takes the distance of the third from the second instead, where it is shorter (Balntas et al. 2016). Default false. */
  readonly swap?: boolean;
}

/** What PyTorch adds to each difference, so that no distance is 0. */
const epsilon = 1e-6;

/**
 * Mean of max(0, d(anchor, positive) − d(anchor, negative) + margin) (arXiv 1503.03832). `prediction: [batch, 3, features]` are the
 * embeddings of anchor, positive and negative; the targets are not looked at. As PyTorch's `TripletMarginLoss`. Throws ShapeError,
 * ValueError.
 */
export function triplet(options: TripletOptions = {}): KnownLoss {
  const { margin = 1, p = 2, swap = false } = options;
  trueOrFalse("triplet: swap", swap);
  positiveNumber("triplet: margin", margin);
  if (p !== 1 && p !== 2) throw new ValueError({ what: "triplet: p", expected: "1 or 2", got: show(p) });
  const distance = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => {
    const apart = a.sub(b).add(epsilon);
    return p === 1 ? apart.abs().sum(-1) : apart.square().sum(-1).sqrt();
  };
  return makeLoss("triplet", options, ["margin", "p", "swap"], {
    targets: { kind: "any" },
    each(prediction) {
      type Three = [tf.Tensor, tf.Tensor, tf.Tensor];
      const [anchor, positive, negative] = embeddings("triplet", prediction, 3) as Three;
      const far = distance(anchor, negative);
      const away = swap ? tf.minimum(far, distance(positive, negative)) : far;
      return { values: distance(anchor, positive).sub(away).add(margin).relu() };
    },
  });
}
