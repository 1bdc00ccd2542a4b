import { partLength, quickerInHalves } from "../../nn/halves.js";
import { known, type Loss } from "../../nn/losses/loss.js";
import type { Model } from "../../nn/module.js";
import { Network } from "../../nn/network.js";

/** Losses that are means over the examples: no example matters to another. */
const apart = new Set(
  ["crossEntropy", "binaryCrossEntropy", "focal", "klDivergence", "huber", "smoothL1", "logCosh"].concat(
    ...["meanSquaredError", "meanAbsoluteError", "poissonNll", "gaussianNll", "hinge", "multiMargin"],
  ),
);

/** Whether a step of training is made as two halves of its batch, whose gradients are added. */
export function halved(model: Model, loss: Loss, size: number): boolean {
  return isDivisible(model, loss) && quickerInHalves(model, size);
}

/** How many examples of a batch are learned from at a time, one run after another. */
export function learningLength(model: Model, loss: Loss, size: number): number {
  return isDivisible(model, loss) && known(loss)?.reduction !== "sum" ? partLength(model, size) : size;
}

/** Whether the mean of what comes of parts of a batch, each weighed by what it counts, is what comes of the batch. */
function isDivisible(model: Model, loss: Loss): boolean {
  if (!(model instanceof Network) || model.keepsWhole(true)) return false;
  return apart.has(loss.name);
}
