import { numberIn, positiveNumber, trueOrFalse } from "../tensor/arguments.js";
import { coupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import { faded } from "./moments.js";
import type { Optimizer } from "./optimizer.js";
import { type Rule, shapedLike } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link rmsProp} takes besides the learning rate. */
export interface RmsPropOptions extends Grouped<RmsPropOptions> {
  /** Decay of the mean of the squares; PyTorch calls it alpha. Default 0.99. */
  readonly rho?: number;
  /** Added to the root of the mean square. Default 1e-8. */
  readonly epsilon?: number;
  /** How much of the last movement is kept, 0 … 1. Default 0. */
  readonly momentum?: number;
  /** Divide by the root of the variance instead. Default false. */
  readonly centered?: boolean;
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Gradients by the root of the running mean of their squares (Hinton 2012), as `torch.optim.RMSprop`. Throws ValueError.
 * TensorFlow's own takes the root of mean square and epsilon together, which is another thing where gradients are small.
 */
export function rmsProp(learningRate: LearningRate, options: RmsPropOptions = {}): Optimizer {
  const known = ["rho", "epsilon", "momentum", "centered", "weightDecay"] as const;
  return makeOptimizer("rmsProp", learningRate, options, known, (what, { weightDecay = 0, ...own }) =>
    coupled(what, weightDecay, rmsPropRule(what, own)),
  );
}

function rmsPropRule(what: string, options: RmsPropOptions): Rule {
  const { rho = 0.99, epsilon = 1e-8, momentum = 0, centered = false } = options;
  numberIn(`${what}: rho`, rho, 0, 1);
  positiveNumber(`${what}: epsilon`, epsilon);
  trueOrFalse(`${what}: centered`, centered);
  numberIn(`${what}: momentum`, momentum, 0, 1);
  return {
    slots: shapedLike("meanSquare", ...(centered ? ["mean"] : []), ...(momentum > 0 ? ["momentum"] : [])),
    scalars: (_step, rate) => [rate],
    move(_weight, gradient, [meanSquare, ...others], [size]) {
      const newSquare = faded(meanSquare!, gradient.square(), rho);
      const newMean = centered ? [faded(others[0]!, gradient, rho)] : [];
      // A variance of 0 may come out as a little less.
      const variance = newMean.reduce((square, mean) => square.sub(mean.square()).relu(), newSquare);
      const direction = gradient.div(variance.sqrt().add(epsilon));
      if (momentum === 0) return [direction.mul(size!), newSquare, ...newMean];
      const kept = others.at(-1)!.mul(momentum).add(direction);
      return [kept.mul(size!), newSquare, ...newMean, kept];
    },
  };
}
