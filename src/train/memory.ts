import { MemoryError } from "../errors.js";
import type { Model } from "../nn/module.js";
import { freeMemory, inBytes } from "../runtime/memory.js";
import { sizeOf } from "../tensor/shape.js";

const bytesPerNumber = 4;

/**
 * Bytes that training takes beside the weights themselves, at least: a gradient and two moments for each weight, each layer's
 * output and its gradient for each example of a batch.
 */
export function trainingBytes(
  model: Model,
  batchSize: number,
): { readonly weights: number; readonly activations: number } {
  const trainable = model.parameters.filter((parameter) => parameter.trainable);
  const weights = trainable.reduce((sum, { variable }) => sum + variable.size, 0);
  const outputs = model.summary.reduce((sum, layer) => sum + sizeOf(layer.outputShape), 0);
  return { weights: 3 * weights * bytesPerNumber, activations: 2 * outputs * batchSize * bytesPerNumber };
}

/** Throws MemoryError when a training step would take more than `available` bytes. */
export function checkMemory(model: Model, batchSize: number, available = freeMemory()): void {
  const { weights, activations } = trainingBytes(model, batchSize);
  if (weights + activations <= available) return;
  const fitting = Math.floor(((available - weights) / activations) * batchSize);
  throw new MemoryError({
    what: "fit",
    expected: `a step within the ${inBytes(available)} that are free`,
    got: `about ${inBytes(weights)} for gradients and optimizer and ${inBytes(activations)} for a batch of ${batchSize}`,
    hint: fitting >= 1 ? `A batchSize of ${fitting} may fit.` : "Take a smaller model.",
  });
}
