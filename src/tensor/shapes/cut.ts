import { ShapeError } from "../../errors.js";
import type { Digits, DigitsOf, Multiply, NumberOf, Subtract } from "../digits.js";
import { type Shape, showShape } from "../shape.js";
import type { Dim, Dims, Open, Place, ShowDims, Wide } from "./dims.js";
import type { Sum } from "./join.js";

/** What a list says of each axis, or a number of the first one. */
export type PerAxis = number | readonly number[] | undefined;

type ListOf<V extends PerAxis> = V extends readonly number[] ? V : V extends number ? [V] : [];

/** The shape of a part of a tensor: `Size` values from `Begin` on along each axis; −1, or nothing, is all the rest. */
export type Slice<S extends Dims, Begin extends PerAxis, Size extends PerAxis> =
  Open<S> extends true
    ? number[]
    : {
        -readonly [K in keyof S]: SliceOf<S[K], Entry<ListOf<Begin>, K, 0>, Entry<ListOf<Size>, K, -1>>;
      };

type Entry<L extends readonly number[], K, Default extends number> = number extends L["length"]
  ? number
  : K extends keyof L
    ? L[K] extends number
      ? L[K]
      : Default
    : Default;

type SliceOf<N, Begin extends number, Size extends number> = N extends Dim
  ? Wide<Size> extends true
    ? number
    : Size extends -1
      ? Begin extends 0
        ? N
        : Minus<N, Begin>
      : Size
  : number;

type Minus<N extends Dim, M extends number> = true extends Wide<N> | Wide<M>
  ? number
  : N extends number
    ? Subtract<DigitsOf<N>, DigitsOf<M>> extends infer D extends Digits
      ? [D] extends [never]
        ? number
        : NumberOf<D>
      : number
    : number;

/** The shape of what is gathered along an axis: `Indices` in the place of the dimension there. */
export type Gather<S extends Dims, Indices extends Dims, A extends number> = true extends Open<S> | Open<Indices>
  ? number[]
  : number extends A
    ? number[]
    : [Place<S, A>] extends [never]
      ? `gather: expected an axis of ${ShowDims<S>}, got ${A}`
      : InPlace<S, Place<S, A>, Indices>;

type InPlace<
  S extends Dims,
  P extends string,
  New extends Dims,
  Done extends Dims = [],
  Passed extends Dims = [],
> = S extends readonly [infer First extends Dim, ...infer Rest extends Dims]
  ? `${Passed["length"]}` extends P
    ? InPlace<Rest, P, New, [...Done, ...New], [...Passed, First]>
    : InPlace<Rest, P, New, [...Done, First], [...Passed, First]>
  : Done;

/** The shape of a tensor with zeros, or another value, around it. */
export type Pad<S extends Dims, P extends readonly (readonly [number, number])[]> =
  Open<S> extends true
    ? number[]
    : {
        -readonly [K in keyof S]: K extends keyof P
          ? P[K] extends readonly [infer Before extends number, infer After extends number]
            ? S[K] extends Dim
              ? Sum<Sum<S[K], Before>, After>
              : number
            : number
          : number;
      };

/** The shape of a tensor repeated along each axis. */
export type Tile<S extends Dims, R extends readonly number[]> =
  Open<S> extends true ? number[] : { -readonly [K in keyof S]: K extends keyof R ? Times<S[K], R[K]> : number };

type Times<N, R> = N extends number
  ? R extends number
    ? true extends Wide<N> | Wide<R>
      ? number
      : NumberOf<Multiply<DigitsOf<N>, DigitsOf<R>>>
    : number
  : R extends 1
    ? N extends Dim
      ? N
      : number
    : number;

/** `unknown` where a list has an entry for each axis, else the message that {@link checkEach} throws. */
export type ForEach<Name extends string, S extends Dims, L extends readonly unknown[]> =
  true extends Open<S>
    ? unknown
    : number extends L["length"]
      ? unknown
      : L["length"] extends S["length"]
        ? unknown
        : `${Name}: expected ${S["length"]} entries, one for each axis of ${ShowDims<S>}, got ${L["length"]}`;

/** Throws ShapeError with the words of {@link ForEach}. */
export function checkEach(name: string, shape: Shape, list: readonly unknown[]): void {
  if (list.length === shape.length) return;
  const expected = `${shape.length} entries, one for each axis of ${showShape(shape)}`;
  throw new ShapeError({ what: name, expected, got: String(list.length) });
}

/** `unknown` where the part lies inside, as far as that is known; else the message that {@link checkSlice} throws. */
export type Inside<S extends Dims, Begin extends PerAxis, Size extends PerAxis> =
  Open<S> extends true
    ? unknown
    : Exceeds<S, ListOf<Begin>, ListOf<Size>> extends true
      ? `slice: expected a part of ${ShowDims<S>}, got ${ShowEntry<Size>} from ${ShowEntry<Begin>}`
      : unknown;

type ShowEntry<V extends PerAxis> = V extends readonly number[] ? ShowDims<V> : V extends number ? `${V}` : "the rest";

type Exceeds<S extends Dims, Begin extends readonly number[], Size extends readonly number[]> = true extends {
  [K in keyof S]: ExceedsAt<S[K], Entry<Begin, K, 0>, Entry<Size, K, -1>>;
}[number]
  ? true
  : false;

type ExceedsAt<N, Begin extends number, Size extends number> = N extends number
  ? true extends Wide<N> | Wide<Begin> | Wide<Size>
    ? false
    : Less<N, Size extends -1 ? Begin : Sum<Begin, Size>>
  : false;

/** Whether N < M. */
type Less<N extends number, M extends Dim> = M extends number
  ? M extends 0
    ? false
    : N extends 0
      ? true
      : [Subtract<DigitsOf<N>, DigitsOf<M>>] extends [never]
        ? true
        : SubtractsBelow<DigitsOf<N>, DigitsOf<M>>
  : false;

/** With fewer digits than M, N is less. */
type SubtractsBelow<N extends Digits, M extends Digits> =
  Subtract<N, M> extends infer D extends Digits ? ([D] extends [never] ? true : false) : true;

/** Checks {@link Inside}. Throws ShapeError with the same words. */
export function checkSlice(shape: Shape, begin: PerAxis, size: PerAxis): void {
  const starts = typeof begin === "number" ? [begin] : (begin ?? []);
  const sizes = typeof size === "number" ? [size] : (size ?? []);
  const fits = shape.every((length, index) => {
    const [from, count] = [starts[index] ?? 0, sizes[index] ?? -1];
    return from >= 0 && from <= length && (count === -1 || (count >= 0 && from + count <= length));
  });
  if (fits && Math.max(starts.length, sizes.length) <= shape.length) return;
  const text = (given: PerAxis): string =>
    given === undefined ? "the rest" : typeof given === "number" ? String(given) : showShape(given);
  throw new ShapeError({
    what: "slice",
    expected: `a part of ${showShape(shape)}`,
    got: `${text(size)} from ${text(begin)}`,
  });
}
