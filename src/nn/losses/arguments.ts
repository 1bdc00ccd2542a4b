/** What every loss and metric asks of what it is called with. */
import { DataError, ShapeError, ValueError } from "../../errors.js";
import { isTracing } from "../../runtime/index.js";
import * as tf from "../../runtime/tf.js";
import { show } from "../../tensor/arguments.js";
import { showShape } from "../../tensor/shape.js";

/** Throws ValueError unless they are tensors, and the predictions float32: TensorFlow would complain of an operation of its own. */
export function requireTensors(what: string, prediction: unknown, target: unknown): void {
  for (const [role, value] of Object.entries({ predictions: prediction, targets: target })) {
    if (value instanceof tf.Tensor) continue;
    const hint = "tf.tensor(…) makes one of numbers.";
    throw new ValueError({ what, expected: `${role} as a tensor`, got: show(value), hint });
  }
  const { dtype } = prediction as tf.Tensor;
  if (dtype === "float32") return;
  throw new ValueError({ what, expected: "predictions of float32", got: dtype, hint: "Put .toFloat() behind them." });
}

/** Throws ShapeError where there is nothing to take the mean of. */
export function requireSome(what: string, prediction: tf.Tensor): void {
  if (prediction.size > 0) return;
  throw new ShapeError({ what, expected: "at least one example", got: showShape(prediction.shape) });
}

/**
 * Throws DataError for the first label that is no class and not `ignored`. In a compiled function nothing can be read: `fit` has looked at
 * the data before.
 */
export function requireLabels(what: string, labels: tf.Tensor, classes: number, ignored?: number): void {
  if (isTracing()) return;
  const values = labels.dataSync();
  for (let at = 0; at < values.length; at++) {
    const label = Number(values[at]);
    if (label === ignored || (Number.isInteger(label) && label >= 0 && label < classes)) continue;
    const expected = `class indices from 0 to ${classes - 1} (${classes} ${classes === 1 ? "class" : "classes"})`;
    const hint =
      classes === 1
        ? "Every class has a score of its own; one score is for binaryCrossEntropy."
        : "Classes count from 0.";
    throw new DataError({ what, expected, got: `${label} at position ${at}`, hint });
  }
}
