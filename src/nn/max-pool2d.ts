import * as tf from "../runtime/tf.js";
import { checkOptions, oneOf, positiveInteger } from "../tensor/arguments.js";
import type { Padding } from "../tensor/arithmetic.js";
import { sizeOf } from "../tensor/shape.js";
import { callText, type given, type Layer, makeLayer, type yields } from "./layer.js";
import { type OptionOf, type Slide, slide } from "./window.js";

/** What {@link maxPool2d} takes besides its size. */
export interface MaxPool2dOptions {
  /** How far the window moves. Default: its own size. */
  readonly stride?: number;
  /** "valid" (default): only inside the image. "same": also over its edge. */
  readonly padding?: Padding;
}

/** The type of `maxPool2d(size, { stride, padding })`. */
export interface MaxPool2d<Size extends number, Stride extends number, P extends Padding> extends Layer {
  readonly [yields]: Slide<"maxPool2d", this[typeof given], Size, Stride, P>;
}

/** The largest value in each window: [height, width, channels] → [height', width', channels]. Throws ValueError. */
export function maxPool2d<const Size extends number, const Options extends MaxPool2dOptions = object>(
  size: Size,
  options?: Options,
): MaxPool2d<Size, OptionOf<Options, "stride", Size, number>, OptionOf<Options, "padding", "valid", Padding>> {
  const given: MaxPool2dOptions = options ?? {};
  positiveInteger("maxPool2d: size", size);
  checkOptions("maxPool2d", given, ["stride", "padding"]);
  const { stride = size, padding = "valid" } = given;
  positiveInteger("maxPool2d: stride", stride);
  oneOf("maxPool2d: padding", padding, ["valid", "same"]);
  return makeLayer({
    label: callText("maxPool2d", [size], given),
    build(input, scope) {
      const output = [...slide("maxPool2d", input, size, stride, padding, scope), input[2]!];
      return {
        output,
        flops: sizeOf(output) * size * size,
        forward: (x) => tf.maxPool(x as tf.Tensor4D, size, stride, padding),
      };
    },
  });
}
