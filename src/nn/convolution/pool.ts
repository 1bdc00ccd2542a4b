/** Pools: a window that moves over an input, and one number for what it sees of each channel. */
import { checkOptions, oneOf } from "../../tensor/arguments.js";
import type { Padding } from "../../tensor/arithmetic.js";
import { type Pooling, pool } from "../../tensor/pool.js";
import { sizeOf } from "../../tensor/shape.js";
import { callText, type given, type Layer, makeLayer, type yields } from "../layer.js";
import { type Axes, type OptionOf, type PerAxis, type Sizes, type Slide, slide, windowOf } from "./window.js";

/** What pools take besides the size of their window. */
export interface PoolOptions<A extends Axes = Axes> {
  /** How far the window moves, along all axes or along each. Default: its own size. */
  readonly stride?: PerAxis[A];
  /** "valid" (default): only inside the input. "same": also over its edge, where only what is inside counts. */
  readonly padding?: Padding;
}

/** The type of `maxPool2d(size, options)` and its like; `Name` is the function's. */
export interface Pool<Name extends string, A extends Axes, Size extends Sizes, Options> extends Layer {
  readonly [yields]: Slide<
    Name,
    A,
    this[typeof given],
    Size,
    OptionOf<Options, "stride", Size, Sizes>,
    OptionOf<Options, "padding", "valid", Padding>
  >;
}

/** The largest value in each window: [time, channels] → [time', channels] (Keras's MaxPooling1D). Throws ValueError. */
export function maxPool1d<const Size extends number, const Options extends PoolOptions<1> = object>(
  size: Size,
  options?: Options,
): Pool<"maxPool1d", 1, Size, Options> {
  return poolLayer("maxPool1d", "max", 1, size, options);
}

/**
 * The largest value in each window: [height, width, channels] → [height', width', channels]. `size`: one number, or [height, width]
 * (Keras's MaxPooling2D). Throws ValueError.
 */
export function maxPool2d<const Size extends PerAxis[2], const Options extends PoolOptions<2> = object>(
  size: Size,
  options?: Options,
): Pool<"maxPool2d", 2, Size, Options> {
  return poolLayer("maxPool2d", "max", 2, size, options);
}

/**
 * The largest value in each window: [depth, height, width, channels] → [depth', height', width', channels]. `size`: one number, or
 * [depth, height, width] (Keras's MaxPooling3D). Throws ValueError.
 */
export function maxPool3d<const Size extends PerAxis[3], const Options extends PoolOptions<3> = object>(
  size: Size,
  options?: Options,
): Pool<"maxPool3d", 3, Size, Options> {
  return poolLayer("maxPool3d", "max", 3, size, options);
}

/** The mean of each window: [time, channels] → [time', channels] (Keras's AveragePooling1D). Throws ValueError. */
export function averagePool1d<const Size extends number, const Options extends PoolOptions<1> = object>(
  size: Size,
  options?: Options,
): Pool<"averagePool1d", 1, Size, Options> {
  return poolLayer("averagePool1d", "average", 1, size, options);
}

/**
 * The mean of each window: [height, width, channels] → [height', width', channels]. `size`: one number, or [height, width] (Keras's
 * AveragePooling2D). Throws ValueError.
 */
export function averagePool2d<const Size extends PerAxis[2], const Options extends PoolOptions<2> = object>(
  size: Size,
  options?: Options,
): Pool<"averagePool2d", 2, Size, Options> {
  return poolLayer("averagePool2d", "average", 2, size, options);
}

/**
 * The mean of each window: [depth, height, width, channels] → [depth', height', width', channels]. `size`: one number, or [depth,
 * height, width] (Keras's AveragePooling3D). Throws ValueError.
 */
export function averagePool3d<const Size extends PerAxis[3], const Options extends PoolOptions<3> = object>(
  size: Size,
  options?: Options,
): Pool<"averagePool3d", 3, Size, Options> {
  return poolLayer("averagePool3d", "average", 3, size, options);
}

function poolLayer<L extends Layer>(
  name: string,
  pooling: Pooling,
  axes: Axes,
  size: Sizes,
  options: PoolOptions = {},
): L {
  checkOptions(name, options, ["stride", "padding"]);
  const { stride = size, padding = "valid" } = options;
  const window = windowOf(name, axes, ["size", size], { stride, padding });
  oneOf(`${name}: padding`, padding, ["valid", "same"]);
  return makeLayer<Layer>({
    label: callText(name, [size], options),
    build(input, scope) {
      const output = [...slide(name, axes, input, window, scope), input[axes]!];
      return {
        output,
        flops: sizeOf(output) * sizeOf(window.size),
        forward: (x) => pool(pooling, x, window),
      };
    },
  }) as L;
}
