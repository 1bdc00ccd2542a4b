import { ShapeError } from "../../errors.js";
import type { Sum as Plus } from "../arithmetic.js";
import type { Digits, DigitsOf, Divide, NumberOf } from "../digits.js";
import { type Shape, sameShape, showShape } from "../shape.js";
import { axis as placeOf } from "./axes.js";
import type { At, Blank, Dim, Dims, Open, Place, Put, Same, ShowDims, Wide } from "./dims.js";

/** The shape of tensors put one behind the other along an axis, or the message of the first that does not fit. */
export type Concat<Shapes extends readonly Dims[], A extends number> = Shapes extends readonly [
  infer First extends Dims,
  ...infer Rest extends readonly Dims[],
]
  ? Open<First> extends true
    ? number[]
    : number extends A
      ? Blank<First>
      : [Place<First, A>] extends [never]
        ? `concat: expected an axis of ${ShowDims<First>}, got ${A}`
        : Append<First, Rest, Place<First, A>>
  : number[];

type Append<S extends Dims, Rest extends readonly Dims[], P extends string> = Rest extends readonly [
  infer Next extends Dims,
  ...infer Others extends readonly Dims[],
]
  ? Open<Next> extends true
    ? Append<Put<S, P, number>, Others, P>
    : Beside<S, Next, P> extends infer Joined
      ? Joined extends Dims
        ? Append<Joined, Others, P>
        : Joined
      : never
  : S;

/** Two shapes, their dimensions at `P` added, all others the same. */
type Beside<
  A extends Dims,
  B extends Dims,
  P extends string,
  Done extends Dims = [],
  X extends Dims = A,
  Y extends Dims = B,
> = X extends readonly [infer M extends Dim, ...infer Xs extends Dims]
  ? Y extends readonly [infer N extends Dim, ...infer Ys extends Dims]
    ? `${Done["length"]}` extends P
      ? Beside<A, B, P, [...Done, Sum<M, N>], Xs, Ys>
      : [Same<M, N>] extends [never]
        ? Misfit<A, B, P>
        : Beside<A, B, P, [...Done, Same<M, N>], Xs, Ys>
    : Misfit<A, B, P>
  : Y extends readonly []
    ? Done
    : Misfit<A, B, P>;

type Misfit<
  A extends Dims,
  B extends Dims,
  P extends string,
> = `concat: expected a shape like ${ShowDims<A>} but for axis ${P}, got ${ShowDims<B>}`;

/** The sum of two sizes, where both are known. */
export type Sum<M extends Dim, N extends Dim> = M extends number ? (N extends number ? Plus<M, N> : number) : number;

/** The shape of equal tensors stacked along a new axis; or the message of the first that is not equal. */
export type Stacked<Shapes extends readonly Dims[]> = Shapes extends readonly [
  infer First extends Dims,
  ...infer Rest extends readonly Dims[],
]
  ? AllLike<First, Rest>
  : number[];

type AllLike<S extends Dims, Rest extends readonly Dims[]> = Rest extends readonly [
  infer Next extends Dims,
  ...infer Others extends readonly Dims[],
]
  ? true extends Open<S> | Open<Next>
    ? AllLike<Open<S> extends true ? Next : S, Others>
    : Alike<S, Next> extends infer Both
      ? Both extends Dims
        ? AllLike<Both, Others>
        : `stack: expected ${ShowDims<S>} like the first, got ${ShowDims<Next>}`
      : never
  : S;

type Alike<A extends Dims, B extends Dims, Done extends Dims = []> = A extends readonly [
  infer M extends Dim,
  ...infer As extends Dims,
]
  ? B extends readonly [infer N extends Dim, ...infer Bs extends Dims]
    ? [Same<M, N>] extends [never]
      ? false
      : Alike<As, Bs, [...Done, Same<M, N>]>
    : false
  : B extends readonly []
    ? Done
    : false;

/** The shape of each part where the dimension at `A` is cut into `Count` equal ones; or a message. */
export type Split<S extends Dims, Count extends number, A extends number> =
  Open<S> extends true
    ? number[]
    : number extends A
      ? Blank<S>
      : [Place<S, A>] extends [never]
        ? `split: expected an axis of ${ShowDims<S>}, got ${A}`
        : [Share<At<S, Place<S, A>>, Count>] extends [never]
          ? `split: expected a number of parts that divides ${At<S, Place<S, A>>}, got ${Count}`
          : Put<S, Place<S, A>, Share<At<S, Place<S, A>>, Count>>;

/** N / Count; never where that is no whole number. */
type Share<N extends Dim, Count extends number> = N extends number
  ? true extends Wide<N> | Wide<Count>
    ? number
    : Divide<DigitsOf<N>, DigitsOf<Count>> extends [infer Quotient extends Digits, infer Rest]
      ? Rest extends readonly 0[]
        ? NumberOf<Quotient>
        : never
      : never
  : number;

/** Checks {@link Concat}. Throws ShapeError with the same words. */
export function checkConcat(shapes: readonly Shape[], given: number): void {
  const [first, ...rest] = shapes;
  if (first === undefined) throw new ShapeError({ what: "concat", expected: "at least one tensor", got: "none" });
  if (given < -first.length || given >= first.length) {
    throw new ShapeError({ what: "concat", expected: `an axis of ${showShape(first)}`, got: String(given) });
  }
  const place = placeOf("concat", first, given);
  for (const shape of rest) {
    const fits =
      shape.length === first.length && shape.every((length, index) => index === place || length === first[index]);
    if (fits) continue;
    const expected = `a shape like ${showShape(first)} but for axis ${place}`;
    throw new ShapeError({ what: "concat", expected, got: showShape(shape) });
  }
}

/** Checks {@link Stacked}. Throws ShapeError with the same words. */
export function checkStack(shapes: readonly Shape[]): void {
  const [first, ...rest] = shapes;
  if (first === undefined) throw new ShapeError({ what: "stack", expected: "at least one tensor", got: "none" });
  const other = rest.find((shape) => !sameShape(shape, first));
  if (other === undefined) return;
  throw new ShapeError({ what: "stack", expected: `${showShape(first)} like the first`, got: showShape(other) });
}

/** Checks {@link Split}. Throws ShapeError with the same words. */
export function checkSplit(shape: Shape, parts: number | readonly number[], given: number): void {
  if (given < -shape.length || given >= shape.length) {
    throw new ShapeError({ what: "split", expected: `an axis of ${showShape(shape)}`, got: String(given) });
  }
  const length = shape[placeOf("split", shape, given)]!;
  if (typeof parts !== "number" || length % parts === 0) return;
  throw new ShapeError({ what: "split", expected: `a number of parts that divides ${length}`, got: String(parts) });
}
