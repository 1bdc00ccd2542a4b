import { changeInPlace } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, numberIn } from "../tensor/arguments.js";
import { makeOptimizer, type Optimizer, type Rule } from "./optimizer.js";

/** What {@link adam} takes besides the learning rate. */
export interface AdamOptions {
  /** Decay of the mean of the gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the corrected mean square. Default 1e-8. */
  readonly epsilon?: number;
}

/** What {@link adamW} takes besides the learning rate. */
export interface AdamWOptions extends AdamOptions {
  /** Every step shrinks the weights by `rate × weightDecay`. Default 0.01. */
  readonly weightDecay?: number;
}

/** Adam (arXiv 1412.6980), as `torch.optim.Adam`. Throws ValueError. */
export function adam(rate: number, options: AdamOptions = {}): Optimizer {
  checkOptions("adam", options, ["beta1", "beta2", "epsilon"]);
  return makeOptimizer(`adam(${rate})`, rate, moments("adam", options, 0));
}

/** Adam with decoupled weight decay (arXiv 1711.05101), as `torch.optim.AdamW`. Throws ValueError. */
export function adamW(rate: number, options: AdamWOptions = {}): Optimizer {
  checkOptions("adamW", options, ["beta1", "beta2", "epsilon", "weightDecay"]);
  const { weightDecay = 0.01 } = options;
  numberIn("adamW: weightDecay", weightDecay, 0);
  return makeOptimizer(`adamW(${rate})`, rate, moments("adamW", options, weightDecay));
}

function moments(name: string, options: AdamOptions, weightDecay: number): Rule {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  numberIn(`${name}: beta1`, beta1, 0, 1);
  numberIn(`${name}: beta2`, beta2, 0, 1);
  numberIn(`${name}: epsilon`, epsilon, 0);
  return {
    slots: ["mean", "meanSquare"],
    // rate / c1 × m / (√v / √c2 + ε) = rate √c2 / c1 × m / (√v + ε √c2): both bias corrections cost no operation.
    scalars(step, rate) {
      const root = Math.sqrt(1 - beta2 ** step);
      const size = (rate * root) / (1 - beta1 ** step);
      return [size, epsilon * root, 1 - rate * weightDecay];
    },
    move(weight, gradient, [mean, meanSquare], [size, small, keep]) {
      const newMean = mean!.add(gradient.sub(mean!).mul(1 - beta1));
      const newSquare = meanSquare!.mul(beta2).add(gradient.square().mul(1 - beta2));
      const kept = weightDecay > 0 ? weight.mul(keep!) : weight;
      return [kept.sub(newMean.div(newSquare.sqrt().add(small!)).mul(size!)), newMean, newSquare];
    },
    moveInPlace(weight, gradient, slots, [size, small, keep]) {
      if (weightDecay > 0) weight.assign(weight.mul(keep!));
      // Powers of 0 leave TensorFlow's own bias correction out: it is in `size` and `small`.
      const powers = [tf.scalar(0), tf.scalar(0)];
      const numbers = [...powers, size!, tf.scalar(beta1), tf.scalar(beta2), small!];
      changeInPlace("ResourceApplyAdam", [weight, ...slots], [...numbers, gradient]);
    },
  };
}
