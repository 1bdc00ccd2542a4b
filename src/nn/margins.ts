/** Zeros around an input, and edges cut off. */
import { ValueError } from "../errors.js";
import { show } from "../tensor/arguments.js";
import type { Minus, Plus, ShowLengths } from "../tensor/arithmetic.js";
import type { Shape } from "../tensor/shape.js";
import { callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "./layer.js";
import { type Expected, expected } from "./window.js";

/** So many places at both ends of an axis, or [before, after]. */
export type Ends = number | readonly [before: number, after: number];

/** So many places on all sides of an image, or ends of height and width: `1`, `[1, 2]`, `[[0, 1], [2, 2]]`. */
export type Sides = number | readonly [height: Ends, width: Ends];

/** How many places there are at both ends of an axis. */
type Total<E> = E extends readonly [infer A extends number, infer B extends number]
  ? Plus<A, B>
  : E extends number
    ? Plus<E, E>
    : number;

/** The same for height and width. */
type Totals<S extends Sides> = S extends readonly [infer H, infer W]
  ? readonly [Total<H>, Total<W>]
  : readonly [Total<S>, Total<S>];

/** The type of `zeroPadding1d(ends)`. */
export interface ZeroPadding1d<E extends Ends> extends Layer {
  readonly [yields]: Padded<"zeroPadding1d", 1, this[typeof given], readonly [Total<E>]>;
}

/** The type of `zeroPadding2d(sides)`. */
export interface ZeroPadding2d<S extends Sides> extends Layer {
  readonly [yields]: Padded<"zeroPadding2d", 2, this[typeof given], Totals<S>>;
}

type Padded<Name extends string, A extends 1 | 2, I, T extends Shape> = I extends Shape
  ? number extends I["length"]
    ? Shape
    : I extends readonly [...infer N extends Shape, infer C extends number]
      ? N["length"] extends A
        ? [...Longer<N, T>, C]
        : Reject<Name, Expected<A>, I>
      : Reject<Name, Expected<A>, I>
  : never;

type Longer<N extends Shape, T extends Shape, Done extends Shape = []> = N extends readonly [
  infer Length extends number,
  ...infer Rest extends Shape,
]
  ? T extends readonly [infer More extends number, ...infer Others extends Shape]
    ? Longer<Rest, Others, [...Done, Plus<Length, More>]>
    : Done
  : Done;

/** The type of `cropping1d(ends)`. */
export interface Cropping1d<E extends Ends> extends Layer {
  readonly [yields]: Cropped<"cropping1d", 1, this[typeof given], readonly [Total<E>]>;
}

/** The type of `cropping2d(sides)`. */
export interface Cropping2d<S extends Sides> extends Layer {
  readonly [yields]: Cropped<"cropping2d", 2, this[typeof given], Totals<S>>;
}

type Cropped<Name extends string, A extends 1 | 2, I, T extends Shape> = I extends Shape
  ? number extends I["length"]
    ? Shape
    : I extends readonly [...infer N extends Shape, infer C extends number]
      ? N["length"] extends A
        ? Shorter<N, T> extends infer O extends Shape
          ? [...O, C]
          : Reject<Name, `of at least [${ShowLengths<Longer<T, A extends 1 ? [1] : [1, 1]>>}, channels]`, I>
        : Reject<Name, Expected<A>, I>
      : Reject<Name, Expected<A>, I>
  : never;

type Shorter<N extends Shape, T extends Shape, Done extends Shape = []> = N extends readonly [
  infer Length extends number,
  ...infer Rest extends Shape,
]
  ? T extends readonly [infer Less extends number, ...infer Others extends Shape]
    ? [Minus<Length, Less>] extends [never]
      ? "too small"
      : Shorter<Rest, Others, [...Done, Minus<Length, Less>]>
    : Done
  : Done;

/** Zeros before and after: [time, channels] → [before + time + after, channels] (Keras's ZeroPadding1D). Throws ValueError. */
export function zeroPadding1d<const E extends Ends>(ends: E): ZeroPadding1d<E> {
  return padding("zeroPadding1d", ends, [endsOf("zeroPadding1d", ends)]);
}

/**
 * Zeros around an image: [height, width, channels] → [top + height + bottom, left + width + right, channels]. `sides`: one number, or
 * [height, width], each a number or [before, after] (Keras's ZeroPadding2D). Throws ValueError.
 */
export function zeroPadding2d<const S extends Sides>(sides: S): ZeroPadding2d<S> {
  return padding("zeroPadding2d", sides, sidesOf("zeroPadding2d", sides));
}

/** Both ends cut off: [time, channels] → [time − before − after, channels] (Keras's Cropping1D). Throws ValueError. */
export function cropping1d<const E extends Ends>(ends: E): Cropping1d<E> {
  return cropping("cropping1d", ends, [endsOf("cropping1d", ends)]);
}

/**
 * The sides of an image cut off: [height, width, channels] → [height − top − bottom, width − left − right, channels]. `sides`: one
 * number, or [height, width], each a number or [before, after] (Keras's Cropping2D). Throws ValueError.
 */
export function cropping2d<const S extends Sides>(sides: S): Cropping2d<S> {
  return cropping("cropping2d", sides, sidesOf("cropping2d", sides));
}

type Around = readonly (readonly [before: number, after: number])[];

function padding<L extends Layer>(name: string, written: unknown, around: Around): L {
  const axes = around.length as 1 | 2;
  return makeLayer<Layer>({
    label: callText(name, [written]),
    build(input, scope) {
      if (input.length !== axes + 1) throw misfit(name, expected(axes), input, scope);
      const output = input.map((length, axis) => length + total(around[axis]));
      const all = [[0, 0], ...around, [0, 0]] as [number, number][];
      return { output, flops: 0, forward: (x) => x.pad(all) };
    },
  }) as L;
}

function cropping<L extends Layer>(name: string, written: unknown, around: Around): L {
  const axes = around.length as 1 | 2;
  return makeLayer<Layer>({
    label: callText(name, [written]),
    build(input, scope) {
      if (input.length !== axes + 1) throw misfit(name, expected(axes), input, scope);
      const output = input.map((length, axis) => length - total(around[axis]));
      if (output.some((length) => length < 1)) {
        const least = around.map((ends) => total(ends) + 1);
        throw misfit(name, `of at least [${least.join(", ")}, channels]`, input, scope);
      }
      const begin = [0, ...around.map(([before]) => before), 0];
      return { output, flops: 0, forward: (x) => x.slice(begin, [x.shape[0]!, ...output]) };
    },
  }) as L;
}

function total(ends: readonly [number, number] | undefined): number {
  return ends === undefined ? 0 : ends[0] + ends[1];
}

function sidesOf(what: string, sides: unknown): Around {
  if (!Array.isArray(sides)) return [endsOf(what, sides), endsOf(what, sides)];
  if (sides.length === 2) return [endsOf(`${what}: height`, sides[0]), endsOf(`${what}: width`, sides[1])];
  throw new ValueError({ what, expected: "a number or [height, width]", got: show(sides) });
}

function endsOf(what: string, ends: unknown): readonly [before: number, after: number] {
  const both = Array.isArray(ends) ? ends : [ends, ends];
  const counts = both.every((places) => Number.isSafeInteger(places) && places >= 0);
  if (both.length === 2 && counts) return both as [number, number];
  throw new ValueError({ what, expected: "a whole number from 0, or two of them: [before, after]", got: show(ends) });
}
