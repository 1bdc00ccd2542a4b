import { quickerInHalves } from "../nn/halves.js";
import type { Loss } from "../nn/losses/loss.js";
import type { Model } from "../nn/module.js";
import { Network } from "../nn/network.js";

/** Losses that are means over the examples: no example matters to another. */
const apart = new Set(
  ["crossEntropy", "binaryCrossEntropy", "focal", "klDivergence", "huber", "smoothL1", "logCosh"].concat(
    ...["meanSquaredError", "meanAbsoluteError", "poissonNLL", "gaussianNLL", "hinge", "multiMargin"],
  ),
);

/** Models with layers that want a batch in one piece. */
const whole = new WeakSet<Model>();

/** Such a layer has spoken. */
export function keepWhole(model: Model): void {
  whole.add(model);
}

/** Whether a step of training is made as two halves of its batch, whose gradients are added. */
export function halved(model: Model, loss: Loss, size: number): boolean {
  if (!apart.has(loss.name) || !(model instanceof Network) || whole.has(model)) return false;
  return quickerInHalves(model, size);
}
