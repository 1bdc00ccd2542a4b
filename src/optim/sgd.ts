import { ValueError } from "../errors.js";
import { changeInPlace } from "../runtime/index.js";
import { numberIn, trueOrFalse } from "../tensor/arguments.js";
import { coupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import type { Optimizer } from "./optimizer.js";
import { type Rule, shapedLike } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

/** What {@link sgd} takes besides the learning rate. */
export interface SgdOptions extends Grouped<SgdOptions> {
  /** How much of the last movement is kept, 0 … 1. Default 0. */
  readonly momentum?: number;
  /** Look ahead along the momentum (Sutskever et al. 2013). Default false. */
  readonly nesterov?: boolean;
  /** From the second step on so much of a gradient is left out of the momentum, 0 … 1. Not with `nesterov`. Default 0. */
  readonly dampening?: number;
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent, with PyTorch's definitions of momentum and Nesterov (`torch.optim.SGD`). Throws ValueError. */
export function sgd(learningRate: LearningRate, options: SgdOptions = {}): Optimizer {
  const known = ["momentum", "nesterov", "dampening", "weightDecay"] as const;
  return makeOptimizer("sgd", learningRate, options, known, (what, { weightDecay = 0, ...own }) =>
    coupled(what, weightDecay, sgdRule(what, own)),
  );
}

function sgdRule(what: string, { momentum = 0, nesterov = false, dampening = 0 }: SgdOptions): Rule {
  numberIn(`${what}: momentum`, momentum, 0, 1);
  trueOrFalse(`${what}: nesterov`, nesterov);
  numberIn(`${what}: dampening`, dampening, 0, 1);
  if (nesterov && momentum === 0) {
    throw new ValueError({ what: `${what}: nesterov`, expected: "a momentum above 0 with it", got: "momentum 0" });
  }
  if (nesterov && dampening > 0) {
    const expected = "no dampening with it";
    throw new ValueError({ what: `${what}: nesterov`, expected, got: `dampening ${dampening}` });
  }
  return {
    slots: shapedLike(...(momentum > 0 ? ["momentum"] : [])),
    scalars: (step, rate) => [rate, momentum, step === 1 ? 1 : 1 - dampening],
    move(_weight, gradient, [buffer], [size, share, part]) {
      if (buffer === undefined) return [gradient.mul(size!)];
      const kept = buffer.mul(share!).add(dampening > 0 ? gradient.mul(part!) : gradient);
      const movement = nesterov ? gradient.add(kept.mul(share!)) : kept;
      return [movement.mul(size!), kept];
    },
    moveInPlace(weight, gradient, [buffer], [size, share, part]) {
      if (buffer === undefined) return changeInPlace("ResourceApplyGradientDescent", [weight], [size!, gradient]);
      const taken = dampening > 0 ? gradient.mul(part!) : gradient;
      const useNesterov = { name: "use_nesterov", value: nesterov };
      changeInPlace("ResourceApplyMomentum", [weight, buffer], [size!, taken, share!], [useNesterov]);
    },
  };
}
