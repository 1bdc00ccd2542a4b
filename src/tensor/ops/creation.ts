/** Tensors from numbers, lists and distributions; their shapes are read off the arguments. */
import type { DataType, TensorLike } from "../../runtime/tf.js";
import * as core from "../../runtime/tf.js";
import type { Dims, Written } from "../shapes/dims.js";
import type { DtypeOf, DtypeOfValues, NestedShape, ShapeOf, Tensor } from "../shapes/tensor.js";

type Lengths = readonly number[];

/** A tensor of one value everywhere. */
interface Filled {
  <const S extends Lengths>(shape: S): Tensor<Written<S>, "float32">;
  <const S extends Lengths, D extends DataType>(shape: S, dtype: D): Tensor<Written<S>, D>;
}

/** Zeros: [...shape]. Throws MemoryError instead of exhausting the machine. */
export const zeros = core.zeros as unknown as Filled;

/** Ones: [...shape]. Throws MemoryError instead of exhausting the machine. */
export const ones = core.ones as unknown as Filled;

/** The same value everywhere: [...shape]. */
export const fill = core.fill as unknown as {
  <const S extends Lengths>(shape: S, value: number): Tensor<Written<S>, "float32">;
  <const S extends Lengths, D extends DataType>(shape: S, value: number | string, dtype: D): Tensor<Written<S>, D>;
};

type Like = <A extends core.Tensor>(x: A) => Tensor<ShapeOf<A>, DtypeOf<A>>;

/** Zeros in the shape of `x`. */
export const zerosLike = core.zerosLike as unknown as Like;

/** Ones in the shape of `x`. */
export const onesLike = core.onesLike as unknown as Like;

/** A tensor from nested lists, or from a flat list and a shape; numbers are float32 if `dtype` says nothing else. */
export const tensor = core.tensor as unknown as {
  <const V extends TensorLike>(values: V): Tensor<NestedShape<V>, DtypeOfValues<V>>;
  <V extends TensorLike, const S extends Lengths>(values: V, shape: S): Tensor<Written<S>, DtypeOfValues<V>>;
  <const V extends TensorLike, D extends DataType>(values: V, shape: undefined, dtype: D): Tensor<NestedShape<V>, D>;
  <V extends TensorLike, const S extends Lengths, D extends DataType>(
    values: V,
    shape: S,
    dtype: D,
  ): Tensor<Written<S>, D>;
};

/** One number: []. */
export const scalar = core.scalar as unknown as {
  <V extends number | boolean | string>(value: V): Tensor<[], DtypeOfValues<V>>;
  <D extends DataType>(value: number | boolean | string | Uint8Array, dtype: D): Tensor<[], D>;
};

/** Normally distributed numbers, drawn by TensorFlow. */
export const randomNormal = core.randomNormal as unknown as <const S extends Lengths>(
  shape: S,
  mean?: number,
  deviation?: number,
  dtype?: "float32",
  seed?: number,
) => Tensor<Written<S>, "float32">;

/** Normally distributed numbers, none further than two deviations from the mean. */
export const truncatedNormal = core.truncatedNormal as unknown as typeof randomNormal;

/** Evenly distributed numbers from `low` up to `high`, drawn by TensorFlow. */
export const randomUniform = core.randomUniform as unknown as {
  <const S extends Lengths>(shape: S, low?: number, high?: number): Tensor<Written<S>, "float32">;
  <const S extends Lengths, D extends DataType>(
    shape: S,
    low: number | undefined,
    high: number | undefined,
    dtype: D,
    seed?: number | string,
  ): Tensor<Written<S>, D>;
};

/** Ones on the diagonal: [rows, columns]. */
export const eye = core.eye as unknown as {
  <const N extends number>(rows: N): Tensor<Written<[N, N]>, "float32">;
  <const N extends number, const M extends number>(rows: N, columns: M): Tensor<Written<[N, M]>, "float32">;
};

/** `count` numbers at equal distances, `start` and `stop` among them: [count]. */
export const linspace = core.linspace as unknown as <const N extends number>(
  start: number,
  stop: number,
  count: N,
) => Tensor<Written<[N]>, "float32">;

/** 1 at each index, 0 elsewhere: [...indices, depth]. */
export const oneHot = core.oneHot as unknown as <A extends core.Tensor | TensorLike, const N extends number>(
  indices: A,
  depth: N,
  onValue?: number,
  offValue?: number,
) => Tensor<[...ShapeOf<A>, ...Written<[N]>] extends infer S extends Dims ? S : never, "int32">;
