import type { Tensor } from "../runtime/tf.js";
import { numberIn, positiveNumber } from "../tensor/arguments.js";
import { decoupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { Optimizer } from "./optimizer.js";
import type { Rate } from "./rate.js";
import type { Rule } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link adafactor} takes besides the learning rate. */
export interface AdafactorOptions extends Grouped<AdafactorOptions> {
  /** In step `n`, `n ** -forgetting` of the mean squares are those of its own gradients, 0 … 1. Default 0.8. */
  readonly forgetting?: number;
  /** The least root of a mean square that is divided by. Default 2 ** -23, what float32 tells from 1. */
  readonly epsilon?: number;
  /** A weight is taken to be at least this large (root mean square) when its step is measured by it. Default 0.001. */
  readonly least?: number;
  /** Directions with a larger root mean square are scaled down to it. Default 1. */
  readonly threshold?: number;
  /** Every step shrinks the weights by `rate × weightDecay`. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Adam without its memory: of the squares of a matrix only the means of its rows and columns are kept (arXiv 1804.04235). As
 * `torch.optim.Adafactor`, where the rate is the largest share of a weight that a step may move it by; `1 / √step` where that
 * is less. Throws ValueError.
 */
export function adafactor(rate: Rate, options: AdafactorOptions = {}): Optimizer {
  const known = ["forgetting", "epsilon", "least", "threshold", "weightDecay"] as const;
  return makeOptimizer("adafactor", rate, options, known, (what, chosen) => {
    const rule = decoupled(what, chosen.weightDecay ?? 0, adafactorRule(what, chosen));
    return () => rule;
  });
}

function adafactorRule(what: string, options: AdafactorOptions): Rule {
  const { forgetting = 0.8, epsilon = 2 ** -23, least = 1e-3, threshold = 1 } = options;
  numberIn(`${what}: forgetting`, forgetting, 0, 1);
  positiveNumber(`${what}: epsilon`, epsilon);
  positiveNumber(`${what}: least`, least);
  positiveNumber(`${what}: threshold`, threshold);
  return {
    slots(shape) {
      if (shape.length < 2) return [{ name: "meanSquare", shape }];
      const [rows, columns] = [shape.slice(0, -1), shape.slice(0, -2)];
      return [
        { name: "rows", shape: [...rows, 1] },
        { name: "columns", shape: [...columns, 1, shape.at(-1)!] },
      ];
    },
    scalars: (step, rate) => [Math.min(rate, 1 / Math.sqrt(step)), step ** -forgetting],
    move(weight, gradient, slots, [size, share]) {
      const squares = gradient.square();
      const take = (mean: Tensor, value: Tensor) => mean.add(value.sub(mean).mul(share!));
      const newSlots =
        slots.length === 1
          ? [take(slots[0]!, squares)]
          : slots.map((slot, index) => take(slot, squares.mean(-1 - index, true)));
      const [rows, columns] = newSlots;
      // Of rank one: rows × columns / their mean.
      const estimate = columns === undefined ? rows! : rows!.div(rows!.mean(-2, true).maximum(epsilon)).mul(columns);
      const direction = gradient.div(estimate.maximum(epsilon ** 2).sqrt());
      const length = rootMeanSquare(weight).maximum(least).mul(size!);
      const clip = rootMeanSquare(direction).div(threshold).maximum(1);
      return [direction.mul(length.div(clip)), ...newSlots];
    },
  };
}

function rootMeanSquare(tensor: Tensor): Tensor {
  return tensor.square().mean().sqrt();
}
