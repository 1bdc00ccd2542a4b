/** What a batch says of a model's weights. */
import type { Batch } from "../data/dataset.js";
import { ShapeError } from "../errors.js";
import type { Model, Parameter } from "../nn/module.js";
import * as tf from "../runtime/tf.js";
import { runAfter } from "../tensor/order.js";
import { showShape } from "../tensor/shape.js";
import type { Criteria } from "./options.js";

/** What is learned from. */
export interface LearnParts extends Criteria {
  readonly model: Model;
  readonly parameters: readonly Parameter[];
  /** Parts that a batch is cut into, one after the other: gradient accumulation. */
  readonly accumulate: number;
}

/** What came of a batch. */
export interface Learned {
  /** The loss, a scalar. */
  readonly value: tf.Tensor;
  /** One for each parameter, zero where the loss does not depend on it. */
  readonly gradients: readonly tf.Tensor[];
  /** The metrics, scalars. */
  readonly measured: readonly tf.Tensor[];
  /** What layers want to keep of the batch: values for variables, once the step is made. */
  readonly remembered: readonly (readonly [variable: tf.Variable, value: tf.Tensor])[];
}

/**
 * Loss, gradients and metrics of a batch; those of its parts, weighed by their sizes, where it is cut into some. The loss is
 * multiplied by `scale` on the way to the gradients, so that they do not vanish, and they are divided by it.
 */
export function learn(parts: LearnParts, batch: Batch, scale?: tf.Tensor): Learned {
  const size = batch.x.shape[0]!;
  const length = Math.ceil(size / Math.min(parts.accumulate, size));
  if (length === size) return differentiate(parts, batch, scale);
  let sum: Learned | undefined;
  for (let begin = 0; begin < size; begin += length) {
    const count = Math.min(length, size - begin);
    const part = { x: rows(batch.x, begin, count), y: rows(batch.y, begin, count) };
    // One after the other, or all would need their memory at once.
    const x = sum === undefined ? part.x : runAfter(part.x, sum.gradients);
    sum = plus(sum, differentiate(parts, { ...part, x }, scale), count / size);
  }
  return sum!;
}

function rows(tensor: tf.Tensor, begin: number, count: number): tf.Tensor {
  return tensor.slice([begin], [count]);
}

function plus(sum: Learned | undefined, { value, gradients, measured, remembered }: Learned, share: number): Learned {
  const add = (before: tf.Tensor | undefined, part: tf.Tensor) => {
    const weighed = part.mul(share);
    return before === undefined ? weighed : before.add(weighed);
  };
  return {
    value: add(sum?.value, value),
    gradients: gradients.map((gradient, index) => add(sum?.gradients[index], gradient)),
    measured: measured.map((metric, index) => add(sum?.measured[index], metric.asScalar().toFloat())),
    remembered: remembered.map(
      ([variable, part], index) => [variable, add(sum?.remembered[index]?.[1], part)] as const,
    ),
  };
}

function differentiate({ model, parameters, loss, metrics }: LearnParts, { x, y }: Batch, scale?: tf.Tensor): Learned {
  const variables = parameters.map(({ variable }) => variable);
  const kept: tf.Tensor[] = [];
  const keep = (tensor: tf.Tensor): number => kept.push(tf.keep(tensor));
  const weights: tf.Variable[] = [];
  try {
    const { value, grads } = tf.variableGrads(() => {
      const remember = (weight: tf.Variable, value: tf.Tensor) => {
        weights.push(weight);
        keep(value);
      };
      const prediction = model.forward(x, { training: true, remember });
      keep(prediction);
      const whole = scalar(loss(prediction, y));
      return scale === undefined ? whole : (whole.mul(scale) as tf.Scalar);
    }, variables);
    const back = (tensor: tf.Tensor) => (scale === undefined ? tensor : tensor.div(scale));
    const gradients = variables.map((variable) => back(grads[variable.name] ?? tf.zerosLike(variable)));
    const values = kept.map((tensor) => tensor.clone());
    const prediction = values.at(-1)!;
    const measured = metrics.map(({ measure }) => measure(prediction, y));
    const remembered = weights.map((weight, index) => [weight, values[index]!] as const);
    return { value: back(value), gradients, measured, remembered };
  } finally {
    for (const tensor of kept) tensor.dispose();
  }
}

function scalar(value: tf.Tensor): tf.Scalar {
  if (value.size === 1) return value.asScalar();
  const got = `${showShape(value.shape)}`;
  throw new ShapeError({ what: "loss", expected: "one number", got, hint: "End the loss with .mean()." });
}
