/** What a batch says of a model's weights. */
import { ValueError } from "../../errors.js";
import { known } from "../../nn/losses/loss.js";
import type { Model, Parameter } from "../../nn/module.js";
import { penalty } from "../../nn/regularizer.js";
import { apart } from "../../runtime/index.js";
import * as tf from "../../runtime/tf.js";
import { runAfter } from "../../tensor/order.js";
import type { Criteria } from "../options.js";
import { type Weighing, weightsOf } from "../weighing.js";
import { type Drawn, drawnOf, tensorsOf } from "./draw.js";
import { halved } from "./halves.js";
import { lossValue } from "./loss-value.js";

/** What is learned from. */
export interface LearnParts extends Criteria {
  readonly model: Model;
  readonly parameters: readonly Parameter[];
  /** Parts that a batch is cut into, one after the other: gradient accumulation. */
  readonly accumulate: number;
  /** How much examples count. */
  readonly weighing: Weighing;
}

/** What came of a batch. */
export interface Learned {
  /** The loss with what layers add to it, and weights that have a regularizer, a scalar. */
  readonly value: tf.Tensor;
  /** What its positions count together, where that is not always the same: a scalar. */
  readonly share?: tf.Tensor;
  /** One for each parameter, zero where the loss does not depend on it. */
  readonly gradients: readonly tf.Tensor[];
  /** The states of the metrics. */
  readonly measured: readonly (readonly tf.Tensor[])[];
  /** What layers want to keep of the batch: values for variables, once the step is made. */
  readonly remembered: readonly (readonly [variable: tf.Variable, value: tf.Tensor])[];
}

/** Keeps a division by no positions at all 0. */
export const tiny = 1e-30;

/**
 * Loss, gradients and metrics of a batch; those of its parts, weighed by what they count, where it is cut into some. The loss is
 * multiplied by `scale` on the way to the gradients, so that they do not vanish, and they are divided by it.
 */
export function learn(parts: LearnParts, batch: Drawn, scale?: tf.Tensor): Learned {
  const size = batch.x.shape[0]!;
  if (parts.accumulate === 1 && halved(parts.model, parts.loss, size)) {
    apart(2);
    return inParts(parts, batch, Math.ceil(size / 2), scale, true);
  }
  const length = Math.ceil(size / Math.min(parts.accumulate, size));
  if (length === size) return differentiate(parts, batch, scale);
  return inParts(parts, batch, length, scale, false);
}

/** The sum of what comes of parts of a batch, one after the other, or at once. */
function inParts(
  parts: LearnParts,
  batch: Drawn,
  length: number,
  scale: tf.Tensor | undefined,
  atOnce: boolean,
): Learned {
  const size = batch.x.shape[0]!;
  const summed = known(parts.loss)?.reduction === "sum";
  let sum: Learned | undefined;
  for (let begin = 0; begin < size; begin += length) {
    const count = Math.min(length, size - begin);
    const part = drawnOf(tensorsOf(batch).map((tensor) => tensor.slice([begin], [count])));
    // One after the other, or all would need their memory at once.
    const x = sum === undefined || atOnce ? part.x : runAfter(part.x, sum.gradients);
    // What weights cost comes once: parts that are summed have their share of it, others all of it and then their mean.
    const made = differentiate(parts, { ...part, x }, scale, summed ? count / size : 1);
    sum = plus(parts, sum, made, count / size, made.share ?? (summed ? 1 : count / size));
  }
  return sum!.share === undefined ? sum! : divided(sum!, sum!.share);
}

