/** Convolutions in which each channel has filters of its own, alone or with a mixture of channels behind it. */
import { checkOptions, positiveInteger } from "../../tensor/arguments.js";
import type { Product } from "../../tensor/arithmetic.js";
import { convolveEach } from "../../tensor/convolution.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Window } from "../../tensor/window.js";
import { constant, glorotUniform } from "../initializers/initial.js";
import { type Built, callText, type given, type Layer, makeLayer, type yields } from "../layer.js";
import type { Scope } from "../scope.js";
import { type BiasedWeightOptions, biasedWeightOptions, checkWeightOptions } from "../weight-options.js";
import { buildConvolution, type ConvolutionOptions, type SlideOf } from "./convolution.js";
import { type OptionOf, type PerAxis, type Sizes, slide, windowOf } from "./window.js";

/** What {@link depthwiseConv2d}, {@link separableConv2d} and their like take besides their size. */
export interface DepthwiseOptions<A extends 1 | 2 = 1 | 2> extends Omit<ConvolutionOptions<A>, "groups"> {
  /** How many filters each channel has. Default 1. */
  readonly multiplier?: number;
}

/** The type of `depthwiseConv2d(kernel, options)` and its like; `Name` is the function's. */
export interface DepthwiseConvolution<Name extends string, A extends 1 | 2, Kernel extends Sizes, Options>
  extends Layer {
  readonly [yields]: Multiplied<
    SlideOf<Name, A, this[typeof given], Kernel, Options>,
    OptionOf<Options, "multiplier", 1, number>
  >;
}

type Multiplied<O, Multiplier extends number> = O extends readonly [
  ...infer Lengths extends Shape,
  infer Channels extends number,
]
  ? [...Lengths, Product<[Channels, Multiplier]>]
  : O;

/** The type of `separableConv2d(filters, kernel, options)` and its like; `Name` is the function's. */
export interface SeparableConvolution<
  Name extends string,
  A extends 1 | 2,
  Filters extends number,
  Kernel extends Sizes,
  Options,
> extends Layer {
  readonly [yields]: Mixed<SlideOf<Name, A, this[typeof given], Kernel, Options>, Filters>;
}

type Mixed<O, Filters extends number> = O extends readonly [...infer Lengths extends Shape, number]
  ? [...Lengths, Filters]
  : O;

/**
 * Filters of its own moved over each channel in time: [time, channels] → [time', channels × multiplier], those of one channel side by
 * side. Weight [kernel, channels, multiplier], Glorot uniform; bias [channels × multiplier], zero (the defaults of Keras's
 * DepthwiseConv1D). Throws ValueError.
 */
export function depthwiseConv1d<
  const Kernel extends number,
  const Options extends DepthwiseOptions<1> = BiasedWeightOptions,
>(kernel: Kernel, options?: Options): DepthwiseConvolution<"depthwiseConv1d", 1, Kernel, Options> {
  return depthwise("depthwiseConv1d", 1, kernel, options);
}

/**
 * Filters of its own moved over each channel of an image: [height, width, channels] → [height', width', channels × multiplier], those
 * of one channel side by side. `kernel`: one number, or [height, width]. Weight [kernel, kernel, channels, multiplier], Glorot
 * uniform; bias [channels × multiplier], zero (the defaults of Keras's DepthwiseConv2D). Throws ValueError.
 */
export function depthwiseConv2d<
  const Kernel extends PerAxis[2],
  const Options extends DepthwiseOptions<2> = BiasedWeightOptions,
>(kernel: Kernel, options?: Options): DepthwiseConvolution<"depthwiseConv2d", 2, Kernel, Options> {
  return depthwise("depthwiseConv2d", 2, kernel, options);
}

function depthwise<L extends Layer>(name: string, axes: 1 | 2, kernel: Sizes, options: DepthwiseOptions = {}): L {
  const window = check(name, axes, kernel, options);
  return makeLayer<Layer>({
    label: callText(name, [kernel], options),
    build: (input, scope) => buildDepthwise(name, axes, input, window, scope, options),
  }) as L;
}

