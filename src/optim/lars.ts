import { changeInPlace } from "../runtime/index.js";
import type { Tensor } from "../runtime/tf.js";
import { numberIn } from "../tensor/arguments.js";
import { coupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { Optimizer } from "./optimizer.js";
import type { Rate } from "./rate.js";
import { type Rule, shapedLike } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";
import { trustRatio } from "./trust.js";

/** What {@link lars} takes besides the learning rate. */
export interface LarsOptions extends Grouped<LarsOptions> {
  /** How much of the last movement is kept, 0 … 1. Default 0.9. */
  readonly momentum?: number;
  /** A gradient is made this times as long as its weight. Default 0.001. */
  readonly trust?: number;
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Momentum over gradients that are made as long as their weights: for large batches (arXiv 1708.03888), as `optax.lars`. Throws
 * ValueError.
 */
export function lars(rate: Rate, options: LarsOptions = {}): Optimizer {
  const known = ["momentum", "trust", "weightDecay"] as const;
  return makeOptimizer("lars", rate, options, known, (what, { momentum = 0.9, trust = 0.001, weightDecay = 0 }) => {
    numberIn(`${what}: momentum`, momentum, 0, 1);
    numberIn(`${what}: trust`, trust, 0);
    const rule = coupled(what, weightDecay, larsRule(momentum, trust));
    return () => rule;
  });
}

function larsRule(momentum: number, trust: number): Rule {
  const length = (weight: Tensor, gradient: Tensor, rate: Tensor) => trustRatio(weight, gradient, trust).mul(rate);
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
