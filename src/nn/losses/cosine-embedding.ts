import * as tf from "../../runtime/tf.js";
import { numberIn } from "../../tensor/arguments.js";
import { alike, embeddings, normalized } from "./embeddings.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";

/** What {@link cosineEmbedding} takes. */
export interface CosineEmbeddingOptions extends LossOptions {
  /** The cosine up to which two that are not alike cost nothing, −1 … 1. Default 0. */
  readonly margin?: number;
}

/**
 * Mean of 1 − cos for pairs that are alike, of max(0, cos − margin) for others. `prediction: [batch, 2, features]` are pairs of
 * embeddings, `target: [batch]` is 1 where they are alike, else 0 or −1. As PyTorch's `CosineEmbeddingLoss`. Throws ShapeError,
 * ValueError.
 */
export function cosineEmbedding(options: CosineEmbeddingOptions = {}): KnownLoss {
  const { margin = 0 } = options;
  numberIn("cosineEmbedding: margin", margin, -1, 1);
  return makeLoss("cosineEmbedding", options, ["margin"], {
    targets: { kind: "any", range: [-1, 1] },
    each(prediction, target) {
      const [a, b] = embeddings("cosineEmbedding", prediction, 2) as [tf.Tensor, tf.Tensor];
      const same = alike("cosineEmbedding", prediction, target);
      const cosine = normalized(a).mul(normalized(b)).sum(-1);
      const apart = cosine.sub(margin).relu();
      return { values: same.mul(tf.sub(1, cosine)).add(tf.sub(1, same).mul(apart)) };
    },
  });
}
