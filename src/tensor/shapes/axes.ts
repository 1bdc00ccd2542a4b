import { ShapeError, ValueError } from "../../errors.js";
import { show } from "../arguments.js";
import { type Shape, showShape } from "../shape.js";
import type { At, AxisRange, Blank, Checked, Dim, Dims, Drop, Open, Place, ShowDims, Within } from "./dims.js";
import type { ShapeOf } from "./tensor.js";

/** One axis, several, or all of them. */
export type Axes = number | readonly number[] | undefined;

type Each<A extends Axes> = A extends readonly number[] ? A[number] : A extends number ? A : never;

/** The shape after axes were reduced, kept as ones if `Keep`. */
export type Reduce<S extends Dims, A extends Axes, Keep extends boolean> = [A] extends [undefined]
  ? boolean extends Keep
    ? number[]
    : Keep extends true
      ? Open<S> extends true
        ? number[]
        : { -readonly [K in keyof S]: 1 }
      : []
  : true extends Open<S>
    ? number[]
    : boolean extends Keep
      ? number[]
      : number extends Each<A>
        ? Keep extends true
          ? Blank<S>
          : number[]
        : Drop<S, PlacesOf<S, Each<A>>, Keep>;

/** An axis, or axes, of `A`; the message where it has none such. */
export type AxisOf<Name extends string, A, X extends Axes> = Checked<X, HasAxes<Name, ShapeOf<A>, X>>;

type PlacesOf<S extends Dims, A extends number> = A extends A ? Place<S, A> : never;

/** `unknown` where all these axes are there, else the message that {@link axis} throws. */
export type HasAxes<Name extends string, S extends Dims, A extends Axes> =
  Open<S> extends true
    ? unknown
    : [A] extends [undefined]
      ? unknown
      : number extends Each<A>
        ? unknown
        : Within<S, Each<A>> extends true
          ? unknown
          : `${Name}: expected ${AxisRange<S>}, got ${Each<A>} for ${ShowDims<S>}`;

/** A new axis of length 1 at a place; −1 is behind the last. */
export type ExpandDims<S extends Dims, A extends number> =
  Open<S> extends true ? number[] : number extends A ? number[] : Insert<S, NewPlace<S, A>, 1>;

/** Where a new axis may stand: one place more than there are axes. */
type NewPlace<S extends Dims, A extends number> = Place<[...S, 1], A>;

/** `S` with `N` put in before the dimension at `Where`, or behind the last. */
type Insert<
  S extends Dims,
  Where extends string,
  N extends Dim,
  Done extends Dims = [],
> = `${Done["length"]}` extends Where
  ? [...Done, N, ...S]
  : S extends readonly [infer First extends Dim, ...infer Rest extends Dims]
    ? Insert<Rest, Where, N, [...Done, First]>
    : Done;

/** `S` without axes of length 1: these, or all of them. */
export type Squeeze<S extends Dims, A extends Axes> =
  Open<S> extends true
    ? number[]
    : [A] extends [undefined]
      ? number extends S[number]
        ? number[]
        : WithoutOnes<S>
      : number extends Each<A>
        ? number[]
        : Drop<S, PlacesOf<S, Each<A>>>;

type WithoutOnes<S extends Dims> = S extends readonly [infer First extends Dim, ...infer Rest extends Dims]
  ? [First] extends [1]
    ? WithoutOnes<Rest>
    : [First, ...WithoutOnes<Rest>]
  : [];

/** The axes in another order; turned round where no order is given. */
export type Transpose<S extends Dims, P extends readonly number[] | undefined> =
  Open<S> extends true
    ? number[]
    : P extends readonly number[]
      ? number extends P["length"]
        ? Blank<S>
        : { -readonly [K in keyof P]: P[K] extends number ? At<S, Place<S, P[K]>> : never }
      : Turned<S>;

type Turned<S extends Dims> = S extends readonly [infer First extends Dim, ...infer Rest extends Dims]
  ? [...Turned<Rest>, First]
  : [];

/** `unknown` where `P` names each axis of `S` once, else the message that {@link permutation} throws. */
export type Permutes<S extends Dims, P extends readonly number[] | undefined> =
  true extends Open<S>
    ? unknown
    : P extends readonly number[]
      ? number extends P["length"] | P[number]
        ? unknown
        : P["length"] extends S["length"]
          ? [Exclude<keyof S & `${number}`, PlacesOf<S, P[number]>>] extends [never]
            ? unknown
            : BadOrder<S, P>
          : BadOrder<S, P>
      : unknown;

type BadOrder<
  S extends Dims,
  P extends readonly number[],
> = `transpose: expected each axis of ${ShowDims<S>} once, got ${ShowDims<P>}`;

/** The place that `axis` means. Throws ShapeError with the words of {@link HasAxes}. */
export function axis(name: string, shape: Shape, given: number): number {
  const rank = shape.length;
  if (!Number.isInteger(given))
    throw new ValueError({ what: `${name}: axis`, expected: "a whole number", got: show(given) });
  if (given >= -rank && given < rank) return given < 0 ? given + rank : given;
  const expected = rank === 0 ? "no axis" : `an axis from -${rank} to ${rank - 1}`;
  throw new ShapeError({ what: name, expected, got: `${given} for ${showShape(shape)}` });
}

/** Checks {@link Axes}. */
export function checkAxes(name: string, shape: Shape, axes: Axes): void {
  if (axes === undefined || axes === null) return;
  for (const one of Array.isArray(axes) ? axes : [axes]) axis(name, shape, one as number);
}

/** Checks {@link Permutes}. Throws ShapeError with the same words. */
export function permutation(shape: Shape, order: readonly number[] | undefined): void {
  if (order === undefined) return;
  const places = new Set(order.map((one) => (one < 0 ? one + shape.length : one)));
  const whole = order.length === shape.length && shape.every((_, place) => places.has(place));
  if (whole) return;
  throw new ShapeError({ what: "transpose", expected: `each axis of ${showShape(shape)} once`, got: showShape(order) });
}