/**
 * A convolution over time in two: filters of its own moved over each channel, then one that mixes channels, of kernel 1 (arXiv
 * 1610.02357): [time, channels] → [time', filters]. Depthwise.weight [kernel, channels, multiplier] and pointwise.weight [1, channels
 * × multiplier, filters], Glorot uniform; pointwise.bias [filters], zero (the defaults of Keras's SeparableConv1D). Throws ValueError.
 */
export function separableConv1d<
  const Filters extends number,
  const Kernel extends number,
  const Options extends DepthwiseOptions<1> = BiasedWeightOptions,
>(
  filters: Filters,
  kernel: Kernel,
  options?: Options,
): SeparableConvolution<"separableConv1d", 1, Filters, Kernel, Options> {
  return separable("separableConv1d", 1, filters, kernel, options);
}

/**
 * A convolution over an image in two: filters of its own moved over each channel, then one that mixes channels, of kernel 1 (arXiv
 * 1610.02357): [height, width, channels] → [height', width', filters]. `kernel`: one number, or [height, width]. Depthwise.weight
 * [kernel, kernel, channels, multiplier] and pointwise.weight [1, 1, channels × multiplier, filters], Glorot uniform; pointwise.bias
 * [filters], zero (the defaults of Keras's SeparableConv2D). Throws ValueError.
 */
export function separableConv2d<
  const Filters extends number,
  const Kernel extends PerAxis[2],
  const Options extends DepthwiseOptions<2> = BiasedWeightOptions,
>(
  filters: Filters,
  kernel: Kernel,
  options?: Options,
): SeparableConvolution<"separableConv2d", 2, Filters, Kernel, Options> {
  return separable("separableConv2d", 2, filters, kernel, options);
}

function separable<L extends Layer>(
  name: string,
  axes: 1 | 2,
  filters: number,
  kernel: Sizes,
  options: DepthwiseOptions = {},
): L {
  positiveInteger(`${name}: filters`, filters);
  const window = check(name, axes, kernel, options);
  const pointwise = windowOf(name, axes, ["kernel", 1], {});
  return makeLayer<Layer>({
    label: callText(name, [filters, kernel], options),
    build(input, scope) {
      const depthwise = scope.at("depthwise");
      const each = buildDepthwise(name, axes, input, window, depthwise, { ...options, bias: false }, scope);
      const mix = buildConvolution(name, axes, each.output, filters, pointwise, scope.at("pointwise"), options);
      return {
        output: mix.output,
        flops: each.flops + mix.flops,
        forward: (x, context) => mix.forward(each.forward(x, context), context),
      };
    },
  }) as L;
}

/** `place`: where the layer sits that has the weights. */
function buildDepthwise(
  name: string,
  axes: 1 | 2,
  input: Shape,
  window: Window,
  scope: Scope,
  options: DepthwiseOptions,
  place = scope,
): Built {
  const { multiplier = 1, bias = true, initial = glorotUniform, biasInitial = constant(0), regularizer } = options;
  const lengths = slide(name, axes, input, window, place);
  const channels = input[axes]!;
  const output = [...lengths, channels * multiplier];
  const settings = { kind: "depthwise", regularizer } as const;
  const weight = scope.weight("weight", [...window.size, channels, multiplier], initial, settings);
  const offset = bias ? scope.weight("bias", [channels * multiplier], biasInitial) : undefined;
  return {
    output,
    flops: sizeOf(output) * sizeOf(window.size) * 2,
    forward: (x) => convolveEach(x, weight.value, window, offset?.value),
  };
}

function check(name: string, axes: 1 | 2, kernel: Sizes, options: DepthwiseOptions): Window {
  checkOptions(name, options, ["multiplier", "stride", "padding", "dilation", "bias", ...biasedWeightOptions]);
  checkWeightOptions(name, options);
  positiveInteger(`${name}: multiplier`, options.multiplier ?? 1);
  return windowOf(name, axes, ["kernel", kernel], options);
}
