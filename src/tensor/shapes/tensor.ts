import type { Tensor as CoreTensor, DataType, Rank, TensorBuffer, TensorLike, Variable } from "../../runtime/tf.js";
import type { Dims, Sizes } from "./dims.js";

declare const dims: unique symbol;

/**
 * A tensor whose type says its shape and the kind of its numbers: `Tensor<[32, 784], "float32">`. Every function of `tf` takes it.
 * `Tensor` alone is any tensor; `Tensor<number[]>` is one of which nothing is known.
 */
export interface Tensor<S extends Dims = Dims, D extends DataType = DataType> extends CoreTensor<Rank> {
  /** In the types only: the dimensions with their names. */
  readonly [dims]?: S;
  /** The sizes, outermost first. */
  readonly shape: Extract<Sizes<S>, number[]>;
  readonly dtype: D;
  /** In the types only: what tfjs calls its rank. */
  readonly rankType: RankOf<S>;
  array(): Promise<Nested<S>>;
  arraySync(): Nested<S>;
  buffer<E extends DataType = "float32">(): Promise<TensorBuffer<RankOf<S>, E>>;
  bufferSync<E extends DataType = "float32">(): TensorBuffer<RankOf<S>, E>;
  variable(trainable?: boolean, name?: string, dtype?: DataType): Variable<RankOf<S>>;
}

interface Ranks {
  readonly [rank: number]: Rank;
  readonly 0: Rank.R0;
  readonly 1: Rank.R1;
  readonly 2: Rank.R2;
  readonly 3: Rank.R3;
  readonly 4: Rank.R4;
  readonly 5: Rank.R5;
  readonly 6: Rank.R6;
}

type RankOf<S extends Dims> = Ranks[S["length"]];

/** Its values as nested lists. */
type Nested<S extends Dims> = ReturnType<CoreTensor<RankOf<S>>["arraySync"]>;

/** What operations take: tensors, numbers, and nested lists of numbers. */
export type Operand = CoreTensor | TensorLike;

/** The shape of an operand. */
export type ShapeOf<X> = X extends CoreTensor
  ? X extends { readonly [dims]?: infer S }
    ? Known<Exclude<S, undefined>>
    : ByRank<X>
  : NestedShape<X>;

type Known<S> = S extends Dims ? (Dims extends S ? number[] : S) : number[];

/** tfjs's own types know the number of axes at most. */
type ByRank<X> = X extends { readonly rankType: infer R extends Rank }
  ? Rank extends R
    ? number[]
    : Unsized[R]
  : number[];

interface Unsized {
  [Rank.R0]: [];
  [Rank.R1]: [number];
  [Rank.R2]: [number, number];
  [Rank.R3]: [number, number, number];
  [Rank.R4]: [number, number, number, number];
  [Rank.R5]: [number, number, number, number, number];
  [Rank.R6]: [number, number, number, number, number, number];
}

/** The shape of nested lists: `[[1, 2, 3], [4, 5, 6]]` is [2, 3]. */
export type NestedShape<X> = X extends readonly (infer Part)[]
  ? X extends readonly [infer First, ...unknown[]]
    ? [X["length"], ...NestedShape<First>]
    : [X] extends [readonly []]
      ? [0]
      : [number, ...NestedShape<Part>]
  : X extends ArrayBufferView
    ? [number]
    : [];

/** The kind of an operand's numbers. */
export type DtypeOf<X> = X extends { readonly dtype: infer D extends DataType } ? D : DtypeOfValues<X>;

/** The kind of numbers that a tensor of these values has, if nobody says another. */
export type DtypeOfValues<X> = X extends readonly (infer Part)[]
  ? DtypeOfValues<Part>
  : X extends boolean
    ? "bool"
    : X extends string
      ? "string"
      : X extends Int32Array
        ? "int32"
        : X extends Uint8Array
          ? "int32"
          : "float32";

/** The kind of what comes of two operands together. */
export type Upcast<A extends DataType, B extends DataType> = [A] extends [B]
  ? [B] extends [A]
    ? A
    : Wider<A, B>
  : Wider<A, B>;

type Wider<A extends DataType, B extends DataType> = [DataType] extends [A | B]
  ? DataType
  : "string" extends A | B
    ? "string"
    : "complex64" extends A | B
      ? "complex64"
      : "float32" extends A | B
        ? "float32"
        : "int32" extends A | B
          ? "int32"
          : "bool";

/** The kind of a sum: booleans are counted. */
export type Counted<D extends DataType> = D extends "bool" ? "int32" : D;
