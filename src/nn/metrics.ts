import { ShapeError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import { oneOf } from "../tensor/arguments.js";
import { sameShape, showShape } from "../tensor/shape.js";
import { meanAbsoluteError, meanSquaredError } from "./losses.js";

/** How good a prediction is: the mean over all positions, a scalar. It need not be differentiable. */
export type Metric = (prediction: Tensor, target: Tensor) => Tensor;

/** The metrics that have a name. */
export const metricNames = ["accuracy", "meanSquaredError", "meanAbsoluteError"] as const;
export type MetricName = (typeof metricNames)[number];

/** The metric with this name; a function is its own metric. Throws ValueError. */
export function metric(name: MetricName | Metric): Metric {
  if (typeof name === "function") return name;
  oneOf("metric", name, metricNames);
  return metrics[name];
}

/**
 * The share, 0 … 1, of positions whose highest score is the target. `prediction: [..., classes]`, `target: [...]` class
 * indices (int32). Throws ShapeError.
 */
export function accuracy(prediction: Tensor, target: Tensor): Tensor {
  if (prediction.rank === 0 || !sameShape(prediction.shape.slice(0, -1), target.shape)) {
    throw new ShapeError({
      what: "accuracy",
      expected: `targets ${showShape(prediction.shape.slice(0, -1))} (class indices) for scores ${showShape(prediction.shape)}`,
      got: showShape(target.shape),
    });
  }
  return prediction.argMax(-1).equal(target.toInt()).toFloat().mean();
}

const metrics: Record<MetricName, Metric> = { accuracy, meanSquaredError, meanAbsoluteError };
