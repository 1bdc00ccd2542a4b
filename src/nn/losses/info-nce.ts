import type { Tensor } from "../../runtime/tf.js";
import { positiveNumber, trueOrFalse } from "../../tensor/arguments.js";
import { sparseCrossEntropy } from "../../tensor/cross-entropy.js";
import { embeddings, inOrder, normalized } from "./embeddings.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";

/** What {@link infoNce} takes. */
export interface InfoNceOptions extends LossOptions {
  /** What cosines are divided by. Default 0.07. */
  readonly temperature?: number;
  /** Whether each of a pair looks for the other, or only the first for the second. Default true. */
  readonly symmetric?: boolean;
}

/**
 * How hard it is to find the partner of each embedding among all of the batch (arXiv 1807.03748; symmetric as CLIP, arXiv 2103.00020): the
 * cross entropy of the cosines between first and second embeddings, divided by the temperature. `prediction: [batch, 2, features]` are
 * pairs of embeddings; the targets are not looked at. It needs large batches, and `accumulate` makes them smaller. Throws ShapeError,
 * ValueError.
 */
export function infoNce(options: InfoNceOptions = {}): KnownLoss {
  const { temperature = 0.07, symmetric = true } = options;
  trueOrFalse("infoNce: symmetric", symmetric);
  positiveNumber("infoNce: temperature", temperature);
  return makeLoss("infoNce", options, ["temperature", "symmetric"], {
    targets: { kind: "any" },
    each(prediction) {
      const [first, second] = embeddings("infoNce", prediction, 2).map(normalized) as [Tensor, Tensor];
      const scores = first.matMul(second, false, true).div(temperature);
      const partners = inOrder(first);
      const values = sparseCrossEntropy(scores, partners);
      return { values: symmetric ? values.add(sparseCrossEntropy(scores.transpose(), partners)).mul(0.5) : values };
    },
  });
}
