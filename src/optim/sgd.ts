import { ValueError } from "../errors.js";
import { changeInPlace } from "../runtime/index.js";
import { checkOptions, numberIn } from "../tensor/arguments.js";
import { makeOptimizer, type Optimizer, type Rule } from "./optimizer.js";

/** What {@link sgd} takes besides the learning rate. */
export interface SgdOptions {
  /** How much of the last movement is kept, 0 … 1. Default 0. */
  readonly momentum?: number;
  /** Look ahead along the momentum (Sutskever et al. 2013). Default false. */
  readonly nesterov?: boolean;
  /** Adds `weightDecay × weight` to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent, with PyTorch's definitions of momentum and Nesterov (`torch.optim.SGD`). Throws ValueError. */
export function sgd(rate: number, options: SgdOptions = {}): Optimizer {
  checkOptions("sgd", options, ["momentum", "nesterov", "weightDecay"]);
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  numberIn("sgd: momentum", momentum, 0, 1);
  numberIn("sgd: weightDecay", weightDecay, 0);
  if (nesterov && momentum === 0) {
    throw new ValueError({ what: "sgd: nesterov", expected: "a momentum above 0 with it", got: "momentum 0" });
  }
  const label = `sgd(${rate}${momentum > 0 ? `, { momentum: ${momentum} }` : ""})`;
  return makeOptimizer(label, rate, descent(momentum, nesterov, weightDecay));
}

function descent(momentum: number, nesterov: boolean, weightDecay: number): Rule {
  return {
    slots: momentum > 0 ? ["momentum"] : [],
    scalars: (_step, rate) => [rate, momentum, weightDecay],
    move(weight, gradient, [buffer], [size, share, decay]) {
      const slope = weightDecay > 0 ? gradient.add(weight.mul(decay!)) : gradient;
      if (buffer === undefined) return [weight.sub(slope.mul(size!))];
      const kept = buffer.mul(share!).add(slope);
      const movement = nesterov ? slope.add(kept.mul(share!)) : kept;
      return [weight.sub(movement.mul(size!)), kept];
    },
    moveInPlace(weight, gradient, [buffer], [size, share, decay]) {
      const slope = weightDecay > 0 ? gradient.add(weight.mul(decay!)) : gradient;
      if (buffer === undefined) return changeInPlace("ResourceApplyGradientDescent", [weight], [size!, slope]);
      const useNesterov = { name: "use_nesterov", value: nesterov };
      changeInPlace("ResourceApplyMomentum", [weight, buffer], [size!, slope, share!], [useNesterov]);
    },
  };
}
