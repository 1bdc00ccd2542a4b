import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { numberIn } from "../../tensor/arguments.js";
import { classWeights } from "./class-weights.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";
import { requireSame } from "./targets.js";

/** What {@link binaryCrossEntropy} takes. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** How much a target of 1 counts against one of 0, from 0: one number, or one for each of the last axis. Default 1. */
  readonly posWeight?: number | readonly number[];
}

/**
 * Mean of −[y ln σ(x) + (1 − y) ln(1 − σ(x))], in nats. `prediction` are logits, `target` of the same shape lies in 0 … 1, as
 * PyTorch's `BCEWithLogitsLoss`. Throws ShapeError, ValueError.
 */
export function binaryCrossEntropy(options: BinaryCrossEntropyOptions = {}): KnownLoss {
  const { posWeight = 1 } = options;
  const what = "binaryCrossEntropy: posWeight";
  if (typeof posWeight === "number") numberIn(what, posWeight, 0);
  const table = typeof posWeight === "number" ? () => posWeight : classWeights(what, posWeight)!;
  return makeLoss("binaryCrossEntropy", options, ["posWeight"], {
    targets: { kind: "values", range: [0, 1] },
    each(prediction, target) {
      requireSame("binaryCrossEntropy", prediction, target);
      return { values: binarySurprise(prediction, target, table(prediction.shape.at(-1) ?? 0)) };
    },
  });
}

/** −[weight y ln σ(x) + (1 − y) ln(1 − σ(x))] for each logit x and target y: no overflow, and no difference of large numbers. */
export function binarySurprise(prediction: Tensor, target: Tensor, weight: Tensor | number = 1): Tensor {
  const yes = weight === 1 ? target : target.mul(weight);
  return yes.mul(prediction.neg().softplus()).add(tf.sub(1, target).mul(prediction.softplus()));
}
