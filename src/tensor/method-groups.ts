/** Methods of tensors that differ by their names only. */
import type * as core from "../runtime/tf.js";
import type { arithmetic, comparisons } from "./ops/elementwise.js";
import type { reductions } from "./ops/reductions.js";
import type { Axes, AxisOf, Reduce } from "./shapes/axes.js";
import type { Broadcast, Broadcasts } from "./shapes/broadcast.js";
import type { Checked, Shaped } from "./shapes/dims.js";
import type { Counted, DtypeOf, Operand, ShapeOf, Tensor as Typed, Upcast } from "./shapes/tensor.js";

type Any = core.Tensor;

type UnaryName =
  | "abs"
  | "acos"
  | "acosh"
  | "asin"
  | "asinh"
  | "atan"
  | "atanh"
  | "ceil"
  | "cos"
  | "cosh"
  | "elu"
  | "erf"
  | "exp"
  | "expm1"
  | "fft"
  | "floor"
  | "ifft"
  | "log"
  | "log1p"
  | "logSigmoid"
  | "neg"
  | "onesLike"
  | "reciprocal"
  | "relu"
  | "relu6"
  | "round"
  | "rsqrt"
  | "selu"
  | "sigmoid"
  | "sign"
  | "sin"
  | "sinh"
  | "softplus"
  | "sqrt"
  | "square"
  | "tan"
  | "tanh"
  | "zerosLike";

type Question = "isFinite" | "isInf" | "isNaN" | "logicalNot" | "toBool";

/** Methods that change each value, and neither shape nor kind. */
export type Unary = {
  readonly [N in UnaryName]: <A extends Any>(this: A) => Typed<ShapeOf<A>, DtypeOf<A>>;
};

/** Methods that say of each value whether something is so. */
export type Questions = {
  readonly [N in Question]: <A extends Any>(this: A) => Typed<ShapeOf<A>, "bool">;
};

/** Methods that compute numbers of two operands. */
export type Arithmetic = {
  readonly [N in (typeof arithmetic)[number]]: <A extends Any, const B extends Operand>(
    this: A,
    b: Checked<B, Broadcasts<N, ShapeOf<A>, ShapeOf<B>>>,
  ) => Typed<Broadcast<ShapeOf<A>, ShapeOf<B>>, Upcast<DtypeOf<A>, DtypeOf<B>>>;
};

/** Methods that compare two operands. */
export type Comparisons = {
  readonly [N in (typeof comparisons)[number]]: <A extends Any, const B extends Operand>(
    this: A,
    b: Checked<B, Broadcasts<N, ShapeOf<A>, ShapeOf<B>>>,
  ) => Typed<Broadcast<ShapeOf<A>, ShapeOf<B>>, "bool">;
};

/** Methods that reduce axes to numbers of kind `D`, or of the kind that they had. */
export type Reductions<D extends "same" | "float32" | "bool"> = {
  readonly [N in (typeof reductions)[D][number]]: <
    A extends Any,
    const X extends Axes = undefined,
    const Keep extends boolean = false,
  >(
    this: A,
    axis?: AxisOf<N, A, X>,
    keepDims?: Keep,
  ) => Typed<Shaped<Reduce<ShapeOf<A>, X, Keep>>, D extends "same" ? Counted<DtypeOf<A>> : Exclude<D, "same">>;
};

/** Methods that say where something is. */
export type Searches = {
  readonly [N in (typeof reductions.int32)[number]]: <A extends Any, const X extends number = 0>(
    this: A,
    axis?: AxisOf<N, A, X>,
  ) => Typed<Shaped<Reduce<ShapeOf<A>, X, false>>, "int32">;
};
