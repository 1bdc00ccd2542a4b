import * as tf from "../../runtime/tf.js";
import { positiveNumber } from "../../tensor/arguments.js";
import { sparseCrossEntropy } from "../../tensor/cross-entropy.js";
import { embeddings, inOrder, normalized } from "./embeddings.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";

/** What {@link ntXent} takes. */
export interface NtXentOptions extends LossOptions {
  /** What cosines are divided by. Default 0.5. */
  readonly temperature?: number;
}

/** A score that no softmax sees, and no arithmetic makes infinite. */
const never = -1e9;

/**
 * The normalized, temperature-scaled cross entropy of SimCLR (arXiv 2002.05709, equation 1): how hard it is to find the other view of each
 * example among all 2 · batch − 1 other views. `prediction: [batch, 2, features]` are the embeddings of two views of each example; the
 * targets are not looked at. It needs large batches, and `accumulate` makes them smaller. Throws ShapeError, ValueError.
 */
export function ntXent(options: NtXentOptions = {}): KnownLoss {
  const { temperature = 0.5 } = options;
  positiveNumber("ntXent: temperature", temperature);
  return makeLoss("ntXent", options, ["temperature"], {
    targets: { kind: "any" },
    each(prediction) {
      const [first, second] = embeddings("ntXent", prediction, 2).map(normalized) as [tf.Tensor, tf.Tensor];
      const [batch] = first.shape as [number];
      const views = tf.concat([first, second]);
      const scores = views.matMul(views, false, true).div(temperature);
      const others = scores.add(tf.eye(2 * batch).mul(never));
      const partners = tf.concat([inOrder(first).add(tf.scalar(batch, "int32")), inOrder(first)]);
      const [one, other] = tf.split(sparseCrossEntropy(others, partners), 2) as [tf.Tensor, tf.Tensor];
      return { values: one.add(other).mul(0.5) };
    },
  });
}
