import { ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import { positiveNumber, show } from "../tensor/arguments.js";
import { decoupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import type { Optimizer } from "./optimizer.js";
import type { Rule } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link adafactor} takes besides the learning rate. */
export interface AdafactorOptions extends Grouped<AdafactorOptions> {
  /** In step `n`, `n ** beta2Decay` of the mean squares are those of its own gradients, −1 … 0. Default −0.8. */
  readonly beta2Decay?: number;
  /** The least root of a mean square that is divided by. Default 2 ** -23, what float32 tells from 1. */
  readonly epsilon1?: number;
  /** A weight is taken to be at least this large (root mean square) when its step is measured by it. Default 0.001. */
  readonly epsilon2?: number;
  /** Directions with a larger root mean square are scaled down to it; PyTorch calls it d. Default 1. */
  readonly clipThreshold?: number;
  /** Every step shrinks the weights by `learningRate × weightDecay`. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Adam without its memory: of the squares of a matrix only the means of its rows and columns are kept (arXiv 1804.04235). As
 * `torch.optim.Adafactor`, where the rate is the largest share of a weight that a step may move it by; `1 / √step` where that
 * is less, and where weights are measured before they decay. Throws ValueError.
 */
export function adafactor(learningRate: LearningRate, options: AdafactorOptions = {}): Optimizer {
  const known = ["beta2Decay", "epsilon1", "epsilon2", "clipThreshold", "weightDecay"] as const;
  return makeOptimizer("adafactor", learningRate, options, known, (what, { weightDecay = 0, ...own }) =>
    decoupled(what, weightDecay, adafactorRule(what, own)),
  );
}

function adafactorRule(what: string, options: AdafactorOptions): Rule {
  const { beta2Decay = -0.8, epsilon1 = 2 ** -23, epsilon2 = 1e-3, clipThreshold = 1 } = options;
  if (!(typeof beta2Decay === "number" && beta2Decay >= -1 && beta2Decay <= 0)) {
    throw new ValueError({ what: `${what}: beta2Decay`, expected: "a number from -1 to 0", got: show(beta2Decay) });
  }
  positiveNumber(`${what}: epsilon1`, epsilon1);
  positiveNumber(`${what}: epsilon2`, epsilon2);
  positiveNumber(`${what}: clipThreshold`, clipThreshold);
  return {
    slots(shape) {
      if (shape.length < 2) return [{ name: "meanSquare", shape }];
      const [rows, columns] = [shape.slice(0, -1), shape.slice(0, -2)];
      return [
        { name: "rows", shape: [...rows, 1] },
        { name: "columns", shape: [...columns, 1, shape.at(-1)!] },
      ];
    },
    scalars: (step, rate) => [Math.min(rate, 1 / Math.sqrt(step)), step ** beta2Decay],
    move(weight, gradient, slots, [size, share]) {
      const squares = gradient.square();
      const take = (mean: Tensor, value: Tensor) => mean.add(value.sub(mean).mul(share!));
      const newSlots =
        slots.length === 1
          ? [take(slots[0]!, squares)]
          : slots.map((slot, index) => take(slot, squares.mean(-1 - index, true)));
      const [rows, columns] = newSlots;
      // Of rank one: rows × columns / their mean.
      const estimate = columns === undefined ? rows! : rows!.div(rows!.mean(-2, true).maximum(epsilon1)).mul(columns);
      const direction = gradient.div(estimate.sqrt().maximum(epsilon1));
      const length = rootMeanSquare(weight).maximum(epsilon2).mul(size!);
      const clip = rootMeanSquare(direction).div(clipThreshold).maximum(1);
      return [direction.mul(length.div(clip)), ...newSlots];
    },
  };
}

function rootMeanSquare(tensor: Tensor): Tensor {
  return tensor.square().mean().sqrt();
}
