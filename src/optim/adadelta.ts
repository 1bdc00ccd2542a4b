import { changeInPlace } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";
import { numberIn, positiveNumber } from "../tensor/arguments.js";
import { coupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import { faded } from "./moments.js";
import type { Optimizer } from "./optimizer.js";
import { type Rule, shapedLike } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link adadelta} takes besides the learning rate. */
export interface AdadeltaOptions extends Grouped<AdadeltaOptions> {
  /** Decay of both means. Default 0.9. */
  readonly rho?: number;
  /** Added to both means. Default 1e-6. */
  readonly epsilon?: number;
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Movements as large as the last ones (arXiv 1212.5701), as `torch.optim.Adadelta`; its usual rate is 1. Throws ValueError. */
export function adadelta(learningRate: LearningRate, options: AdadeltaOptions = {}): Optimizer {
  const known = ["rho", "epsilon", "weightDecay"] as const;
  return makeOptimizer("adadelta", learningRate, options, known, (what, { weightDecay = 0, ...own }) =>
    coupled(what, weightDecay, adadeltaRule(what, own)),
  );
}

function adadeltaRule(what: string, { rho = 0.9, epsilon = 1e-6 }: AdadeltaOptions): Rule {
  numberIn(`${what}: rho`, rho, 0, 1);
  positiveNumber(`${what}: epsilon`, epsilon);
  return {
    slots: shapedLike("meanSquare", "meanSquareMovement"),
    scalars: (_step, rate) => [rate],
    move(_weight, gradient, [meanSquare, meanMovement], [size]) {
      const newSquare = faded(meanSquare!, gradient.square(), rho);
      const movement = meanMovement!.add(epsilon).sqrt().div(newSquare.add(epsilon).sqrt()).mul(gradient);
      return [movement.mul(size!), newSquare, faded(meanMovement!, movement.square(), rho)];
    },
    moveInPlace(weight, gradient, slots, [size]) {
      const numbers = [size!, tf.scalar(rho), tf.scalar(epsilon)];
      changeInPlace("ResourceApplyAdadelta", [weight, ...slots], [...numbers, gradient]);
    },
  };
}
