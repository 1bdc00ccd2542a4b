import { changeInPlace } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";
import { numberIn } from "../tensor/arguments.js";
import { coupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { Optimizer } from "./optimizer.js";
import type { Rate } from "./rate.js";
import type { Rule } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link adagrad} takes besides the learning rate. */
export interface AdagradOptions extends Grouped<AdagradOptions> {
  /** The rate is divided by `1 + rateDecay × steps`. Default 0. */
  readonly rateDecay?: number;
  /** The sum of the squares at first. Default 0. */
  readonly initialSum?: number;
  /** Added to the root of the sum. Default 1e-10. */
  readonly epsilon?: number;
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Gradients by the root of the sum of all their squares (Duchi et al. 2011), as `torch.optim.Adagrad`. Throws ValueError. */
export function adagrad(rate: Rate, options: AdagradOptions = {}): Optimizer {
  const known = ["rateDecay", "initialSum", "epsilon", "weightDecay"] as const;
  return makeOptimizer("adagrad", rate, options, known, (what, chosen) => {
    const rule = coupled(what, chosen.weightDecay ?? 0, adagradRule(what, chosen));
    return () => rule;
  });
}

function adagradRule(what: string, { rateDecay = 0, initialSum = 0, epsilon = 1e-10 }: AdagradOptions): Rule {
  numberIn(`${what}: rateDecay`, rateDecay, 0);
  numberIn(`${what}: initialSum`, initialSum, 0);
  numberIn(`${what}: epsilon`, epsilon, 0);
  return {
    slots: (shape) => [{ name: "sumOfSquares", shape, initial: initialSum }],
    scalars: (step, rate) => [rate / (1 + (step - 1) * rateDecay)],
    move(_weight, gradient, [sum], [size]) {
      const newSum = sum!.add(gradient.square());
      return [gradient.mul(size!).div(newSum.sqrt().add(epsilon)), newSum];
    },
    moveInPlace(weight, gradient, [sum], [size]) {
      changeInPlace("ResourceApplyAdagradV2", [weight, sum!], [size!, tf.scalar(epsilon), gradient]);
    },
  };
}
