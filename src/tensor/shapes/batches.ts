import type { Dim, Dims, Open, Same, ShowDims } from "./dims.js";
import type { DtypeOf, ShapeOf } from "./tensor.js";

/** `unknown` where `X` is a batch of examples [I], as far as that is known; else what a model says of it. */
export type BatchOf<I extends Dims, X> = true extends Open<I> | Open<ShapeOf<X>>
  ? unknown
  : ShapeOf<X> extends readonly [Dim, ...infer Example extends Dims]
    ? Fits<I, Example, DtypeOf<X>> extends true
      ? unknown
      : Expected<I, ShapeOf<X>>
    : Expected<I, ShapeOf<X>>;

type Expected<I extends Dims, S extends Dims> = `expected input [batch, ${Inner<ShowDims<I>>}, got ${ShowDims<S>}`;

type Inner<Text extends string> = Text extends `[${infer Rest}` ? Rest : never;

/** A text may be shorter than a model that takes tokens allows. */
type Fits<I extends Dims, E extends Dims, D> = [D] extends ["int32"]
  ? I["length"] extends 1
    ? E["length"] extends 1
      ? true
      : false
    : Alike<I, E>
  : Alike<I, E>;

type Alike<I extends Dims, E extends Dims> = I extends readonly [infer A extends Dim, ...infer As extends Dims]
  ? E extends readonly [infer B extends Dim, ...infer Bs extends Dims]
    ? [Same<A, B>] extends [never]
      ? false
      : Alike<As, Bs>
    : false
  : E extends readonly []
    ? true
    : false;

/** A batch of outputs [O] for the batch `X`: as many of them, and for a text as many places as it has. */
export type BatchedOutput<I extends Dims, O extends Dims, X> =
  Open<O> extends true
    ? Dims
    : Open<ShapeOf<X>> extends true
      ? [I["length"], O["length"]] extends [1, 2]
        ? [number, number, ...Rest<O>]
        : [number, ...O]
      : ShapeOf<X> extends readonly [infer N extends Dim, ...infer Example extends Dims]
        ? [DtypeOf<X>, I["length"], O["length"], Example] extends ["int32", 1, 2, readonly [infer Time extends Dim]]
          ? [N, Time, ...Rest<O>]
          : [N, ...O]
        : [number, ...O];

type Rest<O extends Dims> = O extends readonly [Dim, ...infer Others extends Dims] ? Others : [];
