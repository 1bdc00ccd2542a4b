import type { Batch } from "../data/dataset.js";
import { ShapeError } from "../errors.js";
import type { Model, Parameter } from "../nn/module.js";
import type { Optimizer } from "../optim/optimizer.js";
import * as tf from "../runtime/tf.js";
import { showShape } from "../tensor/shape.js";
import type { Criteria } from "./options.js";
import { scope } from "./scope.js";

/** What one step needs besides a batch. */
export interface StepParts extends Criteria {
  readonly model: Model;
  readonly parameters: readonly Parameter[];
  readonly optimizer: Optimizer;
}

/** What came of a step. */
export interface StepResult {
  readonly loss: number;
  /** In the order of the criteria's metrics. */
  readonly metrics: readonly number[];
  /** What was not finite, where the step was not applied for that reason. */
  readonly broken?: string;
}

/**
 * Forward, backward, and one move of the optimizer, unless the loss or a gradient is not finite: then no weight is touched.
 * All numbers come back in one read.
 */
export function trainStep(parts: StepParts, batch: Batch): StepResult {
  return scope(() => {
    const { value, gradients, prediction } = differentiate(parts, batch);
    const measured = parts.metrics.map(({ measure }) => measure(prediction, batch.y));
    const slope = tf.addN(gradients.map((gradient) => gradient.sum()));
    const [loss, total, ...metrics] = tf
      .stack([value, slope, ...measured].map((one) => one.asScalar().toFloat()))
      .dataSync();
    if (!Number.isFinite(loss)) return { loss: loss!, metrics, broken: brokenInput(batch) ?? "the loss" };
    // A sum is finite only if its parts are; the other way round it may overflow, so look at the parts before complaining.
    const broken = Number.isFinite(total) ? undefined : brokenGradient(parts.parameters, gradients);
    if (broken !== undefined) return { loss: loss!, metrics, broken };
    parts.optimizer.step(parts.parameters, gradients);
    return { loss: loss!, metrics };
  });
}

/** Loss, gradients (one for each parameter, zero where the loss does not depend on it) and prediction. */
function differentiate({ model, parameters, loss }: StepParts, { x, y }: Batch) {
  const variables = parameters.map(({ variable }) => variable);
  let kept: tf.Tensor | undefined;
  try {
    const { value, grads } = tf.variableGrads(() => {
      kept = tf.keep(model.forward(x, { training: true }));
      return scalar(loss(kept, y));
    }, variables);
    const gradients = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
    return { value, gradients, prediction: kept!.clone() };
  } finally {
    kept?.dispose();
  }
}

function scalar(value: tf.Tensor): tf.Scalar {
  if (value.size === 1) return value.asScalar();
  const got = `${showShape(value.shape)}`;
  throw new ShapeError({ what: "loss", expected: "one number", got, hint: "End the loss with .mean()." });
}

function brokenGradient(parameters: readonly Parameter[], gradients: readonly tf.Tensor[]): string | undefined {
  const place = gradients.findIndex((gradient) => !allFinite(gradient));
  return place < 0 ? undefined : `the gradient of ${parameters[place]!.path}`;
}

function brokenInput({ x, y }: Batch): string | undefined {
  if (!allFinite(x)) return "an input of the batch";
  return allFinite(y) ? undefined : "a target of the batch";
}

function allFinite(tensor: tf.Tensor): boolean {
  return tensor.toFloat().isFinite().all().dataSync()[0] === 1;
}
