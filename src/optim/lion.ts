import { numberIn } from "../tensor/arguments.js";
import { decoupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import { faded } from "./moments.js";
import type { Optimizer } from "./optimizer.js";
import { type Rule, shapedLike } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link lion} takes besides the learning rate. */
export interface LionOptions extends Grouped<LionOptions> {
  /** How much of the mean is in the direction of a step. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of the gradients. Default 0.99. */
  readonly beta2?: number;
  /** Every step shrinks the weights by `learningRate × weightDecay`. Default 0. */
  readonly weightDecay?: number;
}

/**
 * The sign of the momentum (arXiv 2302.06675), as `keras.optimizers.Lion`. All numbers move equally far: take a third to a tenth
 * of Adam's rate. Throws ValueError.
 */
export function lion(learningRate: LearningRate, options: LionOptions = {}): Optimizer {
  const known = ["beta1", "beta2", "weightDecay"] as const;
  return makeOptimizer("lion", learningRate, options, known, (what, { weightDecay = 0, ...own }) =>
    decoupled(what, weightDecay, lionRule(what, own)),
  );
}

function lionRule(what: string, { beta1 = 0.9, beta2 = 0.99 }: LionOptions): Rule {
  numberIn(`${what}: beta1`, beta1, 0, 1);
  numberIn(`${what}: beta2`, beta2, 0, 1);
  return {
    slots: shapedLike("mean"),
    scalars: (_step, rate) => [rate],
    move: (_weight, gradient, [mean], [size]) => [
      faded(mean!, gradient, beta1).sign().mul(size!),
      faded(mean!, gradient, beta2),
    ],
  };
}
