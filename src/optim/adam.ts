import { changeInPlace } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";
import { trueOrFalse } from "../tensor/arguments.js";
import { coupled, decoupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import { checkMoments, type Moments, moved } from "./moments.js";
import type { Optimizer } from "./optimizer.js";
import { type Rule, shapedLike } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link adam} takes besides the learning rate. */
export interface AdamOptions extends Moments, Grouped<AdamOptions> {
  /** Divide by the largest mean square so far (arXiv 1904.09237). Default false. */
  readonly amsgrad?: boolean;
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** What {@link adamW} takes besides the learning rate. */
export interface AdamWOptions extends Moments, Grouped<AdamWOptions> {
  /** Divide by the largest mean square so far (arXiv 1904.09237). Default false. */
  readonly amsgrad?: boolean;
  /** Every step shrinks the weights by `learningRate × weightDecay`. Default 0.01. */
  readonly weightDecay?: number;
}

const known = ["beta1", "beta2", "epsilon", "amsgrad", "weightDecay"] as const;

/** Adam (arXiv 1412.6980), as `torch.optim.Adam`. Throws ValueError. */
export function adam(learningRate: LearningRate, options: AdamOptions = {}): Optimizer {
  return makeOptimizer("adam", learningRate, options, known, (what, { weightDecay = 0, ...own }) =>
    coupled(what, weightDecay, adamRule(what, own)),
  );
}

/** Adam with decoupled weight decay (arXiv 1711.05101), as `torch.optim.AdamW`. Throws ValueError. */
export function adamW(learningRate: LearningRate, options: AdamWOptions = {}): Optimizer {
  return makeOptimizer("adamW", learningRate, options, known, (what, { weightDecay = 0.01, ...own }) =>
    decoupled(what, weightDecay, adamRule(what, own)),
  );
}

/** Adam's movement without any decay of weights. Throws ValueError. */
export function adamRule(what: string, options: Moments & { readonly amsgrad?: boolean }): Rule {
  const { beta1, beta2, epsilon } = checkMoments(what, options);
  const { amsgrad = false } = options;
  trueOrFalse(`${what}: amsgrad`, amsgrad);
  return {
    slots: shapedLike("mean", "meanSquare", ...(amsgrad ? ["largestMeanSquare"] : [])),
    // rate / c1 × m / (√v / √c2 + ε) = rate √c2 / c1 × m / (√v + ε √c2): both bias corrections cost no operation.
    scalars(step, rate) {
      const root = Math.sqrt(1 - beta2 ** step);
      const size = (rate * root) / (1 - beta1 ** step);
      return [size, epsilon * root];
    },
    move(_weight, gradient, [mean, meanSquare, largest], [size, small]) {
      const [newMean, newSquare] = moved(mean!, meanSquare!, gradient, beta1, beta2);
      const square = largest?.maximum(newSquare) ?? newSquare;
      const movement = newMean.div(square.sqrt().add(small!)).mul(size!);
      return [movement, newMean, newSquare, ...(largest ? [square] : [])];
    },
    moveInPlace(weight, gradient, slots, [size, small]) {
      // Powers of 0 leave TensorFlow's own bias correction out: it is in `size` and `small`.
      const powers = [tf.scalar(0), tf.scalar(0)];
      const numbers = [...powers, size!, tf.scalar(beta1), tf.scalar(beta2), small!];
      const operation = amsgrad ? "ResourceApplyAdamWithAmsgrad" : "ResourceApplyAdam";
      changeInPlace(operation, [weight, ...slots], [...numbers, gradient]);
    },
  };
}
