/** Pools that are told how much comes out, whatever goes in. */
import { bins, type Pooling, poolInto } from "../../tensor/pool.js";
import type { Shape } from "../../tensor/shape.js";
import { callText, type given, type Layer, makeLayer, type Reject, type yields } from "../layer.js";
import { type Axes, channelsOf, type Expected, type ForEach, type PerAxis, perAxis, type Sizes } from "./window.js";

/** The type of `adaptiveAveragePool2d(size)` and its like; `Name` is the function's. */
export interface AdaptivePool<Name extends string, A extends Axes, Size extends Sizes> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape
    ? number extends I["length"]
      ? Shape
      : I extends readonly [...infer N extends Shape, infer Channels extends number]
        ? N["length"] extends A
          ? [...Wanted<A, Size>, Channels]
          : Reject<Name, Expected<A>, I>
        : Reject<Name, Expected<A>, I>
    : never;
}

type Wanted<A extends Axes, Size extends Sizes> = Size extends readonly [...infer Counts extends Shape]
  ? Counts
  : Size extends number
    ? ForEach<A, Size>
    : never;

/** The mean of each of `size` parts of the time: [time, channels] → [size, channels] (PyTorch's AdaptiveAvgPool1d). Throws ValueError. */
export function adaptiveAveragePool1d<const Size extends number>(
  size: Size,
): AdaptivePool<"adaptiveAveragePool1d", 1, Size> {
  return adaptive("adaptiveAveragePool1d", "average", 1, size);
}

/**
 * The mean of each part of an image: [height, width, channels] → [height', width', channels], the size that is wanted: one number, or
 * [height', width']. Part i of n begins at ⌊i · length / n⌋ and ends before ⌈(i + 1) · length / n⌉ (PyTorch's AdaptiveAvgPool2d).
 * Throws ValueError.
 */
export function adaptiveAveragePool2d<const Size extends PerAxis[2]>(
  size: Size,
): AdaptivePool<"adaptiveAveragePool2d", 2, Size> {
  return adaptive("adaptiveAveragePool2d", "average", 2, size);
}

/** The mean of each part of a volume, as {@link adaptiveAveragePool2d} (PyTorch's AdaptiveAvgPool3d). Throws ValueError. */
export function adaptiveAveragePool3d<const Size extends PerAxis[3]>(
  size: Size,
): AdaptivePool<"adaptiveAveragePool3d", 3, Size> {
  return adaptive("adaptiveAveragePool3d", "average", 3, size);
}

/** The largest value in each of `size` parts of the time: [time, channels] → [size, channels] (PyTorch's AdaptiveMaxPool1d). Throws ValueError. */
export function adaptiveMaxPool1d<const Size extends number>(size: Size): AdaptivePool<"adaptiveMaxPool1d", 1, Size> {
  return adaptive("adaptiveMaxPool1d", "max", 1, size);
}

/**
 * The largest value in each part of an image: [height, width, channels] → [height', width', channels], the size that is wanted, in the
 * parts of {@link adaptiveAveragePool2d} (PyTorch's AdaptiveMaxPool2d). Throws ValueError.
 */
export function adaptiveMaxPool2d<const Size extends PerAxis[2]>(
  size: Size,
): AdaptivePool<"adaptiveMaxPool2d", 2, Size> {
  return adaptive("adaptiveMaxPool2d", "max", 2, size);
}

/** The largest value in each part of a volume, as {@link adaptiveMaxPool2d} (PyTorch's AdaptiveMaxPool3d). Throws ValueError. */
export function adaptiveMaxPool3d<const Size extends PerAxis[3]>(
  size: Size,
): AdaptivePool<"adaptiveMaxPool3d", 3, Size> {
  return adaptive("adaptiveMaxPool3d", "max", 3, size);
}

function adaptive<L extends Layer>(name: string, pooling: Pooling, axes: Axes, size: Sizes): L {
  const counts = perAxis(`${name}: size`, size, axes);
  return makeLayer<Layer>({
    label: callText(name, [size]),
    build(input, scope) {
      const channels = channelsOf(name, axes, input, scope);
      const seen = counts.map((count, axis) =>
        bins(input[axis]!, count).reduce((sum, [start, end]) => sum + end - start, 0),
      );
      return {
        output: [...counts, channels],
        flops: seen.reduce((product, places) => product * places, channels),
        forward: (x) => poolInto(pooling, x, counts),
      };
    },
  }) as L;
}
