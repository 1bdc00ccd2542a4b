import { meanAbsoluteError as absolute } from "../losses/mean-absolute-error.js";
import { meanSquaredError as squared } from "../losses/mean-squared-error.js";
import { type KnownMetric, meanOf, streaming } from "./metric.js";

/** Mean of (prediction − target)², both of the same shape. Throws ShapeError. */
export function meanSquaredError(): KnownMetric {
  return meanOf("meanSquaredError", squared().each);
}

/** Mean of |prediction − target|, both of the same shape. Throws ShapeError. */
export function meanAbsoluteError(): KnownMetric {
  return meanOf("meanAbsoluteError", absolute().each);
}

/** The root of the mean of (prediction − target)² over the whole data set, both of the same shape. Throws ShapeError. */
export function rootMeanSquaredError(): KnownMetric {
  const { gather, state } = meanSquaredError();
  return streaming("rootMeanSquaredError", {
    gather,
    state,
    result: ([totals]) => Math.sqrt(totals!.values[0]! / totals!.values[1]!),
  });
}
