/** Arithmetic on shapes in types. Whatever is not known at compile time becomes `number`, never `any`. */
import type { Add, Divide, Lt, Mod, Multiply, Subtract } from "ts-arithmetic";
import type { Shape } from "./shape.js";

/** ⌊N / D⌋. */
type Quotient<N extends number, D extends number> = Divide<Subtract<N, Mod<N, D>>, D>;

/** The number of values in a tensor of shape `S`. */
export type Product<S extends Shape, P extends number = 1> = number extends S["length"]
  ? number
  : S extends readonly [infer A extends number, ...infer Rest extends Shape]
    ? Product<Rest, number extends A | P ? number : Multiply<P, A>>
    : P;

/** Whether `D` divides `N`; true where either is not known. */
export type Divides<D extends number, N extends number> = number extends D | N
  ? true
  : Mod<N, D> extends 0
    ? true
    : false;

/** Where a window stops: only inside the input ("valid"), or padded so that stride 1 keeps the length ("same"). */
export type Padding = "valid" | "same";

/**
 * The length of an axis `N` after a window of `K` moved over it: ⌊(N − K) / stride⌋ + 1 for "valid", ⌈N / stride⌉ for "same",
 * never where the window does not fit.
 */
export type Windows<N extends number, K extends number, Stride extends number, P extends Padding> = number extends
  | N
  | K
  | Stride
  ? number
  : [P] extends ["same"]
    ? Quotient<Add<N, Subtract<Stride, 1>>, Stride>
    : [P] extends ["valid"]
      ? Lt<N, K> extends 1
        ? never
        : Add<Quotient<Subtract<N, K>, Stride>, 1>
      : number;

/** A shape as messages show it: `[28, 28, 1]`, with `?` for what is not known. */
export type ShowShape<S extends Shape> = `[${Lengths<S>}]`;

type Lengths<S extends Shape, Text extends string = ""> = number extends S["length"]
  ? "..."
  : S extends readonly [infer A extends number, ...infer Rest extends Shape]
    ? Lengths<Rest, Text extends "" ? ShowLength<A> : `${Text}, ${ShowLength<A>}`>
    : Text;

type ShowLength<N extends number> = number extends N ? "?" : `${N}`;
