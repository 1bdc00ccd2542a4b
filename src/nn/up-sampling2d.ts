import * as tf from "../runtime/tf.js";
import { checkOptions, oneOf } from "../tensor/arguments.js";
import type { Product } from "../tensor/arithmetic.js";
import { withGradient } from "../tensor/gradient.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "./layer.js";
import { type Expected, expected, type First, type Others, type PerAxis, perAxis, type Sizes } from "./window.js";

/** What {@link upSampling2d} takes besides its factor. */
export interface UpSampling2dOptions {
  /** "nearest" (default): each pixel several times. "bilinear": mixtures of the four pixels around a place. */
  readonly interpolation?: "nearest" | "bilinear";
}

/** The type of `upSampling2d(factor)`. */
export interface UpSampling2d<Factor extends Sizes> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape
    ? number extends I["length"]
      ? Shape
      : I extends readonly [infer H extends number, infer W extends number, infer Channels extends number]
        ? [Product<[H, First<Factor>]>, Product<[W, First<Others<Factor>>]>, Channels]
        : Reject<"upSampling2d", Expected<2>, I>
    : never;
}

/** Floating-point operations for a pixel: three mixtures of two, each a difference, a product and a sum. */
const bilinear = 9;

/**
 * Makes an image larger: [height, width, channels] → [height × factor, width × factor, channels]. `factor`: one number, or [height,
 * width] (Keras's UpSampling2D, PyTorch's Upsample without align_corners). Throws ValueError.
 */
export function upSampling2d<const Factor extends PerAxis[2]>(
  factor: Factor,
  options: UpSampling2dOptions = {},
): UpSampling2d<Factor> {
  const [down, across] = perAxis("upSampling2d: factor", factor, 2) as [number, number];
  checkOptions("upSampling2d", options, ["interpolation"]);
  const { interpolation = "nearest" } = options;
  oneOf("upSampling2d: interpolation", interpolation, ["nearest", "bilinear"]);
  const isNearest = interpolation === "nearest";
  return makeLayer({
    label: callText("upSampling2d", [factor], options),
    build(input, scope) {
      if (input.length !== 3) throw misfit("upSampling2d", expected(2), input, scope);
      const [height, width, channels] = input as [number, number, number];
      const size: [number, number] = [height * down, width * across];
      const output = [...size, channels];
      return {
        output,
        flops: isNearest ? 0 : sizeOf(output) * bilinear,
        forward: (x) =>
          isNearest ? repeated(x, [down, across]) : tf.image.resizeBilinear(x as tf.Tensor4D, size, false, true),
      };
    },
  });
}

/** Each pixel several times. XLA has no gradient of TensorFlow's operation: it is the sum of a pixel's copies. */
function repeated(x: tf.Tensor, [down, across]: [down: number, across: number]): tf.Tensor {
  return withGradient(
    x,
    (image) => {
      const [, height, width] = image.shape as [number, number, number];
      return tf.image.resizeNearestNeighbor(image as tf.Tensor4D, [height * down, width * across], false, true);
    },
    (dy) => tf.avgPool(dy as tf.Tensor4D, [down, across], [down, across], "valid").mul(down * across),
  );
}
