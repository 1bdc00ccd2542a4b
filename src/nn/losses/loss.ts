import { ShapeError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, oneOf } from "../../tensor/arguments.js";
import { type Shape, showShape } from "../../tensor/shape.js";
import { requireSome, requireTensors } from "./arguments.js";
import type { Targets } from "./targets.js";

/** How wrong a prediction is: the mean over all positions, a scalar. Any such function of tfjs operations can be a loss. */
export type Loss = (prediction: Tensor, target: Tensor) => Tensor;

/** What becomes of the values of all positions: their mean, their sum, or nothing: the values themselves. */
export type Reduction = "mean" | "sum" | "none";

const reductions = ["mean", "sum", "none"] as const;

/** What every loss of the library takes. */
export interface LossOptions {
  /** Default "mean". With "sum" a run reports the mean of the batches' sums; "none" is for calls by hand. */
  readonly reduction?: Reduction;
}

/** A loss before it is one number. */
export interface Each {
  /** The value of each position, [batch, ...]. */
  readonly values: Tensor;
  /** How much each position counts in what the sum is divided by, shaped as the values. Default 1. */
  readonly shares?: Tensor;
}

/** A loss of the library: it knows the values that it is the mean of, so that they can be weighed. */
export interface KnownLoss extends Loss {
  readonly reduction: Reduction;
  readonly targets: Targets;
  /** `prediction: [batch, ...O]`, `target: [batch, ...]`. Throws ShapeError, ValueError, DataError. */
  each(prediction: Tensor, target: Tensor): Each;
  /** What becomes of the mean. Default: nothing. */
  finish?(mean: Tensor): Tensor;
}

/** What makes a loss out of a description. */
export type LossParts = Pick<KnownLoss, "targets" | "each" | "finish">;

/** The loss of a batch. */
export interface Reduced {
  readonly value: Tensor;
  /** What its positions count together, where that is not always the same: a scalar. */
  readonly share?: Tensor;
}

/** A loss from its parts. Throws ValueError for an option that is not in `known`. */
export function makeLoss(
  name: string,
  options: LossOptions & object,
  known: readonly string[],
  parts: LossParts,
): KnownLoss {
  checkOptions(name, options, [...known, "reduction"]);
  const { reduction = "mean" } = options;
  oneOf(`${name}: reduction`, reduction, reductions);
  const measure = (prediction: Tensor, target: Tensor): Tensor => reduce(loss, prediction, target).value;
  Object.defineProperty(measure, "name", { value: name });
  const each: KnownLoss["each"] = (prediction, target) => {
    requireTensors(name, prediction, target);
    return parts.each(prediction, target);
  };
  const loss: KnownLoss = Object.assign(measure, { ...parts, each, reduction });
  return loss;
}

/** The loss as one of the library, or undefined for a function of the user's. */
export function known(loss: Loss): KnownLoss | undefined {
  return "each" in loss ? (loss as KnownLoss) : undefined;
}

/** Keeps a division by no positions at all 0. */
const tiny = 1e-30;

/**
 * The values of a batch as the loss's reduction has them. `weights`, [batch] or as far as the values' shape begins alike, multiply
 * the values and not what their sum is divided by, as Keras's sample weights. Throws ShapeError.
 */
export function reduce(loss: KnownLoss, prediction: Tensor, target: Tensor, weights?: Tensor): Reduced {
  requireTensors(loss.name, prediction, target);
  requireSome(loss.name, prediction);
  const { values, shares } = loss.each(prediction, target);
  const weighed = weights === undefined ? values : values.mul(aligned(weights, values.shape));
  if (loss.reduction === "none") return { value: weighed };
  if (loss.reduction === "sum") return { value: weighed.sum() };
  const finish = loss.finish ?? ((mean) => mean);
  if (shares === undefined) return { value: finish(weighed.mean()) };
  const share = shares.sum();
  return { value: finish(weighed.sum().div(tf.maximum(share, tiny))), share };
}

/** Weights in a shape that multiplies values of `shape`. */
function aligned(weights: Tensor, shape: Shape): Tensor {
  if (weights.size === shape.reduce((size, length) => size * length, 1)) return weights.reshape([...shape]);
  if (weights.rank <= shape.length && weights.shape.every((length, axis) => length === shape[axis])) {
    return weights.reshape([...weights.shape, ...shape.slice(weights.rank).map(() => 1)]);
  }
  const got = `weights ${showShape(weights.shape)}`;
  throw new ShapeError({ what: "loss", expected: `one weight for each of the losses ${showShape(shape)}`, got });
}
