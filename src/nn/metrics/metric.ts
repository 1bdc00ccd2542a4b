import { DataError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { scalarOf } from "../../tensor/scalar.js";
import { requireTensors } from "../losses/arguments.js";
import type { Each } from "../losses/loss.js";

/** How good a prediction is: the mean over all positions, a scalar. It need not be differentiable. */
export type Metric = (prediction: Tensor, target: Tensor) => Tensor;

/** A number, or one a class, or a table of them. */
export type Values = number | readonly Values[];

/** What a metric has gathered, in the order of its state. */
export interface Gathered {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/**
 * A metric of the library. What it says of a data set is computed from all batches together, because most metrics are no means: each
 * batch gives a state, the states are added up or put one after the other, and the result is read from that. Called by hand it says
 * what it says of one batch.
 */
export interface KnownMetric extends Metric {
  /** The states of batches are added up ("sum", whatever the size of the batch), or become rows of one long state ("rows"). */
  readonly gather: "sum" | "rows";
  /** Whether the result is a list or a table: its numbers then go by `f1[0]`, `f1[1]`. */
  readonly many?: boolean;
  /** As the user wrote it: `f1({ average: "micro" })`. */
  readonly label: string;
  /** The state of a batch; only tfjs operations, because it is part of the compiled step. Throws ShapeError. */
  state(prediction: Tensor, target: Tensor): Tensor[];
  /** What the state of a whole data set says; NaN where it says nothing. */
  result(state: readonly Gathered[]): Values;
}

/** What {@link streaming} takes. */
export type MetricParts = Pick<KnownMetric, "gather" | "many" | "state" | "result">;

/**
 * A metric of a whole data set, from its parts: `state` of each batch, in tensors, and the `result` of all states together, in numbers.
 * Called by hand it reads values, so that it cannot stand in a compiled function.
 */
export function streaming(name: string, parts: MetricParts, label = name): KnownMetric {
  const state: MetricParts["state"] = (prediction, target) => {
    requireTensors(name, prediction, target);
    return parts.state(prediction, target);
  };
  const measure = (prediction: Tensor, target: Tensor): Tensor => {
    const made = tf.tidy(() => state(prediction, target));
    const gathered = made.map((tensor) => ({ shape: tensor.shape, values: tensor.dataSync() }));
    tf.dispose(made);
    return tf.tensor(parts.result(gathered) as number);
  };
  Object.defineProperty(measure, "name", { value: name });
  return Object.assign(measure, { ...parts, state, label });
}

/** A metric that is the mean of one value a position, NaN of none: it can stand in a compiled function. */
export function meanOf(name: string, each: (prediction: Tensor, target: Tensor) => Each, label = name): KnownMetric {
  const totals = (prediction: Tensor, target: Tensor): [Tensor, Tensor] => {
    requireTensors(name, prediction, target);
    const { values, shares } = each(prediction, target);
    return [values.sum(), shares === undefined ? tf.scalar(values.size) : shares.sum()];
  };
  const measure = (prediction: Tensor, target: Tensor): Tensor => tf.div(...totals(prediction, target));
  Object.defineProperty(measure, "name", { value: name });
  return Object.assign(measure, {
    label,
    gather: "sum" as const,
    state: (prediction: Tensor, target: Tensor) => [tf.stack(totals(prediction, target))],
    result: ratio,
  });
}

/** The metric as one of the library: a function of the user's is taken for a mean over the examples of a batch. */
export function asKnown(metric: Metric): KnownMetric {
  if ("state" in metric) return metric as KnownMetric;
  const measure: Metric = (prediction, target) => metric(prediction, target);
  return Object.assign(measure, {
    label: metric.name,
    gather: "sum" as const,
    state(prediction: Tensor, target: Tensor) {
      const examples = prediction.shape[0] ?? 1;
      const value = scalarOf(metric.name || "metric", metric(prediction, target), "End the metric with .mean().");
      return [tf.stack([value.toFloat().mul(examples), tf.scalar(examples)])];
    },
    result: ratio,
  });
}

/** A sum by how much it is the sum of. */
function ratio([totals]: readonly Gathered[]): number {
  return totals!.values[0]! / totals!.values[1]!;
}

/** Throws DataError for the first number that is NaN or infinite. */
export function requireFinite(what: string, values: ArrayLike<number>): void {
  for (let at = 0; at < values.length; at++) {
    if (Number.isFinite(values[at])) continue;
    throw new DataError({ what, expected: "finite predictions", got: `${values[at]}` });
  }
}
