/** What convolutions and pools share: a window that moves over one to three axes of an input, in types and at run time. */
import { ValueError } from "../../errors.js";
import { oneOf, positiveInteger, show } from "../../tensor/arguments.js";
import type { CausalPadding, Padding, Reach, ShowLengths, Windows } from "../../tensor/arithmetic.js";
import type { Shape } from "../../tensor/shape.js";
import { reaches, type Window, windows } from "../../tensor/window.js";
import { misfit, type Reject } from "../layer.js";
import type { Scope } from "../scope.js";

/** How many axes a window moves over. */
export type Axes = 1 | 2 | 3;

/** What messages call these axes. */
export const axisNames = { 1: "time", 2: "height, width", 3: "depth, height, width" } as const;

/** One number for all axes or, where there are several, one for each. */
export interface PerAxis {
  1: number;
  2: number | readonly [height: number, width: number];
  3: number | readonly [depth: number, height: number, width: number];
}

/** One number, or one for each axis, whatever their number. */
export type Sizes = number | readonly number[];

/** The paddings that there are; "causal" is for time. */
export interface PaddingOf {
  1: CausalPadding;
  2: Padding;
  3: Padding;
}

/**
 * The option `Name` of `Options`: its literal type if written, `Default` if not, `Wide` if it may or may not be there.
 */
export type OptionOf<Options, Name extends string, Default extends Wide, Wide> = Name extends keyof Options
  ? Options[Name] extends Wide
    ? Options[Name]
    : Wide
  : Default;

/** The number for the first axis. */
export type First<S extends Sizes> = S extends readonly [infer A extends number, ...unknown[]]
  ? A
  : S extends number
    ? S
    : number;

/** The numbers for the other axes. */
export type Others<S extends Sizes> = S extends readonly [unknown, ...infer Rest extends Shape] ? Rest : S;

/** The same for each of `A` axes. */
export type ForEach<A extends Axes, N extends number> = { 1: [N]; 2: [N, N]; 3: [N, N, N] }[A];

/** An input over `A` axes, as messages name it. */
export type Expected<A extends Axes> = `[${(typeof axisNames)[A]}, channels]`;

/** {@link Expected} at run time. */
export function expected(axes: Axes): string {
  return `[${axisNames[axes]}, channels]`;
}

/**
 * The input `I` after a window moved over its `A` axes, channels unchanged; or a message. `D`: the window looks at every `D`-th
 * place.
 */
export type Slide<
  Name extends string,
  A extends Axes,
  I,
  Size extends Sizes,
  Stride extends Sizes,
  P extends CausalPadding,
  D extends Sizes = 1,
> = I extends Shape
  ? number extends I["length"]
    ? Shape
    : I extends readonly [...infer N extends Shape, infer C extends number]
      ? N["length"] extends A
        ? Moved<N, Size, Stride, P, D> extends infer O extends Shape
          ? [...O, C]
          : Reject<Name, `of at least [${ShowLengths<Reached<N, Size, D>>}, channels]`, I>
        : Reject<Name, Expected<A>, I>
      : Reject<Name, Expected<A>, I>
  : never;

/** The lengths of the axes afterwards, or "too small". */
type Moved<
  N extends Shape,
  Size extends Sizes,
  Stride extends Sizes,
  P extends CausalPadding,
  D extends Sizes,
  Done extends Shape = [],
> = N extends readonly [infer Length extends number, ...infer Rest extends Shape]
  ? [Windows<Length, First<Size>, First<Stride>, P, First<D>>] extends [never]
    ? "too small"
    : Moved<
        Rest,
        Others<Size>,
        Others<Stride>,
        P,
        Others<D>,
        [...Done, Windows<Length, First<Size>, First<Stride>, P, First<D>>]
      >
  : Done;

/** How far the window reaches along each axis. */
type Reached<N extends Shape, Size extends Sizes, D extends Sizes, Done extends Shape = []> = N extends readonly [
  number,
  ...infer Rest extends Shape,
]
  ? Reached<Rest, Others<Size>, Others<D>, [...Done, Reach<First<Size>, First<D>>]>
  : Done;

/** The channels of an input over so many axes. Throws ShapeError where it is none. */
export function channelsOf(name: string, axes: Axes, input: Shape, scope: Scope): number {
  if (input.length !== axes + 1) throw misfit(name, expected(axes), input, scope);
  return input[axes]!;
}

/** {@link Slide} at run time: how long the axes are afterwards. Throws ShapeError. */
export function slide(name: string, axes: Axes, input: Shape, window: Window, scope: Scope): number[] {
  channelsOf(name, axes, input, scope);
  const lengths = windows(input.slice(0, -1), window);
  if (lengths.some((length) => length < 1)) {
    throw misfit(name, `of at least [${reaches(window).join(", ")}, channels]`, input, scope);
  }
  return lengths;
}

/** What a window may be given besides its size. */
export interface WindowOptions {
  readonly stride?: Sizes;
  readonly padding?: CausalPadding;
  readonly dilation?: Sizes;
}

/** The window over so many axes that moves as the user wants. `noun`: what its size is called. Throws ValueError. */
export function windowOf(
  name: string,
  axes: Axes,
  [noun, size]: readonly [noun: string, size: Sizes],
  { stride = 1, padding = "valid", dilation = 1 }: WindowOptions,
): Window {
  const window = {
    size: perAxis(`${name}: ${noun}`, size, axes),
    stride: perAxis(`${name}: stride`, stride, axes),
    dilation: perAxis(`${name}: dilation`, dilation, axes),
    padding,
  };
  oneOf(`${name}: padding`, padding, axes === 1 ? ["valid", "same", "causal"] : ["valid", "same"]);
  return window;
}

/** One number for each axis, all whole and above zero. Throws ValueError. */
export function perAxis(what: string, value: unknown, axes: Axes): number[] {
  const names = axisNames[axes].split(", ");
  if (!Array.isArray(value) || axes === 1) {
    positiveInteger(what, value);
    return names.map(() => value);
  }
  if (value.length !== axes) {
    throw new ValueError({ what, expected: `a number or [${axisNames[axes]}]`, got: show(value) });
  }
  return value.map((number, axis) => {
    positiveInteger(`${what}: ${names[axis]}`, number);
    return number;
  });
}
