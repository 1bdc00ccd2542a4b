/** What the pooling layers share: a square window that moves over an image, and one number for what it sees of each channel. */
import type * as tf from "../runtime/tf.js";
import { checkOptions, oneOf, positiveInteger } from "../tensor/arguments.js";
import type { Padding } from "../tensor/arithmetic.js";
import { sizeOf } from "../tensor/shape.js";
import { callText, type given, type Layer, makeLayer, type yields } from "./layer.js";
import { type OptionOf, type Slide, slide } from "./window.js";

/** What pooling layers take besides the size of their window. */
export interface Pool2dOptions {
  /** How far the window moves. Default: its own size. */
  readonly stride?: number;
  /** "valid" (default): only inside the image. "same": also over its edge, where only what is inside counts. */
  readonly padding?: Padding;
}

/** The type of `maxPool2d(size, { stride, padding })`; `Name` is the function's. */
export interface Pool2d<Name extends string, Size extends number, Stride extends number, P extends Padding>
  extends Layer {
  readonly [yields]: Slide<Name, this[typeof given], Size, Stride, P>;
}

/** {@link Pool2d} with the options that were written. */
export type Pool2dOf<Name extends string, Size extends number, Options> = Pool2d<
  Name,
  Size,
  OptionOf<Options, "stride", Size, number>,
  OptionOf<Options, "padding", "valid", Padding>
>;

/** The layer `name`, which pools with `pool`. Throws ValueError. */
export function pool2d<Name extends string, Size extends number, Options extends Pool2dOptions>(
  name: Name,
  pool: (x: tf.Tensor4D, size: number, stride: number, padding: Padding) => tf.Tensor,
  size: Size,
  options: Options | undefined,
): Pool2dOf<Name, Size, Options> {
  const given: Pool2dOptions = options ?? {};
  positiveInteger(`${name}: size`, size);
  checkOptions(name, given, ["stride", "padding"]);
  const { stride = size, padding = "valid" } = given;
  positiveInteger(`${name}: stride`, stride);
  oneOf(`${name}: padding`, padding, ["valid", "same"]);
  return makeLayer({
    label: callText(name, [size], given),
    build(input, scope) {
      const output = [...slide(name, input, size, stride, padding, scope), input[2]!];
      return {
        output,
        flops: sizeOf(output) * size * size,
        forward: (x) => pool(x as tf.Tensor4D, size, stride, padding),
      };
    },
  });
}
