/** The same values in another shape, order or number. */
import type { TensorLike } from "../../runtime/tf.js";
import * as core from "../../runtime/tf.js";
import {
  checkAxes,
  type ExpandDims,
  type HasAxes,
  type Permutes,
  permutation,
  axis as placeOf,
  type Squeeze,
  type Transpose,
} from "../shapes/axes.js";
import {
  checkEach,
  checkSlice,
  type ForEach,
  type Gather,
  type Inside,
  type Pad,
  type PerAxis,
  type Slice,
  type Tile,
} from "../shapes/cut.js";
import type { Blank, Checked, Dims, Drop, Open, Place, Shaped, Written } from "../shapes/dims.js";
import { type Concat, checkConcat, checkSplit, checkStack, type Split, type Stacked } from "../shapes/join.js";
import { type Reshape, reshapeShape } from "../shapes/reshape.js";
import type { DtypeOf, ShapeOf, Tensor } from "../shapes/tensor.js";

type Any = core.Tensor;
type Lengths = readonly number[];
type ShapesOf<T extends readonly Any[]> = { -readonly [K in keyof T]: ShapeOf<T[K]> };
type First<T extends readonly Any[]> = T extends readonly [infer A, ...unknown[]] ? A : T[number];

/** The same values in another shape; one length may be −1. Throws ShapeError. */
export function reshape<A extends Any, const S extends Lengths>(
  x: A,
  shape: Checked<S, Reshape<ShapeOf<A>, Written<S>>>,
): Tensor<Shaped<Reshape<ShapeOf<A>, Written<S>>>, DtypeOf<A>> {
  reshapeShape(x.shape, shape as Lengths);
  return core.reshape(x, shape as unknown as number[]) as never;
}

/** The axes in another order: `order[i]` is the old place of axis i; turned round if none is given. Throws ShapeError. */
export function transpose<A extends Any, const P extends Lengths | undefined = undefined>(
  x: A,
  order?: Checked<P, Permutes<ShapeOf<A>, P>>,
): Tensor<Transpose<ShapeOf<A>, P>, DtypeOf<A>> {
  permutation(x.shape, order as Lengths | undefined);
  return core.transpose(x, order as number[] | undefined) as never;
}

/** A new axis of length 1 at `axis` (default 0); −1 is behind the last. Throws ShapeError. */
export function expandDims<A extends Any, const X extends number = 0>(
  x: A,
  axis?: X,
): Tensor<ExpandDims<ShapeOf<A>, X>, DtypeOf<A>> {
  if (axis !== undefined) placeOf("expandDims", [...x.shape, 1], axis);
  return core.expandDims(x, axis) as never;
}

/** Takes axes of length 1 away: these, or all of them. Throws ShapeError. */
export function squeeze<A extends Any, const X extends Lengths | undefined = undefined>(
  x: A,
  axes?: Checked<X, HasAxes<"squeeze", ShapeOf<A>, X>>,
): Tensor<Squeeze<ShapeOf<A>, X>, DtypeOf<A>> {
  checkAxes("squeeze", x.shape, axes as Lengths | undefined);
  return core.squeeze(x, axes as number[] | undefined) as never;
}

/** Tensors one behind the other along an axis (default 0). Throws ShapeError. */
export function concat<const T extends readonly Any[], const X extends number = 0>(
  tensors: Checked<T, Concat<ShapesOf<T>, X>>,
  axis?: X,
): Tensor<Shaped<Concat<ShapesOf<T>, X>>, DtypeOf<First<T>>> {
  checkConcat(
    (tensors as readonly Any[]).map(({ shape }) => shape),
    axis ?? 0,
  );
  return core.concat([...(tensors as readonly Any[])], axis) as never;
}

/** Equal tensors along a new axis (default 0). Throws ShapeError. */
export function stack<const T extends readonly Any[], const X extends number = 0>(
  tensors: Checked<T, Stacked<ShapesOf<T>>>,
  axis?: X,
): Tensor<StackShape<T, X>, DtypeOf<First<T>>> {
  checkStack((tensors as readonly Any[]).map(({ shape }) => shape));
  return core.stack([...(tensors as readonly Any[])], axis) as never;
}

