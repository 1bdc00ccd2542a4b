import { ShapeError } from "../../errors.js";
import type { Digits, DigitsOf, Divide, Multiply, NumberOf } from "../digits.js";
import { type Shape, showShape, sizeOf } from "../shape.js";
import type { Dim, Dims, Open, ShowDims, Wide } from "./dims.js";

/** What is known of a product: the digits of its known sizes, and the sizes that are not numbers. */
type Factors<S extends Dims, Known extends Digits = [1], Others extends Dims = []> = S extends readonly [
  infer First extends Dim,
  ...infer Rest extends Dims,
]
  ? First extends -1
    ? Factors<Rest, Known, Others>
    : First extends string
      ? Factors<Rest, Known, [...Others, First]>
      : Wide<First> extends true
        ? Factors<Rest, Known, [...Others, First]>
        : First extends number
          ? Factors<Rest, Multiply<Known, DigitsOf<First>>, Others>
          : never
  : [Known, Others];

/** The number of values of a tensor, where it is known. */
export type Values<S extends Dims> =
  Open<S> extends true
    ? number
    : Factors<S> extends [infer Known extends Digits, infer Others]
      ? Others extends []
        ? NumberOf<Known>
        : number
      : 0;

/** The shape `To`, with −1 worked out from the shape `S`; or the message of what does not fit. */
export type Reshape<S extends Dims, To extends Dims> = true extends Open<S> | Open<To>
  ? Free<To>
  : Factors<S> extends [infer Have extends Digits, infer Unknown extends Dims]
    ? Factors<To> extends [infer Wanted extends Digits, infer Names extends Dims]
      ? Names extends []
        ? -1 extends To[number]
          ? Filled<S, To, Have, Wanted, Unknown>
          : Unknown extends []
            ? NumberOf<Have> extends NumberOf<Wanted>
              ? Free<To>
              : Refused<S, To>
            : Free<To>
        : Free<To>
      : Free<To>
    : Free<To>;

type Filled<S extends Dims, To extends Dims, Have extends Digits, Wanted extends Digits, Unknown extends Dims> =
  Divide<Have, Wanted> extends [infer Quotient extends Digits, infer Rest extends Digits]
    ? Rest extends readonly 0[]
      ? Unknown extends []
        ? Filling<To, NumberOf<Quotient>>
        : // A batch of unknown size that is all that is left keeps its name.
          NumberOf<Quotient> extends 1
          ? Unknown extends [infer Only extends Dim]
            ? Filling<To, Only>
            : Free<To>
          : Free<To>
      : Unknown extends []
        ? Refused<S, To>
        : Free<To>
    : Free<To>;

type Filling<To extends Dims, N extends Dim> = { -readonly [K in keyof To]: To[K] extends -1 ? N : To[K] };

type Free<To extends Dims> = Open<To> extends true ? number[] : Filling<To, number>;

type Refused<
  S extends Dims,
  To extends Dims,
> = `reshape: expected a shape of ${Values<S>} values, as many as ${ShowDims<S>} has, got ${ShowDims<To>}`;

/** The shape that is left of axes joined into one. */
export type Flatten<S extends Dims> = Reshape<S, [-1]>;

/** {@link Reshape} at run time. Throws ShapeError with the same words. */
export function reshapeShape(shape: Shape, to: Shape): number[] {
  const size = sizeOf(shape);
  const refused = (hint?: string): ShapeError =>
    new ShapeError({
      what: "reshape",
      expected: `a shape of ${size} values, as many as ${showShape(shape)} has`,
      got: showShape(to),
      ...(hint === undefined ? {} : { hint }),
    });
  const open = to.filter((length) => length === -1).length;
  if (open > 1) throw refused("At most one length can be −1.");
  const known = sizeOf(to.filter((length) => length !== -1));
  if (open === 1) {
    if (known === 0 || size % known !== 0) throw refused();
    return to.map((length) => (length === -1 ? size / known : length));
  }
  if (known !== size) throw refused("−1 stands for whatever is left.");
  return [...to];
}
