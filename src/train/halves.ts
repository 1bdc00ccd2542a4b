import { availableParallelism } from "node:os";
import type { Loss } from "../nn/losses/loss.js";
import type { Model } from "../nn/module.js";
import { Network } from "../nn/network.js";
import { isTracing, runtimeInfo } from "../runtime/index.js";

/** Losses that are means over the examples: no example matters to another. */
const apart = new Set(
  ["crossEntropy", "binaryCrossEntropy", "focal", "klDivergence", "huber", "smoothL1", "logCosh"].concat(
    ...["meanSquaredError", "meanAbsoluteError", "poissonNLL", "gaussianNLL", "hinge", "multiMargin"],
  ),
);

/** Halves of fewer examples would cost more than they save. */
const smallest = 8;

/** So often, at least, must a batch use each weight: the gradients of weights come twice, and have to be added. */
const uses = 128;

/** So often where they are many: then it is the memory that takes the time, and halves have more of it. */
const usesOfMany = 1024;
const many = 2 ** 20;

/** Models with layers that want a batch in one piece. */
const whole = new WeakSet<Model>();

/** Such a layer has spoken. */
export function keepWhole(model: Model): void {
  whole.add(model);
}

/**
 * Whether a step is quicker as two halves of its batch that are computed at once, each by a core of its own: most of a step is a
 * chain of operations, which leaves a second core idle where each is small, and waiting for its end where they share it.
 */
export function halved(model: Model, loss: Loss, size: number): boolean {
  if (!isTracing() || size < 2 * smallest || !apart.has(loss.name)) return false;
  if (!(model instanceof Network) || whole.has(model)) return false;
  if (runtimeInfo().device !== "CPU" || availableParallelism() < 2) return false;
  const weights = model.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
  const flops = model.summary.reduce((sum, row) => sum + row.flops, 0);
  return (flops / 2 / weights) * size >= (weights < many ? uses : usesOfMany);
}
