/** What shapes are made of, in the types. What is not known at compile time becomes `number`, never `any`. */

/** One dimension: its size, `number` where that is not known, or a name that stands for a size: "batch". */
export type Dim = number | string;

/** The dimensions of a tensor, outermost first; `number[]` where not even their number is known. */
export type Dims = readonly Dim[];

/** Whether the number of dimensions is unknown. */
export type Open<S extends Dims> = number extends S["length"] ? true : false;

/** Whether a size is unknown; names are known. */
export type Wide<N extends Dim> = number extends N ? true : string extends N ? true : false;

/** What is there at run time: names are numbers. */
export type Sizes<S extends Dims> = { -readonly [K in keyof S]: S[K] extends number ? S[K] : number };

/** The dimensions as they were written down: of two possible sizes (`2 | 3`) neither is known. */
export type Written<S extends Dims> = { -readonly [K in keyof S]: OneOf<S[K]> };

type OneOf<N, All = N> = N extends Dim ? ([All] extends [N] ? N : number) : never;

/** Two dimensions that must be the same: what is known of them; never where they differ. */
export type Same<X extends Dim, Y extends Dim> =
  Wide<X> extends true
    ? Y
    : Wide<Y> extends true
      ? X
      : [X] extends [Y]
        ? X
        : // A name may stand for any size, but two names for two.
          [X] extends [string]
          ? [Y] extends [string]
            ? never
            : Y
          : [Y] extends [string]
            ? X
            : never;

/** A shape as messages show it: `[batch, 28, 1]`, with `?` for what is not known. */
export type ShowDims<S extends Dims> = `[${Listed<S>}]`;

type Listed<S extends Dims, Text extends string = ""> = number extends S["length"]
  ? "..."
  : S extends readonly [infer A extends Dim, ...infer Rest extends Dims]
    ? Listed<Rest, Text extends "" ? Shown<A> : `${Text}, ${Shown<A>}`>
    : Text;

type Shown<N extends Dim> = number extends N ? "?" : `${N}`;

/** The place that an axis means, as text: "0", "1", …; negative ones count from the end. Never where there is none. */
export type Place<S extends Dims, Axis extends number> = `${Axis}` extends `-${infer Back extends number}`
  ? FromEnd<S, Back>
  : `${Axis}` extends keyof S
    ? `${Axis}`
    : never;

type FromEnd<S extends Dims, Back extends number> = S extends readonly [...infer Before extends Dims, Dim]
  ? Back extends 1
    ? `${Before["length"]}`
    : FromEnd<Before, Minus1[Back]>
  : never;

type Minus1 = [never, 0, 1, 2, 3, 4, 5, 6, 7, 8, ...number[]];

/** Whether all these axes are places of `S`. */
export type Within<S extends Dims, Axes extends number> = true extends (
  Axes extends Axes
    ? [Place<S, Axes>] extends [never]
      ? true
      : never
    : never
)
  ? false
  : true;

/** The range of axes as messages show it: `an axis from -2 to 1`. */
export type AxisRange<S extends Dims> = S extends readonly [Dim, ...infer Rest extends Dims]
  ? `an axis from -${S["length"]} to ${Rest["length"]}`
  : "no axis";

/** `S` with `N` in the place of the dimension at `At`. */
export type Put<S extends Dims, At extends string, N extends Dim, Done extends Dims = []> = S extends readonly [
  infer First extends Dim,
  ...infer Rest extends Dims,
]
  ? `${Done["length"]}` extends At
    ? Put<Rest, At, N, [...Done, N]>
    : Put<Rest, At, N, [...Done, First]>
  : Done;

/** `S` without the dimensions at `At`, or with ones in their places. */
export type Drop<
  S extends Dims,
  At extends string,
  Keep extends boolean = false,
  Passed extends Dims = [],
  Done extends Dims = [],
> = S extends readonly [infer First extends Dim, ...infer Rest extends Dims]
  ? `${Passed["length"]}` extends At
    ? Drop<Rest, At, Keep, [...Passed, First], Keep extends true ? [...Done, 1] : Done>
    : Drop<Rest, At, Keep, [...Passed, First], [...Done, First]>
  : Done;

/** As many unknown sizes as `S` has dimensions. */
export type Blank<S extends Dims> = { -readonly [K in keyof S]: number };

/** `N` where `S` is unknown only in its sizes: the dimension at a place. */
export type At<S extends Dims, P extends string> = P extends keyof S ? (S[P] extends Dim ? S[P] : number) : number;

/**
 * What an argument must be: itself where `Result` is a shape, or nothing to complain about; the message where it is one, so that
 * the error stands on the argument and says it.
 */
export type Checked<T, Result> = [Result] extends [string] ? Result : T;

/** The shape that came out, where no message did. */
export type Shaped<Result> = Result extends Dims ? Result : number[];
