import { coupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import { checkMoments, faded, type Moments } from "./moments.js";
import type { Optimizer } from "./optimizer.js";
import { type Rule, shapedLike } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link adamax} takes besides the learning rate. */
export interface AdamaxOptions extends Moments, Grouped<AdamaxOptions> {
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Adam with the largest gradient in the place of the mean square (arXiv 1412.6980), as `torch.optim.Adamax`. Throws ValueError. */
export function adamax(learningRate: LearningRate, options: AdamaxOptions = {}): Optimizer {
  const known = ["beta1", "beta2", "epsilon", "weightDecay"] as const;
  return makeOptimizer("adamax", learningRate, options, known, (what, { weightDecay = 0, ...own }) =>
    coupled(what, weightDecay, adamaxRule(what, own)),
  );
}

function adamaxRule(what: string, options: Moments): Rule {
  const { beta1, beta2, epsilon } = checkMoments(what, options);
  return {
    slots: shapedLike("mean", "largest"),
    scalars: (step, rate) => [rate / (1 - beta1 ** step)],
    move(_weight, gradient, [mean, largest], [size]) {
      const newMean = faded(mean!, gradient, beta1);
      const newLargest = largest!.mul(beta2).maximum(gradient.abs().add(epsilon));
      return [newMean.div(newLargest).mul(size!), newMean, newLargest];
    },
  };
}