type StackShape<T extends readonly Any[], X extends number> =
  Stacked<ShapesOf<T>> extends infer S extends Dims
    ? Open<S> extends true
      ? number[]
      : ExpandDims<S, X> extends infer E extends Dims
        ? With<E, Place<E, X>, number extends T["length"] ? number : T["length"]>
        : never
    : number[];

type With<S extends Dims, P extends string, N extends number> = { -readonly [K in keyof S]: K extends P ? N : S[K] };

/** Cuts an axis (default 0) into equal parts, or into parts of these lengths. Throws ShapeError. */
export function split<A extends Any, const N extends number | Lengths, const X extends number = 0>(
  x: A,
  parts: Checked<N, N extends number ? Split<ShapeOf<A>, N, X> : []>,
  axis?: X,
): Tensor<N extends number ? Shaped<Split<ShapeOf<A>, N, X>> : Blank<ShapeOf<A>>, DtypeOf<A>>[] {
  checkSplit(x.shape, parts as number | Lengths, axis ?? 0);
  return core.split(x, parts as number | number[], axis) as never;
}

/** The parts along an axis (default 0), without it. Throws ShapeError. */
export function unstack<A extends Any, const X extends number = 0>(
  x: A,
  axis?: Checked<X, HasAxes<"unstack", ShapeOf<A>, X>>,
): Tensor<Open<ShapeOf<A>> extends true ? number[] : Drop<ShapeOf<A>, Place<ShapeOf<A>, X>>, DtypeOf<A>>[] {
  checkAxes("unstack", x.shape, axis as number | undefined);
  return core.unstack(x, axis as number | undefined) as never;
}

/** A part of a tensor: `size` values from `begin` on along each axis; −1, or nothing, is all the rest. Throws ShapeError. */
export function slice<A extends Any, const B extends PerAxis, const S extends PerAxis = undefined>(
  x: A,
  begin: Checked<B, Inside<ShapeOf<A>, B, S>>,
  size?: S,
): Tensor<Slice<ShapeOf<A>, B, S>, DtypeOf<A>> {
  checkSlice(x.shape, begin as PerAxis, size);
  return core.slice(x, begin as number[], size as number[]) as never;
}

/** The parts with these indices along an axis (default 0): the indices' shape takes the place of the axis. Throws ShapeError. */
export function gather<A extends Any, I extends Any | TensorLike, const X extends number = 0>(
  x: A,
  indices: I,
  axis?: Checked<X, Gather<ShapeOf<A>, ShapeOf<I>, X>>,
): Tensor<Shaped<Gather<ShapeOf<A>, ShapeOf<I>, X>>, DtypeOf<A>> {
  if (axis !== undefined) placeOf("gather", x.shape, axis as number);
  return core.gather(x, indices, axis as number | undefined) as never;
}

/** A value, 0 if none is given, around a tensor: [before, after] for each axis. Throws ShapeError. */
export function pad<A extends Any, const P extends readonly (readonly [number, number])[]>(
  x: A,
  paddings: Checked<P, ForEach<"pad", ShapeOf<A>, P>>,
  value?: number,
): Tensor<Pad<ShapeOf<A>, P>, DtypeOf<A>> {
  checkEach("pad", x.shape, paddings as readonly unknown[]);
  return core.pad(x, paddings as never, value) as never;
}

/** A tensor repeated so many times along each axis. Throws ShapeError. */
export function tile<A extends Any, const R extends Lengths>(
  x: A,
  repeats: Checked<R, ForEach<"tile", ShapeOf<A>, R>>,
): Tensor<Tile<ShapeOf<A>, R>, DtypeOf<A>> {
  checkEach("tile", x.shape, repeats as Lengths);
  return core.tile(x, repeats as unknown as number[]) as never;
}
