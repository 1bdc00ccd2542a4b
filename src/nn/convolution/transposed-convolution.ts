import { checkOptions, oneOf, positiveInteger } from "../../tensor/arguments.js";
import type { Grown, Padding } from "../../tensor/arithmetic.js";
import { convolveTransposed } from "../../tensor/convolution.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { grown } from "../../tensor/window.js";
import { constant, glorotUniform } from "../initializers/initial.js";
import { callText, type given, type Layer, makeLayer, type Reject, type yields } from "../layer.js";
import { type BiasedWeightOptions, biasedWeightOptions, checkWeightOptions } from "../weight-options.js";
import {
  type Axes,
  channelsOf,
  type Expected,
  type First,
  type OptionOf,
  type Others,
  type PerAxis,
  type Sizes,
  windowOf,
} from "./window.js";

/** What {@link conv1dTranspose}, {@link conv2dTranspose} and {@link conv3dTranspose} take besides their size. */
export interface TransposedOptions<A extends Axes = Axes> extends BiasedWeightOptions {
  /** How far apart the values of the input come to lie, along all axes or along each. Default 1. */
  readonly stride?: PerAxis[A];
  /** "valid" (default): all that the window reaches. "same": `stride` times the size of the input. */
  readonly padding?: Padding;
  /** Give to every so many places only, along all axes or along each. Default 1. */
  readonly dilation?: PerAxis[A];
  /** Add a learned offset to each filter. Default true. */
  readonly bias?: boolean;
}

/** The type of `conv2dTranspose(filters, kernel, options)` and its like; `Name` is the function's. */
export interface TransposedConvolution<
  Name extends string,
  A extends Axes,
  Filters extends number,
  Kernel extends Sizes,
  Options,
> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape
    ? number extends I["length"]
      ? Shape
      : I extends readonly [...infer N extends Shape, number]
        ? N["length"] extends A
          ? [...GrownBy<N, Kernel, Options>, Filters]
          : Reject<Name, Expected<A>, I>
        : Reject<Name, Expected<A>, I>
    : never;
}

type GrownBy<N extends Shape, Kernel extends Sizes, Options> = GrownAxes<
  N,
  Kernel,
  OptionOf<Options, "stride", 1, Sizes>,
  OptionOf<Options, "padding", "valid", Padding>,
  OptionOf<Options, "dilation", 1, Sizes>
>;

type GrownAxes<
  N extends Shape,
  Kernel extends Sizes,
  Stride extends Sizes,
  P extends Padding,
  D extends Sizes,
  Done extends Shape = [],
> = N extends readonly [infer Length extends number, ...infer Rest extends Shape]
  ? GrownAxes<
      Rest,
      Others<Kernel>,
      Others<Stride>,
      P,
      Others<D>,
      [...Done, Grown<Length, First<Kernel>, First<Stride>, P, First<D>>]
    >
  : Done;

/**
 * The way back of a conv1d, as a layer that makes sequences longer: [time, channels] → [time', filters], where time' is (time − 1) ·
 * stride + max(kernel, stride), or time · stride with padding "same". Weight [kernel, channels, filters] (Keras has the last two the
 * other way round), Glorot uniform by default; bias [filters], zero by default (as Keras's Conv1DTranspose). Throws ValueError.
 */
export function conv1dTranspose<
  const Filters extends number,
  const Kernel extends number,
  const Options extends TransposedOptions<1> = BiasedWeightOptions,
>(
  filters: Filters,
  kernel: Kernel,
  options?: Options,
): TransposedConvolution<"conv1dTranspose", 1, Filters, Kernel, Options> {
  return transposed("conv1dTranspose", 1, filters, kernel, options);
}

/**
 * The way back of a conv2d, as a layer that makes images larger: [height, width, channels] → [height', width', filters], where
 * height' is (height − 1) · stride + max(kernel, stride), or height · stride with padding "same". Weight [kernel, kernel, channels,
 * filters] (Keras has the last two the other way round), Glorot uniform by default; bias [filters], zero by default (as Keras's
 * Conv2DTranspose). Throws ValueError.
 */
export function conv2dTranspose<
  const Filters extends number,
  const Kernel extends PerAxis[2],
  const Options extends TransposedOptions<2> = BiasedWeightOptions,
>(
  filters: Filters,
  kernel: Kernel,
  options?: Options,
): TransposedConvolution<"conv2dTranspose", 2, Filters, Kernel, Options> {
  return transposed("conv2dTranspose", 2, filters, kernel, options);
}

/**
 * The way back of a conv3d, as a layer that makes volumes larger: [depth, height, width, channels] → [depth', height', width',
 * filters], where depth' is (depth − 1) · stride + max(kernel, stride), or depth · stride with padding "same". Weight [kernel, kernel,
 * kernel, channels, filters] (Keras has the last two the other way round), Glorot uniform by default; bias [filters], zero by default (as
 * Keras's Conv3DTranspose). Throws ValueError.
 */
export function conv3dTranspose<
  const Filters extends number,
  const Kernel extends PerAxis[3],
  const Options extends TransposedOptions<3> = BiasedWeightOptions,
>(
  filters: Filters,
  kernel: Kernel,
  options?: Options,
): TransposedConvolution<"conv3dTranspose", 3, Filters, Kernel, Options> {
  return transposed("conv3dTranspose", 3, filters, kernel, options);
}

function transposed<L extends Layer>(
  name: string,
  axes: Axes,
  filters: number,
  kernel: Sizes,
  options: TransposedOptions = {},
): L {
  positiveInteger(`${name}: filters`, filters);
  checkOptions(name, options, ["stride", "padding", "dilation", "bias", ...biasedWeightOptions]);
  checkWeightOptions(name, options);
  oneOf(`${name}: padding`, options.padding ?? "valid", ["valid", "same"]);
  const window = windowOf(name, axes, ["kernel", kernel], options);
  return makeLayer<Layer>({
    label: callText(name, [filters, kernel], options),
    build(input, scope) {
      const channels = channelsOf(name, axes, input, scope);
      const { bias = true, initial = glorotUniform, biasInitial = constant(0), regularizer } = options;
      const settings = { kind: "transposed", regularizer } as const;
      const weight = scope.weight("weight", [...window.size, channels, filters], initial, settings);
      const offset = bias ? scope.weight("bias", [filters], biasInitial) : undefined;
      return {
        output: [...grown(input.slice(0, -1), window), filters],
        flops: sizeOf(input) * sizeOf(window.size) * filters * 2,
        forward: (x) => convolveTransposed(x, weight.value, window, offset?.value),
      };
    },
  }) as L;
}
