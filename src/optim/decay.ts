/** Weight decay, the two kinds of it, for any rule. */
import type { Tensor } from "../runtime/tf.js";
import { numberIn } from "../tensor/arguments.js";
import type { Rule } from "./rule.js";

/**
 * `rule` with `weightDecay × weight` added to the gradient (L2 regularization, as PyTorch's Adam and SGD have it): it goes through
 * all that the rule does to gradients. Throws ValueError.
 */
export function coupled(what: string, weightDecay: number, rule: Rule): Rule {
  numberIn(`${what}: weightDecay`, weightDecay, 0);
  if (weightDecay === 0) return rule;
  const slope = (weight: Tensor, gradient: Tensor) => gradient.add(weight.mul(weightDecay));
  const { moveInPlace } = rule;
  return {
    ...rule,
    move: (weight, gradient, slots, scalars) => rule.move(weight, slope(weight, gradient), slots, scalars),
    ...(moveInPlace && {
      moveInPlace: (weight, gradient, slots, scalars) => moveInPlace(weight, slope(weight, gradient), slots, scalars),
    }),
  };
}

/**
 * `rule` that shrinks the weight by `learningRate × weightDecay` beside its own movement (arXiv 1711.05101, as PyTorch's AdamW has it).
 * Throws ValueError.
 */
export function decoupled(what: string, weightDecay: number, rule: Rule): Rule {
  numberIn(`${what}: weightDecay`, weightDecay, 0);
  if (weightDecay === 0) return rule;
  const { moveInPlace } = rule;
  return {
    ...rule,
    scalars: (step, rate) => [...rule.scalars(step, rate), rate * weightDecay, 1 - rate * weightDecay],
    move(weight, gradient, slots, scalars) {
      const [movement, ...moved] = rule.move(weight, gradient, slots, scalars.slice(0, -2));
      return [movement!.add(weight.mul(scalars.at(-2)!)), ...moved];
    },
    ...(moveInPlace && {
      moveInPlace(weight, gradient, slots, scalars) {
        weight.assign(weight.mul(scalars.at(-1)!));
        moveInPlace(weight, gradient, slots, scalars.slice(0, -2));
      },
    }),
  };
}
