/** Many values of an axis become one. */
import type { DataType } from "../../runtime/tf.js";
import * as core from "../../runtime/tf.js";
import { type Axes, type AxisOf, checkAxes, type Reduce } from "../shapes/axes.js";
import type { Shaped } from "../shapes/dims.js";
import type { Counted, DtypeOf, Operand, ShapeOf, Tensor } from "../shapes/tensor.js";

/**
 * Reduces axes, all of them where none is named, to numbers of kind `D`, or of the kind that they had; `keepDims` leaves ones in their
 * places.
 */
type Reduction<Name extends string, D extends DataType | "same" = "same"> = <
  A extends Operand,
  const X extends Axes = undefined,
  const Keep extends boolean = false,
>(
  x: A,
  axis?: AxisOf<Name, A, X>,
  keepDims?: Keep,
) => Tensor<Shaped<Reduce<ShapeOf<A>, X, Keep>>, D extends "same" ? Counted<DtypeOf<A>> : Exclude<D, "same">>;

function checked<F>(name: string, operation: (...args: never[]) => unknown): F {
  const run = operation as (...args: unknown[]) => unknown;
  return ((x: unknown, axis?: Axes, ...rest: unknown[]) => {
    if (x instanceof core.Tensor) checkAxes(name, x.shape, axis);
    return run(x, axis, ...rest);
  }) as F;
}

/** The sum of the values */
export const sum = checked<Reduction<"sum">>("sum", core.sum);
/** Their mean */
export const mean = checked<Reduction<"mean", "float32">>("mean", core.mean);
/** Their product */
export const prod = checked<Reduction<"prod">>("prod", core.prod);
/** The largest */
export const max = checked<Reduction<"max">>("max", core.max);
/** The smallest */
export const min = checked<Reduction<"min">>("min", core.min);
/** Whether all hold */
export const all = checked<Reduction<"all", "bool">>("all", core.all);
/** Whether one holds */
export const any = checked<Reduction<"any", "bool">>("any", core.any);
/** ln Σ exp x, computed without overflow */
export const logSumExp = checked<Reduction<"logSumExp", "float32">>("logSumExp", core.logSumExp);
/** The root of the sum of their squares */
export const euclideanNorm = checked<Reduction<"euclideanNorm", "float32">>("euclideanNorm", core.euclideanNorm);

/** Where along an axis (the first if none is named) something is: int32, without that axis. */
type Search<Name extends string> = <A extends Operand, const X extends number = 0>(
  x: A,
  axis?: AxisOf<Name, A, X>,
) => Tensor<Shaped<Reduce<ShapeOf<A>, X, false>>, "int32">;

/** Where the largest value is */
export const argMax = checked<Search<"argMax">>("argMax", core.argMax);
/** Where the smallest value is */
export const argMin = checked<Search<"argMin">>("argMin", core.argMin);

/** What reduces to numbers of the same kind, to other kinds, and what searches, by name: these are methods, too. */
export const reductions = {
  same: ["sum", "prod", "max", "min"],
  float32: ["mean", "logSumExp", "euclideanNorm"],
  bool: ["all", "any"],
  int32: ["argMax", "argMin"],
} as const;
