/** Arithmetic on shapes in types. Whatever is not known at compile time becomes `number`, never `any`. */
import type { Add, Digits, DigitsOf, Divide, Multiply, NumberOf, Subtract } from "./digits.js";
import type { Shape } from "./shape.js";

/** The number of values in a tensor of shape `S`. */
export type Product<S extends Shape> = number extends S["length"] | S[number] ? number : Known<ProductOf<S>>;

type ProductOf<S extends Shape, P extends Digits = [1]> = S extends readonly [
  infer A extends number,
  ...infer Rest extends Shape,
]
  ? ProductOf<Rest, Multiply<P, DigitsOf<A>>>
  : P;

type Known<D extends Digits> = [D] extends [never] ? number : NumberOf<D>;

/** Whether `D` divides `N`; true where either is not known. */
export type Divides<D extends number, N extends number> = number extends D | N
  ? true
  : DividesOf<DigitsOf<D>, DigitsOf<N>>;

type DividesOf<D extends Digits, N extends Digits> = true extends None<D> | None<N>
  ? true
  : D extends Digits
    ? Divide<N, D>[1] extends readonly 0[]
      ? true
      : false
    : never;

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
  : WindowsOf<DigitsOf<N>, DigitsOf<K>, DigitsOf<Stride>, P>;

type WindowsOf<N extends Digits, K extends Digits, Stride extends Digits, P extends Padding> = true extends
  | None<N>
  | None<K>
  | None<Stride>
  ? number
  : [P] extends ["same"]
    ? NumberOf<Ceiling<N, Stride>>
    : [P] extends ["valid"]
      ? NumberOf<Add<Floor<Subtract<N, K>, Stride>, [1]>>
      : number;

type None<D extends Digits> = [D] extends [never] ? true : false;

/** ⌊N / stride⌋; most strides are 1. */
type Floor<N extends Digits, Stride extends Digits> = Stride extends [1] ? N : Divide<N, Stride>[0];

/** ⌈N / stride⌉ */
type Ceiling<N extends Digits, Stride extends Digits> = Stride extends [1]
  ? N
  : Divide<N, Stride> extends [infer Quotient extends Digits, infer Rest]
    ? Rest extends readonly 0[]
      ? Quotient
      : Add<Quotient, [1]>
    : never;

/** A shape as messages show it: `[28, 28, 1]`, with `?` for what is not known. */
export type ShowShape<S extends Shape> = `[${Lengths<S>}]`;

type Lengths<S extends Shape, Text extends string = ""> = number extends S["length"]
  ? "..."
  : S extends readonly [infer A extends number, ...infer Rest extends Shape]
    ? Lengths<Rest, Text extends "" ? ShowLength<A> : `${Text}, ${ShowLength<A>}`>
    : Text;

type ShowLength<N extends number> = number extends N ? "?" : `${N}`;
