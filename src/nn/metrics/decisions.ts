import { DataError, ShapeError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { sameShape, showShape } from "../../tensor/shape.js";
import { requireLabels } from "../losses/arguments.js";

/** What a classifier said of each position, and what is true: whole numbers. */
export interface Decisions {
  /** [positions] class indices; `classes`, which is none, where a score is NaN: that is never right. */
  readonly predicted: Tensor;
  /** [positions] class indices. */
  readonly actual: Tensor;
  /** [positions] 1 where the position counts, else 0. */
  readonly counts: Tensor;
  /** Two for yes and no. */
  readonly classes: number;
  /** Whether it is a yes or no: one logit, above 0 for yes. */
  readonly binary: boolean;
}

/** The options of metrics that look at classes. */
export interface ClassOptions {
  /** Positions with this class index count nothing. Default: all count. */
  readonly ignoreIndex?: number;
}

/**
 * Decisions of `prediction: [..., classes]`: the class of the highest score, or, where there is one score, yes above 0. `target: [...]`
 * are class indices, or one-hot rows of the prediction's shape. Throws ShapeError, DataError.
 */
export function decisions(what: string, prediction: Tensor, target: Tensor, ignored?: number): Decisions {
  const width = prediction.shape[prediction.rank - 1] ?? 1;
  const same = sameShape(prediction.shape, target.shape);
  if (!same && (prediction.rank === 0 || !sameShape(prediction.shape.slice(0, -1), target.shape))) {
    const positions = showShape(prediction.shape.slice(0, -1));
    const expected = `targets ${positions} (class indices) for scores ${showShape(prediction.shape)}`;
    throw new ShapeError({ what, expected, got: showShape(target.shape) });
  }
  if (!same) requireLabels(what, target, width === 1 ? 2 : width, ignored);
  const binary = width === 1 || prediction.rank < 2;
  const classes = binary ? 2 : width;
  const highest: Tensor = binary ? prediction.greater(0).toInt() : prediction.argMax(-1).toInt();
  const lost = binary ? prediction.isNaN() : prediction.isNaN().any(-1);
  const predicted = tf.maximum(highest, lost.toInt().mul(tf.scalar(classes, "int32"))).flatten();
  const given = (same && !binary ? target.argMax(-1) : target).toInt().flatten();
  if (ignored === undefined) {
    return { predicted, actual: given, counts: tf.onesLike(given).toFloat(), classes, binary };
  }
  const counts = given.notEqual(tf.scalar(ignored, "int32"));
  const actual = tf.where(counts, given, tf.zerosLike(given));
  return { predicted, actual, counts: counts.toFloat(), classes, binary };
}

/** The sum of the weights of each whole number below `size`; larger numbers are left out. */
export function totals(numbers: Tensor, weights: Tensor, size: number): Tensor {
  return tf.denseBincount(numbers as tf.Tensor1D, weights as tf.Tensor1D, size);
}

/**
 * Throws DataError where fewer positions than all have labels that are `expected`: a sum over classes would leave them out and say
 * nothing.
 */
export function requireInside(
  what: string,
  inside: number,
  all: number,
  expected = "labels that are classes of the scores",
): void {
  // Counts of more than 2²⁴ positions a batch are rounded.
  if (all - inside < 0.5 + all * 1e-6) return;
  const got = `${Math.round(all - inside)} of ${all} that are none`;
  throw new DataError({ what, expected, got, hint: "Classes count from 0." });
}
