import type { Tensor } from "../../runtime/tf.js";
import { positiveNumber } from "../../tensor/arguments.js";
import { classWeights } from "./class-weights.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireSame } from "./targets.js";

/** What {@link binaryCrossEntropy} takes. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** How much a target of 1 counts against one of 0: one number, or one for each of the last axis. Default 1. */
  readonly posWeight?: number | readonly number[];
}

/**
 * Mean of −[y ln σ(x) + (1 − y) ln(1 − σ(x))], in nats. `prediction` are logits, `target` of the same shape lies in 0 … 1, as
 * PyTorch's `BCEWithLogitsLoss`. Throws ShapeError, ValueError.
 */
export function binaryCrossEntropy(options: BinaryCrossEntropyOptions = {}): KnownLoss {
  const { posWeight } = options;
  if (typeof posWeight === "number") positiveNumber("binaryCrossEntropy: posWeight", posWeight);
  const list = typeof posWeight === "number" ? undefined : classWeights("binaryCrossEntropy: posWeight", posWeight);
  return makeLoss("binaryCrossEntropy", options, ["posWeight"], {
    targets: { kind: "values", range: [0, 1] },
    each(prediction, target) {
      requireSame("binaryCrossEntropy", prediction, target);
      if (posWeight === undefined) return { values: binarySurprise(prediction, target) };
      const weight = list?.(prediction.shape[prediction.rank - 1] ?? 0) ?? (posWeight as number);
      // ln(1 + e^−x), which the weight multiplies, without overflow.
      const softplus = prediction.abs().neg().exp().log1p().add(prediction.neg().relu());
      const factor = target.mul(typeof weight === "number" ? weight - 1 : weight.sub(1)).add(1);
      return { values: prediction.sub(prediction.mul(target)).add(softplus.mul(factor)) };
    },
  });
}

/** −[y ln σ(x) + (1 − y) ln(1 − σ(x))] for each logit x and target y, without overflow. */
export function binarySurprise(prediction: Tensor, target: Tensor): Tensor {
  const softplus = prediction.abs().neg().exp().log1p();
  return prediction.relu().sub(prediction.mul(target)).add(softplus);
}
