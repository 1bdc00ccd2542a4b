import { changeInPlace } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";
import { numberIn, positiveNumber } from "../tensor/arguments.js";
import { coupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import type { Optimizer } from "./optimizer.js";
import type { Rule } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link adagrad} takes besides the learning rate. */
export interface AdagradOptions extends Grouped<AdagradOptions> {
  /** The rate is divided by `1 + learningRateDecay × steps`. Default 0. */
  readonly learningRateDecay?: number;
  /** The sum of the squares at first. Default 0. */
  readonly initialAccumulatorValue?: number;
  /** Added to the root of the sum. Default 1e-10. */
  readonly epsilon?: number;
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Gradients by the root of the sum of all their squares (Duchi et al. 2011), as `torch.optim.Adagrad`. Throws ValueError. */
export function adagrad(learningRate: LearningRate, options: AdagradOptions = {}): Optimizer {
  const known = ["learningRateDecay", "initialAccumulatorValue", "epsilon", "weightDecay"] as const;
  return makeOptimizer("adagrad", learningRate, options, known, (what, { weightDecay = 0, ...own }) =>
    coupled(what, weightDecay, adagradRule(what, own)),
  );
}

function adagradRule(
  what: string,
  { learningRateDecay = 0, initialAccumulatorValue = 0, epsilon = 1e-10 }: AdagradOptions,
): Rule {
  numberIn(`${what}: learningRateDecay`, learningRateDecay, 0);
  numberIn(`${what}: initialAccumulatorValue`, initialAccumulatorValue, 0);
  positiveNumber(`${what}: epsilon`, epsilon);
  return {
    slots: (shape) => [{ name: "sumOfSquares", shape, initial: initialAccumulatorValue }],
    scalars: (step, rate) => [rate / (1 + (step - 1) * learningRateDecay)],
    move(_weight, gradient, [sum], [size]) {
      const newSum = sum!.add(gradient.square());
      return [gradient.mul(size!).div(newSum.sqrt().add(epsilon)), newSum];
    },
    moveInPlace(weight, gradient, [sum], [size]) {
      changeInPlace("ResourceApplyAdagradV2", [weight, sum!], [size!, tf.scalar(epsilon), gradient]);
    },
  };
}
