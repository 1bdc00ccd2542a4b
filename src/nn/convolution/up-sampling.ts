import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, oneOf } from "../../tensor/arguments.js";
import type { Product } from "../../tensor/arithmetic.js";
import { withGradient } from "../../tensor/gradient.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { callText, type given, type Layer, makeLayer, type Reject, type yields } from "../layer.js";
import {
  type Axes,
  channelsOf,
  type Expected,
  type First,
  type Others,
  type PerAxis,
  perAxis,
  type Sizes,
} from "./window.js";

/** What {@link upSampling2d} takes besides its factor. */
export interface UpSampling2dOptions {
  /** "nearest" (default): each pixel several times. "bilinear": mixtures of the four pixels around a place. */
  readonly interpolation?: "nearest" | "bilinear";
}

/** The type of `upSampling2d(factor)` and its like; `Name` is the function's. */
export interface UpSampling<Name extends string, A extends Axes, Factor extends Sizes> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape
    ? number extends I["length"]
      ? Shape
      : I extends readonly [...infer N extends Shape, infer Channels extends number]
        ? N["length"] extends A
          ? [...Multiplied<N, Factor>, Channels]
          : Reject<Name, Expected<A>, I>
        : Reject<Name, Expected<A>, I>
    : never;
}

type Multiplied<N extends Shape, Factor extends Sizes, Done extends Shape = []> = N extends readonly [
  infer Length extends number,
  ...infer Rest extends Shape,
]
  ? Multiplied<Rest, Others<Factor>, [...Done, Product<[Length, First<Factor>]>]>
  : Done;

/** Each step several times: [time, channels] → [time × factor, channels] (Keras's UpSampling1D). Throws ValueError. */
export function upSampling1d<const Factor extends number>(factor: Factor): UpSampling<"upSampling1d", 1, Factor> {
  return upSampling("upSampling1d", 1, factor, {});
}

/**
 * Makes an image larger: [height, width, channels] → [height × factor, width × factor, channels]. `factor`: one number, or [height,
 * width] (Keras's UpSampling2D, PyTorch's Upsample without align_corners). Throws ValueError.
 */
export function upSampling2d<const Factor extends PerAxis[2]>(
  factor: Factor,
  options: UpSampling2dOptions = {},
): UpSampling<"upSampling2d", 2, Factor> {
  checkOptions("upSampling2d", options, ["interpolation"]);
  oneOf("upSampling2d: interpolation", options.interpolation ?? "nearest", ["nearest", "bilinear"]);
  return upSampling("upSampling2d", 2, factor, options);
}

/**
 * Each place of a volume several times: [depth, height, width, channels] → the same, each length × factor. `factor`: one number, or
 * [depth, height, width] (Keras's UpSampling3D). Throws ValueError.
 */
export function upSampling3d<const Factor extends PerAxis[3]>(factor: Factor): UpSampling<"upSampling3d", 3, Factor> {
  return upSampling("upSampling3d", 3, factor, {});
}

/** Floating-point operations for a pixel: three mixtures of two, each a difference, a product and a sum. */
const bilinear = 9;

function upSampling<L extends Layer>(name: string, axes: Axes, factor: Sizes, options: UpSampling2dOptions): L {
  const factors = perAxis(`${name}: factor`, factor, axes);
  return makeLayer<Layer>({
    label: callText(name, [factor], options),
    build(input, scope) {
      channelsOf(name, axes, input, scope);
      const output = input.map((length, axis) => length * (factors[axis] ?? 1));
      if (options.interpolation !== "bilinear") return { output, flops: 0, forward: (x) => repeated(x, factors) };
      const size = output.slice(0, 2) as [number, number];
      return {
        output,
        flops: sizeOf(output) * bilinear,
        forward: (x) => tf.image.resizeBilinear(x as tf.Tensor4D, size, false, true),
      };
    },
  }) as L;
}

/** Each place of `x: [batch, ...axes, channels]` several times. */
function repeated(x: Tensor, factors: readonly number[]): Tensor {
  const [batch, ...rest] = x.shape as [number, ...number[]];
  const shape = [batch, ...rest.map((length, axis) => length * (factors[axis] ?? 1))];
  const channels = rest.at(-1)!;
  const [first, second = 1, third] = factors as [number, number?, number?];
  if (third === undefined) {
    const image = x.reshape([batch, rest[0]!, factors.length === 1 ? 1 : rest[1]!, channels]);
    return repeatedPixels(image, first, second).reshape(shape);
  }
  // Slices of a volume are images, and what lies in a slice is one line.
  const [depth, height, width] = rest as [number, number, number];
  const slices = repeatedPixels(x.reshape([-1, height, width, channels]), second, third);
  const lines = slices.reshape([batch, depth, height * second * width * third, channels]);
  return repeatedPixels(lines, first, 1).reshape(shape);
}

/** XLA has no gradient of TensorFlow's operation: it is the sum of a pixel's copies. */
function repeatedPixels(x: Tensor, down: number, across: number): Tensor {
  return withGradient(
    x,
    (image) => {
      const [, height, width] = image.shape as [number, number, number];
      return tf.image.resizeNearestNeighbor(image as tf.Tensor4D, [height * down, width * across], false, true);
    },
    (dy) => tf.avgPool(dy as tf.Tensor4D, [down, across], [down, across], "valid").mul(down * across),
  );
}
