import { adamRule } from "./adam.js";
import { decoupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import type { Optimizer } from "./optimizer.js";
import { makeOptimizer } from "./rule-optimizer.js";
import { trusted } from "./trust.js";

/** What {@link lamb} takes besides the learning rate. */
export interface LambOptions extends Grouped<LambOptions> {
  /** Decay of the mean of the gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the corrected mean square. Default 1e-6. */
  readonly epsilon?: number;
  /** Adds `weightDecay × weight` to Adam's direction, before its length is made that of the weights. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Adam's directions, for each weight as long as the weight itself: for large batches (arXiv 1904.00962), as `optax.lamb`;
 * `keras.optimizers.Lamb`, too, but for its weight decay, which comes after. Throws ValueError.
 */
export function lamb(learningRate: LearningRate, options: LambOptions = {}): Optimizer {
  const known = ["beta1", "beta2", "epsilon", "weightDecay"] as const;
  return makeOptimizer("lamb", learningRate, options, known, (what, { weightDecay = 0, epsilon = 1e-6, ...own }) =>
    trusted(decoupled(what, weightDecay, adamRule(what, { ...own, epsilon }))),
  );
}
