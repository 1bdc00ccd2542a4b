import * as tf from "../../runtime/tf.js";
import { trueOrFalse } from "../../tensor/arguments.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireSame } from "./targets.js";

/** What {@link klDivergence} takes. */
export interface KlDivergenceOptions extends LossOptions {
  /** Whether the targets are logarithms of probabilities. Default false. */
  readonly logTarget?: boolean;
}

/** The least probability whose logarithm is taken: 0 × −∞ is no number. */
const tiny = 1e-30;

/**
 * Mean of Σ target · (ln target − ln softmax(prediction)): by how much the predicted distributions miss the targets, in nats (Kullback and
 * Leibler 1951). `prediction: [..., classes]` are logits, `target` distributions of the same shape. As PyTorch's `KLDivLoss` with
 * "batchmean" over the logarithm of the softmax. Throws ShapeError.
 */
export function klDivergence(options: KlDivergenceOptions = {}): KnownLoss {
  const { logTarget = false } = options;
  trueOrFalse("klDivergence: logTarget", logTarget);
  return makeLoss("klDivergence", options, ["logTarget"], {
    targets: logTarget ? { kind: "values" } : { kind: "values", range: [0, 1], distributions: true },
    each(prediction, target) {
      requireSame("klDivergence", prediction, target);
      const probability = logTarget ? target.exp() : target;
      const logarithm = logTarget ? tf.maximum(target, Math.log(tiny)) : tf.maximum(target, tiny).log();
      return { values: probability.mul(logarithm.sub(prediction.logSoftmax())).sum(-1) };
    },
  });
}
