/** What conv2d and maxPool2d share: a square window that moves over an image. */
import type { Padding, Windows } from "../tensor/arithmetic.js";
import type { Shape } from "../tensor/shape.js";
import { misfit, type Reject } from "./layer.js";
import type { Scope } from "./scope.js";

/**
 * The option `Name` of `Options`: its literal type if written, `Default` if not, `Wide` if it may or may not be there.
 */
export type OptionOf<Options, Name extends string, Default extends Wide, Wide> = Name extends keyof Options
  ? Options[Name] extends Wide
    ? Options[Name]
    : Wide
  : Default;

/** The image after a square window of `Kernel` moved over the image `I`, channels unchanged; or a message. */
export type Slide<
  Name extends string,
  I,
  Kernel extends number,
  Stride extends number,
  P extends Padding,
> = I extends Shape
  ? number extends I["length"]
    ? Shape
    : I extends readonly [infer H extends number, infer W extends number, infer C extends number]
      ? true extends Missing<Windows<H, Kernel, Stride, P>> | Missing<Windows<W, Kernel, Stride, P>>
        ? Reject<Name, `of at least [${Kernel}, ${Kernel}, channels]`, I>
        : [Windows<H, Kernel, Stride, P>, Windows<W, Kernel, Stride, P>, C]
      : Reject<Name, "[height, width, channels]", I>
  : never;

type Missing<N> = [N] extends [never] ? true : false;

/** {@link Slide} at run time: the new height and width. Throws ShapeError. */
export function slide(
  name: string,
  input: Shape,
  kernel: number,
  stride: number,
  padding: Padding,
  scope: Scope,
): [height: number, width: number] {
  const [height, width] = input;
  if (input.length !== 3) throw misfit(name, "[height, width, channels]", input, scope);
  if (padding === "same") return [Math.ceil(height! / stride), Math.ceil(width! / stride)];
  if (height! < kernel || width! < kernel) {
    throw misfit(name, `of at least [${kernel}, ${kernel}, channels]`, input, scope);
  }
  return [Math.floor((height! - kernel) / stride) + 1, Math.floor((width! - kernel) / stride) + 1];
}
