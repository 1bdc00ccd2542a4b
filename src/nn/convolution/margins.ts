/** Zeros around an input, and edges cut off. */
import { ValueError } from "../../errors.js";
import { show } from "../../tensor/arguments.js";
import type { Minus, ShowLengths, Sum } from "../../tensor/arithmetic.js";
import type { Shape } from "../../tensor/shape.js";
import { callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "../layer.js";
import { type Axes, axisNames, channelsOf, type Expected, type ForEach } from "./window.js";

/** So many places at both ends of an axis, or [before, after]. */
export type Ends = number | readonly [before: number, after: number];

/** So many places on all sides or, where there are several axes, ends of each: `1`, `[1, 2]`, `[[0, 1], [2, 2]]`. */
export interface SidesOf {
  1: Ends;
  2: number | readonly [height: Ends, width: Ends];
  3: number | readonly [depth: Ends, height: Ends, width: Ends];
}

/** How many places there are at both ends of an axis. */
type Total<E> = E extends readonly [infer A extends number, infer B extends number]
  ? Sum<A, B>
  : E extends number
    ? Sum<E, E>
    : number;

/** The same for each of `A` axes. */
type Totals<A extends Axes, S> = A extends 1
  ? [Total<S>]
  : S extends number
    ? ForEach<A, Total<S>>
    : S extends readonly [...infer E]
      ? { [K in keyof E]: Total<E[K]> }
      : never;

/** The type of `zeroPadding2d(sides)` and its like; `Name` is the function's. */
export interface ZeroPadding<Name extends string, A extends Axes, S> extends Layer {
  readonly [yields]: Padded<Name, A, this[typeof given], Totals<A, S>>;
}

type Padded<Name extends string, A extends Axes, I, T extends Shape> = I extends Shape
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
    ? Longer<Rest, Others, [...Done, Sum<Length, More>]>
    : Done
  : Done;

/** The type of `cropping2d(sides)` and its like; `Name` is the function's. */
export interface Cropping<Name extends string, A extends Axes, S> extends Layer {
  readonly [yields]: Cropped<Name, A, this[typeof given], Totals<A, S>>;
}

type Cropped<Name extends string, A extends Axes, I, T extends Shape> = I extends Shape
  ? number extends I["length"]
    ? Shape
    : I extends readonly [...infer N extends Shape, infer C extends number]
      ? N["length"] extends A
        ? Shorter<N, T> extends infer O extends Shape
          ? [...O, C]
          : Reject<Name, `of at least [${ShowLengths<Longer<T, ForEach<A, 1>>>}, channels]`, I>
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
export function zeroPadding1d<const S extends SidesOf[1]>(ends: S): ZeroPadding<"zeroPadding1d", 1, S> {
  return padding("zeroPadding1d", 1, ends);
}

/**
 * Zeros around an image: [height, width, channels] → [top + height + bottom, left + width + right, channels]. `sides`: one number, or
 * [height, width], each a number or [before, after] (Keras's ZeroPadding2D). Throws ValueError.
 */
export function zeroPadding2d<const S extends SidesOf[2]>(sides: S): ZeroPadding<"zeroPadding2d", 2, S> {
  return padding("zeroPadding2d", 2, sides);
}

/**
 * Zeros around a volume: [depth, height, width, channels] → the same, larger. `sides`: one number, or [depth, height, width], each a
 * number or [before, after] (Keras's ZeroPadding3D). Throws ValueError.
 */
export function zeroPadding3d<const S extends SidesOf[3]>(sides: S): ZeroPadding<"zeroPadding3d", 3, S> {
  return padding("zeroPadding3d", 3, sides);
}

/** Both ends cut off: [time, channels] → [time − before − after, channels] (Keras's Cropping1D). Throws ValueError. */
export function cropping1d<const S extends SidesOf[1]>(ends: S): Cropping<"cropping1d", 1, S> {
  return cropping("cropping1d", 1, ends);
}

/**
 * The sides of an image cut off: [height, width, channels] → [height − top − bottom, width − left − right, channels]. `sides`: one
 * number, or [height, width], each a number or [before, after] (Keras's Cropping2D). Throws ValueError.
 */
export function cropping2d<const S extends SidesOf[2]>(sides: S): Cropping<"cropping2d", 2, S> {
  return cropping("cropping2d", 2, sides);
}

/**
 * The sides of a volume cut off: [depth, height, width, channels] → the same, smaller. `sides`: one number, or [depth, height, width],
 * each a number or [before, after] (Keras's Cropping3D). Throws ValueError.
 */
export function cropping3d<const S extends SidesOf[3]>(sides: S): Cropping<"cropping3d", 3, S> {
  return cropping("cropping3d", 3, sides);
}

type Around = readonly (readonly [before: number, after: number])[];

function padding<L extends Layer>(name: string, axes: Axes, sides: unknown): L {
  const around = aroundOf(name, axes, sides);
  return makeLayer<Layer>({
    label: callText(name, [sides]),
    build(input, scope) {
      channelsOf(name, axes, input, scope);
      const output = input.map((length, axis) => length + total(around[axis]));
      const all = [[0, 0], ...around, [0, 0]] as [number, number][];
      return { output, flops: 0, forward: (x) => x.pad(all) };
    },
  }) as L;
}

function cropping<L extends Layer>(name: string, axes: Axes, sides: unknown): L {
  const around = aroundOf(name, axes, sides);
  return makeLayer<Layer>({
    label: callText(name, [sides]),
    build(input, scope) {
      channelsOf(name, axes, input, scope);
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

function aroundOf(what: string, axes: Axes, sides: unknown): Around {
  const names = axisNames[axes].split(", ");
  if (axes === 1 || !Array.isArray(sides)) return names.map(() => endsOf(what, sides));
  if (sides.length === axes) return names.map((name, axis) => endsOf(`${what}: ${name}`, sides[axis]));
  throw new ValueError({ what, expected: `a number or [${axisNames[axes]}]`, got: show(sides) });
}

function endsOf(what: string, ends: unknown): readonly [before: number, after: number] {
  const both = Array.isArray(ends) ? ends : [ends, ends];
  const counts = both.every((places) => Number.isSafeInteger(places) && places >= 0);
  if (both.length === 2 && counts) return both as [number, number];
  throw new ValueError({ what, expected: "a whole number from 0, or two of them: [before, after]", got: show(ends) });
}
