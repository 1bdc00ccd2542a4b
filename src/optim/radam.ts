import { coupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import { checkMoments, type Moments, moved } from "./moments.js";
import type { Optimizer } from "./optimizer.js";
import { type Rule, shapedLike } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link radam} takes besides the learning rate. */
export interface RadamOptions extends Moments, Grouped<RadamOptions> {
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Adam without its uncertain first steps (arXiv 1908.03265), as `torch.optim.RAdam`. Throws ValueError. */
export function radam(learningRate: LearningRate, options: RadamOptions = {}): Optimizer {
  const known = ["beta1", "beta2", "epsilon", "weightDecay"] as const;
  return makeOptimizer("radam", learningRate, options, known, (what, { weightDecay = 0, ...own }) =>
    coupled(what, weightDecay, radamRule(what, own)),
  );
}

/** So many squares must have been seen, about, before one divides by their mean. */
const fewest = 5;

function radamRule(what: string, options: Moments): Rule {
  const { beta1, beta2, epsilon } = checkMoments(what, options);
  const most = 2 / (1 - beta2) - 1;
  return {
    slots: shapedLike("mean", "meanSquare"),
    // One of the first two is 0, so that a compiled step is the same early and late.
    scalars(step, rate) {
      const [first, second] = [1 - beta1 ** step, 1 - beta2 ** step];
      const seen = most - (2 * step * beta2 ** step) / second;
      if (seen <= fewest) return [rate / first, 0, epsilon];
      const certainty = ((seen - 4) * (seen - 2) * most) / ((most - 4) * (most - 2) * seen);
      return [0, (rate / first) * Math.sqrt(certainty * second), epsilon];
    },
    move(_weight, gradient, [mean, meanSquare], [plain, divided, small]) {
      const [newMean, newSquare] = moved(mean!, meanSquare!, gradient, beta1, beta2);
      return [newMean.mul(divided!.div(newSquare.sqrt().add(small!)).add(plain!)), newMean, newSquare];
    },
  };
}
