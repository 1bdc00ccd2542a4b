import { checkOptions } from "../../tensor/arguments.js";
import { checkIndex, crossEntropy } from "./cross-entropy.js";
import { type KnownLoss, makeLoss } from "./loss.js";

/** What {@link perplexity} takes. */
export interface PerplexityOptions {
  /** Positions with this class index count nothing. Default: all count. */
  readonly ignoreIndex?: number;
}

/**
 * e to the power of the cross entropy: among how many classes, all alike, a choice would be as hard. `prediction: [..., classes]` are
 * logits, `target: [...]` class indices (int32). It has no other reduction than the mean. Of a whole data set it is `nn.metrics.perplexity`. Throws ShapeError, ValueError.
 */
export function perplexity(options: PerplexityOptions = {}): KnownLoss {
  checkOptions("perplexity", options, ["ignoreIndex"]);
  const { ignoreIndex } = options;
  checkIndex("perplexity: ignoreIndex", ignoreIndex);
  const surprise = crossEntropy(ignoreIndex === undefined ? {} : { ignoreIndex });
  return makeLoss("perplexity", options, ["ignoreIndex"], {
    targets: surprise.targets,
    each: surprise.each,
    finish: (mean) => mean.exp(),
  });
}
