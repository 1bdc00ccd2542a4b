/** Losses. */
import * as tf from "../../../../src/runtime/tf.js";
import { any, apart, at, distinct, type Operation, smooth, some, whole, within } from "./operation.js";

export const losses: readonly Operation[] = [
  smooth(
    "losses.absoluteDifference",
    at(apart(2, 3), (x) => tf.losses.absoluteDifference(tf.zeros([2, 3]), x)),
  ),
  smooth(
    "losses.computeWeightedLoss",
    at(any(2, 3), (x) => tf.losses.computeWeightedLoss(x, tf.abs(some(2, 3)))),
  ),
  smooth(
    "losses.cosineDistance",
    at(any(2, 3), (x) => tf.losses.cosineDistance(some(2, 3), x, 1)),
  ),
  smooth(
    "losses.hingeLoss",
    at(any(2, 3), (x) => tf.losses.hingeLoss(tf.cast(tf.greater(some(2, 3), 0), "float32"), tf.mul(x, 0.9))),
  ),
  smooth(
    "losses.huberLoss",
    at(distinct(2, 4), (x) => tf.losses.huberLoss(tf.zeros([2, 4]), x, undefined, 0.5)),
  ),
  smooth(
    "losses.logLoss",
    at(within(0.2, 0.8, 2, 3), (x) => tf.losses.logLoss(tf.abs(some(2, 3)), x)),
  ),
  smooth(
    "losses.meanSquaredError",
    at(any(2, 3), (x) => tf.losses.meanSquaredError(some(2, 3), x, tf.abs(some(2, 3)))),
  ),
  smooth(
    "losses.sigmoidCrossEntropy",
    at(apart(2, 3), (x) => tf.losses.sigmoidCrossEntropy(tf.abs(some(2, 3)), x, undefined, 0.1)),
  ),
  smooth(
    "losses.softmaxCrossEntropy",
    at(any(2, 3), (x) => tf.losses.softmaxCrossEntropy(tf.oneHot(whole([2, 0]), 3), x)),
    at(any(2, 3), (labels) => tf.losses.softmaxCrossEntropy(tf.softmax(labels), some(2, 3)), "labels"),
  ),
];
