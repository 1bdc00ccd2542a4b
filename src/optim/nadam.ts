import { numberIn } from "../tensor/arguments.js";
import { coupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import { checkMoments, type Moments, moved } from "./moments.js";
import type { Optimizer } from "./optimizer.js";
import { type Rule, shapedLike } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link nadam} takes besides the learning rate. */
export interface NadamOptions extends Moments, Grouped<NadamOptions> {
  /** How fast the momentum grows to `beta1`. Default 0.004. */
  readonly momentumDecay?: number;
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Adam that looks ahead along its momentum (Dozat 2016), as `torch.optim.NAdam`. Throws ValueError. */
export function nadam(learningRate: LearningRate, options: NadamOptions = {}): Optimizer {
  const known = ["beta1", "beta2", "epsilon", "momentumDecay", "weightDecay"] as const;
  return makeOptimizer("nadam", learningRate, options, known, (what, { weightDecay = 0, ...own }) =>
    coupled(what, weightDecay, nadamRule(what, own)),
  );
}

function nadamRule(what: string, { momentumDecay = 0.004, ...moments }: NadamOptions): Rule {
  const { beta1, beta2, epsilon } = checkMoments(what, moments);
  numberIn(`${what}: momentumDecay`, momentumDecay, 0);
  const momentum = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));
  /** The products of the momenta of the first 0, 1, 2, … steps. */
  const products = [1];
  const product = (step: number): number => {
    for (let next = products.length; next <= step; next++) products.push(products[next - 1]! * momentum(next));
    return products[step]!;
  };
  return {
    slots: shapedLike("mean", "meanSquare"),
    scalars(step, rate) {
      const root = Math.sqrt(1 - beta2 ** step);
      const ofGradient = (rate * root * (1 - momentum(step))) / (1 - product(step));
      const ofMean = (rate * root * momentum(step + 1)) / (1 - product(step + 1));
      return [ofGradient, ofMean, epsilon * root];
    },
    move(_weight, gradient, [mean, meanSquare], [ofGradient, ofMean, small]) {
      const [newMean, newSquare] = moved(mean!, meanSquare!, gradient, beta1, beta2);
      const direction = gradient.mul(ofGradient!).add(newMean.mul(ofMean!));
      return [direction.div(newSquare.sqrt().add(small!)), newMean, newSquare];
    },
  };
}
