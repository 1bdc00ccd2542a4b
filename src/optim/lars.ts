import { changeInPlace } from "../runtime/index.js";
import type { Tensor } from "../runtime/tf.js";
import { numberIn } from "../tensor/arguments.js";
import { coupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import type { Optimizer } from "./optimizer.js";
import { type Rule, shapedLike } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";
import { trustRatio } from "./trust.js";

/** What {@link lars} takes besides the learning rate. */
export interface LarsOptions extends Grouped<LarsOptions> {
  /** How much of the last movement is kept, 0 … 1. Default 0.9. */
  readonly momentum?: number;
  /** A gradient is made this times as long as its weight. Default 0.001. */
  readonly trustCoefficient?: number;
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Momentum over gradients that are made as long as their weights: for large batches (arXiv 1708.03888), as `optax.lars`. Throws
 * ValueError.
 */
export function lars(learningRate: LearningRate, options: LarsOptions = {}): Optimizer {
  const known = ["momentum", "trustCoefficient", "weightDecay"] as const;
  return makeOptimizer("lars", learningRate, options, known, (what, { weightDecay = 0, ...own }) =>
    coupled(what, weightDecay, larsRule(what, own)),
  );
}

function larsRule(what: string, { momentum = 0.9, trustCoefficient = 0.001 }: LarsOptions): Rule {
  numberIn(`${what}: momentum`, momentum, 0, 1);
  numberIn(`${what}: trustCoefficient`, trustCoefficient, 0);
  const length = (weight: Tensor, gradient: Tensor, rate: Tensor) =>
    trustRatio(weight, gradient, trustCoefficient).mul(rate);
  return {
    slots: shapedLike("momentum"),
    scalars: (_step, rate) => [rate, momentum],
    // The rate is inside the momentum, as in the paper: another rate leaves the last movement as it was.
    move(weight, gradient, [buffer], [rate, share]) {
      const kept = buffer!.mul(share!).sub(gradient.mul(length(weight, gradient, rate!)));
      return [kept.neg(), kept];
    },
    moveInPlace(weight, gradient, [buffer], [rate, share]) {
      const size = length(weight, gradient, rate!);
      changeInPlace("ResourceApplyKerasMomentum", [weight, buffer!], [size, gradient, share!]);
    },
  };
}
