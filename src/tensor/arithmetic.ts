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

/** N / 2, for an even N. */
export type Half<N extends number> = number extends N ? number : HalfOf<DigitsOf<N>>;

type HalfOf<N extends Digits> = true extends None<N> ? number : NumberOf<Divide<N, [2]>[0]>;

/** Where a window stops: only inside the input ("valid"), or padded so that stride 1 keeps the length ("same"). */
export type Padding = "valid" | "same";

/** Or padded in front only, so that no window sees what comes behind its place ("causal"). */
export type CausalPadding = Padding | "causal";

/** How far a window of `K` places reaches that looks at every `D`-th place: (K − 1) · D + 1. */
export type Reach<K extends number, D extends number> = number extends K | D
  ? number
  : Known<ReachOf<DigitsOf<K>, DigitsOf<D>>>;

type ReachOf<K extends Digits, D extends Digits> = D extends [1] ? K : Add<Multiply<Subtract<K, [1]>, D>, [1]>;

/**
 * The length of an axis `N` after a window that reaches over `K` moved over it: ⌊(N − K) / stride⌋ + 1 for "valid", ⌈N / stride⌉
 * for "same" and "causal", never where the window does not fit. `D`: the window looks at every `D`-th place.
 */
export type Windows<
  N extends number,
  K extends number,
  Stride extends number,
  P extends CausalPadding,
  D extends number = 1,
> = number extends N | K | Stride | D
  ? number
  : WindowsOf<DigitsOf<N>, ReachOf<DigitsOf<K>, DigitsOf<D>>, DigitsOf<Stride>, P>;

type WindowsOf<N extends Digits, K extends Digits, Stride extends Digits, P extends CausalPadding> = true extends
  | None<N>
  | None<K>
  | None<Stride>
  ? number
  : [P] extends ["same" | "causal"]
    ? NumberOf<Ceiling<N, Stride>>
    : [P] extends ["valid"]
      ? NumberOf<Add<Floor<Subtract<N, K>, Stride>, [1]>>
      : number;

/**
 * The length of an axis `N` after a transposed convolution, whose window reaches over `K`: (N − 1) · stride + max(K, stride) for
 * "valid", N · stride for "same" (the rule of Keras).
 */
export type Grown<
  N extends number,
  K extends number,
  Stride extends number,
  P extends Padding,
  D extends number = 1,
> = number extends N | K | Stride | D
  ? number
  : GrownOf<DigitsOf<N>, ReachOf<DigitsOf<K>, DigitsOf<D>>, DigitsOf<Stride>, P>;

type GrownOf<N extends Digits, K extends Digits, Stride extends Digits, P extends Padding> = true extends
  | None<N>
  | None<K>
  | None<Stride>
  ? number
  : [P] extends ["same"]
    ? NumberOf<Multiply<N, Stride>>
    : [P] extends ["valid"]
      ? NumberOf<Add<Multiply<Subtract<N, [1]>, Stride>, Larger<K, Stride>>>
      : number;

type Larger<A extends Digits, B extends Digits> = A extends Digits
  ? B extends Digits
    ? [Subtract<A, B>] extends [never]
      ? B
      : A
    : never
  : never;

/** A + B; `number` where either is not known. */
export type Sum<A extends number, B extends number> = number extends A | B
  ? number
  : A extends 0
    ? B
    : B extends 0
      ? A
      : Known<Add<DigitsOf<A>, DigitsOf<B>>>;

/** A − B; never where that is not above 0. */
export type Minus<A extends number, B extends number> = number extends A | B
  ? number
  : B extends 0
    ? A
    : MinusOf<DigitsOf<A>, DigitsOf<B>>;

type MinusOf<A extends Digits, B extends Digits> = true extends None<A> | None<B> ? number : NumberOf<Subtract<A, B>>;

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
export type ShowShape<S extends Shape> = `[${ShowLengths<S>}]`;

/** The same without brackets: `28, 28, 1`. */
export type ShowLengths<S extends Shape, Text extends string = ""> = number extends S["length"]
  ? "..."
  : S extends readonly [infer A extends number, ...infer Rest extends Shape]
    ? ShowLengths<Rest, Text extends "" ? ShowLength<A> : `${Text}, ${ShowLength<A>}`>
    : Text;

type ShowLength<N extends number> = number extends N ? "?" : `${N}`;
