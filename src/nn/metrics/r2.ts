import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { requireSame } from "../losses/targets.js";
import { type Gathered, type KnownMetric, streaming } from "./metric.js";

/**
 * R², the share of the variance of the targets that the predictions explain, over the whole data set: 1 for perfect, 0 for the mean of the
 * targets, less for worse; the mean over the values of an example. Both [batch, ...O]. Where targets are all equal: 1 if predictions are,
 * too, else 0. As scikit-learn's `r2_score`. Throws ShapeError.
 */
export function r2(): KnownMetric {
  return streaming("r2", {
    // Means and squares around them, a row a batch: sums of squares of large numbers would drown their differences in float32.
    gather: "rows",
    state(prediction: Tensor, target: Tensor) {
      requireSame("r2", prediction, target);
      const [batch] = target.shape as [number];
      const rows = target.reshape([batch, -1]);
      const mean = rows.mean(0);
      const around = rows.sub(mean).square().sum(0);
      const errors = prediction.reshape([batch, -1]).sub(rows).square().sum(0);
      return [tf.stack([tf.fill(mean.shape, batch), mean, around, errors]).expandDims(0)];
    },
    result: ([rows]) => mean(explained(rows!)),
  });
}

/** R² of each value. */
function explained({ values, shape }: Gathered): number[] {
  const [batches, , width] = shape as [number, number, number];
  return Array.from({ length: width }, (_, column) => {
    let [count, mean, around, errors] = [0, 0, 0, 0];
    for (let batch = 0; batch < batches; batch++) {
      const at = (row: number) => values[(batch * 4 + row) * width + column]!;
      // The squares around the common mean of two sets (Chan, Golub and LeVeque 1979).
      const [more, shift] = [at(0), at(1) - mean];
      around += at(2) + (shift ** 2 * count * more) / (count + more);
      mean += (shift * more) / (count + more);
      count += more;
      errors += at(3);
    }
    if (around === 0) return errors === 0 ? 1 : 0;
    return 1 - errors / around;
  });
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
