/** Operations that make fewer values of many, and running sums. */
import * as tf from "../../../../src/runtime/tf.js";
import { any, apart, at, distinct, type Operation, smooth, some, whole, within } from "./operation.js";

export const reductions: readonly Operation[] = [
  smooth(
    "cumprod",
    at(apart(2, 4), (x) => tf.cumprod(x, 1), "last axis"),
    at(apart(4, 2), (x) => tf.cumprod(x, 0, true), "exclusive"),
    at(apart(2, 4), (x) => tf.cumprod(x, -1, false, true), "reverse"),
    at(apart(2, 4), (x) => tf.cumprod(x, 1, true, true), "exclusive, reverse"),
    at(
      () => tf.mul(some(5), [1, 0, 1, 1, 0]),
      (x) => tf.cumprod(x),
      "with zeros",
    ),
  ),
  smooth(
    "cumsum",
    at(any(2, 4), (x) => tf.cumsum(x, 1), "last axis"),
    at(any(4, 2), (x) => tf.cumsum(x, 0, true), "exclusive"),
    at(any(2, 4), (x) => tf.cumsum(x, -1, false, true), "reverse"),
  ),
  smooth(
    "euclideanNorm",
    at(any(2, 4), (x) => tf.euclideanNorm(x, 1)),
    at(any(4), (x) => tf.euclideanNorm(x)),
  ),
  smooth(
    "logSumExp",
    at(any(2, 4), (x) => tf.logSumExp(x, 1)),
    at(any(2, 4), (x) => tf.logSumExp(x, 0, true), "kept axis"),
  ),
  smooth(
    "max",
    at(distinct(3, 4), (x) => tf.max(x, 1)),
    at(distinct(3, 4), (x) => tf.max(x), "all axes"),
  ),
  smooth(
    "mean",
    at(any(3, 4), (x) => tf.mean(x, 1)),
    at(any(3, 4), (x) => tf.mean(x, [0], true), "kept axis"),
  ),
  smooth(
    "min",
    at(distinct(3, 4), (x) => tf.min(x, 1)),
    at(distinct(3, 4), (x) => tf.min(x, 0, true), "kept axis"),
  ),
  smooth(
    "moments",
    at(any(3, 4), (x) => tf.moments(x, 0).mean, "mean"),
    at(any(3, 4), (x) => tf.moments(x, 0).variance, "variance"),
  ),
  smooth(
    "norm",
    at(any(3, 4), (x) => tf.norm(x), "euclidean"),
    at(apart(3, 4), (x) => tf.norm(x, 1, 1), "1"),
    at(distinct(3, 4), (x) => tf.norm(tf.add(x, 2), Number.POSITIVE_INFINITY, 0), "infinity"),
    at(distinct(3, 4), (x) => tf.norm(tf.add(x, 2), Number.NEGATIVE_INFINITY, 0), "-infinity"),
  ),
  smooth(
    "prod",
    at(apart(3, 4), (x) => tf.prod(x, 1), "last axis"),
    at(apart(2, 3), (x) => tf.prod(x), "all axes"),
    at(apart(2, 3, 2), (x) => tf.prod(x, [0, 2], true), "kept axes"),
    at(
      () =>
        tf.mul(some(2, 4), [
          [1, 0, 1, 1],
          [0, 1, 1, 0],
        ]),
      (x) => tf.prod(x, 1),
      "with zeros",
    ),
  ),
  smooth(
    "sum",
    at(any(3, 4), (x) => tf.sum(x, 1)),
    at(any(3, 4), (x) => tf.sum(x, 0, true), "kept axis"),
  ),
  smooth(
    "topk",
    at(distinct(3, 6), (x) => tf.topk(x, 3).values, "values"),
    at(distinct(6), (x) => tf.topk(x, 2).values, "one axis"),
  ),
  smooth(
    "unsortedSegmentSum",
    at(any(4, 3), (x) => tf.unsortedSegmentSum(x, whole([2, 0, 2, 1]) as tf.Tensor1D, 4)),
    at(any(4, 3), (x) => tf.unsortedSegmentSum(x, whole([2, -1, 2, -1]) as tf.Tensor1D, 3), "dropped segments"),
  ),
  smooth(
    "bincount",
    at(within(0, 1, 5), (x) => tf.bincount(whole([1, 0, 3, 1, 7]) as tf.Tensor1D, x as tf.Tensor1D, 5), "weights"),
  ),
  smooth(
    "denseBincount",
    at(within(0, 1, 5), (x) => tf.denseBincount(whole([1, 0, 3, 1, 7]) as tf.Tensor1D, x as tf.Tensor1D, 5), "weights"),
    at(
      within(0, 1, 2, 3),
      (x) =>
        tf.denseBincount(
          whole([
            [1, 0, 3],
            [1, 1, 7],
          ]) as tf.Tensor2D,
          x as tf.Tensor2D,
          5,
        ),
      "weights of rows",
    ),
  ),
];
