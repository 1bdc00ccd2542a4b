import type { Padding, Windows } from "../arithmetic.js";
import type { Add, DigitsOf, Multiply, NumberOf, Subtract } from "../digits.js";
import type { Dim, Dims, Open, Same, ShowDims, Wide } from "./dims.js";

/** One number for all axes, or one for each. */
export type Each2<V extends number | readonly [number, number]> = V extends readonly [
  infer A extends number,
  infer B extends number,
]
  ? [A, B]
  : V extends number
    ? [V, V]
    : [number, number];

/** How far a kernel of `K` reaches when `Dilation − 1` places lie between its values. */
type Reach<K extends Dim, Dilation extends number> = Dilation extends 1
  ? K
  : K extends number
    ? true extends Wide<K> | Wide<Dilation>
      ? number
      : NumberOf<Add<Multiply<Subtract<DigitsOf<K>, [1]>, DigitsOf<Dilation>>, [1]>>
    : number;

/** A dimension after a window has moved over it; never where it does not fit. */
type Moved<
  N extends Dim,
  K extends Dim,
  Stride extends number,
  P extends Padding,
  Dilation extends number,
> = N extends number
  ? Reach<K, Dilation> extends infer R extends number
    ? Windows<N, R, Stride, P>
    : number
  : [P, Stride] extends ["same", 1]
    ? N
    : number;

/** The shape of filters [height, width, channels, filters] moved over images [batch, height, width, channels]; or a message. */
export type Conv2d<
  S extends Dims,
  F extends Dims,
  Stride extends readonly [number, number],
  P extends Padding,
  Dilation extends readonly [number, number],
> = true extends Open<S> | Open<F>
  ? number[]
  : S extends readonly [...infer Batch extends Dims, infer H extends Dim, infer W extends Dim, infer C extends Dim]
    ? F extends readonly [infer KH extends Dim, infer KW extends Dim, infer I extends Dim, infer O extends Dim]
      ? [Same<C, I>] extends [never]
        ? `conv2d: expected filters [height, width, ${C}, filters] for ${ShowDims<S>}, got ${ShowDims<F>}`
        : Laid<
            "conv2d",
            S,
            F,
            Batch,
            [Moved<H, KH, Stride[0], P, Dilation[0]>, Moved<W, KW, Stride[1], P, Dilation[1]>],
            O
          >
      : `conv2d: expected filters [height, width, channels, filters], got ${ShowDims<F>}`
    : `conv2d: expected images [batch, height, width, channels], got ${ShowDims<S>}`;

type Laid<
  Name extends string,
  S extends Dims,
  K extends Dims,
  Batch extends Dims,
  Size extends readonly [unknown, unknown],
  C extends Dim,
> = [Size[0]] extends [never]
  ? `${Name}: expected images of at least ${ShowDims<K>}, got ${ShowDims<S>}`
  : [Size[1]] extends [never]
    ? `${Name}: expected images of at least ${ShowDims<K>}, got ${ShowDims<S>}`
    : Size extends readonly [infer H extends Dim, infer W extends Dim]
      ? [...Batch, H, W, C]
      : never;

/** The shape of sequences [batch, time, channels] after filters [time, channels, filters] moved over them; or a message. */
export type Conv1d<
  S extends Dims,
  F extends Dims,
  Stride extends number,
  P extends Padding,
  Dilation extends number,
> = true extends Open<S> | Open<F>
  ? number[]
  : S extends readonly [...infer Batch extends Dims, infer T extends Dim, infer C extends Dim]
    ? F extends readonly [infer K extends Dim, infer I extends Dim, infer O extends Dim]
      ? [Same<C, I>] extends [never]
        ? `conv1d: expected filters [time, ${C}, filters] for ${ShowDims<S>}, got ${ShowDims<F>}`
        : [Moved<T, K, Stride, P, Dilation>] extends [never]
          ? `conv1d: expected sequences of at least ${ShowDims<F>}, got ${ShowDims<S>}`
          : Moved<T, K, Stride, P, Dilation> extends infer N extends Dim
            ? [...Batch, N, O]
            : never
      : `conv1d: expected filters [time, channels, filters], got ${ShowDims<F>}`
    : `conv1d: expected sequences [batch, time, channels], got ${ShowDims<S>}`;

/** The shape of images [batch, height, width, channels] after a window of a pool moved over them; or a message. */
export type Pooled<
  Name extends string,
  S extends Dims,
  K extends readonly [number, number],
  Stride extends readonly [number, number],
  P extends Padding,
> =
  Open<S> extends true
    ? number[]
    : S extends readonly [...infer Batch extends Dims, infer H extends Dim, infer W extends Dim, infer C extends Dim]
      ? Laid<Name, S, K, Batch, [Moved<H, K[0], Stride[0], P, 1>, Moved<W, K[1], Stride[1], P, 1>], C>
      : `${Name}: expected images [batch, height, width, channels], got ${ShowDims<S>}`;