/** `rows`: the part of the examples that came now; `share`: what they count. */
function plus(
  { metrics }: LearnParts,
  sum: Learned | undefined,
  { value, gradients, measured, remembered, ...made }: Learned,
  rows: number,
  share: number | tf.Tensor,
): Learned {
  const add = (before: tf.Tensor | undefined, part: tf.Tensor, by: number | tf.Tensor) => {
    const weighed = part.mul(by);
    return before === undefined ? weighed : before.add(weighed);
  };
  const join = (before: tf.Tensor | undefined, part: tf.Tensor, gather: "sum" | "rows") => {
    if (before === undefined) return part;
    return gather === "sum" ? before.add(part) : tf.concat([before, part]);
  };
  return {
    value: add(sum?.value, value, share),
    gradients: gradients.map((gradient, index) => add(sum?.gradients[index], gradient, share)),
    measured: measured.map((state, index) =>
      state.map((part, place) => join(sum?.measured[index]?.[place], part, metrics[index]!.metric.gather)),
    ),
    remembered: remembered.map(
      ([variable, part], index) => [variable, add(sum?.remembered[index]?.[1], part, rows)] as const,
    ),
    ...(made.share !== undefined && { share: sum?.share?.add(made.share) ?? made.share }),
  };
}

function divided({ value, gradients, ...rest }: Learned, share: tf.Tensor): Learned {
  const whole = tf.maximum(share, tiny);
  return { ...rest, value: value.div(whole), gradients: gradients.map((gradient) => gradient.div(whole)) };
}

/** `costs`: the part of what weights cost that belongs to this batch. */
function differentiate(parts: LearnParts, batch: Drawn, scale?: tf.Tensor, costs = 1): Learned {
  const { model, parameters, metrics } = parts;
  const { x, y } = batch;
  const weights = weightsOf(parts.weighing, batch);
  const kept: tf.Tensor[] = [];
  const keep = (tensor: tf.Tensor): number => kept.push(tf.keep(tensor));
  const changed: tf.Variable[] = [];
  try {
    const { value, grads } = gradientsOf(parts, () => {
      const remember = (variable: tf.Variable, value: tf.Tensor) => {
        changed.push(variable);
        keep(value);
      };
      const costly: tf.Tensor[] = [];
      const prediction = model.forward(x, { training: true, remember, addLoss: (cost) => costly.push(cost) });
      keep(prediction);
      const { value, share } = lossValue(parts.loss, prediction, y, weights);
      if (share !== undefined) keep(share);
      const weighed = penalty(parameters, costly)?.mul(costs);
      const whole = (weighed === undefined ? value : value.add(weighed)) as tf.Scalar;
      return scale === undefined ? whole : (whole.mul(scale) as tf.Scalar);
    });
    const variables = parameters.map(({ variable }) => variable);
    const back = (tensor: tf.Tensor) => (scale === undefined ? tensor : tensor.div(scale));
    const gradients = variables.map((variable) => back(grads[variable.name] ?? tf.zerosLike(variable)));
    const values = kept.map((tensor) => tensor.clone());
    const [prediction, share] = values.slice(changed.length) as [tf.Tensor, tf.Tensor?];
    const measured = metrics.map(({ metric }) => metric.state(prediction, y));
    const remembered = changed.map((variable, index) => [variable, values[index]!] as const);
    return { value: back(value), gradients, measured, remembered, ...(share !== undefined && { share }) };
  } finally {
    for (const tensor of kept) tensor.dispose();
  }
}

/** Throws ValueError where the loss depends on none of the weights. */
function gradientsOf({ parameters, lossName }: LearnParts, work: () => tf.Scalar): ReturnType<typeof tf.variableGrads> {
  const variables = parameters.map(({ variable }) => variable);
  try {
    return tf.variableGrads(work, variables);
  } catch (error) {
    // tfjs's own words, of `minimize()`.
    if (!(error instanceof Error && error.message.startsWith("Cannot find a connection"))) throw error;
    throw new ValueError({
      what: "fit: loss",
      expected: "a number that the model's weights change",
      got: `'${lossName}', in which they do not occur`,
      hint: "Compute it from the prediction, with operations of tf: what went through dataSync() or arraySync() has no gradient.",
    });
  }
}
